"""What the describing forms share: groups that open, what is worth what, and that nothing is lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.completeness import CONDITIONAL, Assessment, Need
from tandem.catalogue.domain.description import (
    AgentDescription,
    AttributionDescription,
    ContactDescription,
    IdentifierDescription,
    PeriodOfTime,
    StatementDescription,
)
from tandem.catalogue.forms_properties import (
    BOX,
    CONTACT,
    CONTACT_PARTS,
    FEW,
    Choices,
    ManyOf,
    OneOf,
    make_field,
)
from tandem.catalogue.services.derived import Derived
from tandem.catalogue.services.own_catalogue import place_iris
from tandem.core.text import pick
from tandem.kit.forms import Manners
from tandem.kit.installation import city, config
from tandem.kit.translated import TranslatedTextField


@dataclass(frozen=True, slots=True)
class Entry:
    """A field in the form, with what it is worth."""

    field: BoundField
    worth: str
    missing: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together.

    Attributes:
        always: Whether it stands open for everybody; others open when they are wanted.
        is_open: Whether it stands open now.
        state: How much of it is filled in, in words.
    """

    key: str
    title: Any
    entries: list[Entry]
    always: bool
    is_open: bool
    state: str


class RecordForm(Manners, forms.Form):
    """What the describing forms share: fields by name, groups, what is worth what, what stays as it was.

    Args:
        described: What is said so far.
        offered: Agents and records to choose from.
        needs: How strongly the profile asks for what.
        missing: What of that is not there.
        assessment: The points of the description, where it has any.
        derived: What the tables themselves say.
    """

    all_optional = True  # a draft may lack anything; what each field is worth stands below it
    # (key, title, fields, stands open for everybody)
    GROUPS: ClassVar[tuple[tuple[str, Any, tuple[str, ...], bool], ...]] = ()
    PROPERTIES: ClassVar[Mapping[str, str]] = {
        "contact_mail": "contact",
        "temporal_start": "temporal",
        "places": "spatial",
    }
    ONLY_IF_SET: ClassVar[tuple[str, ...]] = ()  # asked for only where there is something already
    ONLY_FOR: ClassVar[Mapping[str, tuple[str, ...]]] = {}  # profile → fields that are asked for there alone

    def __init__(
        self,
        *arguments: Any,
        described: Any,
        offered: Choices | None = None,
        needs: Mapping[str, Need] | None = None,
        missing: Mapping[str, Need] | None = None,
        assessment: Assessment | None = None,
        derived: Derived | None = None,
        **named: Any,
    ) -> None:
        self.described, self.assessment, self.derived = described, assessment, derived or Derived()
        self.needs, self.missing = needs or {}, missing or {}
        offered = offered or Choices()
        self.suggested: dict[str, Any] = {}
        initial = self.initial_of(described)
        named["initial"] = {**initial, **self._suggest(initial), **named.get("initial", {})}
        super().__init__(*arguments, **named)
        for name in self._asked():
            self.fields[name] = make_field(name, self._with_present(offered))
            self._keep_choosable(name)

    def _asked(self) -> Iterator[str]:
        profile = config().catalogue.profile
        hidden = {name for other, names in self.ONLY_FOR.items() if other != profile for name in names} - set(
            self.ONLY_FOR.get(profile, ())
        )
        for _key, _title, names, _always in self.GROUPS:
            for name in names:
                unset = name in self.ONLY_IF_SET and not getattr(self.described, name)
                if name not in hidden and not unset and not (name == "spatial" and not place_iris()):
                    yield name

    def _with_present(self, offered: Choices) -> Choices:
        """Return the choices with the agents that stand in the description already."""
        present = []
        for each in fields(self.described):
            value = getattr(self.described, each.name)
            found = value if isinstance(value, tuple) else (value,)
            present += [agent for agent in found if isinstance(agent, AgentDescription)]
            present += [one.agent for one in found if isinstance(one, AttributionDescription) and one.agent]
        known = {agent.iri for agent in offered.agents if agent.iri}
        return replace(offered, agents=(*offered.agents, *(a for a in present if a.iri not in known)))

    def _keep_choosable(self, name: str) -> None:
        """Let a value from outside our lists stay choosable."""
        asked = self.fields[name]
        if isinstance(asked, ManyOf | OneOf):
            present = self.initial.get(name) or ()
            values = [present] if isinstance(present, str) else present
            known = list(asked.widget.choices)
            iris = {iri for iri, _name in known}
            asked.choices = [*known, *((each, each) for each in values if each not in iris)]

    # --- what the form shows --------------------------------------------------------------------
    def initial_of(self, described: Any) -> dict[str, Any]:
        """Return what the form shows for a description."""
        found: dict[str, Any] = {
            each.name: getattr(described, each.name) for each in fields(described) if each.name != "extra"
        }
        if "keywords" in found:
            found["keywords"] = {language: ", ".join(words) for language, words in described.keywords.items()}
        for name in ("licence", "frequency", "access_rights", "availability", "status"):
            if name in found:
                found[name] = known_iri(FEW[name], found[name])
        if hasattr(described, "contacts"):
            contact = described.contacts[0] if described.contacts else ContactDescription()
            found |= {f"contact_{part}": getattr(contact, part) for part in CONTACT_PARTS}
        if hasattr(described, "temporal"):
            found |= _initial_time_and_place(described)
        return found

    def _suggest(self, initial: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the tables say where the description says nothing."""
        told = self.derived
        language = vocabulary.LANGUAGE_CODES.get(told.language, "")
        asked = {name for _key, _title, names, _always in self.GROUPS for name in names}
        said: dict[str, Any] = {
            "temporal_start": told.start,
            "temporal_end": told.end,
            "keywords": {told.language or city().languages[0]: ", ".join(told.keywords)}
            if told.keywords
            else {},
            "languages": [f"{vocabulary.AUTHORITY}/language/{language}"] if language else [],
        }
        if told.bounds:
            said |= dict(zip(BOX, told.bounds, strict=True))
        has_time = bool(initial.get("temporal_start") or initial.get("temporal_end"))
        self.suggested = {
            name: value
            for name, value in said.items()
            if name in asked
            and value not in (None, {}, [])
            and initial.get(name) in (None, "", (), {}, [])
            and not (has_time and name.startswith("temporal"))
        }
        return self.suggested

    @property
    def groups(self) -> Iterator[Group]:
        """The fields in groups; what the profile still demands stands in the first."""
        demanded = [
            name
            for _key, _title, names, always in self.GROUPS
            for name in names
            if not always and name in self.fields and self._lacks(name) is Need.MANDATORY
        ]
        for number, (key, title, names, always) in enumerate(self.GROUPS):
            here = [name for name in names if name in self.fields and name not in demanded]
            if number == 0:
                here += demanded
            if here:
                yield self._group(key, title, here, always)

    def _group(self, key: str, title: Any, names: Sequence[str], always: bool) -> Group:
        wrong = any(name in self.errors for name in names) if self.is_bound else False
        filled = sum(1 for name in names if self[name].value() not in (None, "", [], {}, False, ()))
        state = ngettext(
            "%(filled)s of %(number)s field filled in",
            "%(filled)s of %(number)s fields filled in",
            len(names),
        ) % {"filled": filled, "number": len(names)}
        return Group(key, title, [self._entry(name) for name in names], always, always or wrong, state)

    def _lacks(self, name: str) -> Need | None:
        return self.missing.get(self.PROPERTIES.get(name, name))

    def _entry(self, name: str) -> Entry:
        property_name = self.PROPERTIES.get(name, name)
        lacking = self._lacks(name)
        parts = []
        if property_name in self.needs and (lacking or property_name not in CONDITIONAL):
            asked = {
                Need.MANDATORY: gettext("DCAT-AP demands it"),
                Need.RECOMMENDED: gettext("DCAT-AP recommends it"),
            }
            parts.append(asked[self.needs[property_name]])
        worth = self.assessment.worth(property_name) if self.assessment else 0
        if worth and self.assessment:
            gain = self.assessment.missing_points(property_name)
            parts.append(
                gettext("brings %(points)s points") % {"points": gain}
                if gain
                else gettext("%(points)s points reached") % {"points": worth}
            )
        if name in self.suggested and not self.is_bound:
            parts.append(gettext("read from the table; saved with the form"))
        return Entry(self[name], " · ".join(parts), lacking is not None)

    # --- what the form says ---------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        """Check what belongs together."""
        values = super().clean() or {}
        start, end = values.get("temporal_start"), values.get("temporal_end")
        if start and end and end < start:
            self.add_error("temporal_end", _("The end lies before the beginning."))
        self._check_box(values)
        licence = vocabulary.LICENCES.by_iri(values.get("licence") or "")
        if licence and licence.needs_attribution and not values.get("attribution"):
            publisher = values.get("publisher") or getattr(self.described, "publisher", None)
            values["attribution"] = pick(publisher.names, city().languages[0]) if publisher else ""
        return values

    def _check_box(self, values: dict[str, Any]) -> None:
        sides = [values.get(side) for side in BOX]
        if all(side is None for side in sides):
            return
        if any(side is None for side in sides):
            missing = next(n for n, s in zip(BOX, sides, strict=True) if s is None)
            self.add_error(missing, _("A box needs all four sides, or none."))
            return
        west, south, east, north = (float(side) for side in sides if side is not None)
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            self.add_error("west", _("These four do not make a box: west before east, south before north."))

    def description(self) -> Any:
        """Return the description with what the form says; what it does not ask, or could not read, stays."""
        before, values = self.described, self.cleaned_data
        changes: dict[str, Any] = {}
        for each in fields(before):
            if each.name in values and each.name in self.fields and each.name != "spatial":
                changes[each.name] = self._kept(each.name, values[each.name], getattr(before, each.name))
        if any(name in values for name in CONTACT):
            changes["contacts"] = self._contacts()
        if "temporal_start" in values or "temporal_end" in values:
            changes["temporal"] = self._periods()
        if "places" in values:
            whole = tuple(place_iris()) if values.get("spatial") else ()
            changes["spatial"] = tuple(dict.fromkeys((*whole, *values["places"])))
        if "west" in self.fields and all(side in values for side in BOX):
            sides = tuple(values[side] for side in BOX)
            changes["bounds"] = sides if None not in sides else ()
        return replace(before, **changes)

    def _kept(self, name: str, value: Any, before: Any) -> Any:
        """Return a form's value as the description keeps it."""
        if name == "keywords":
            value = {language: _words(text) for language, text in value.items() if _words(text)}
        if name == "provenance":
            first = before[0] if before else StatementDescription()
            texts = _with_other_languages(self.fields[name], value, first.texts)
            return (replace(first, texts=texts), *before[1:]) if texts else before[1:]
        if name == "other_identifiers":
            known = {each.notation: each for each in before}
            return tuple(known.get(text, IdentifierDescription(text)) for text in value)
        if isinstance(self.fields[name], TranslatedTextField):
            return _with_other_languages(self.fields[name], value, before)
        if name == "spatial_resolution":
            return "" if value is None else f"{value.normalize():f}"
        if isinstance(value, list):
            return tuple(value)
        return value

    def _contacts(self) -> tuple[ContactDescription, ...]:
        before = self.described.contacts
        first = before[0] if before else ContactDescription()
        values = {
            part: self.cleaned_data[f"contact_{part}"]
            for part in CONTACT_PARTS
            if f"contact_{part}" in self.cleaned_data and f"contact_{part}" in self.fields
        }
        changed = replace(first, **values)
        said = any(getattr(changed, part) for part in CONTACT_PARTS)
        return (changed, *before[1:]) if said else before[1:]

    def _periods(self) -> tuple[PeriodOfTime, ...]:
        before = self.described.temporal
        start, end = self.cleaned_data.get("temporal_start"), self.cleaned_data.get("temporal_end")
        if not start and not end:
            return tuple(before[1:])
        first = before[0] if before else PeriodOfTime()
        changed = replace(first, start=_same_day(first.start, start), end=_same_day(first.end, end))
        return (changed, *before[1:])


def _initial_time_and_place(described: Any) -> dict[str, Any]:
    period = described.temporal[0] if described.temporal else PeriodOfTime()
    whole = set(place_iris())
    is_whole = bool(whole) and whole <= set(described.spatial)
    found = {
        "temporal_start": _date(period.start),
        "temporal_end": _date(period.end),
        "spatial": is_whole,
        "places": [iri for iri in described.spatial if not (is_whole and iri in whole)],
    }
    if described.bounds:
        found |= dict(zip(BOX, described.bounds, strict=True))
    return found


def _with_other_languages(asked: Any, value: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return texts with those in languages that the form does not ask for."""
    return {**{key: text for key, text in before.items() if key not in asked.languages}, **value}


def _same_day(before: str, day: date | None) -> str:
    """Return a day as text; the more exact time that stood there stays where it is the same day."""
    text = day.isoformat() if day else ""
    return before if text and before.startswith(text) else text


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def known_iri(terms: Any, iri: str) -> str:
    """Return the IRI by which a vocabulary offers the term that an IRI means; unknown ones as they are."""
    term = terms.by_iri(iri) if iri else None
    return term.iri if term else iri


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
