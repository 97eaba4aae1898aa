"""Pages of data services, dataset series and agents: for everybody, and for the officers who describe them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from tandem.accounts.access import person_of
from tandem.catalogue import access
from tandem.catalogue.domain import completeness, vocabulary
from tandem.catalogue.domain.completeness import Need
from tandem.catalogue.domain.description import AgentDescription
from tandem.catalogue.domain.lifecycle import UNSEEN, Status, Step, may_discard, possible_steps
from tandem.catalogue.domain.validation import check_series, check_service
from tandem.catalogue.forms import FIELD_NAMES, NoteForm, SendBackForm, TitleForm, WithdrawForm
from tandem.catalogue.forms_describe import AgentForm, SeriesForm, ServiceForm
from tandem.catalogue.models import Agent, Dataset
from tandem.catalogue.services import agents, records
from tandem.catalogue.services.records import Kind, Row
from tandem.catalogue.views import describing, shown
from tandem.catalogue.views.staff import editors, publishers, readers
from tandem.core.errors import TandemError
from tandem.core.text import pick
from tandem.kit.installation import config
from tandem.kit.spoken import spoken

PER_PAGE = 30
CHECKS: dict[str, Any] = {"service": check_service, "series": check_series}
FORMS: dict[str, Any] = {"service": ServiceForm, "series": SeriesForm}
_STEP_FORMS: dict[Step, Any] = {
    Step.SUBMIT: NoteForm,
    Step.SEND_BACK: SendBackForm,
    Step.PUBLISH: None,
    Step.WITHDRAW: WithdrawForm,
}


def _kind_or_404(name: str) -> Kind:
    if name not in records.KINDS:
        raise Http404
    return records.KINDS[name]


def _words(kind: Kind) -> dict[str, str]:
    if kind is records.SERVICE:
        return {
            "many": gettext("Data services"),
            "lead": gettext("Addresses that programs can ask for our data."),
            "new": gettext("Add a service"),
            "edit": gettext("Describe the service"),
            "none": gettext("There is no data service yet"),
        }
    return {
        "many": gettext("Dataset series"),
        "lead": gettext("Data that are published again and again, such as every year."),
        "new": gettext("Add a series"),
        "edit": gettext("Describe the series"),
        "none": gettext("There is no series yet"),
    }


# --- for everybody ------------------------------------------------------------------------------
@require_safe
def record_list(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the services or the series; officers see those that are not public, too."""
    which = _kind_or_404(kind)
    rows = which.model.objects.select_related("source")
    if not access.may_see_drafts(request):
        rows = rows.filter(status=Status.PUBLISHED)
    page = Paginator(rows.order_by("sort_title", "id"), PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.status_label = shown.STATUS[row.status]  # type: ignore[attr-defined]
    context = {"page": page, "kind": kind, "words": _words(which), "may_edit": access.may_edit(request)}
    return render(request, "catalogue/records.html", context)


@require_safe
def record(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Show a service or a series."""
    which = _kind_or_404(kind)
    row = get_object_or_404(which.model.objects.select_related("source"), slug=slug)
    staff = access.may_see_drafts(request)
    if Status(row.status) in UNSEEN and not staff:
        raise Http404
    described = records.description_of(row)
    title = shown.texts(described.titles) or row.slug
    if row.status == Status.WITHDRAWN and not staff:
        gone = {"dataset": row, "title": title}
        return render(request, "catalogue/withdrawn.html", gone, status=410)
    ours = row.source_id is None
    context = {
        "record": row,
        "kind": kind,
        "title": title,
        "words": _words(which),
        "summary": shown.texts(described.descriptions),
        "facts": list(_facts(which, described)),
        "datasets": _datasets(which, row, described),
        "status_label": shown.STATUS[row.status],
        "alternates": _alternates(row, kind) if ours else [],
        "may_edit": ours and access.may_edit(request),
        "steps": _step_links(request, row, kind) if ours else [],
        "may_discard": ours and may_discard(Status(row.status), was_published=bool(row.published_at)),
        "history": describing.shown_history(row.iri) if ours and staff else [],
    }
    return render(request, "catalogue/record.html", context)


def _facts(kind: Kind, described: Any) -> Iterator[dict[str, Any]]:
    language = get_language() or "en"
    if kind is records.SERVICE:
        for name in ("endpoint_urls", "endpoint_descriptions", "pages", "conforms_to"):
            for value in getattr(described, name):
                yield {"label": FIELD_NAMES[name], "value": value, "url": value}
        licence = vocabulary.LICENCES.by_iri(described.licence) if described.licence else None
        if licence:
            yield {
                "label": FIELD_NAMES["licence"],
                "value": pick(licence.names, language),
                "url": licence.page,
            }
    if described.publisher:
        name = pick(described.publisher.names, language)
        yield {"label": FIELD_NAMES["publisher"], "value": name, "url": described.publisher.homepage}
    for contact in described.contacts[:1]:
        url = f"mailto:{contact.mail}" if contact.mail else contact.url
        yield {"label": FIELD_NAMES["contact"], "value": contact.name or contact.mail, "url": url}
    if described.landing_page:
        yield {
            "label": FIELD_NAMES["landing_page"],
            "value": described.landing_page,
            "url": described.landing_page,
        }


def _datasets(kind: Kind, row: Row, described: Any) -> list[dict[str, str]]:
    """Return the published datasets that a service gives, or that belong to a series."""
    if kind is records.SERVICE:
        rows = list(Dataset.objects.filter(iri__in=described.serves, status=Status.PUBLISHED))
    else:
        rows = records.members(row.iri)
    return [
        {
            "title": shown.texts(each.description.get("titles", {})) or each.slug,
            "url": reverse("catalogue:dataset", args=[each.slug]),
        }
        for each in rows
    ]


def _alternates(row: Row, kind: str) -> list[dict[str, str]]:
    kinds = (("Turtle", "ttl"), ("RDF/XML", "rdf"), ("JSON-LD", "jsonld"))
    return [
        {"label": label, "url": reverse("record-rdf", args=[kind, row.pk, suffix])} for label, suffix in kinds
    ]


def _step_links(request: HttpRequest, row: Row, kind: str) -> list[dict[str, str]]:
    names = {
        Step.SUBMIT: gettext("Give to review"),
        Step.SEND_BACK: gettext("Send back"),
        Step.PUBLISH: gettext("Publish"),
        Step.WITHDRAW: gettext("Withdraw"),
    }
    may = {step: access.may_edit if step is Step.SUBMIT else access.may_publish for step in names}
    return [
        {"label": names[step], "url": reverse("catalogue:record_step", args=[kind, row.slug, step.value])}
        for step in possible_steps(Status(row.status))
        if may[step](request)
    ]


# --- for officers -------------------------------------------------------------------------------
@editors
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Begin a service or a series with its title."""
    which = _kind_or_404(kind)
    form = TitleForm(request.POST or None)
    if form.is_valid():
        language = get_language() or settings.LANGUAGE_CODE
        titles = {language: form.cleaned_data["title"]}
        row = records.begin(which, titles=titles, person=person_of(request), now=timezone.now())
        return redirect("catalogue:record_edit", kind, row.slug)
    words = _words(which)
    page = {
        "heading": words["new"],
        "explanation": words["lead"],
        "button": gettext("Begin and describe"),
        "form": form,
        "parent_title": words["many"],
        "parent_url": reverse("catalogue:records", args=[kind]),
    }
    return render(request, "catalogue/confirm_record.html", page)


def _own_or_404(kind: Kind, slug: str) -> Any:
    return get_object_or_404(kind.model, slug=slug, source=None)


@editors
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Ask what a service or a series is."""
    which = _kind_or_404(kind)
    row = _own_or_404(which, slug)
    described = records.description_of(row)
    profile = config().catalogue.profile
    form = FORMS[kind](
        request.POST or None,
        described=described,
        offered=describing.offered(),
        needs=completeness.record_needs(described, kind=kind, profile=profile),
        missing=records.missing_of(which, described),
    )
    here = reverse("catalogue:record", args=[kind, slug])
    if form.is_valid():
        person, now = person_of(request), timezone.now()
        records.describe(row, form.description(), person=person, now=now)
        messages.success(request, gettext("The description is saved."))
        return redirect(here)
    page = {
        "form": form,
        "heading": _words(which)["edit"],
        "parent_title": shown.texts(described.titles) or slug,
        "parent_url": here,
        "back_url": here,
        "keep_key": f"{kind}-{row.pk}",
        "findings": describing.with_places(CHECKS[kind](described, profile=profile)),
        "has_findings": True,
    }
    return render(request, "catalogue/describe.html", page)


def step(request: HttpRequest, kind: str, slug: str, name: str) -> HttpResponse:
    """Give a record to be reviewed or back, publish it, or withdraw it."""
    if name not in {each.value for each in _STEP_FORMS}:
        raise Http404
    guarded = editors if name == Step.SUBMIT else publishers
    answer: HttpResponse = guarded(_step)(request, kind, slug, Step(name))  # type: ignore[assignment]
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def _step(request: HttpRequest, kind: str, slug: str, wanted: Step) -> HttpResponse:
    which = _kind_or_404(kind)
    row = _own_or_404(which, slug)
    here = reverse("catalogue:record", args=[kind, slug])
    kind_of_form = _STEP_FORMS[wanted]
    form = kind_of_form(request.POST or None) if kind_of_form else None
    if request.method == "POST" and (form is None or form.is_valid()):
        values = form.cleaned_data if form else {}
        note = values.get("note") or values.get("reason") or ""
        try:
            records.take_step(row, wanted, person=person_of(request), now=timezone.now(), note=note)
        except TandemError as error:
            messages.error(request, spoken(error.sentence))
        else:
            messages.success(
                request, gettext("It is done: %(status)s.") % {"status": shown.STATUS[row.status]}
            )
        return redirect(here)
    return render(request, "catalogue/confirm_record.html", _step_page(which, row, wanted, form))


def _step_page(kind: Kind, row: Row, wanted: Step, form: Any) -> dict[str, Any]:
    headings = {
        Step.SUBMIT: (gettext("Give to review"), gettext("Give it to review")),
        Step.SEND_BACK: (gettext("Send back"), gettext("Send it back")),
        Step.PUBLISH: (gettext("Publish"), gettext("Publish now")),
        Step.WITHDRAW: (gettext("Withdraw"), gettext("Withdraw now")),
    }
    described = records.description_of(row)
    missing = records.missing_of(kind, described) if wanted in {Step.PUBLISH, Step.SUBMIT} else {}
    here = reverse("catalogue:record", args=[kind.name, row.slug])
    return {
        "heading": headings[wanted][0],
        "button": headings[wanted][1],
        "form": form,
        "missing": [FIELD_NAMES[name] for name, need in missing.items() if need is Need.MANDATORY],
        "advice": [FIELD_NAMES[name] for name, need in missing.items() if need is Need.RECOMMENDED],
        "edit_url": reverse("catalogue:record_edit", args=[kind.name, row.slug]),
        "parent_title": shown.texts(described.titles) or row.slug,
        "parent_url": here,
        "back_url": here,
    }


@editors
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Ask once more, and delete a draft that was never public."""
    which = _kind_or_404(kind)
    row = _own_or_404(which, slug)
    here = reverse("catalogue:record", args=[kind, slug])
    if request.method == "POST":
        try:
            records.discard(row, person=person_of(request))
        except TandemError as error:
            messages.error(request, spoken(error.sentence))
            return redirect(here)
        messages.success(request, gettext("The draft is gone."))
        return redirect("catalogue:records", kind)
    page = {
        "heading": gettext("Discard"),
        "explanation": gettext("The draft and its description are deleted for good. It was never public."),
        "button": gettext("Discard it"),
        "form": None,
        "parent_title": shown.texts(row.description.get("titles", {})) or slug,
        "parent_url": here,
        "back_url": here,
    }
    return render(request, "catalogue/confirm_record.html", page)


# --- agents -------------------------------------------------------------------------------------
@require_safe
def agent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an agent and the datasets that name it."""
    row = get_object_or_404(Agent, pk=pk)
    described = agents.description_of(row)
    named = Dataset.objects.filter(status=Status.PUBLISHED, description__icontains=row.iri)
    page = {
        "agent": described,
        "row": row,
        "name": shown.texts(described.names),
        "kind": _kind_name(described),
        "datasets": [
            {
                "title": shown.texts(each.description.get("titles", {})) or each.slug,
                "url": reverse("catalogue:dataset", args=[each.slug]),
            }
            for each in named.order_by("sort_title")[:200]
        ],
        "may_edit": access.may_edit(request),
    }
    return render(request, "catalogue/agent.html", page)


def _kind_name(described: AgentDescription) -> str:
    term = vocabulary.AGENT_KINDS.by_iri(described.kind) if described.kind else None
    return pick(term.names, get_language() or "en") if term else ""


@readers
@require_safe
def agent_list(request: HttpRequest) -> HttpResponse:
    """Show the agents that descriptions can name."""
    page = Paginator(Agent.objects.all(), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "name": shown.texts(row.description.get("names", {})),
            "mail": row.description.get("mail", ""),
            "url": reverse("catalogue:agent", args=[row.pk]),
        }
        for row in page.object_list
    ]
    context = {"page": page, "rows": rows, "may_edit": access.may_edit(request)}
    return render(request, "catalogue/agents.html", context)


@editors
@require_http_methods(["GET", "HEAD", "POST"])
def agent_edit(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Ask who an agent is; a new one without ``pk``."""
    row = get_object_or_404(Agent, pk=pk) if pk else None
    described = agents.description_of(row) if row else AgentDescription()
    form = AgentForm(request.POST or None, described=described)
    if form.is_valid():
        person, now = person_of(request), timezone.now()
        if row:
            agents.describe(row, form.description(), person=person, now=now)
        else:
            row = agents.add(form.description(), person=person, now=now)
        messages.success(request, gettext("The description is saved."))
        return redirect("catalogue:agent", row.pk)
    listed = reverse("catalogue:agents")
    page = {
        "form": form,
        "heading": gettext("Describe a body or a person") if row else gettext("Add a body or a person"),
        "parent_title": gettext("Bodies and people"),
        "parent_url": listed,
        "back_url": reverse("catalogue:agent", args=[row.pk]) if row else listed,
        "keep_key": f"agent-{pk or 'new'}",
    }
    return render(request, "catalogue/describe.html", page)
