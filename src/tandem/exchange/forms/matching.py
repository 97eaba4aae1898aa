"""Forms of matching: the round, a city with needs and offers, rules, a file, answers, a city that leaves."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tandem.core.city import CityCode
from tandem.core.errors import InvalidInput
from tandem.core.findings import Severity
from tandem.core.text import pick
from tandem.exchange import matching_labels as labels
from tandem.exchange.domain.matching.checks import check
from tandem.exchange.domain.matching.profiles import MOST_WEIGHT, Call, CityProfile, Entry
from tandem.exchange.domain.tandem import read_codes
from tandem.exchange.forms.tandems import not_to_come
from tandem.exchange.models import Round
from tandem.exchange.services import rounds
from tandem.kit.forms import DatePartsField, Manners, field_of
from tandem.kit.spoken import spoken
from tandem.kit.translated import TranslatedTextField

Choices = list[tuple[str, Any]]
SIDES = ("need", "offer")
_WEIGHTS: Choices = [("", "–"), *((str(each), str(each)) for each in range(1, MOST_WEIGHT + 1))]


def _language() -> str:
    return get_language() or "en"


class RoundForm(Manners, forms.Form):
    """What a round says of itself, and its topics."""

    titles = TranslatedTextField(required=True, label=_("Title"), max_length=120)
    abouts = TranslatedTextField(
        label=_("What it is about"),
        multiline=True,
        required=False,
        help_text=_("Who looks for partners, by when, and who decides."),
    )
    topics = forms.CharField(
        label=_("Topics, one a line"),
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "A short name, a colon, and the title in this page's language: heat: Protection from heat. Titles in "
            "other languages are entered on this page in those languages."
        ),
    )

    def __init__(self, *arguments: Any, known: Sequence[dict[str, Any]] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.known = known

    def clean_topics(self) -> list[dict[str, Any]]:
        """Return the topics.

        Raises:
            ValidationError: A line names none.
        """
        try:
            return rounds.read_topics(self.cleaned_data["topics"], self.known, _language())
        except InvalidInput as error:
            raise forms.ValidationError(spoken(error.sentence)) from error


def round_initial(row: Round) -> dict[str, Any]:
    """Return what the form begins with for a round."""
    lines = (
        f"{each['key']}: {pick(each['titles'], _language(), default=each['key'])}" for each in row.topics
    )
    return {"titles": row.titles, "abouts": row.abouts, "topics": "\n".join(lines)}


# --- a city ---------------------------------------------------------------------------------------
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
    population = forms.IntegerField(
        label=_("Inhabitants"), min_value=1, widget=forms.TextInput({"inputmode": "numeric"}), localize=True
    )
    kind = forms.ChoiceField(
        label=_("Degree of urbanisation"), choices=list(labels.KIND.items()), widget=forms.RadioSelect
    )
    capacity = forms.IntegerField(
        label=_("How many tandems at a time"),
        min_value=0,
        max_value=20,
        initial=1,
        widget=forms.TextInput({"inputmode": "numeric"}),
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
            title = pick(each["titles"], _language(), default=each["key"])
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
                "title": pick(each["titles"], _language(), default=each["key"]),
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
                said = {_language(): self.cleaned_data[f"says_{each['key']}"].strip()}
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
            entries[f"says_{each.topic}"] = each.texts.get(_language(), "")
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


# --- rules ----------------------------------------------------------------------------------------
def _percent(label: Any, hint: Any) -> forms.IntegerField:
    digits = forms.TextInput({"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=0, max_value=99, widget=digits, help_text=hint)


class RulesForm(Manners, forms.Form):
    """By what cities are compared."""

    different_countries = forms.BooleanField(
        label=_("Partners come from different countries"), required=False
    )
    size_percent = _percent(
        _("Lost at most where one city is much larger, in per cent"), _("0 if the size does not matter.")
    )
    kind_percent = _percent(
        _("Lost at most where one city is urban and the other rural, in per cent"),
        _("0 if it does not matter. Size and kind together take away less than 100."),
    )
    one_sided_percent = _percent(
        _("How much a pair counts in which one city gains more, in per cent"),
        _(
            "0: a pair in which only one city gains is none. Otherwise this part of the score is the plain mean."
        ),
    )
    largest = forms.IntegerField(
        label=_("How many cities a tandem may have"),
        min_value=2,
        max_value=12,
        widget=forms.TextInput({"inputmode": "numeric"}),
        help_text=_("A city without a partner may be proposed to a pair as a third."),
    )
    word = forms.CharField(
        label=_("Word for the lots"),
        required=False,
        max_length=100,
        help_text=_(
            "Equally good results are decided by lots drawn with it. Make it known before cities apply."
        ),
    )
    time_limit_s = forms.IntegerField(
        label=_("Time for the choice, in seconds"),
        min_value=1,
        max_value=300,
        widget=forms.TextInput({"inputmode": "numeric"}),
        help_text=_("After it, the best choice so far is taken and said to be just that."),
    )

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: Size and kind leave nothing of the score.
        """
        values = super().clean() or {}
        if (values.get("size_percent") or 0) + (values.get("kind_percent") or 0) >= 100:
            self.add_error(
                "kind_percent", gettext("Size and kind together must leave something of the score.")
            )
        return values


def rules_initial(row: Round) -> dict[str, Any]:
    """Return what the form begins with for a round."""
    return {**row.rules, "time_limit_s": int(row.rules["time_limit_s"])}


class PairForm(Manners, forms.Form):
    """Two cities of a round; with ``third`` up to three."""

    one = forms.ChoiceField(label=_("City"))
    other = forms.ChoiceField(label=_("Other city"))
    third = forms.ChoiceField(label=_("Third city"), required=False)

    def __init__(self, *arguments: Any, cities: Choices, third: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name in ("one", "other", "third"):
            field_of(self, name, forms.ChoiceField).choices = [("", _("choose")), *cities]
        if not third:
            del self.fields["third"]

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: A city is chosen twice.
        """
        values = super().clean() or {}
        chosen = [values[name] for name in ("one", "other", "third") if values.get(name)]
        if len(set(chosen)) < len(chosen):
            self.add_error("other", gettext("Choose different cities."))
        return values

    def cities(self) -> tuple[str, ...]:
        """Return the cities that were chosen."""
        return tuple(value for name in ("one", "other", "third") if (value := self.cleaned_data.get(name)))


class NoGoForm(PairForm):
    """A city that another one does not want, and why."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        help_text=_("Only those who run the round see it."),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["other"].label = _("Does not want")


# --- answers --------------------------------------------------------------------------------------
def moment_of(day: Any) -> datetime:
    """Return the beginning of a day, in the city's time."""
    return timezone.make_aware(datetime.combine(day, time.min))


AGREES: Choices = [("yes", _("agrees")), ("no", _("declines"))]


class AnswerForm(Manners, forms.Form):
    """What a city answers to a proposal."""

    city = forms.ChoiceField(label=_("City"), widget=forms.RadioSelect)
    agrees = forms.ChoiceField(label=_("Answer"), choices=AGREES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why it declines"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("In one sentence. Only those who run the round see it."),
    )
    said_by = forms.CharField(
        label=_("Who answered for the city"),
        max_length=200,
        help_text=_("The office, rather than a person's name: Council decision, mayor's office."),
    )
    on = DatePartsField(label=_("Answered on"), validators=[not_to_come])

    def __init__(self, *arguments: Any, cities: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field_of(self, "city", forms.ChoiceField).choices = cities

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: A city declines and does not say why.
        """
        values = super().clean() or {}
        if values.get("agrees") == "no" and not values.get("reason"):
            self.add_error("reason", gettext("Say why, in one sentence; the next matching needs it."))
        return values

    def answer(self) -> dict[str, Any]:
        """Return what ``services.round_consent.answer`` takes, the city left out."""
        given = self.cleaned_data
        return {
            "agrees": given["agrees"] == "yes",
            "reason": given["reason"] if given["agrees"] == "no" else "",
            "said_by": given["said_by"],
            "at": moment_of(given["on"]),
        }


class RoundLeaveForm(Manners, forms.Form):
    """A city leaves a round."""

    reason = forms.CharField(label=_("Why"), max_length=1_000, widget=forms.Textarea({"rows": 3}))
    on = DatePartsField(label=_("Left on"), validators=[not_to_come])
    let_go = forms.MultipleChoiceField(
        label=_("Tandems that may come out differently"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Tandems stand unless they are let go here: their cities may then find others, or each other again."
        ),
    )

    def __init__(self, *arguments: Any, tandems: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field_of(self, "let_go", forms.MultipleChoiceField).choices = tandems
        if not tandems:
            del self.fields["let_go"]

    def let_go_tandems(self) -> list[tuple[str, ...]]:
        """Return the tandems that may come out differently."""
        return [tuple(each.split(" ")) for each in self.cleaned_data.get("let_go", ())]


def cities_as_choices(pairs: Iterable[tuple[str, str]]) -> Choices:
    """Return cities, as ids and names, to choose from; of two with one name the id tells them apart."""
    known = list(pairs)
    times = Counter(name for _city, name in known)
    return [(city, name if times[name] == 1 else f"{name} ({city})") for city, name in known]
