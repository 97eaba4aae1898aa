"""Formal statements, for everybody: the plan, the period, the statement, its receipt."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.adapters.mail import MailNotSent
from tandem.core.errors import TandemError
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.domain.phase import Action, PhaseState
from tandem.participation.forms.statements import KINDS, StatementForm, VerifyForm, uploads_of
from tandem.participation.models import Phase, PlanStatement
from tandem.participation.services import plan, statements
from tandem.participation.views import frame
from tandem.participation.views.guards import form_page

STEPS: dict[str, str | Promise] = {
    "announced": gettext_lazy("announced"),
    "begins": gettext_lazy("the documents are published from this day on"),
    "months": gettext_lazy("the months end"),
    "days": gettext_lazy("the days end"),
    "stretch-ends": gettext_lazy("the later of the two counts"),
    "extended": gettext_lazy("longer for good cause"),
    "moved-saturday": gettext_lazy("not on a Saturday, so the next day"),
    "moved-sunday": gettext_lazy("not on a Sunday, so the next day"),
    "moved-holiday": gettext_lazy("not on a holiday, so the next day"),
    "last-day": gettext_lazy("last day"),
}


def show(request: HttpRequest, phase: Phase) -> HttpResponse:
    """Show what is planned, until when something can be said about it, and how."""
    known = access.participant(request)
    page = {
        **_plan_page(request, phase),
        "mine": phase.statements.filter(participant=known) if known else [],
        "may_plan": access.may_plan(request),
    }
    return render(request, "participation/statements/plan.html", page)


def _plan_page(request: HttpRequest, phase: Phase) -> dict[str, Any]:
    documents = plan.current_documents(phase)
    steps = phase.period.get("steps", [])
    return {
        **frame.phase_page(request, phase),
        "settings": plan.settings_of(phase),
        "documents": [(each, KINDS[each.kind]) for each in documents],
        "steps": [(parse_date(each["day"]), STEPS[each["code"]], each["what"]) for each in steps],
        "last_day": parse_date(phase.period["last_day"]) if steps else None,
        "first_day": parse_date(phase.period["starts_on"]) if steps else None,
        "next": request.get_full_path(),
    }


@require_safe
def announcement(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the announcement, to be printed and published."""
    phase = access.visible_phase(request, slug, number)
    return render(request, "participation/statements/announcement.html", _plan_page(request, phase))


@require_safe
def document(request: HttpRequest, slug: str, number: int, pk: Any) -> FileResponse:
    """Hand over a document of the plan, in any version."""
    found = access.visible_phase(request, slug, number).documents.filter(pk=pk).first()
    if found is None:
        raise Http404
    return FileResponse(
        default_storage.open(found.stored),
        as_attachment=True,
        filename=found.filename,
        content_type=found.media_type,
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=86400"},
    )


# --- making one ---------------------------------------------------------------------------------
@never_cache
@form_page
def new(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Make a statement; after the period too, and then told that it is late."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    is_late = phase.state(now) is PhaseState.CLOSED
    here = access.standing(request, phase, now)
    here.check(Action.CONTRIBUTE_LATE if is_late else Action.CONTRIBUTE)
    token = f"statement:{phase.pk}:{request.POST.get('token', '')}"
    if before := access.taken(request, token):
        return redirect("participation:receipt", slug, number, before)
    form = StatementForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            made = statements.receive(
                phase,
                text=form.cleaned_data["text"],
                uploads=uploads_of(form.cleaned_data["attachments"]),
                author=form.author(),
                received_at=now,
                now=now,
                language=get_language() or "en",
                participant=access.someone(request),
            )
        except statements.BadAttachment as error:
            form.add_error("attachments", spoken(error.sentence))
        else:
            access.take(request, token, made.number)
            _send(request, made)
            return redirect("participation:receipt", slug, number, made.number)
    page = {
        **frame.phase_page(request, phase),
        "form": form,
        "is_late": is_late,
        "token": request.POST.get("token") or access.form_token(),
    }
    return render(request, "participation/statements/write.html", page, status=400 if form.errors else 200)


def _send(request: HttpRequest, made: PlanStatement) -> None:
    """Mail the receipt; where that fails the statement is received all the same, and the page says so."""
    try:
        statements.send_receipt(made)
    except MailNotSent:
        messages.warning(request, gettext("The receipt could not be mailed. Please keep this page."))


def _own(request: HttpRequest, phase: Phase, key: str) -> PlanStatement:
    """Return a statement of the asker; staff see them all."""
    found = statements.by_number(phase, key)
    known = access.participant(request)
    if (known is None or found.participant_id != known.pk) and not access.may_see_drafts(request):
        raise Http404
    return found


@never_cache
@require_safe
def receipt(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Show the receipt of one's statement."""
    phase = access.visible_phase(request, slug, number)
    row = _own(request, phase, key)
    page = {
        **frame.phase_page(request, phase),
        "row": row,
        "receipt": statements.receipt_of(row),
        "reply": row.reply,
    }
    return render(request, "participation/statements/receipt.html", page)


@never_cache
@require_safe
def receipt_file(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Hand over the canonical bytes of a receipt."""
    row = _own(request, access.visible_phase(request, slug, number), key)
    headers = {"Content-Disposition": f'attachment; filename="{row.number}.json"'}
    return HttpResponse(bytes(row.receipt), content_type="application/json", headers=headers)


@require_POST
def withdraw(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Take one's own statement back."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.WITHDRAW_OWN)
    statements.withdraw(_own(request, phase, key), participant=access.participant(request), now=now)
    messages.success(request, gettext("The statement is withdrawn. It is kept, and not weighed."))
    return redirect(reverse("participation:receipt", args=[slug, number, key]))


@never_cache
@form_page
def verify(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Compare a text and files with what was received."""
    phase = access.visible_phase(request, slug, number)
    form = VerifyForm(request.POST or None, request.FILES or None)
    found = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            row = statements.by_number(phase, given["number"])
            found = statements.verify(row, text=given["text"], uploads=uploads_of(given["attachments"]))
        except TandemError as error:
            form.add_error("number", spoken(error.sentence))
    page = {**frame.phase_page(request, phase), "form": form, "found": found, "is_checked": found is not None}
    return render(request, "participation/statements/verify.html", page)
