"""Moderation's pages: the queue, one item, the log; and for everybody notices, decisions, appeals."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.text import pick, printable
from tandem.kit import throttle
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.domain.moderation import AGAINST, POSSIBLE, Ground, Measure
from tandem.participation.domain.phase import Action
from tandem.participation.forms.moderation import GROUNDS, TEMPLATES, AppealForm, DecideForm, ReportForm
from tandem.participation.models import Decision, Process, QueueItem
from tandem.participation.services import moderation
from tandem.participation.services.moderation import Subject
from tandem.participation.views.guards import form_page, moderators

PER_PAGE = 30
MOST_NOTICES, NOTICE_SECONDS = 20, 3_600
CAUSES: dict[str, str | Promise] = {
    "appeal": gettext_lazy("appeal"),
    "notice": gettext_lazy("reported"),
    "admission": gettext_lazy("waits to be admitted"),
    "triage": gettext_lazy("noticed by the program"),
}
KINDS: dict[str, str | Promise] = {
    "contribution": gettext_lazy("contribution"),
    "comment": gettext_lazy("comment"),
    "poll-statement": gettext_lazy("statement of an opinion map"),
}
MEASURES: dict[Measure, tuple[str | Promise, str]] = {
    Measure.KEEP: (gettext_lazy("Keep it"), "k"),
    Measure.ADMIT: (gettext_lazy("Admit it"), "a"),
    Measure.RESTORE: (gettext_lazy("Restore it"), "r"),
    Measure.HIDE: (gettext_lazy("Hide it"), "h"),
    Measure.REFUSE: (gettext_lazy("Refuse it"), "x"),
    Measure.BLOCK: (gettext_lazy("Hide it and block the author"), "b"),
}
HINTS: dict[str, str | Promise] = {
    "link": gettext_lazy("a link"),
    "email": gettext_lazy("an e-mail address"),
    "phone": gettext_lazy("a telephone number"),
    "iban": gettext_lazy("a bank account"),
    "codice-fiscale": gettext_lazy("a codice fiscale"),
    "address": gettext_lazy("an address"),
    "name": gettext_lazy("a name"),
    "repeated": gettext_lazy("the same sentence again"),
    "known-text": gettext_lazy("a text that was sent before"),
    "shouting": gettext_lazy("capitals"),
}


# --- the queue ----------------------------------------------------------------------------------
@moderators
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show what somebody should look at, the oldest first."""
    rows, asked = QueueItem.objects.filter(closed_at=None), request.GET
    if asked.get("cause") in CAUSES:
        rows = rows.filter(cause=asked["cause"])
    if asked.get("process"):
        rows = rows.filter(process__slug=printable(asked["process"]))
    ordered = rows.select_related("process").annotate(reports=Count("notices")).order_by("opened_at", "id")
    page = Paginator(ordered, PER_PAGE).get_page(asked.get("page"))
    items = list(page.object_list)
    known = moderation.subjects((each.subject_kind, each.subject_id) for each in items)
    processes = Process.objects.filter(queue__closed_at=None, queue__isnull=False).distinct()
    language = get_language() or "en"
    shown = {
        "page": page,
        "rows": [_shown(each, known.get((each.subject_kind, each.subject_id))) for each in items],
        "causes": [(key, label, key == asked.get("cause")) for key, label in CAUSES.items()],
        "processes": [
            (each.slug, pick(each.titles, language, default=each.slug), each.slug == asked.get("process"))
            for each in processes
        ],
    }
    return render(request, "participation/moderation/queue.html", shown)


def _shown(item: QueueItem, about: Subject | None) -> dict[str, Any]:
    return {
        "item": item,
        "about": about,
        "cause": CAUSES[item.cause],
        "kind": KINDS[item.subject_kind],
        "hints": sorted({str(HINTS[each["code"]]) for each in item.hints if each["code"] in HINTS}),
    }


@moderators
@form_page
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one item; decide it, and go on to the next."""
    found = get_object_or_404(QueueItem.objects.select_related("process__project"), pk=pk)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _decide(request, found, form)
        if answer:
            return answer
    about = moderation.subject(found.subject_kind, found.subject_id)
    page = {
        **_shown(found, about),
        "marked": _marked(about.text, found.hints),
        "url": f"/{get_language()}/{about.path}",
        "notices": [(each, GROUNDS.get(Ground(each.reason), "")) for each in found.notices.all()],
        "past": Decision.objects.filter(item__subject_id=found.subject_id).select_related("by"),
        "measures": [
            (measure.value, *MEASURES[measure])
            for measure in MEASURES
            if measure in POSSIBLE[found.subject_kind] and _fits(measure, about)
        ],
        "form": form,
        "following": _next(found),
        "is_closed": found.closed_at is not None,
    }
    return render(request, "participation/moderation/item.html", page, status=400 if form.errors else 200)


def _fits(measure: Measure, about: Subject) -> bool:
    if about.kind == "poll-statement":
        return True
    return (measure is Measure.RESTORE) == about.is_hidden or measure is Measure.KEEP


def _next(item: QueueItem) -> QueueItem | None:
    rows = QueueItem.objects.filter(closed_at=None).exclude(pk=item.pk).order_by("opened_at", "id")
    return rows.filter(opened_at__gte=item.opened_at).first() or rows.first()


def _decide(request: HttpRequest, found: QueueItem, form: DecideForm) -> HttpResponse | None:
    """Decide an item; return where to go on, or None where the form has to be filled in first."""
    if request.POST.get("measure", "") not in set(Measure):
        return None
    measure = Measure(request.POST["measure"])
    ground, reasons = form.cleaned_data["ground"], form.cleaned_data["reasons"]
    if measure in AGAINST and not ground:
        form.add_error("ground", gettext("Say which rule it breaks; the author is told."))
        return None
    following = _next(found)
    about, now = moderation.subject(found.subject_kind, found.subject_id), timezone.now()
    access.standing(request, about.phase, now).check(Action.MODERATE)
    author = about.author
    if measure in AGAINST and not reasons:
        with override(author.language if author else get_language()):
            reasons = str(TEMPLATES[Ground(ground)])
    try:
        moderation.decide(found, measure, ground=ground, reasons=reasons, person=person_of(request), now=now)
    except TandemError as error:
        messages.error(request, spoken(error.sentence))
    else:
        messages.success(request, gettext("Decided: %(measure)s") % {"measure": MEASURES[measure][0]})
    if following:
        return redirect("participation:queue_item", following.pk)
    return redirect("participation:queue")


def _marked(text: str, hints: list[dict[str, Any]]) -> SafeString:
    """Return a text with what triage noticed marked."""
    parts, at = [], 0
    for each in sorted(hints, key=lambda one: (one["start"], -one["end"])):
        if each["start"] >= at:
            parts.append(conditional_escape(text[at : each["start"]]))
            parts.append(format_html("<mark>{}</mark>", text[each["start"] : each["end"]]))
            at = each["end"]
    parts.append(conditional_escape(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped


@moderators
@require_POST
def hide_many(request: HttpRequest) -> HttpResponse:
    """Hide several at once with one reason."""
    form, count = DecideForm(request.POST), 0
    if not form.is_valid() or not form.cleaned_data["ground"]:
        messages.error(request, gettext("Say which rule they break. Nothing was changed."))
        return redirect("participation:queue")
    ground = form.cleaned_data["ground"]
    reasons = form.cleaned_data["reasons"] or str(TEMPLATES[Ground(ground)])
    for each in QueueItem.objects.filter(pk__in=request.POST.getlist("item"), closed_at=None):
        measure = Measure.REFUSE if each.subject_kind == "poll-statement" else Measure.HIDE
        moderation.decide(
            each, measure, ground=ground, reasons=reasons, person=person_of(request), now=timezone.now()
        )
        count += 1
    messages.success(request, gettext("%(count)s are hidden.") % {"count": count})
    return redirect("participation:queue")


@moderators
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show what was decided, the newest first."""
    rows = Decision.objects.select_related("by", "item__process")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = [
        (each, MEASURES[Measure(each.action)][0], KINDS[each.item.subject_kind], GROUNDS.get(each.reason, ""))  # type: ignore[call-overload]
        for each in page.object_list
    ]
    return render(request, "participation/moderation/log.html", {"page": page, "rows": shown})


# --- for everybody ------------------------------------------------------------------------------
@never_cache
@form_page
def report(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Report something to moderation."""
    about, now = moderation.subject(kind, key), timezone.now()
    access.standing(request, about.phase, now).check(Action.REPORT)
    form = ReportForm(request.POST or None)
    if form.is_valid():
        throttle.count(
            "participation.notice", throttle.client_key(request), most=MOST_NOTICES, seconds=NOTICE_SECONDS
        )
        made = moderation.report(
            about,
            ground=form.cleaned_data["ground"],
            text=form.cleaned_data["text"],
            participant=access.participant(request),
            now=now,
        )
        return render(
            request, "participation/moderation/reported.html", {"notice": made, "back": _back(about)}
        )
    page = {"about": about, "form": form, "back": _back(about)}
    return render(request, "participation/moderation/report.html", page, status=400 if form.errors else 200)


def _back(about: Subject) -> str:
    return f"/{get_language()}/{about.path}"


@never_cache
@form_page
def decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the author a decision and its reasons; take an appeal."""
    found = get_object_or_404(Decision.objects.select_related("item__process"), pk=pk)
    known = access.participant(request)
    is_author = known is not None and found.author_id == known.pk
    if not is_author and not access.may_moderate(request):
        raise Http404
    form = AppealForm(request.POST if is_author else None)
    if form.is_valid():
        try:
            moderation.appeal(found, form.cleaned_data["text"], now=timezone.now())
        except TandemError as error:
            messages.error(request, spoken(error.sentence))
        else:
            messages.success(
                request, gettext("We have your appeal. Somebody looks at it again and answers you.")
            )
        return redirect("participation:decision", pk)
    page = {
        "decision": found,
        "measure": MEASURES[Measure(found.action)][0],
        "ground": GROUNDS.get(found.reason, ""),  # type: ignore[call-overload]
        "about": moderation.subject(found.item.subject_kind, found.item.subject_id),
        "form": form,
        "may_appeal": is_author and found.appealed_at is None and found.action in set(AGAINST),
    }
    return render(request, "participation/moderation/decision.html", page)
