"""Forms of a round's cities: one with its needs and offers, and a file with many."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.core.city import CityCode
from tandem.core.errors import InvalidInput
from tandem.core.findings import Severity
from tandem.core.text import pick
from tandem.exchange import matching_labels as labels
from tandem.exchange.domain.matching.checks import check
from tandem.exchange.domain.matching.profiles import MOST_WEIGHT, Call, CityProfile, Entry
from tandem.exchange.domain.tandem import read_codes
from tandem.exchange.forms.numbers import whole_field
from tandem.kit.forms import Manners
from tandem.kit.spoken import language, spoken
from tandem.kit.translated import TranslatedTextField

SIDES = ("need", "offer")
_WEIGHTS = [("", "–"), *((str(each), str(each)) for each in range(1, MOST_WEIGHT + 1))]


class ProfileForm(Manners, forms.Form):
    """What a city says of itself, with its needs and offers per topic."""

    city = forms.CharField(
        label=_("Short name"),
        max_length=63,
        help_text=_("Lower-case letters, digits and hyphens, such as venlo. It is never changed."),
    )
    names = TranslatedTextField(required=True, label=_("Name of the city"), max_length=120)
    country = forms.CharField(
        label=_("Country"), max_length=2, help_text=_("Two capital letters, such as IT.")
    )
    languages = forms.CharField(
        label=_("Languages that people there can work in"),
        max_length=100,
        help_text=_("Codes with spaces between them, the city's own first: de en"),
    )
    population = whole_field(_("Inhabitants"), min_value=1, localize=True)
    kind = forms.ChoiceField(
        label=_("Degree of urbanisation"), choices=list(labels.KIND.items()), widget=forms.RadioSelect
    )
    capacity = whole_field(
        _("How many tandems at a time"),
        min_value=0,
        max_value=20,
        initial=1,
        help_text=_("Those that stand are counted. 0 if the city takes none."),
    )
    agreed_with = forms.CharField(
        label=_("Has agreed with"),
        required=False,
        max_length=400,
        help_text=_("Short names of cities, with spaces. It counts once both say so."),
    )
    codes = forms.CharField(
        label=_("Its official codes, one a line"),
        required=False,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
        help_text=_(
            "Scheme, year and code: ISTAT 2019 051002. They tell places apart that have the same name."
        ),
    )

    def __init__(
        self,
        *arguments: Any,
        topics: Sequence[dict[str, Any]],
        before: CityProfile | None = None,
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **named)
        self.before, self.topics = before, topics
        if before is not None:
            del self.fields["city"]
        self.own = list(self.fields)
        for each in topics:
            title = pick(each["titles"], language(), default=each["key"])
            self._add_topic(each["key"], title)

    def _add_topic(self, topic: str, title: str) -> None:
        words = {"need": _("Needs: %(topic)s"), "offer": _("Offers: %(topic)s")}
        for side in SIDES:
            self.fields[f"{side}_{topic}"] = forms.ChoiceField(
                label=words[side] % {"topic": title}, choices=_WEIGHTS, required=False
            )
        self.fields[f"says_{topic}"] = forms.CharField(
            label=_("In one sentence: %(topic)s") % {"topic": title}, required=False, max_length=500
        )

    @property
    def own_fields(self) -> list[Any]:
        """The fields of the city itself."""
        return [self[name] for name in self.own]

    @property
    def topic_rows(self) -> list[dict[str, Any]]:
        """The topics, each with its fields."""
        return [
            {
                "title": pick(each["titles"], language(), default=each["key"]),
                "fields": [self[f"{name}_{each['key']}"] for name in (*SIDES, "says")],
            }
            for each in self.topics
        ]

    def clean_country(self) -> str:
        """Return the country in capital letters."""
        return str(self.cleaned_data["country"]).upper()

    def clean_codes(self) -> tuple[CityCode, ...]:
        """Return the codes.

        Raises:
            ValidationError: A line names none.
        """
        try:
            found = read_codes(self.cleaned_data["codes"])
        except InvalidInput as error:
            raise forms.ValidationError(spoken(error.sentence)) from error
        return tuple(CityCode(each.scheme, each.year or 0, each.code) for each in found)

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: A topic is needed and offered, or the profile has another fault.
        """
        values = super().clean() or {}
        for each in self.topics:
            topic = each["key"]
            if values.get(f"need_{topic}") and values.get(f"offer_{topic}"):
                said = gettext("A city leads or follows in a topic. Give a weight on one side only.")
                self.add_error(f"offer_{topic}", said)
        if not self.errors:
            self._check(self.profile())
        return values

    def _check(self, profile: CityProfile) -> None:
        for each in check([profile], Call()):
            if each.severity is Severity.ERROR:
                part = each.path.partition("/")[2].partition("/")[0]
                name = part if part in self.fields else "city" if "city" in self.fields and not part else None
                self.add_error(name, spoken(each.message))

    def profile(self) -> CityProfile:
        """Return the profile; no-gos, and whether the city takes part, are as they were."""
        given = self.cleaned_data
        before = self.before or CityProfile(given.get("city", ""), {}, "", (), 0, 0)
        return replace(
            before,
            names={**before.names, **given["names"]},
            country=given["country"],
            languages=tuple(given["languages"].lower().replace(",", " ").split()),
            population=given["population"],
            kind=int(given["kind"]),
            capacity=given["capacity"],
            agreed_with=tuple(given["agreed_with"].lower().replace(",", " ").split()),
            codes=given["codes"],
            needs=self._entries("need", before.needs),
            offers=self._entries("offer", before.offers),
        )

    def _entries(self, side: str, before: Sequence[Entry]) -> tuple[Entry, ...]:
        texts = {each.topic: each.texts for each in before}
        found = []
        for each in self.topics:
            weight = self.cleaned_data.get(f"{side}_{each['key']}")
            if weight:
                said = {language(): self.cleaned_data[f"says_{each['key']}"].strip()}
                kept = {**texts.get(each["key"], {}), **said}
                found.append(
                    Entry(each["key"], int(weight), {name: text for name, text in kept.items() if text})
                )
        return tuple(found)


def profile_initial(profile: CityProfile) -> dict[str, Any]:
    """Return what the form begins with for a profile."""
    own = {name: getattr(profile, name) for name in ("names", "country", "population", "capacity")}
    entries = {}
    for side, rows in (("need", profile.needs), ("offer", profile.offers)):
        for each in rows:
            entries[f"{side}_{each.topic}"] = str(each.weight)
            entries[f"says_{each.topic}"] = each.texts.get(language(), "")
    return {
        **own,
        **entries,
        "kind": str(profile.kind),
        "languages": " ".join(profile.languages),
        "agreed_with": " ".join(profile.agreed_with),
        "codes": "\n".join(f"{each.scheme} {each.year} {each.code}" for each in profile.codes),
    }


class FileForm(Manners, forms.Form):
    """A file with profiles."""

    file = forms.FileField(
        label=_("CSV file"),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        help_text=_(
            "Its first line names the columns as in the file that this page gives out. Cities that are not in it stay."
        ),
    )
