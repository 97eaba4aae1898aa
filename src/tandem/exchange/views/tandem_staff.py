"""The officer's pages of tandems: propose, cities, agreement, topics, agenda, logbook, decisions, costs, report."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tandem.core.errors import TandemError
from tandem.core.text import pick
from tandem.exchange.domain.tandem_facts import Period
from tandem.exchange.forms.logbook import (
    CostForm,
    DecisionForm,
    EntryForm,
    FunderReportForm,
    cost_initial,
    decision_initial,
    entry_initial,
)
from tandem.exchange.forms.tandems import (
    CityForm,
    ConsentForm,
    ContactForm,
    EndForm,
    LeaveForm,
    QuestionForm,
    TandemForm,
    TopicForm,
    question_initial,
    topic_initial,
)
from tandem.exchange.models import Tandem, TandemMember
from tandem.exchange.services import logbook, tandem_report, tandems
from tandem.exchange.views.asking import by, form_page
from tandem.exchange.views.tandem_frame import (
    any_tandem,
    any_topic,
    done,
    names_of,
    officers,
    page_of,
    readers,
    take_form,
    title_of,
)
from tandem.kit import installation
from tandem.kit.numbers import euros
from tandem.kit.spoken import language, spoken

Trail = list[tuple[str, str]]


def _home(tandem: Tandem) -> str:
    return reverse("exchange:tandem", args=[tandem.slug])


def _learning(tandem: Tandem) -> str:
    return reverse("exchange:tandem_learning", args=[tandem.slug])


def trail_of(tandem: Tandem) -> Trail:
    """Return the way to the pages of a tandem."""
    return [(title_of(tandem), _home(tandem))]


def _one_or_404(rows: Any, pk: int | None) -> Any:
    """Return the row of that number, None where none is asked for.

    Raises:
        Http404: There is no such row.
    """
    found = rows.filter(pk=pk).first() if pk is not None else None
    if pk is not None and found is None:
        raise Http404
    return found


# --- the tandem -----------------------------------------------------------------------------------
@officers
@form_page
def new(request: HttpRequest) -> HttpResponse:
    """Propose a tandem."""
    form = TandemForm(request.POST or None)
    if form.is_valid():
        made = tandems.begin(**form.cleaned_data, **by(request), on=timezone.localdate())
        return redirect(_home(made))
    return take_form(
        request, form, lambda: None, gettext("Propose a tandem"), back=reverse("exchange:tandems")
    )


@officers
@form_page
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what a tandem says of itself."""
    found = any_tandem(slug)
    form = TandemForm(request.POST or None, initial={"titles": found.titles, "aims": found.aims})
    return take_form(
        request,
        form,
        lambda: tandems.change(found, **form.cleaned_data, **by(request)),
        gettext("Title and aims"),
        back=_home(found),
        trail=trail_of(found),
    )


@officers
@require_POST
def step(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a tandem active, make it public or withdraw it, as the button says."""
    found, whom, today = any_tandem(slug), by(request), timezone.localdate()
    acts = {
        "activate": (lambda: tandems.activate(found, on=today, **whom), gettext("The tandem is active.")),
        "publish": (lambda: tandems.publish(found, **whom), gettext("It is public now.")),
        "withdraw": (lambda: tandems.withdraw(found, **whom), gettext("It is no longer public.")),
    }
    if request.POST.get("step") not in acts:
        raise Http404
    act, said = acts[request.POST["step"]]
    return done(request, act, said, _home(found))


@officers
@form_page
def end(request: HttpRequest, slug: str) -> HttpResponse:
    """End a tandem, after saying what that means."""
    found = any_tandem(slug)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    return take_form(
        request,
        form,
        lambda: tandems.end(found, **form.cleaned_data, **by(request)),
        gettext("End the tandem"),
        back=_home(found),
        trail=trail_of(found),
        lead=gettext(
            "It cannot be made active again. No city joins or leaves any more, and no topic, question or visit "
            "is added. Reports, lessons, logbook, decisions and costs can still be written."
        ),
    )


# --- cities ---------------------------------------------------------------------------------------
@officers
@form_page
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Name a city as a member."""
    found = any_tandem(slug)
    present = [each.city for each in found.members.all() if each.left_on is None]
    form = CityForm(request.POST or None, without=present, initial={"joined_on": timezone.localdate()})
    return take_form(
        request,
        form,
        lambda: tandems.invite(found, **form.member(), **by(request)),
        gettext("Name a city"),
        back=_home(found),
        trail=trail_of(found),
    )


@officers
@form_page
def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Record that a city agreed, that it left and why, or which office answers."""
    found = any_tandem(slug)
    row: TandemMember = _one_or_404(found.members, pk)
    row.tandem = found
    step = request.POST.get("step", "")
    forms = {
        "consent": ConsentForm(request.POST if step == "consent" else None),
        "leave": LeaveForm(request.POST if step == "leave" else None),
        "contact": ContactForm(
            request.POST if step == "contact" else None, initial={"contact_role": row.contact_role}
        ),
    }
    form = forms.get(step)
    if form is not None and form.is_valid():
        try:
            _change_member(row, step, form.cleaned_data, by(request))
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            return done(request, lambda: None, gettext("It is saved."), _home(found))
    page = {
        **page_of(request, found),
        "row": row,
        "name": pick(row.names, language(), default=row.city),
        "forms": forms,
        "form": form,
    }
    return render(request, "exchange/tandem_member.html", page, status=400 if form and form.errors else 200)


def _change_member(row: TandemMember, step: str, given: dict[str, Any], by: dict[str, Any]) -> None:
    if step == "consent":
        tandems.consent(row.tandem, row.city, **given, **by)
    elif step == "leave":
        tandems.leave(row.tandem, row.city, **given, **by)
    else:
        tandems.set_contact(row, **given, **by)


# --- topics, agenda, logbook, decisions -----------------------------------------------------------
@officers
@form_page
def topic(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Add a topic with who leads and who follows, or change one."""
    row = any_topic(slug, pk) if pk is not None else None
    found = row.tandem if row else any_tandem(slug)
    form = TopicForm(
        request.POST or None, members=found.members.all(), initial=topic_initial(row) if row else None
    )
    return take_form(
        request,
        form,
        lambda: tandems.set_topic(
            found,
            row,
            titles=form.cleaned_data["titles"],
            parts_played=form.parts_played(),
            **by(request),
        ),
        gettext("Topic"),
        back=_home(found),
        trail=trail_of(found),
        remove=(lambda: tandems.remove_topic(row, **by(request))) if row else None,
    )


@officers
@form_page
def agenda(request: HttpRequest, slug: str, topic_pk: int, pk: int | None = None) -> HttpResponse:
    """Add a question to a topic's agenda, change it, or write down what was learnt."""
    of = any_topic(slug, topic_pk)
    found = of.tandem
    row = _one_or_404(of.agenda, pk)
    form = QuestionForm(request.POST or None, initial=question_initial(row) if row else None)
    return take_form(
        request,
        form,
        lambda: logbook.set_question(of, row, **form.cleaned_data, **by(request)),
        gettext("Question of the learning agenda"),
        back=_learning(found),
        trail=trail_of(found),
        remove=(lambda: logbook.remove(row, found, **by(request))) if row else None,
        lead=pick(of.titles, language()),
    )


@officers
@form_page
def entry(request: HttpRequest, slug: str, topic_pk: int, pk: int | None = None) -> HttpResponse:
    """Write an entry of a topic's logbook, or change one."""
    of = any_topic(slug, topic_pk)
    found = of.tandem
    row = _one_or_404(of.log, pk)
    form = EntryForm(
        request.POST or None, initial=entry_initial(row) if row else {"on": timezone.localdate()}
    )
    form.offer(
        [*logbook.offered_visits(found), *logbook.offered_measures()],
        kept=row.reference if row else None,
        nothing=True,
    )
    return take_form(
        request,
        form,
        lambda: logbook.set_entry(
            of,
            row,
            reference=form.reference(),
            **{name: form.cleaned_data[name] for name in ("on", "stage", "texts")},
            **by(request),
        ),
        gettext("Entry of the logbook"),
        back=reverse("exchange:tandem_topic", args=[slug, of.pk]),
        trail=trail_of(found),
        remove=(lambda: logbook.remove(row, found, **by(request))) if row else None,
        lead=pick(of.titles, language()),
    )


@officers
@form_page
def decision(request: HttpRequest, slug: str, topic_pk: int, pk: int | None = None) -> HttpResponse:
    """Write down what a city decided about a measure, or change it."""
    of = any_topic(slug, topic_pk)
    found = of.tandem
    row = _one_or_404(of.decisions, pk)
    form = DecisionForm(
        request.POST or None,
        members=found.members.all(),
        initial=decision_initial(row)
        if row
        else {"on": timezone.localdate(), "city": installation.city().id},
    )
    form.offer(logbook.offered_measures(), kept=row.measure if row else None, nothing=False)
    return take_form(
        request,
        form,
        lambda: logbook.set_decision(
            of,
            row,
            measure=form.chosen(),
            **{name: form.cleaned_data[name] for name in ("city", "verdict", "reasons", "on")},
            **by(request),
        ),
        gettext("Decision about a measure"),
        back=reverse("exchange:tandem_topic", args=[slug, of.pk]),
        trail=trail_of(found),
        remove=(lambda: logbook.remove(row, found, **by(request))) if row else None,
        lead=pick(of.titles, language()),
    )


# --- costs ----------------------------------------------------------------------------------------
@readers
@require_safe
def costs(request: HttpRequest, slug: str) -> HttpResponse:
    """Show staff what a tandem has cost."""
    found = any_tandem(slug)
    rows, names = list(found.costs.all()), names_of(found)
    page = {
        **page_of(request, found),
        "costs": [(each, names.get(each.city, each.city), euros(each.cents)) for each in rows],
        "total": euros(sum(each.cents for each in rows)),
    }
    return render(request, "exchange/tandem_costs.html", page)


@officers
@form_page
def cost(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Write down what something cost a city, or change it."""
    found = any_tandem(slug)
    row = _one_or_404(found.costs, pk)
    first = {"on": timezone.localdate(), "city": installation.city().id}
    form = CostForm(
        request.POST or None, members=found.members.all(), initial=cost_initial(row) if row else first
    )
    return take_form(
        request,
        form,
        lambda: logbook.set_cost(found, row, **form.values(), **by(request)),
        gettext("Cost"),
        back=reverse("exchange:tandem_costs", args=[slug]),
        trail=trail_of(found),
        remove=(lambda: logbook.remove(row, found, **by(request))) if row else None,
    )


# --- the report for whoever pays ------------------------------------------------------------------
@readers
@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the days and the language of the report, and hand it over as DOCX or PDF."""
    found, today = any_tandem(slug), timezone.localdate()
    first = {
        "first": found.begins_on or today.replace(month=1, day=1),
        "last": today,
        "as_of": today,
        "language": language(),
    }
    asked = request.GET.get("form", "")
    form = FunderReportForm(request.GET if asked else None, initial=first)
    if asked in tandem_report.MEDIA_TYPES and form.is_valid():
        return _report_file(found, asked, form.cleaned_data)
    page = {**page_of(request, found), "form": form}
    return render(request, "exchange/tandem_report.html", page, status=400 if form.errors else 200)


def _report_file(found: Tandem, asked: str, given: dict[str, Any]) -> HttpResponse:
    period = Period(given["first"], given["last"])
    content = tandem_report.report_file(
        found, asked, period=period, language=given["language"], as_of=given["as_of"]
    )
    name = f"tandem-{found.slug}-{given['as_of']:%Y-%m-%d}-{given['language']}.{asked}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=tandem_report.MEDIA_TYPES[asked], headers=headers)
