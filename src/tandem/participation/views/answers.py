"""The office's pages of answers: what waits for one, answering one or many, what became of a process."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from tandem.accounts.access import person_of
from tandem.core.text import pick, printable
from tandem.participation import access, labels
from tandem.participation.domain.phase import Action
from tandem.participation.forms.moderation import AnswerForm, OutcomeForm, ticked
from tandem.participation.models import Contribution, Process
from tandem.participation.services import answers
from tandem.participation.views.guards import answerers, form_page, planners

PER_PAGE = 100


@answerers
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Show how much waits for an answer, by process."""
    open_ones = Q(
        contributions__status="received", contributions__hidden_at=None, contributions__withdrawn_at=None
    )
    rows = (
        Process.objects.annotate(
            count=Count("contributions", filter=open_ones),
            oldest=Min("contributions__received_at", filter=open_ones),
        )
        .filter(count__gt=0)
        .order_by("oldest")
    )
    language = get_language() or "en"
    shown = [(each, pick(each.titles, language, default=each.slug)) for each in rows]
    return render(request, "participation/answers/waiting.html", {"rows": shown})


@answerers
@form_page
def answer_many(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose contributions of a process and answer them with one text."""
    process = get_object_or_404(Process.objects.select_related("project"), slug=slug)
    rows = process.contributions.filter(hidden_at=None, withdrawn_at=None).select_related(
        "phase", "participant__person"
    )
    form = AnswerForm(request.POST or None)
    chosen = ticked(request.POST)
    if form.is_valid():
        picked = list(rows.filter(pk__in=chosen))
        for each in picked:
            each.process = process
            access.standing(request, each.phase, timezone.now()).check(Action.REPLY)
        if not picked:
            form.add_error(None, gettext("Tick at least one contribution."))
        elif request.POST.get("step") == "send":
            count = answers.answer(picked, **form.cleaned_data, person=person_of(request), now=timezone.now())
            messages.success(request, gettext("%(count)s contributions are answered.") % {"count": count})
            return redirect("participation:answers", slug)
    wanted = printable(request.GET.get("status", "received"))
    page = Paginator(rows.filter(status=wanted).order_by("received_at"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    shown = {
        "process": process,
        "process_title": pick(process.titles, get_language() or "en", default=slug),
        "page": page,
        "rows": [(each, str(each.pk) in chosen) for each in page.object_list],
        "statuses": [(key, label, key == wanted) for key, label in labels.STATUS.items()],
        "form": form,
    }
    return render(request, "participation/answers/many.html", shown, status=400 if form.errors else 200)


@answerers
@form_page
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer one contribution."""
    row = get_object_or_404(
        Contribution.objects.select_related("process__project", "phase", "participant__person"), pk=pk
    )
    access.standing(request, row.phase, timezone.now()).check(Action.REPLY)
    url = reverse("participation:idea", args=[row.process.slug, row.phase.number, row.number])
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        answers.answer([row], **form.cleaned_data, person=person_of(request), now=timezone.now())
        messages.success(request, gettext("It is answered. Author and supporters hear of it."))
        return redirect(url)
    page = {"row": row, "form": form, "url": url}
    return render(request, "participation/answers/one.html", page, status=400 if form.errors else 200)


@planners
@form_page
def outcome(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what became of a process."""
    process = get_object_or_404(Process.objects.select_related("project"), slug=slug)
    form = OutcomeForm(request.POST or None, initial={"texts": process.outcomes})
    if form.is_valid():
        count = answers.tell_outcome(
            process, form.cleaned_data["texts"], person=person_of(request), now=timezone.now()
        )
        messages.success(request, gettext("It is published; %(count)s people hear of it.") % {"count": count})
        return redirect("participation:process", slug)
    page = {
        "process": process,
        "process_title": pick(process.titles, get_language() or "en", default=slug),
        "form": form,
    }
    return render(request, "participation/answers/outcome.html", page)
