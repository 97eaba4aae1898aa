"""What came out of an opinion map: a picture of the groups, what sets each apart, what unites and what divides."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tandem.participation import access
from tandem.participation.adapters.sheets import MEDIA_TYPES
from tandem.participation.adapters.sheets import export as sheet
from tandem.participation.domain.opinion.votes import AGREE
from tandem.participation.domain.opinion_picture import HEIGHT, WIDTH, letter, picture, shares
from tandem.participation.domain.phase import Action
from tandem.participation.models import Phase, PollStatement
from tandem.participation.services import opinion_files, opinion_results
from tandem.participation.views.opinion_frame import map_page, opinion_map

Rows = Mapping[str, PollStatement]


def result_page(request: HttpRequest, phase: Phase, page: Mapping[str, Any]) -> HttpResponse:
    """Show the groups as last reckoned.

    Args:
        page: What every page of an opinion map shows.
    """
    known = access.participant(request)
    kept = opinion_results.latest(phase, now=timezone.now(), whole=known is not None)
    shown = {**page, "told": kept.result if kept else {}}
    if kept:
        numbers = _named(kept.result)
        admitted = phase.poll_statements.filter(number__in=numbers, state="admitted")
        rows = {str(each.number): each for each in admitted}
        mine = opinion_results.group_of(kept, known)
        shown |= _told(kept.result, rows)
        shown |= {"mine": None if mine is None else letter(mine), "computed_at": kept.computed_at}
    return render(request, "participation/opinions/result.html", shown)


def _named(result: Mapping[str, Any]) -> set[int]:
    """Return the numbers of the statements that a result speaks of."""
    telling = [one["statement"] for group in result["groups"] for one in group["telling"]]
    uniting = [each["statement"] for each in result["uniting"]]
    return {int(each) for each in (*telling, *uniting, *result["dividing"])}


def _told(result: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
    drawn = picture([tuple(each) for each in result["places"]])
    return {
        "drawn": drawn,
        "letters": [(each, letter(each.group)) for each in drawn.outlines],
        "width": int(WIDTH),
        "height": int(HEIGHT),
        "groups": [_group(number, each, rows) for number, each in enumerate(result["groups"])],
        "uniting": [
            _entry(each, rows, all=each["all"]) for each in result["uniting"] if each["statement"] in rows
        ],
        "dividing": [
            {"row": rows[key], "all": shares_of(result["tallies"][key])}
            for key in result["dividing"]
            if key in rows
        ],
    }


def _group(number: int, kept: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
    telling = [
        _entry(one, rows, inside=one["inside"], outside=one["outside"])
        for one in kept["telling"]
        if one["statement"] in rows
    ]
    return {"number": number, "letter": letter(number), "size": kept["size"], "telling": telling}


def _entry(kept: Mapping[str, Any], rows: Rows, **tallies: Mapping[str, int]) -> dict[str, Any]:
    found = {name: shares_of([one["agree"], one["disagree"], one["seen"]]) for name, one in tallies.items()}
    return {"row": rows[kept["statement"]], "agrees": kept["way"] == AGREE, **found}


def shares_of(tally: Sequence[int] | None) -> dict[str, Any] | None:
    """Return per cents for a bar and its words; None where too few people stand behind them."""
    if tally is None:
        return None
    found = shares(*tally)
    return {**found, "seen": tally[2], "before_pass": found["agree"] + found["disagree"]}


@require_safe
def results(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show what has come out so far."""
    phase = opinion_map(request, slug, number)
    access.standing(request, phase, timezone.now()).check(Action.SEE_RESULTS)
    return result_page(request, phase, map_page(request, phase))


@require_safe
def statements_file(request: HttpRequest, slug: str, number: int, kind: str) -> HttpResponse:
    """Hand over all statements that are voted on, with the votes as far as they can be shown."""
    if kind not in MEDIA_TYPES:
        raise Http404
    phase, now = opinion_map(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.SEE_RESULTS)
    kept = opinion_results.latest(phase, now=now)
    rows = opinion_files.table(phase, kept.result if kept else {})
    heads = ["number", "statement", "language", "agree", "disagree", "pass"]
    headers = {"Content-Disposition": f'attachment; filename="{slug}-{number}-statements.{kind}"'}
    content = b"".join(sheet(kind, heads, rows, title=slug))
    return HttpResponse(content, content_type=MEDIA_TYPES[kind], headers=headers)
