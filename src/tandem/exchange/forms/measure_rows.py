"""The parts of a card of which there are many: staff, indicators, lessons, origins; and the steps that ask for all."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tandem.exchange import labels
from tandem.exchange.domain import schemas, semver
from tandem.exchange.domain.card import Card, Indicator, Origin, Staff
from tandem.exchange.forms.measures import (
    LONGEST_LINE,
    LONGEST_TEXT,
    CardForm,
    ContactForm,
    IndicatorsForm,
    LessonsForm,
    MeansForm,
    WhatForm,
    with_others,
)
from tandem.exchange.forms.numbers import decimal_field
from tandem.kit.forms import Manners, field_of
from tandem.kit.spoken import spoken
from tandem.kit.translated import TranslatedTextField

MOST_ROWS = 40


class RowForm(Manners, forms.Form):
    """One of many.

    Attributes:
        before: What stood there, None for a new one.
    """

    before: Any = None

    def texts(self, name: str, before: Mapping[str, str]) -> dict[str, str]:
        """Return the texts that were typed, with those of languages that are not asked for."""
        asked = field_of(self, name, TranslatedTextField).languages
        return with_others(before, self.cleaned_data[name], asked)


class StaffRow(RowForm):
    """Who works for a measure."""

    role = TranslatedTextField(label=_("Who"), max_length=150, required=True)
    person_days = decimal_field(
        _("Days until it runs"), required=False, min_value=0, max_value=10**6, decimal_places=1
    )
    fte = decimal_field(
        _("Full-time posts while it runs"), required=False, min_value=0, max_value=10**6, decimal_places=2
    )

    @staticmethod
    def initial_of(row: Staff) -> dict[str, Any]:
        """Return what the form begins with."""
        return {"role": row.role, "person_days": row.person_days, "fte": row.fte}

    def value(self) -> Staff:
        """Return what was typed."""
        given, before = self.cleaned_data, self.before or Staff({})
        return replace(
            before,
            role=self.texts("role", before.role),
            person_days=_float(given["person_days"]),
            fte=_float(given["fte"]),
        )


class IndicatorRow(RowForm):
    """What a measure is judged by."""

    titles = TranslatedTextField(label=_("What is measured"), max_length=200, required=True)
    unit = forms.CharField(
        label=_("Unit"), max_length=40, required=False, help_text=_("Such as: s, km/h, persons")
    )
    better = forms.ChoiceField(
        label=_("Which way is better?"), choices=list(labels.BETTER.items()), required=False
    )
    target = decimal_field(_("Target"), required=False, decimal_places=6)
    method = TranslatedTextField(label=_("How it is measured"), max_length=LONGEST_LINE, required=False)

    @staticmethod
    def initial_of(row: Indicator) -> dict[str, Any]:
        """Return what the form begins with."""
        return {name: getattr(row, name) for name in ("titles", "unit", "better", "target", "method")}

    def value(self) -> Indicator:
        """Return what was typed; the key of a new one is made of its title."""
        given, before = self.cleaned_data, self.before or Indicator("", {})
        titles = self.texts("titles", before.titles)
        return replace(
            before,
            key=before.key or slugify(next(iter(titles.values())))[:60].strip("-") or "indicator",
            titles=titles,
            unit=given["unit"],
            better=given["better"],
            target=_float(given["target"]),
            method=self.texts("method", before.method),
        )


class LessonRow(RowForm):
    """What others should know before they begin."""

    text = TranslatedTextField(label=_("Lesson"), multiline=True, max_length=LONGEST_TEXT, required=True)

    @staticmethod
    def initial_of(row: Mapping[str, str]) -> dict[str, Any]:
        """Return what the form begins with."""
        return {"text": row}

    def value(self) -> Mapping[str, str]:
        """Return what was typed."""
        return self.texts("text", self.before or {})


class OriginRow(RowForm):
    """A measure that this one was made of."""

    id = forms.RegexField(
        schemas.IRI["pattern"],
        label=_("Its persistent address"),
        max_length=300,
        error_messages={"invalid": _("Enter the whole address, with https:// in front.")},
    )
    version = forms.CharField(label=pgettext_lazy("of a measure", "Version"), max_length=40, initial="1.0.0")
    city = forms.RegexField(
        schemas.CITY["pattern"],
        label=_("City"),
        max_length=60,
        help_text=_("Its id, in lower-case letters: arezzo"),
        error_messages={"invalid": _("Enter the city's id in lower-case letters, such as: arezzo")},
    )

    def clean_version(self) -> str:
        """Return the version.

        Raises:
            ValidationError: It is none.
        """
        try:
            return str(semver.parse(self.cleaned_data["version"]))
        except semver.BadVersion as error:
            raise forms.ValidationError(spoken(error.sentence)) from error

    @staticmethod
    def initial_of(row: Origin) -> dict[str, Any]:
        """Return what the form begins with."""
        return {"id": row.id, "version": row.version, "city": row.city}

    def value(self) -> Origin:
        """Return what was typed."""
        given = {name: self.cleaned_data[name] for name in ("id", "version", "city")}
        return replace(self.before, **given) if self.before else Origin(**given)


def _float(number: Any) -> float | None:
    return None if number is None else float(number)


# --- rows ---------------------------------------------------------------------------------------
class Rows(forms.BaseFormSet[Any]):
    """All rows of one kind, with an empty one behind them."""

    def __init__(self, data: Any = None, *, prefix: str, known: Sequence[Any], row: type[Any]) -> None:
        self.known = known
        super().__init__(data, prefix=prefix, initial=[row.initial_of(each) for each in known])

    def _construct_form(self, i: int, **named: Any) -> Any:
        form = super()._construct_form(i, **named)  # type: ignore[misc]
        form.before = self.known[i] if i < len(self.known) else None
        return form

    def values(self) -> tuple[Any, ...]:
        """Return what was typed, row by row; rows to be removed, empty and wrong ones are left out."""
        return tuple(form.value() for form in self.forms if self._counts(form))

    def _counts(self, form: Any) -> bool:
        is_filled = form.before is not None or form.has_changed()
        return form.is_valid() and is_filled and not form.cleaned_data.get("DELETE")


@dataclass(frozen=True, slots=True)
class RowKind:
    """A list on a card, and how a form asks for it.

    Attributes:
        name: Of the card's field.
    """

    name: str
    form: type[Any]
    one: str | Promise

    def rows(self, card: Card, data: Any) -> Rows:
        """Return the rows of a card, with what was typed."""
        factory: Any = forms.formset_factory(
            self.form,
            formset=Rows,
            extra=1,
            can_delete=True,
            can_delete_extra=False,
            max_num=MOST_ROWS,
            absolute_max=MOST_ROWS,
        )
        made: Rows = factory(data, prefix=self.name, known=getattr(card, self.name), row=self.form)
        return made


@dataclass(frozen=True, slots=True)
class EditStep:
    """One of the pages on which a card is asked for."""

    key: str
    form: type[CardForm]
    rows: RowKind | None = None


EDIT_STEPS: Mapping[str, EditStep] = {
    step.key: step
    for step in (
        EditStep("what", WhatForm),
        EditStep("means", MeansForm, RowKind("staff", StaffRow, _("Person or office"))),
        EditStep("indicators", IndicatorsForm, RowKind("indicators", IndicatorRow, _("Indicator"))),
        EditStep("lessons", LessonsForm, RowKind("lessons", LessonRow, _("Lesson"))),
        EditStep("contact", ContactForm, RowKind("is_based_on", OriginRow, _("Origin"))),
    )
}


class Editing:
    """A step of a card with what was typed into it."""

    def __init__(self, step: EditStep, card: Card, data: Any = None) -> None:
        self.step, self.card = step, card
        self.form = step.form(data, card=card)
        self.rows = step.rows.rows(card, data) if step.rows else None

    def is_valid(self) -> bool:
        """Return whether everything that was typed will do."""
        return all(each.is_valid() for each in (self.form, self.rows) if each is not None)

    def applied(self) -> Card:
        """Return the card with what was typed, as far as it will do."""
        self.form.full_clean()
        card = self.form.applied(self.card)
        if self.step.rows is None or self.rows is None:
            return card
        values = self.rows.values()
        changed: dict[str, Any] = {
            self.step.rows.name: tuple(_told_apart(values)) if self.step.key == "indicators" else values
        }
        return replace(card, **changed)


def _told_apart(indicators: Sequence[Indicator]) -> Iterator[Indicator]:
    """Yield indicators, those with a key that is taken under another one."""
    taken: set[str] = set()
    for each in indicators:
        stem, number, key = re.sub(r"-\d+$", "", each.key), 1, each.key
        while key in taken:
            number += 1
            key = f"{stem}-{number}"
        taken.add(key)
        yield replace(each, key=key)
