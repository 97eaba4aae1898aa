"""Tandems for everybody: all of them, one, what it learns, the logbook of a topic; for staff what is due."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tandem.core.references import Reference
from tandem.core.text import pick
from tandem.exchange import access
from tandem.exchange import tandem_labels as labels
from tandem.exchange.adapters.signing import grouped
from tandem.exchange.domain import logbook as stages
from tandem.exchange.domain.logbook import Decided, Reached, Stage, Verdict
from tandem.exchange.domain.tandem import PlayedPart, missing, unled
from tandem.exchange.models import (
    AgendaItem,
    Decision,
    LogEntry,
    PartnerKey,
    Tandem,
    TandemMember,
    Topic,
    Visit,
)
from tandem.exchange.services import keys, logbook, tandems, visits
from tandem.exchange.views.addresses import page_address
from tandem.exchange.views.fingerprints import groups_of
from tandem.exchange.views.tandem_frame import (
    any_topic,
    check_visible,
    members_of,
    names_of,
    page_of,
    present_of,
    readers,
    title_of,
    visible_tandem,
)
from tandem.exchange.views.visit_words import VisitShown, visit_shown
from tandem.kit import installation
from tandem.kit.spoken import language

PER_PAGE = 30
VISITS_SHOWN = 3
MOST_DUE = 200


# --- all ------------------------------------------------------------------------------------------
@require_safe
def tandem_list(request: HttpRequest) -> HttpResponse:
    """Show the tandems of the city."""
    staff = access.may_see_drafts(request)
    rows = Tandem.objects.prefetch_related("members", "topics")
    page = Paginator(rows if staff else rows.filter(is_public=True), PER_PAGE).get_page(
        request.GET.get("page")
    )
    shown = [
        {
            "tandem": each,
            "state_label": labels.STATE[each.state],
            "state_tone": labels.STATE_TONES[each.state],
            "cities": [
                pick(one.names, language(), default=one.city)
                for one in members_of(request, each)
                if one.left_on is None
            ],
            "topics": [pick(topic.titles, language()) for topic in each.topics.all()],
        }
        for each in page.object_list
    ]
    context = {"page": page, "tandems": shown, "may_meet": access.may_meet(request), "may_see_drafts": staff}
    return render(request, "exchange/tandems.html", context)


# --- one ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class TopicShown:
    """A topic, and who does what on it.

    Attributes:
        is_unled: Nobody who is in the tandem leads.
    """

    topic: Topic
    title: str
    leads: list[str]
    follows: list[str]
    is_unled: bool


def _topic_shown(topic: Topic, names: dict[str, str], present: list[str]) -> TopicShown:
    def who(part: PlayedPart) -> list[str]:
        return [names[city] for city in present if topic.parts_played.get(city) == part]

    title = pick(topic.titles, language(), default=str(topic.pk))
    leads, follows = who(PlayedPart.LEAD), who(PlayedPart.FOLLOW)
    return TopicShown(topic, title, leads, follows, unled(topic.parts_played, present))


@require_safe
def tandem(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a tandem: aims, cities, topics, the next visits; to staff what is missing, and keys to compare."""
    found = visible_tandem(request, slug)
    staff, names = access.may_see_drafts(request), names_of(found)
    present = present_of(request, found)
    page = {
        **page_of(request, found),
        "members": [_member_shown(each) for each in members_of(request, found)],
        "topics": [_topic_shown(each, names, present) for each in found.topics.all()],
        "visits": _some_visits(found, names),
        "missing": missing(tandems.agreement_of(found), names) if staff else [],
        "keys": _keys(present, names) if staff else [],
    }
    return render(request, "exchange/tandem.html", page)


def _member_shown(row: TandemMember) -> dict[str, Any]:
    partner = installation.config().partner(row.city)
    return {
        "row": row,
        "name": pick(row.names, language(), default=row.city),
        "url": partner.url if partner else "",
        "codes": ", ".join(f"{each.scheme} {each.code}" for each in tandems.codes_of(row)),
    }


def _some_visits(found: Tandem, names: dict[str, str]) -> list[VisitShown]:
    """Return the visits to come, or the last ones where none is planned."""
    rows, now = list(found.visits.all()), timezone.now()
    coming = [each for each in rows if each.ends_at > now]
    chosen = coming[:VISITS_SHOWN] if coming else rows[::-1][:VISITS_SHOWN]
    return [visit_shown(each, names, today=timezone.localdate()) for each in chosen]


@dataclass(frozen=True, slots=True)
class KeyShown:
    """A key whose fingerprint two people compare aloud."""

    city: str
    groups: list[str]
    tone: str = "neutral"
    label: str | Promise = ""


def _keys(present: list[str], names: dict[str, str]) -> list[KeyShown]:
    """Return the keys of the partners, and ours before them; nothing where no partner's is known."""
    rows = list(PartnerKey.objects.filter(city__in=present))
    shown = [
        KeyShown(
            names[each.city],
            groups_of(each),
            labels.KEY_TONES.get(each.state, "neutral"),
            labels.KEY.get(each.state, each.state),
        )
        for each in rows
    ]
    if not shown:
        return []
    ours = installation.city().name(language())
    return [KeyShown(ours, grouped(keys.fingerprint()).split()), *shown]


# --- what is learnt -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class StageShown:
    """A stage of a topic's logbook.

    Attributes:
        says: What is missing; empty where there are entries.
    """

    label: str | Promise
    tone: str
    says: str | Promise
    entries: list[Any]


_REACHED_TONES = {Reached.WRITTEN: "success", Reached.SKIPPED: "warning", Reached.NOT_YET: "neutral"}


def _stages(rows: list[LogEntry]) -> list[StageShown]:
    found = stages.standings(Stage(each.stage) for each in rows)
    return [
        _stage_shown(stage, reached, [row for row in rows if row.stage == stage])
        for stage, reached in found.items()
    ]


def _stage_shown(stage: Stage, reached: Reached, rows: list[LogEntry]) -> StageShown:
    entries = [{"row": each, "about": _about(each.reference)} for each in rows]
    return StageShown(labels.STAGE[stage], _REACHED_TONES[reached], labels.REACHED.get(reached, ""), entries)


def _about(kept: dict[str, Any] | None) -> tuple[str, str] | None:
    """Return title and address of what is referred to."""
    if not kept:
        return None
    reference = Reference(**kept)
    return reference.title(language()), page_address(reference)


@require_safe
def learning(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a tandem learns: per topic the questions with their lessons, and how far the logbook has come."""
    found = visible_tandem(request, slug)
    names, today = names_of(found), timezone.localdate()
    present = present_of(request, found)
    entries = list(found.log.all())
    topics = [
        {
            "shown": _topic_shown(each, names, present),
            "agenda": [(item, _is_overdue(item, today)) for item in each.agenda.all()],
            "stages": _stages([row for row in entries if row.topic_id == each.pk]),
        }
        for each in found.topics.prefetch_related("agenda")
    ]
    page = {
        **page_of(request, found),
        "topics": topics,
        "is_taken_over": stages.is_taken_over(Stage(each.stage) for each in entries),
    }
    return render(request, "exchange/tandem_learning.html", page)


def _is_overdue(item: AgendaItem, today: date) -> bool:
    return item.done_on is None and item.due_on is not None and item.due_on < today


@require_safe
def topic(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show the logbook of a topic as a timeline from the need to the effect, and what the cities decided."""
    row = any_topic(slug, pk)
    found, names = row.tandem, names_of(row.tandem)
    check_visible(request, found)
    entries = list(row.log.all())
    present = present_of(request, found)
    page = {
        **page_of(request, found),
        "shown": _topic_shown(row, names, present),
        "stages": _stages(entries),
        "is_taken_over": stages.is_taken_over(Stage(each.stage) for each in entries),
        "decisions": _decisions(list(row.decisions.all()), names),
    }
    return render(request, "exchange/tandem_topic.html", page)


def _decisions(rows: list[Decision], names: dict[str, str]) -> list[dict[str, Any]]:
    """Return the decisions, the newest first; those that a later one replaced are marked."""
    decided = [
        Decided(each.pk, each.measure["uri"], each.city, Verdict(each.verdict), each.on) for each in rows
    ]
    standing = {each.number for each in stages.standing_decisions(decided)}
    return [
        {
            "row": each,
            "city": names.get(each.city, each.city),
            "measure": _about(each.measure),
            "verdict_label": labels.VERDICT[each.verdict],
            "verdict_tone": labels.VERDICT_TONES[each.verdict],
            "is_standing": each.pk in standing,
        }
        for each in rows
    ]


# --- what is due ----------------------------------------------------------------------------------
@readers
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """Show staff which questions and which reports are due, the overdue ones first."""
    today = timezone.localdate()
    questions = [
        {
            "on": each.due_on,
            "is_overdue": _is_overdue(each, today),
            "text": pick(each.questions, language()),
            "tandem": title_of(each.topic.tandem),
            "url": reverse("exchange:agenda", args=[each.topic.tandem.slug, each.topic_id, each.pk]),
        }
        for each in logbook.due_questions()[:MOST_DUE]
    ]
    reports = [_report_due(each, today) for each in visits.unreported(before=timezone.now())[:MOST_DUE]]
    page = {"questions": questions, "reports": reports, "may_meet": access.may_meet(request)}
    return render(request, "exchange/tandems_due.html", page)


def _report_due(visit: Visit, today: date) -> dict[str, Any]:
    report = visits.report_of(visit, today=today)
    return {
        "on": report.due_on,
        "is_overdue": report.is_overdue(today),
        "text": pick(visit.titles, language()) or gettext("Visit"),
        "tandem": title_of(visit.tandem),
        "url": reverse("exchange:visit", args=[visit.tandem.slug, visit.pk]),
    }


# --- calendar -------------------------------------------------------------------------------------
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Hand over the visits of all public tandems as a calendar that programs can subscribe to."""
    name = gettext("Tandems of %(city)s") % {"city": installation.city().name(language())}
    return calendar_answer(visits.calendar(visits.public_visits(), name=name, language=language()), "tandems")


def calendar_answer(content: bytes, name: str) -> HttpResponse:
    """Return an iCalendar file as an answer."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
