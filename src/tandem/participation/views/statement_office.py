"""The office's register of statements: their list, those on paper, their files, the weighing table, the archive."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.text import printable
from tandem.kit.installation import city
from tandem.kit.spoken import spoken
from tandem.participation import access, labels
from tandem.participation.adapters.synopsis_docx import synopsis_docx
from tandem.participation.adapters.synopsis_pdf import synopsis_pdf
from tandem.participation.domain.period import midnight
from tandem.participation.domain.phase import Action
from tandem.participation.domain.statement import state_of
from tandem.participation.forms.statements import DecisionForm, PaperStatementForm, uploads_of
from tandem.participation.services import procedure_files, statements, weighing
from tandem.participation.views import frame
from tandem.participation.views.guards import deciders, form_page, readers, recorders

PER_PAGE = 50
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@readers
@require_safe
def statement_list(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the statements of a phase."""
    phase = access.visible_phase(request, slug, number)
    rows, asked = phase.statements.all(), request.GET
    if asked.get("q"):
        words = printable(asked["q"][:100])
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
        "rows": [
            (each, *labels.STATEMENT_STATE[state_of(weighing.value_of(each))]) for each in page.object_list
        ],
        "query": printable(asked.get("q", "")),
        "which": asked.get("only", ""),
        "may_decide": access.may_decide(request),
        "decision_form": DecisionForm(),
    }
    return render(request, "participation/statements/list.html", shown)


@recorders
@form_page
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


@readers
@require_safe
def synopsis(request: HttpRequest, slug: str, number: int, form: str) -> HttpResponse:
    """Hand over the weighing table as DOCX or PDF."""
    phase = access.visible_phase(request, slug, number)
    named = request.GET.get("names") == "yes" and access.may_decide(request)
    table = procedure_files.synopsis_of(
        phase, language=get_language() or "en", named=named, as_of=timezone.localdate()
    )
    content, media_type = (
        (synopsis_docx(table), DOCX) if form == "docx" else (synopsis_pdf(table).content, "application/pdf")
    )
    headers = {"Content-Disposition": f'attachment; filename="{slug}-synopsis.{form}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)


@deciders
@require_safe
def archive(request: HttpRequest, slug: str, number: int) -> FileResponse:
    """Hand over everything of a procedure."""
    phase = access.visible_phase(request, slug, number)
    content = procedure_files.archive(phase, language=get_language() or "en", as_of=timezone.localdate())
    return FileResponse(
        content, as_attachment=True, filename=f"{slug}-{number}.zip", content_type="application/zip"
    )


@readers
@require_safe
def attachment(request: HttpRequest, slug: str, number: int, key: str, position: int) -> FileResponse:
    """Hand over a file that came with a statement."""
    row = statements.by_number(access.visible_phase(request, slug, number), key)
    found = row.attachments.filter(position=position).first()
    if found is None:
        raise Http404
    return FileResponse(
        default_storage.open(found.stored),
        as_attachment=True,
        filename=found.filename,
        content_type=found.media_type,
        headers={"X-Content-Type-Options": "nosniff"},
    )
