"""What the pages of matching share: who sees which round and result, tabs, and sentences in the reader's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language_info, gettext

from tandem.core.text import Sentence, pick
from tandem.exchange import access
from tandem.exchange.domain.matching.eligibility import WHY, Filter
from tandem.exchange.models import Round, RoundResult
from tandem.kit.spoken import language, spoken

Tabs = list[tuple[str, str]]
PER_PAGE = 30


# --- who sees what --------------------------------------------------------------------------------
def any_round(slug: str) -> Round:
    """Return a round, for staff; ``city_count`` says how many cities take part.

    Raises:
        Http404: There is none.
    """
    taking = Count("cities", filter=Q(cities__is_active=True))
    found = Round.objects.annotate(city_count=taking).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def visible_round(request: HttpRequest, slug: str) -> Round:
    """Return a round, as far as the person who asks may see it.

    Raises:
        Http404: There is none, or it is not public and the person no member of staff.
    """
    found = any_round(slug)
    _check_visible(request, found)
    return found


def _check_visible(request: HttpRequest, row: Round) -> None:
    if row.published_at is None and not access.may_see_drafts(request):
        raise Http404


def visible_result(request: HttpRequest, slug: str, number: int) -> RoundResult:
    """Return a result with its round and without its inputs.

    Raises:
        Http404: There is none, or it is not for the person who asks: outside the staff, only what was proposed is.
    """
    rows = RoundResult.objects.select_related("round").defer("inputs")
    found = rows.filter(round__slug=slug, number=number).first()
    if found is None:
        raise Http404
    _check_visible(request, found.round)
    if found.taken_at is None and not access.may_see_drafts(request):
        raise Http404
    return found


# --- pages ----------------------------------------------------------------------------------------
def title_of(row: Round) -> str:
    """Return what a round is called."""
    return pick(row.titles, language(), default=row.slug)


def home_of(row: Round) -> str:
    """Return the address of a round."""
    return reverse("exchange:round", args=[row.slug])


def trail_of(row: Round) -> Tabs:
    """Return the way to the pages of a round."""
    return [(title_of(row), home_of(row))]


def page_of(request: HttpRequest, row: Round) -> dict[str, Any]:
    """Return what every page of a round needs; no query."""
    may_meet = access.may_meet(request)
    return {
        "round": row,
        "round_title": title_of(row),
        "tabs": _tabs(request, row),
        "may_meet": may_meet,
        "may_change": may_meet and row.finished_at is None,
        "may_see_drafts": access.may_see_drafts(request),
    }


def _tabs(request: HttpRequest, row: Round) -> Tabs:
    entries = [(gettext("Overview"), "exchange:round")]
    if access.may_see_drafts(request):
        entries += [
            (gettext("Cities"), "exchange:round_cities"),
            (gettext("Check"), "exchange:round_check"),
            (gettext("Answers of the cities"), "exchange:round_consent"),
            (gettext("History"), "exchange:round_history"),
        ]
    if access.may_meet(request):
        entries.insert(2, (gettext("Rules"), "exchange:round_rules"))
    return [(text, reverse(name, args=[row.slug])) for text, name in entries]


def result_page_of(request: HttpRequest, result: RoundResult) -> dict[str, Any]:
    """Return what every page of a result needs; no query."""
    row, summary = result.round, result.summary
    arguments = [row.slug, result.number]
    counts = summary["counts"]
    entries = [
        (gettext("Pairs"), "exchange:result"),
        (gettext("Cities"), "exchange:result_cities"),
        (
            gettext("Would rather have each other (%(number)s)") % {"number": counts["blocking"]},
            "exchange:result_blocking",
        ),
        (gettext("Compared"), "exchange:result_compared"),
    ]
    return {
        **page_of(request, row),
        "result": result,
        "summary": summary,
        "counts": counts,
        "is_best": summary["points"] == summary["bound"],
        "is_out_of_date": result.read_at < row.inputs_changed_at,
        "tabs": [(text, reverse(name, args=arguments)) for text, name in entries],
    }


# --- words ----------------------------------------------------------------------------------------
def language_name(code: str) -> str:
    """Return what a language is called, in the page's language as within a sentence; an unknown one keeps its code."""
    try:
        name = str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
    return name.lower() if language() == "it" else name


@dataclass(frozen=True, slots=True)
class Words:
    """Says stored sentences with the titles of topics and the names of languages.

    Attributes:
        topics: Titles in the page's language, by short name.
    """

    topics: Mapping[str, str]

    @classmethod
    def of(cls, row: Round) -> "Words":
        """Return the words of a round."""
        titles = {each["key"]: pick(each["titles"], language(), default=each["key"]) for each in row.topics}
        return cls(titles)

    def topic(self, key: str) -> str:
        """Return what a topic is called."""
        return self.topics.get(key, key)

    def told(self, stored: Mapping[str, Any]) -> str:
        """Return a stored sentence in the page's language."""
        values = {name: self._value(name, value) for name, value in stored["values"].items()}
        return spoken(Sentence.from_json({**stored, "values": values}))

    def all_told(self, stored: Iterable[Mapping[str, Any]]) -> list[str]:
        """Return stored sentences in the page's language."""
        return [self.told(each) for each in stored]

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, Mapping):
            return value
        if name == "topic":
            return gettext("“%(topic)s”") % {"topic": self.topic(value)}
        if name == "languages":
            return ", ".join(language_name(each.strip()) for each in str(value).split(","))
        return value


def without_no_gos(stored: list[dict[str, Any]], *, may_see: bool) -> list[dict[str, Any]]:
    """Return why a city is alone; that somebody does not want it is for those who run the round."""
    hidden = WHY[Filter.NO_GO].template
    return [each for each in stored if may_see or _template_of(each["values"].get("why")) != hidden]


def _template_of(value: Any) -> str:
    return str(value["template"]) if isinstance(value, Mapping) else ""
