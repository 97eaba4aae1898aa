"""Matching for everybody: rounds, one round, a result with every reason, a pair with every term."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tandem.core.text import pick
from tandem.exchange import access
from tandem.exchange import matching_labels as labels
from tandem.exchange.domain.matching.comparing import compare
from tandem.exchange.domain.matching.consent import State
from tandem.exchange.domain.matching.eligibility import Filter
from tandem.exchange.domain.matching.profiles import Tandem, key, pairs_of
from tandem.exchange.domain.naming import PROPOSALS
from tandem.exchange.models import ResultCity, ResultPair, Round, RoundResult
from tandem.exchange.services import round_matching, round_results
from tandem.exchange.views.matching_frame import (
    PER_PAGE,
    Words,
    language_name,
    page_of,
    result_page_of,
    title_of,
    visible_result,
    visible_round,
    without_no_gos,
)
from tandem.exchange.views.tandem_frame import readers
from tandem.kit.models import Job
from tandem.kit.numbers import figure
from tandem.kit.spoken import language, spoken

CHOSEN = (ResultPair.PROPOSED, ResultPair.FIXED, ResultPair.STANDING)
SHOWN = 10


def page_number(request: HttpRequest, rows: Any) -> Page[Any]:
    """Return the page of a list that is asked for."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


# --- rounds ---------------------------------------------------------------------------------------
@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """Show the rounds: to everybody those that are public."""
    staff = access.may_see_drafts(request)
    rows = Round.objects.annotate(city_count=Count("cities")).order_by("-changed_at", "slug")
    page = page_number(request, rows if staff else rows.exclude(published_at=None))
    shown = [{"round": each, "title": title_of(each)} for each in page.object_list]
    context = {"page": page, "rounds": shown, "may_meet": access.may_meet(request)}
    return render(request, "exchange/matching/rounds.html", context)


@require_safe
def round_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a round: what it is about, its result, and to staff what can be done next."""
    row = visible_round(request, slug)
    staff = access.may_see_drafts(request)
    results = row.results.defer("inputs")
    known = list((results if staff else results.exclude(taken_at=None))[:SHOWN])
    current = next((each for each in known if each.taken_at is not None), None)
    page = {
        **page_of(request, row),
        "about": pick(row.abouts, language()),
        "topics": Words.of(row).topics.values(),
        "results": [_result_shown(each, row) for each in known],
        "current": _result_shown(current, row) if current else None,
        "pairs": _pairs_shown(current, row, current.pairs.filter(kind__in=CHOSEN)[:SHOWN]) if current else [],
        **(_job_shown(row) if staff else {}),
    }
    return render(request, "exchange/matching/round.html", page)


def _job_shown(row: Round) -> dict[str, Any]:
    """Return the job that is going on; or that did not come to its end, until it is asked for once more."""
    job = round_matching.last_job(row)
    if job is None or job.state == Job.SUCCEEDED:
        return {}
    return {"failed": job} if job.done else {"job": job}


def _result_shown(result: RoundResult, row: Round) -> dict[str, Any]:
    summary = result.summary
    counts = summary["counts"]
    return {
        "result": result,
        "kind": labels.RESULT[result.kind],
        "points": figure(summary["points"]),
        "pair_count": sum(counts[each] for each in CHOSEN),
        "alone": counts["alone"],
        "is_best": summary["points"] == summary["bound"],
        "url": reverse("exchange:result", args=[row.slug, result.number]),
    }


# --- a result -------------------------------------------------------------------------------------
@require_safe
def result(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the pairs of a result, each with its reasons; and how good the whole is proven to be."""
    found = visible_result(request, slug, number)
    asked = request.GET.get("q", "").strip()
    rows = found.pairs.filter(kind__in=CHOSEN)
    page = page_number(request, rows.filter(names__icontains=asked) if asked else rows)
    shown = {
        **result_page_of(request, found),
        "page": page,
        "query": asked,
        "pairs": _pairs_shown(found, found.round, page.object_list),
        "kind_label": labels.RESULT[found.kind],
        "joinings": _joinings(found),
        "bound_gap": found.summary["bound"] - found.summary["points"],
    }
    return render(request, "exchange/matching/result.html", shown)


def _pairs_shown(of: RoundResult, row: Round, pairs: Any) -> list[dict[str, Any]]:
    words, states = Words.of(row), _states(row)
    return [
        _pair_shown(each, of, row, words, states.get(frozenset((each.one, each.other)), "")) for each in pairs
    ]


def _pair_shown(
    row: ResultPair, of: RoundResult, of_round: Round, words: Words, state: str
) -> dict[str, Any]:
    one, other = of.names[row.one], of.names[row.other]
    more = row.terms.get("more", (0, 0))
    return {
        "title": f"{one} – {other}",
        "url": reverse("exchange:result_pair", args=[of_round.slug, of.number, row.one, row.other]),
        "points": figure(row.points),
        "gains": [
            {"city": one, "points": figure(row.terms["gains"][0]), "more": figure(more[0])},
            {"city": other, "points": figure(row.terms["gains"][1]), "more": figure(more[1])},
        ],
        "says": words.all_told(row.terms["says"]),
        "kind": labels.PAIR[row.kind],
        "kind_tone": labels.PAIR_TONES[row.kind],
        "state": spoken(PROPOSALS[state]) if state else "",
        "state_tone": labels.STATE_TONES[state] if state else "",
    }


def _states(row: Round) -> dict[frozenset[str], str]:
    """Return where the proposal of each pair of a round is, if as part of a larger one.

    Of several the last one counts, and one that is neither withdrawn nor replaced before those that are.
    """
    found: dict[frozenset[str], str] = {}
    over = (State.WITHDRAWN.value, State.REPLACED.value)
    rows = list(row.proposals.order_by("id").values_list("cities", "state"))
    for cities, state in sorted(rows, key=lambda each: each[1] not in over):
        found |= {frozenset(pair): state for pair in pairs_of(cities)}
    return found


def _joinings(of: RoundResult) -> list[dict[str, Any]]:
    words = Words.of(of.round)
    return [
        {
            "title": f"{of.names[each['city']]} + {_joined(of, each['to'])}",
            "says": words.told(each["says"]),
            "value": " ".join((each["city"], *each["to"])),
        }
        for each in of.summary["joinings"]
    ]


def _joined(of: RoundResult, cities: Any) -> str:
    return " – ".join(of.names.get(each, each) for each in cities)


@require_safe
def result_cities(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show what became of each city: its partners, or why it has none, and whom it would have liked as well."""
    found = visible_result(request, slug, number)
    asked, alone = request.GET.get("q", "").strip(), request.GET.get("alone") == "1"
    rows = found.cities.filter(name__icontains=asked) if asked else found.cities.all()
    page = page_number(request, rows.filter(is_alone=True) if alone else rows)
    words, may_see = Words.of(found.round), access.may_meet(request)
    shown = {
        **result_page_of(request, found),
        "page": page,
        "query": asked,
        "only_alone": alone,
        "cities": [_city_shown(each, found, words, may_see=may_see) for each in page.object_list],
    }
    return render(request, "exchange/matching/result_cities.html", shown)


def _city_shown(row: ResultCity, of: RoundResult, words: Words, *, may_see: bool) -> dict[str, Any]:
    missed = [each for each in row.missed if may_see or Filter.NO_GO.value not in each["filters"]]
    return {
        "name": row.name,
        "is_alone": row.is_alone,
        "partners": [
            (
                of.names[each],
                reverse("exchange:result_pair", args=[of.round.slug, of.number, *key(row.city, each)]),
            )
            for each in row.partners
        ],
        "why": words.all_told(without_no_gos(row.why, may_see=may_see)),
        "missed": [
            {
                "city": of.names[each["city"]],
                "gain": figure(each["gain"]),
                "says": words.all_told(each["says"]),
            }
            for each in missed
        ],
    }


@require_safe
def result_blocking(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the pairs of cities that would both rather have each other than what they have."""
    found = visible_result(request, slug, number)
    page = page_number(request, found.pairs.filter(kind=ResultPair.BLOCKING))
    shown = {
        **result_page_of(request, found),
        "page": page,
        "pairs": _pairs_shown(found, found.round, page.object_list),
        "kept": round_results.MOST_BLOCKING,
    }
    return render(request, "exchange/matching/result_blocking.html", shown)


@require_safe
def result_compared(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show what a result changes: against the tandems before a city left, and against another result."""
    found = visible_result(request, slug, number)
    others = list(_others(request, found))
    asked = request.GET.get("with", "")
    earlier = [each for each in others if each.number < found.number]
    other = (
        next((each for each in others if str(each.number) == asked), None) or (earlier or others or [None])[0]
    )
    words = Words.of(found.round)
    shown = {
        **result_page_of(request, found),
        "changes": [
            {
                "says": words.told(each["says"]),
                "label": labels.CHANGE[each["kind"]],
                "tone": labels.CHANGE_TONES[each["kind"]],
            }
            for each in found.summary["changes"]
        ],
        "left": found.names.get(found.summary["left"], ""),
        "others": [(each.number, labels.RESULT[each.kind]) for each in others],
        "other": other,
        "compared": _compared(found, other) if other else None,
    }
    return render(request, "exchange/matching/result_compared.html", shown)


def _others(request: HttpRequest, of: RoundResult) -> Any:
    rows = RoundResult.objects.filter(round=of.round).exclude(pk=of.pk).defer("inputs")
    return rows if access.may_see_drafts(request) else rows.exclude(taken_at=None)


def _compared(of: RoundResult, other: RoundResult) -> dict[str, Any]:
    found = compare(round_results.chosen_of(other), round_results.chosen_of(of))
    names = {**other.names, **of.names}

    def said(groups: tuple[Tandem, ...]) -> list[str]:
        return sorted(" – ".join(names.get(each, each) for each in group) for group in groups)

    return {
        "is_same": found.is_same,
        "points": f"+{figure(found.points)}" if found.points > 0 else figure(found.points),
        "new": said(found.new),
        "gone": said(found.gone),
        "kept_count": len(found.kept),
        "lonely": sorted(names.get(each, each) for each in found.lonely),
        "served": sorted(names.get(each, each) for each in found.served),
    }


# --- a pair ---------------------------------------------------------------------------------------
@require_safe
def result_pair(request: HttpRequest, slug: str, number: int, one: str, other: str) -> HttpResponse:
    """Show two cities of a result with every term of their score; to staff any two, with what stands in their way."""
    found = visible_result(request, slug, number)
    pair = key(one, other)
    row = found.pairs.filter(one=pair[0], other=pair[1]).first()
    kind, points, terms = (
        (row.kind, row.points, row.terms) if row else ("", *_not_chosen(request, found, pair))
    )
    words, names = Words.of(found.round), [found.names[each] for each in pair]
    page = {
        **result_page_of(request, found),
        "title": " – ".join(names),
        "kind_label": labels.PAIR[kind] if kind else gettext("not chosen"),
        "kind_tone": labels.PAIR_TONES.get(kind, "neutral"),
        "points": figure(points),
        "says": words.all_told(terms["says"]),
        "against": [
            words.told(each["says"])
            for each in terms["obstacles"]
            if access.may_meet(request) or each["filter"] != Filter.NO_GO
        ],
        "spoken": ", ".join(language_name(each) for each in terms["languages"]),
        **_reckoning(terms, names, words),
        "why_not": _why_not(found, pair, words, kind, may_see=access.may_meet(request)),
    }
    return render(request, "exchange/matching/pair.html", page)


def _not_chosen(request: HttpRequest, of: RoundResult, pair: tuple[str, str]) -> tuple[int, dict[str, Any]]:
    known = access.may_see_drafts(request) and pair[0] != pair[1]
    found = round_results.any_pair(of, pair) if known else None
    if found is None:
        raise Http404
    return found


def _why_not(of: RoundResult, pair: tuple[str, str], words: Words, kind: str, *, may_see: bool) -> list[str]:
    """Return why two cities did not come together, where that is among what one of them missed most."""
    if kind in CHOSEN:
        return []
    rows = of.cities.filter(Q(city=pair[0]) | Q(city=pair[1]))
    said = [
        sentence
        for row in rows
        for each in row.missed
        if each["city"] in pair and (may_see or Filter.NO_GO.value not in each["filters"])
        for sentence in words.all_told(each["says"])
    ]
    return list(dict.fromkeys(said))


def _reckoning(terms: dict[str, Any], names: list[str], words: Words) -> dict[str, Any]:
    """Return the tables of a pair: what each gains, term by term, and what size and kind take away."""
    found = round_results.reckoned(terms)
    close = found.closeness
    sides = [
        {
            "city": names[place],
            "other": names[1 - place],
            "rows": [
                (words.topic(term.topic), term.need, term.offer, term.met, figure(side.points_of(term)))
                for term in side.fit.terms
            ],
            "met": sum(term.met for term in side.fit.terms),
            "most": side.fit.most,
            "share": figure(float(100 * side.share), decimals=1),
            "gain": figure(side.gain),
        }
        for place, side in enumerate(found.sides)
    ]
    return {
        "sides": sides,
        "larger": figure(close.larger),
        "smaller": figure(close.smaller),
        "steps": close.steps,
        "left_of_it": figure(float(100 * close.factor), decimals=1),
        "one_sided": terms["one_sided_percent"],
    }


# --- history --------------------------------------------------------------------------------------
@readers
@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Show staff what was done in a round, the newest first."""
    row = visible_round(request, slug)
    page = page_number(request, row.steps.select_related("person"))
    may_see = access.may_meet(request)
    steps = [
        {
            "what": labels.STEPS.get(each.what, each.what),
            "about": each.about,
            "reason": each.reason if may_see else "",
            "at": each.at,
            "who": str(each.person) if each.person else gettext("the portal itself"),
        }
        for each in page.object_list
    ]
    return render(
        request, "exchange/matching/history.html", {**page_of(request, row), "page": page, "steps": steps}
    )
