"""Visits of a tandem: all, one with programme and report, its calendar file; for officers what changes them."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tandem.exchange import access
from tandem.exchange.domain.visit import Item, Participant, check_programme
from tandem.exchange.forms.visits import (
    ItemForm,
    ParticipantForm,
    VisitForm,
    VisitReportForm,
    item_initial,
    participant_initial,
    visit_initial,
)
from tandem.exchange.models import Tandem, Visit
from tandem.exchange.services import visits
from tandem.exchange.views.asking import by, form_page
from tandem.exchange.views.tandem_frame import (
    any_tandem,
    names_of,
    officers,
    page_of,
    take_form,
    visible_tandem,
)
from tandem.exchange.views.tandem_staff import trail_of
from tandem.exchange.views.tandems import calendar_answer
from tandem.exchange.views.visit_words import visit_shown
from tandem.kit import installation
from tandem.kit.spoken import language


def _visit_of(tandem: Tandem, pk: UUID) -> Visit:
    """Return a visit of a tandem, which it knows without a further query.

    Raises:
        Http404: There is none of that id.
    """
    found = tandem.visits.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.tandem = tandem
    return found


def _url(visit: Visit) -> str:
    return reverse("exchange:visit", args=[visit.tandem.slug, visit.pk])


def _trail(visit: Visit) -> list[tuple[str, str]]:
    title = visit_shown(visit, {}, today=timezone.localdate()).title
    return [*trail_of(visit.tandem), (title, _url(visit))]


# --- for everybody --------------------------------------------------------------------------------
@require_safe
def visit_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the visits of a tandem, those to come first."""
    found = visible_tandem(request, slug)
    names, today = names_of(found), timezone.localdate()
    shown = [visit_shown(each, names, today=today) for each in found.visits.all()]
    page = {
        **page_of(request, found),
        "coming": [each for each in shown if not each.is_over],
        "past": [each for each in reversed(shown) if each.is_over],
    }
    return render(request, "exchange/visits.html", page)


@require_safe
def visit(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Show a visit: programme, who comes, guiding questions, the report."""
    found = visible_tandem(request, slug)
    row, names = _visit_of(found, pk), names_of(found)
    items = visits.items_of(row)
    staff = access.may_see_drafts(request)
    page = {
        **page_of(request, found),
        "shown": visit_shown(row, names, today=timezone.localdate()),
        "items": [(each, _time_of(each)) for each in items],
        "findings": check_programme(items, visits.span_of(row)) if staff else [],
        "participants": [(each, names.get(each.city, each.city)) for each in visits.participants_of(row)],
        "report": row.report if row.reported_on or staff else {},
    }
    return render(request, "exchange/visit.html", page)


def _time_of(item: Item) -> str:
    """Return day, time and length of a point, as far as they are known."""
    day = date_format(item.on, "DATE_FORMAT") if item.on else ""
    hour = time_format(item.at, "TIME_FORMAT") if item.at else ""
    length = gettext("%(minutes)s minutes") % {"minutes": item.minutes} if item.minutes else ""
    return ", ".join(each for each in (day, hour, length) if each)


@require_safe
def calendar(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Hand over a visit as a calendar file."""
    found = visible_tandem(request, slug)
    row = _visit_of(found, pk)
    if row.when:
        raise Http404
    name = visit_shown(row, {}, today=timezone.localdate()).title
    return calendar_answer(
        visits.calendar([row], name=name, language=language()), f"visit-{row.begins_at:%Y-%m-%d}"
    )


# --- for officers ---------------------------------------------------------------------------------
@officers
@form_page
def edit(request: HttpRequest, slug: str, pk: UUID | None = None) -> HttpResponse:
    """Plan a visit, or change what is planned."""
    found = any_tandem(slug)
    row = _visit_of(found, pk) if pk else None
    first = visit_initial(row) if row else {"host": installation.city().id}
    form = VisitForm(request.POST or None, members=found.members.all(), initial=first)
    back = _url(row) if row else reverse("exchange:tandem_visits", args=[slug])
    trail = _trail(row) if row else trail_of(found)
    if row and request.POST.get("step") == "remove":
        back = reverse("exchange:tandem_visits", args=[slug])
    return take_form(
        request,
        form,
        lambda: visits.set_visit(found, row, **form.columns(), **by(request)),
        gettext("When and where") if row else gettext("Plan a visit"),
        back=back,
        trail=trail,
        remove=(lambda: visits.remove_visit(row, **by(request))) if row and not row.reported_on else None,
    )


@officers
@form_page
def item(request: HttpRequest, slug: str, pk: UUID, key: str = "") -> HttpResponse:
    """Add a point to the programme, or change one."""
    row = _visit_of(any_tandem(slug), pk)
    known = {each.key: each for each in visits.items_of(row)}
    if key and key not in known:
        raise Http404
    span = visits.span_of(row)
    form = ItemForm(
        request.POST or None,
        days=span.days if span.is_known else [],
        initial=item_initial(known[key]) if key else {"on": span.begins.date().isoformat()},
    )
    return take_form(
        request,
        form,
        lambda: visits.set_item(row, form.item(key or visits.fresh_key()), **by(request)),
        gettext("Point of the programme"),
        back=_url(row),
        trail=_trail(row),
        remove=(lambda: visits.remove_item(row, key, **by(request))) if key else None,
    )


@officers
@form_page
def participant(request: HttpRequest, slug: str, pk: UUID, key: str = "") -> HttpResponse:
    """Add somebody who comes, by city and role; by name only where the person agreed."""
    found = any_tandem(slug)
    row = _visit_of(found, pk)
    known: dict[str, Participant] = {each.key: each for each in visits.participants_of(row)}
    if key and key not in known:
        raise Http404
    form = ParticipantForm(
        request.POST or None,
        members=found.members.all(),
        initial=participant_initial(known[key]) if key else {"city": row.host},
    )
    return take_form(
        request,
        form,
        lambda: visits.set_participant(
            row,
            form.participant(key or visits.fresh_key(), kept=known.get(key), today=timezone.localdate()),
            **by(request),
        ),
        gettext("Participant"),
        back=_url(row),
        trail=_trail(row),
        remove=(lambda: visits.remove_participant(row, key, **by(request))) if key else None,
    )


@officers
@form_page
def report(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Write the report of a visit."""
    row = _visit_of(any_tandem(slug), pk)
    first = {"report": row.report, "is_done": row.reported_on is not None}
    form = VisitReportForm(request.POST or None, initial=first)

    def save() -> None:
        is_done = form.cleaned_data["is_done"]
        done_on = (row.reported_on or timezone.localdate()) if is_done else None
        visits.set_report(row, report=form.cleaned_data["report"], done_on=done_on, **by(request))

    return take_form(request, form, save, gettext("Report of the visit"), back=_url(row), trail=_trail(row))
