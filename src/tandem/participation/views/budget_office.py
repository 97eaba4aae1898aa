"""A vote on a budget, for the office: its rule, the codes for letters, the ballots from paper."""

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.findings import Finding
from tandem.core.text import pick
from tandem.kit import installation
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.adapters import sheets
from tandem.participation.adapters.letters_pdf import Letter, letters_pdf
from tandem.participation.domain.paper_ballots import read_ballots, read_choices
from tandem.participation.domain.phase import Action, PhaseKind, PhaseState, Who, admittable
from tandem.participation.forms.budget import (
    CodesForm,
    PaperBallotForm,
    PaperTableForm,
    VoteSettingsForm,
    vote_initial,
)
from tandem.participation.models import CastBallot, Phase
from tandem.participation.services import processes, voting, voting_codes
from tandem.participation.services.voting import Choice
from tandem.participation.views.budget_vote import vote_page
from tandem.participation.views.guards import deciders, form_page, planners, recorders

PDF = "application/pdf"


# --- the rule -----------------------------------------------------------------------------------
@planners
@form_page
def settings(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Set the rule of a vote, until it begins."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    if phase.phase_kind is not PhaseKind.BUDGET_VOTE:
        raise Http404
    is_frozen = phase.state(now) is not PhaseState.PLANNED
    form = VoteSettingsForm(request.POST or None, initial=vote_initial(voting.settings_of(phase)))
    if not is_frozen and form.is_valid():
        processes.change_phase(phase, person=person_of(request), now=now, settings=form.settings())
        messages.success(request, gettext("It is saved."))
        return redirect("participation:phase", slug, number)
    page = {**vote_page(request, phase), "form": form, "is_frozen": is_frozen}
    refused = form.is_bound and (409 if is_frozen else 400)
    return render(request, "participation/budget/settings.html", page, status=refused or 200)


# --- codes --------------------------------------------------------------------------------------
@never_cache
@deciders
@form_page
def codes(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """Make codes for letters; the file with them is in this one answer only. Or revoke a batch's unused ones."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    if Who.CODE not in admittable(phase.phase_kind):
        raise Http404
    if request.POST.get("step") == "revoke":
        return _revoke(request, phase)
    form = CodesForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = voting_codes.make_codes(
                phase, given["count"], batch=given["batch"], person=person_of(request), now=now
            )
            return _codes_file(phase, made, given["kind"], given["batch"])
        except voting_codes.BatchKnown as error:
            form.add_error("batch", spoken(error.sentence))
    page = {
        **vote_page(request, phase),
        "form": form,
        "counts": voting_codes.counts(phase),
        "is_over": phase.state(now) is PhaseState.CLOSED,
    }
    return render(request, "participation/budget/codes.html", page, status=400 if form.errors else 200)


def _revoke(request: HttpRequest, phase: Phase) -> HttpResponse:
    batch = request.POST.get("batch", "")
    gone = voting_codes.revoke_codes(phase, batch, person=person_of(request), now=timezone.now())
    text = ngettext(
        "%(count)s code cannot be used any more.", "%(count)s codes cannot be used any more.", gone
    )
    messages.success(request, text % {"count": gone})
    return redirect("participation:vote_codes", phase.process.slug, phase.number)


def _codes_file(phase: Phase, made: Sequence[str], kind: str, batch: str) -> HttpResponseBase:
    """Return the codes as a file. Nothing of it is kept here."""
    name = f"{slugify(phase.process.slug)[:40]}-{batch}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    if kind == "pdf":
        return HttpResponse(letters_pdf(_letter(phase), made), content_type=PDF, headers=headers)
    rows: Iterator[bytes] = sheets.export(kind, ["code", "address"], _code_rows(phase, made), title=batch)
    return StreamingHttpResponse(rows, content_type=sheets.MEDIA_TYPES[kind], headers=headers)


def _code_rows(phase: Phase, made: Sequence[str]) -> Iterator[tuple[str, str]]:
    address = _address(phase)
    return ((each, address) for each in made)


def _address(phase: Phase) -> str:
    """Return where the vote is on the Internet, in the city's first language."""
    with override(installation.city().languages[0]):
        path = reverse("participation:phase", args=[phase.process.slug, phase.number])
    return f"{installation.config().server.url}{path}"


def _letter(phase: Phase) -> Letter:
    """Return what the letters say, in the city's first language."""
    city = installation.city()
    language = city.languages[0]
    with override(language):
        paragraphs = _paragraphs(phase)
        return Letter(
            language=language,
            title=pick(phase.process.titles, language, default=phase.process.slug),
            author=city.name(language),
            paragraphs=tuple(paragraphs),
            code_label=gettext("Your code"),
            address_label=gettext("Vote here"),
            address=_address(phase),
        )


def _paragraphs(phase: Phase) -> list[str]:
    if phase.phase_kind is PhaseKind.BUDGET_VOTE:
        said = [gettext("With this code you can vote on what money of the city is spent on. It counts once.")]
    else:
        said = [gettext("With this code you can take part in a survey of the city. It counts once.")]
    said.append(gettext("Open the page below and enter the code. Nobody can tell which answers are yours."))
    if phase.closes_at:
        last = date_format(timezone.localtime(phase.closes_at), "DATETIME_FORMAT")
        said.append(gettext("You can take part until %(closes)s.") % {"closes": last})
    return said


# --- ballots from paper -------------------------------------------------------------------------
@recorders
@sensitive_post_parameters("voting_code")
@form_page
def paper(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Enter a ballot that came on paper, or a table of them."""
    phase = access.visible_phase(request, slug, number)
    access.standing(request, phase, timezone.now()).check(Action.RECORD_PAPER)
    is_table = request.POST.get("what") == "table"
    form = PaperBallotForm(None if is_table else request.POST or None)
    table = PaperTableForm(request.POST if is_table else None, request.FILES if is_table else None)
    findings: list[Finding] = []
    if form.is_valid() and _entered(request, phase, form):
        return redirect("participation:vote_paper", slug, number)
    if table.is_valid():
        findings = _entered_table(request, phase, table)
        if not (findings or table.errors):
            return redirect("participation:vote_paper", slug, number)
    page = {
        **vote_page(request, phase),
        "form": form,
        "table": table,
        "findings": findings,
        "count": CastBallot.objects.filter(phase=phase, channel="paper").count(),
    }
    is_wrong = bool(form.errors or table.errors or findings)
    return render(request, "participation/budget/paper.html", page, status=400 if is_wrong else 200)


def _entered(request: HttpRequest, phase: Phase, form: PaperBallotForm) -> bool:
    """Enter one ballot; return False, with the form saying why, where it cannot be counted."""
    given = form.cleaned_data
    try:
        voting.record_paper(
            phase,
            Choice(*read_choices(given["choices"])),
            sheet=given["sheet"],
            code=given["voting_code"],
            person=person_of(request),
            now=timezone.now(),
        )
    except TandemError as error:
        form.add_error(None, spoken(error.sentence))
        return False
    messages.success(request, gettext("Ballot %(sheet)s is entered.") % {"sheet": given["sheet"]})
    return True


def _entered_table(request: HttpRequest, phase: Phase, form: PaperTableForm) -> list[Finding]:
    """Enter the ballots of a table; return what could not be entered and why."""
    try:
        lines = [(each.line, each.cells) for each in sheets.read_sheet(form.cleaned_data["file"].read())]
        read = read_ballots(lines)
        counted, refused = voting.record_many(
            phase, read.ballots, person=person_of(request), now=timezone.now()
        )
    except TandemError as error:
        form.add_error("file", spoken(error.sentence))
        return []
    if counted or not read.findings:
        text = ngettext("%(count)s ballot is entered.", "%(count)s ballots are entered.", counted)
        messages.success(request, text % {"count": counted})
    return [*read.findings, *refused]
