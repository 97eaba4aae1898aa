"""The office's pages of a plan procedure: period, documents, statements, weighing, replies, the table."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tandem.accounts.access import person_of, staff
from tandem.core.errors import TandemError
from tandem.core.text import pick
from tandem.kit.installation import city
from tandem.kit.numbers import typed_number
from tandem.kit.spoken import spoken
from tandem.participation import access, labels
from tandem.participation.adapters.synopsis_docx import synopsis_docx
from tandem.participation.adapters.synopsis_pdf import synopsis_pdf
from tandem.participation.domain.period import midnight
from tandem.participation.domain.permissions import ALLOWED, ROOM, Duty
from tandem.participation.domain.phase import Action, PhaseState
from tandem.participation.domain.segments import by_sentence
from tandem.participation.domain.statement import Outcome, State, state_of
from tandem.participation.forms.statements import (
    OUTCOMES,
    DecisionForm,
    DocumentForm,
    PaperStatementForm,
    PeriodForm,
    ReplyForm,
    WeighForm,
    period_initial,
    uploads_of,
)
from tandem.participation.models import Phase, PlanStatement
from tandem.participation.services import plan, statements, weighing
from tandem.participation.views import frame

planners = staff(ROOM, *ALLOWED[Duty.PLAN])
deciders = staff(ROOM, *ALLOWED[Duty.DECIDE])
recorders = staff(ROOM, *ALLOWED[Duty.RECORD])
readers = staff(ROOM, *ALLOWED[Duty.SEE_DRAFTS])
_FORM = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 50
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STATES: dict[str, tuple[str, str | Promise]] = {
    State.RECEIVED: ("neutral", gettext_lazy("received")),
    State.SEGMENTED: ("info", gettext_lazy("being weighed")),
    State.WEIGHED: ("info", gettext_lazy("weighed")),
    State.DECIDED: ("success", gettext_lazy("decided")),
    State.REPLIED: ("success", gettext_lazy("answered")),
    State.WITHDRAWN: ("warning", gettext_lazy("withdrawn")),
}


# --- period and documents -----------------------------------------------------------------------
@planners
@_FORM
def settings(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Set the rule and the days of the period; show how it is reckoned."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    is_frozen = bool(phase.period) and phase.state(now) is not PhaseState.PLANNED
    kept = plan.with_region(plan.settings_of(phase))
    form = PeriodForm(request.POST or None, initial=period_initial(kept))
    if form.is_valid() and not is_frozen:
        try:
            plan.set_period(phase, form.settings(), person=person_of(request), now=now)
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            messages.success(request, gettext("The period is set."))
            return redirect("participation:phase", slug, number)
    page = {**frame.phase_page(request, phase), "form": form, "is_frozen": is_frozen}
    return render(request, "participation/statements/settings.html", page)


@planners
@_FORM
def documents(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Lay documents out."""
    phase, language = access.visible_phase(request, slug, number), get_language() or "en"
    rows = plan.current_documents(phase)
    known = [(each.key, pick(each.titles, language, default=each.filename)) for each in rows]
    form = DocumentForm(request.POST or None, request.FILES or None, known=known)
    if form.is_valid():
        given = form.cleaned_data
        plan.add_document(
            phase,
            content=given["file"].read(),
            filename=given["file"].name,
            media_type=given["file"].content_type or "application/octet-stream",
            person=person_of(request),
            now=timezone.now(),
            **{name: given[name] for name in ("kind", "titles", "key")},
        )
        messages.success(request, gettext("The document is laid out."))
        return redirect("participation:plan_documents", slug, number)
    page = {**frame.phase_page(request, phase), "form": form, "documents": phase.documents.all()}
    return render(request, "participation/statements/documents.html", page)


# --- statements ---------------------------------------------------------------------------------
@readers
@require_safe
def statement_list(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the statements of a phase."""
    phase = access.visible_phase(request, slug, number)
    rows, asked = phase.statements.all(), request.GET
    if asked.get("q"):
        words = asked["q"][:100]
        rows = rows.filter(
            Q(text__icontains=words) | Q(number__icontains=words) | Q(author_name__icontains=words)
            | Q(organisation__icontains=words)
        )  # fmt: skip
    filters = {"late": Q(is_late=True), "bodies": Q(is_public_body=True), "groups": ~Q(model="")}
    if asked.get("only") in filters:
        rows = rows.filter(filters[asked["only"]])
    page = Paginator(rows, PER_PAGE).get_page(asked.get("page"))
    shown = {
        **frame.phase_page(request, phase),
        "page": page,
        "rows": [(each, *STATES[state_of(weighing.value_of(each))]) for each in page.object_list],
        "query": asked.get("q", ""),
        "which": asked.get("only", ""),
        "may_decide": access.may_decide(request),
        "decision_form": DecisionForm(),
    }
    return render(request, "participation/statements/list.html", shown)


@recorders
@_FORM
def record(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Enter a statement that came on paper, by mail, by telephone or at the counter."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.RECORD_PAPER)
    form = PaperStatementForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = statements.receive(
                phase,
                text=given["text"],
                uploads=uploads_of(given["attachments"]),
                author=form.author(),
                received_at=min(now, midnight(given["received_on"], city().timezone)),
                now=now,
                language=get_language() or "en",
                channel=given["channel"],
                person=person_of(request),
            )
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            messages.success(request, gettext("It is entered as %(number)s.") % {"number": made.number})
            return redirect("participation:statements", slug, number)
    page = {**frame.phase_page(request, phase), "form": form}
    return render(request, "participation/statements/record.html", page, status=400 if form.errors else 200)


def _row(phase: Phase, key: str) -> PlanStatement:
    found = statements.by_number(phase, key)
    found.phase = phase
    return found


@readers
@_FORM
def statement(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Show a statement with its segments; take a step with it, as the button says."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    row, wrong = _row(phase, key), None
    if request.method == "POST":
        access.standing(request, phase, now).check(Action.WEIGH)
        try:
            wrong = _step(request, row, now)
        except TandemError as error:
            messages.error(request, spoken(error.sentence))
        if wrong is None:
            return redirect("participation:statement", slug, number, key)
    value = weighing.value_of(row)
    tone, label = STATES[state_of(value)]
    page = {
        **frame.phase_page(request, phase),
        "row": row,
        "tone": tone,
        "label": label,
        "channel": labels.CHANNEL[row.channel],
        "segments": [_segment(row, each, position, wrong) for position, each in enumerate(value.segments)],
        "attachments": row.attachments.all(),
        "model_url": row.model if row.model and row.model != row.number else "",
        "is_model": bool(row.model) and row.model == row.number,
        "may_reply": state_of(value) is State.DECIDED,
        "decision_form": DecisionForm(),
    }
    return render(request, "participation/statements/statement.html", page, status=400 if wrong else 200)


def _segment(
    row: PlanStatement, each: Any, position: int, wrong: tuple[int, WeighForm] | None
) -> dict[str, Any]:
    initial = {"outcome": each.weighing.outcome, "reasons": each.weighing.reasons} if each.weighing else {}
    form = wrong[1] if wrong and wrong[0] == position else WeighForm(initial=initial, prefix=f"s{position}")
    return {
        "position": position,
        "start": each.span.start,
        "text": row.text[each.span.start : each.span.end],
        "places": [
            (
                each.span.start + span.start,
                row.text[each.span.start + span.start : each.span.start + span.end],
            )
            for span in by_sentence(row.text[each.span.start : each.span.end]).spans[1:]
        ],
        "weighing": each.weighing,
        "outcome": OUTCOMES[each.weighing.outcome] if each.weighing else "",
        "decision": each.decision,
        "decided": OUTCOMES[each.decision.outcome] if each.decision else "",
        "form": form,
    }


def _step(request: HttpRequest, row: PlanStatement, now: Any) -> tuple[int, WeighForm] | None:
    """Take the step that a button names; return the form of a segment where it is filled in wrongly."""
    step, person = request.POST.get("step", ""), person_of(request)
    at = typed_number(request.POST.get("at", ""), otherwise=0)
    match step:
        case "begin":
            weighing.begin(row)
        case "cut" | "join":
            weighing.cut(row, at, together=step == "join")
        case "weigh":
            form = WeighForm(request.POST, prefix=f"s{at}")
            if not form.is_valid():
                return at, form
            given = form.cleaned_data
            outcome = Outcome(given["outcome"])
            weighing.weigh(row, at, outcome=outcome, reasons=given["reasons"], person=person, now=now)
        case "like-model":
            weighing.weigh_like_model(row.phase, row.number, person=person)
        case "reopen":
            weighing.reopen(row, at, person=person)
    return None


@deciders
@require_POST
def decide(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Decide what is weighed as it was proposed: of one statement, or of all."""
    phase = access.visible_phase(request, slug, number)
    access.standing(request, phase, timezone.now()).check(Action.WEIGH)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Say who decided, and when. Nothing was changed."))
        return redirect("participation:statements", slug, number)
    rows = phase.statements.filter(withdrawn_at=None)
    if request.POST.get("only"):
        rows = rows.filter(number=request.POST["only"])
    count = weighing.decide_as_proposed(rows, **form.cleaned_data, person=person_of(request))
    messages.success(request, gettext("%(count)s points are decided.") % {"count": count})
    if request.POST.get("only"):
        return redirect("participation:statement", slug, number, request.POST["only"])
    return redirect("participation:statements", slug, number)


@deciders
@require_POST
def group(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Find the letters that many have sent."""
    phase = access.visible_phase(request, slug, number)
    count = weighing.group(phase, person=person_of(request))
    messages.success(request, gettext("%(count)s groups of equal letters were found.") % {"count": count})
    return redirect("participation:statements", slug, number)


# --- replies ------------------------------------------------------------------------------------
def _draft(row: PlanStatement) -> str:
    """Return a reply in the language of the statement."""
    with override(row.language):
        name = row.author_name or row.organisation
        opening = gettext("Dear %(name)s,") % {"name": name} if name else gettext("Dear Sir or Madam,")
        thanks = gettext(
            "thank you for your statement %(number)s of %(day)s. The council has weighed it as follows."
        )
        day = timezone.localdate(row.received_at)
        outcome_texts = {
            Outcome.FOLLOWED: gettext("We follow this point."),
            Outcome.PARTLY_FOLLOWED: gettext("We follow this point in part."),
            Outcome.NOT_FOLLOWED: gettext("We do not follow this point."),
            Outcome.NOTED: gettext("We take note of this point."),
            Outcome.OUTSIDE: gettext("This point is not a matter of this plan."),
            Outcome.LEFT_OUT_LATE: gettext("This point came after the period and is left out of account."),
        }
        return weighing.draft_reply(
            row,
            outcome_texts=outcome_texts,
            opening=f"{opening}\n\n{thanks % {'number': row.number, 'day': date_format(day, 'DATE_FORMAT')}}",
            closing=gettext("Yours sincerely"),
        )


@deciders
@_FORM
def reply(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Write the reply to one statement."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.REPLY)
    row = _row(phase, key)
    form = ReplyForm(request.POST or None, initial={"text": _draft(row)})
    if form.is_valid():
        try:
            weighing.reply(row, form.cleaned_data["text"], person=person_of(request), now=now,
                           public=form.cleaned_data["public"])  # fmt: skip
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            messages.success(request, gettext("The reply is kept and, where there is an address, sent."))
            return redirect("participation:statement", slug, number, key)
    page = {**frame.phase_page(request, phase), "row": row, "form": form}
    return render(request, "participation/statements/reply.html", page)


@deciders
@require_POST
def reply_all(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Reply to every statement that is decided, with the text made from its weighing."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.REPLY)
    count, failed = 0, 0
    for row in phase.statements.filter(withdrawn_at=None):
        row.phase = phase
        if state_of(weighing.value_of(row)) is State.DECIDED:
            try:
                weighing.reply(row, _draft(row), person=person_of(request), now=now)
                count += 1
            except TandemError:
                failed += 1
    messages.success(request, gettext("%(count)s statements are answered.") % {"count": count})
    if failed:
        messages.error(
            request, gettext("%(count)s replies could not be sent; try again.") % {"count": failed}
        )
    return redirect("participation:statements", slug, number)


@readers
@require_safe
def letters(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the replies that go by post, one a page, to be printed."""
    phase = access.visible_phase(request, slug, number)
    rows = phase.statements.filter(author_email="", withdrawn_at=None).exclude(reply={})
    page = {**frame.phase_page(request, phase), "rows": rows}
    return render(request, "participation/statements/letters.html", page)


# --- documents ----------------------------------------------------------------------------------
@readers
@require_safe
def synopsis(request: HttpRequest, slug: str, number: int, form: str) -> HttpResponse:
    """Hand over the weighing table as DOCX or PDF."""
    phase = access.visible_phase(request, slug, number)
    named = request.GET.get("names") == "yes" and access.may_decide(request)
    table = weighing.synopsis_of(
        phase, language=get_language() or "en", named=named, as_of=timezone.localdate()
    )
    content, media_type = (
        (synopsis_docx(table), DOCX) if form == "docx" else (synopsis_pdf(table).content, "application/pdf")
    )
    headers = {"Content-Disposition": f'attachment; filename="{slug}-synopsis.{form}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)


@deciders
@require_safe
def archive(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Hand over everything of a procedure."""
    phase = access.visible_phase(request, slug, number)
    content = weighing.archive(phase, language=get_language() or "en", as_of=timezone.localdate())
    headers = {"Content-Disposition": f'attachment; filename="{slug}-{number}.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


@readers
@require_safe
def attachment(request: HttpRequest, slug: str, number: int, key: str, position: int) -> FileResponse:
    """Hand over a file that came with a statement."""
    found = (
        _row(access.visible_phase(request, slug, number), key).attachments.filter(position=position).first()
    )
    if found is None:
        raise Http404
    return FileResponse(
        default_storage.open(found.stored),
        as_attachment=True,
        filename=found.filename,
        content_type=found.media_type,
        headers={"X-Content-Type-Options": "nosniff"},
    )
