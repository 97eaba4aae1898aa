"""Forms of processes and their phases."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.text import slugify
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tandem.core.text import pick
from tandem.kit import installation
from tandem.kit.forms import DatePartsField, Manners, field_of
from tandem.kit.translated import TranslatedTextField
from tandem.participation import labels
from tandem.participation.domain.blueprint import blueprints_for, total_days
from tandem.participation.domain.phase import PhaseKind, Who, admittable, could_vote_twice
from tandem.participation.domain.phase_settings import SHAPES, Category, IdeaSettings
from tandem.participation.models import Phase

MIDNIGHT = datetime.time()


class BlueprintForm(Manners, forms.Form):
    """Which blueprint to start from, what it is called, when it begins."""

    blueprint = forms.ChoiceField(label=_("What is it to be?"), widget=forms.RadioSelect)
    titles = TranslatedTextField(label=_("Title"), max_length=120)
    opens_on = DatePartsField(label=_("First day"), help_text=_("All dates can be changed in the next step."))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        language = get_language() or "en"
        field_of(self, "blueprint", forms.ChoiceField).choices = [
            (
                each.code,
                gettext("%(title)s: %(summary)s About %(days)s days.")
                % {
                    "title": pick(each.titles, language),
                    "summary": pick(each.summaries, language),
                    "days": total_days(each.phases),
                },
            )
            for each in blueprints_for(installation.city().country)
        ]


class ProcessForm(Manners, forms.Form):
    """What a process says of itself."""

    titles = TranslatedTextField(label=_("Title"), max_length=120)
    texts = TranslatedTextField(
        label=_("What it is about"),
        multiline=True,
        help_text=_(
            "What can still be changed, what cannot, who decides, and what happens with the contributions."
        ),
    )


class PhaseForm(Manners, forms.Form):
    """What a phase is called, when it is open, and whom it admits.

    The last day is meant in full: the phase closes at the midnight after it.
    """

    titles = TranslatedTextField(label=_("Title"), max_length=120, required=False)
    texts = TranslatedTextField(label=_("What to do in it"), multiline=True, required=False)
    opens_on = DatePartsField(label=_("First day"))
    last_day = DatePartsField(
        label=_("Last day"), required=False, help_text=_("Empty: open until you close it.")
    )
    admitted = forms.MultipleChoiceField(
        label=_("Who can take part"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: Any, phase: Phase, has_dates: bool = True, **named: Any) -> None:
        named.setdefault("initial", _initial(phase))
        super().__init__(*arguments, **named)
        self.phase = phase
        possible = sorted(admittable(phase.phase_kind), key=list(Who).index)
        if possible:
            field_of(self, "admitted", forms.MultipleChoiceField).choices = [
                (each.value, labels.WHO[each]) for each in possible
            ]
        else:
            del self.fields["admitted"]
        if not has_dates:
            del self.fields["opens_on"], self.fields["last_day"]

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: It ends before it begins, nobody could take part, or somebody could vote twice.
        """
        values = super().clean() or {}
        first, last = values.get("opens_on"), values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", gettext("The last day is before the first."))
        admitted = {Who(each) for each in values.get("admitted") or ()}
        if "admitted" in self.fields and not admitted:
            self.add_error("admitted", gettext("Choose at least one way to take part."))
        elif could_vote_twice(self.phase.phase_kind, admitted):
            said = gettext(
                "Somebody could vote twice, with a code and without one. Choose codes alone, or no codes."
            )
            self.add_error("admitted", said)
        return values

    def columns(self) -> dict[str, Any]:
        """Return the values by column of ``Phase``."""
        given = self.cleaned_data
        values: dict[str, Any] = {"titles": given["titles"], "texts": given["texts"]}
        if "opens_on" in self.fields:
            values["opens_at"] = _midnight(given["opens_on"])
            last = given["last_day"]
            values["closes_at"] = _midnight(last + datetime.timedelta(days=1)) if last else None
        if "admitted" in self.fields:
            values["admitted"] = sorted(given["admitted"])
        return values


def _initial(phase: Phase) -> dict[str, Any]:
    zone = _zone()
    end = phase.closes_at.astimezone(zone) if phase.closes_at else None
    last = (end - datetime.timedelta(microseconds=1)).date() if end else None
    return {
        "titles": phase.titles,
        "texts": phase.texts,
        "opens_on": phase.opens_at.astimezone(zone).date(),
        "last_day": last,
        "admitted": [each.value for each in phase.who_is_admitted],
    }


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, MIDNIGHT, _zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(installation.city().timezone)


SHAPE_LABELS = {"point": _("points"), "line": _("lines"), "area": _("areas")}


class IdeaSettingsForm(Manners, forms.Form):
    """What can be set where ideas and proposals are written."""

    shapes = forms.MultipleChoiceField(
        label=_("What can be drawn on the map"),
        required=False,
        choices=[(each, SHAPE_LABELS[each]) for each in SHAPES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: there is no map, and a place can be named in words only."),
    )
    place_required = forms.BooleanField(label=_("Each needs a place"), required=False)
    photos = forms.BooleanField(label=_("A photo can be added"), required=False)
    comments = forms.BooleanField(label=_("Others can comment"), required=False)
    supports = forms.BooleanField(label=_("Others can support"), required=False)

    def __init__(self, *arguments: Any, settings: IdeaSettings, **named: Any) -> None:
        values = settings.as_json()
        named.setdefault("initial", {**values, **_category_texts(settings)})
        super().__init__(*arguments, **named)
        self.kept = settings
        for code in installation.city().languages:
            self.fields[f"categories_{code}"] = forms.CharField(
                label=gettext("Categories (%(language)s), one a line") % {"language": code},
                required=False,
                widget=forms.Textarea({"rows": 5, "lang": code}),
            )

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: The languages name different numbers of categories.
        """
        values = super().clean() or {}
        lists = {code: _lines(values.get(f"categories_{code}", "")) for code in installation.city().languages}
        filled = {code: names for code, names in lists.items() if names}
        if len({len(names) for names in filled.values()}) > 1:
            self.add_error(None, gettext("Name the same categories in each language, in the same order."))
            return values
        values["categories"] = _categories(filled, self.kept)
        return values

    def settings(self) -> dict[str, Any]:
        """Return what is kept with the phase."""
        given = self.cleaned_data
        names = ("shapes", "place_required", "photos", "comments", "supports", "categories")
        return IdeaSettings(
            **{name: given[name] for name in names}, longest_text=self.kept.longest_text
        ).as_json()


def _lines(text: str) -> list[str]:
    return [line.strip()[:60] for line in text.splitlines() if line.strip()]


def _category_texts(settings: IdeaSettings) -> dict[str, str]:
    return {
        f"categories_{code}": "\n".join(each.titles.get(code, "") for each in settings.categories)
        for code in installation.city().languages
    }


def _categories(names: dict[str, list[str]], kept: IdeaSettings) -> tuple[Category, ...]:
    """Return the categories. What was filed under one stays there when it moves, or when it is only renamed."""
    count = max((len(each) for each in names.values()), default=0)
    wanted = [{code: each[place] for code, each in names.items()} for place in range(count)]
    keys = [_key_by_name(titles, kept) for titles in wanted]
    if count == len(kept.categories):
        free = [each.key for each in kept.categories if each.key not in keys]
        places = [place for place, key in enumerate(keys) if not key]
        if len(free) == len(places) == 1:  # one line was written anew
            keys[places[0]] = free[0]
    taken = {each.key for each in kept.categories} | set(keys)
    found: list[Category] = []
    for titles, key in zip(wanted, keys, strict=True):
        made = key or _fresh_key(titles, taken)
        taken.add(made)
        found.append(Category(made, titles))
    return tuple(found)


def _key_by_name(titles: dict[str, str], kept: IdeaSettings) -> str:
    return next(
        (
            each.key
            for each in kept.categories
            if any(each.titles.get(code) == name for code, name in titles.items())
        ),
        "",
    )


def _fresh_key(titles: dict[str, str], taken: set[str]) -> str:
    stem = slugify(next(iter(titles.values())))[:36] or "category"
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


IDEA_KINDS = frozenset({PhaseKind.IDEAS, PhaseKind.BUDGET_SUBMIT})
