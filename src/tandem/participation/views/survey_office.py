"""A survey, for the office: its questions, where answers lead, forms from paper, every response as a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.text import pick
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.adapters.sheets import MEDIA_TYPES, export
from tandem.participation.domain.phase import Action, PhaseKind
from tandem.participation.forms.survey_editor import KINDS, QuestionForm, WaysForm
from tandem.participation.forms.surveys import AnswersForm, SheetNumberForm
from tandem.participation.models import Phase
from tandem.participation.services import surveys
from tandem.participation.views import frame
from tandem.participation.views.guards import exporters, form_page, planners, recorders
from tandem.participation.views.survey_walk import Walk

Kept = list[dict[str, Any]]


def _survey(request: HttpRequest, slug: str, number: int) -> Phase:
    phase = access.visible_phase(request, slug, number)
    if phase.phase_kind is not PhaseKind.SURVEY:
        raise Http404
    return phase


def _questions(phase: Phase) -> Kept:
    return [dict(each) for each in surveys.settings_of(phase).questions]


# --- the questions ------------------------------------------------------------------------------
@planners
@form_page
def edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the questions with what is wrong with them; move or remove one."""
    phase, now = _survey(request, slug, number), timezone.now()
    questions = _questions(phase)
    if request.method == "POST":
        changed = _moved(questions, request.POST.get("id", ""), request.POST.get("step", ""))
        _set(request, phase, changed, now)
        return redirect("participation:survey_edit", slug, number)
    page = {
        **frame.phase_page(request, phase),
        "questions": [_row(place, each, questions) for place, each in enumerate(questions, start=1)],
        "walk": Walk(request, phase, is_trial=True),
        "is_frozen": surveys.is_frozen(phase, now),
    }
    return render(request, "participation/surveys/edit.html", page)


def _row(place: int, kept: dict[str, Any], questions: Kept) -> dict[str, Any]:
    language = get_language() or "en"
    numbers = {each["id"]: number for number, each in enumerate(questions, start=1)}
    leads = [each["to"] for each in kept.get("branches", ())]
    leads += [kept["otherwise"]] if kept.get("otherwise") is not None else []
    return {
        "id": kept["id"],
        "place": place,
        "title": pick(kept["titles"], language),
        "kind": KINDS[kept["kind"]],
        "required": kept.get("required", False),
        "leads": [numbers.get(to) for to in dict.fromkeys(leads)],
        "is_last": place == len(questions),
    }


def _moved(questions: Kept, key: str, step: str) -> Kept:
    at = next((place for place, each in enumerate(questions) if each["id"] == key), None)
    if at is None or step not in {"up", "down", "remove"}:
        return questions
    taken = questions.pop(at)
    if step != "remove":
        questions.insert(max(0, at - 1) if step == "up" else at + 1, taken)
    return questions


def _set(request: HttpRequest, phase: Phase, questions: Kept, now: datetime) -> bool:
    """Keep the questions, and say so; return whether that was possible."""
    try:
        surveys.set_questions(phase, questions, person=person_of(request), now=now)
    except TandemError as error:
        messages.error(request, spoken(error.sentence))
        return False
    messages.success(request, gettext("It is saved."))
    return True


@planners
@form_page
def question(request: HttpRequest, slug: str, number: int, key: str = "") -> HttpResponse:
    """Add or change one question."""
    phase, now = _survey(request, slug, number), timezone.now()
    questions = _questions(phase)
    kept, frozen = _one(questions, key) if key else None, surveys.is_frozen(phase, now)
    if frozen and not key:
        messages.warning(request, spoken(surveys.SurveyFrozen().sentence))
        return redirect("participation:survey_edit", slug, number)
    form = QuestionForm(request.POST or None, known=questions, kept=kept, frozen=frozen)
    if form.is_valid():
        made = form.question()
        changed = [made if each["id"] == key else each for each in questions] if key else [*questions, made]
        if _set(request, phase, changed, now):
            return redirect("participation:survey_edit", slug, number)
    page = {
        **frame.phase_page(request, phase),
        "form": form,
        "key": key,
        "place": [each["id"] for each in questions].index(key) + 1 if key else len(questions) + 1,
        "is_frozen": frozen,
    }
    return render(
        request, "participation/surveys/edit_question.html", page, status=400 if form.errors else 200
    )


def _one(questions: Kept, key: str) -> dict[str, Any]:
    found = next((each for each in questions if each["id"] == key), None)
    if found is None:
        raise Http404
    return found


@planners
@form_page
def ways(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Set where the answers to a question lead."""
    phase, now = _survey(request, slug, number), timezone.now()
    questions = _questions(phase)
    kept = _one(questions, key)
    form = WaysForm(request.POST or None, kept=kept, questions=questions)
    if form.is_valid():
        changed = [{**each, **form.ways()} if each["id"] == key else each for each in questions]
        _set(request, phase, changed, now)
        return redirect("participation:survey_edit", slug, number)
    page = {
        **frame.phase_page(request, phase),
        "form": form,
        "question_title": pick(kept["titles"], get_language() or "en"),
        "is_frozen": surveys.is_frozen(phase, now),
    }
    return render(request, "participation/surveys/ways.html", page, status=400 if form.errors else 200)


# --- paper --------------------------------------------------------------------------------------
@recorders
@form_page
def paper(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Enter a form that came on paper: all questions on one page. What nobody answered stays empty."""
    phase, now = _survey(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.RECORD_PAPER)
    if not Walk(request, phase).is_ready:
        raise Http404
    data = request.POST if request.method == "POST" else None
    sheet = SheetNumberForm(data)
    form = AnswersForm(data, questions=surveys.settings_of(phase).questions, optional=True)
    if sheet.is_valid() and form.is_valid() and _record(request, phase, sheet, form, now):
        messages.success(request, gettext("The form is entered."))
        return redirect("participation:survey_paper", slug, number)
    page = {
        **frame.phase_page(request, phase),
        "sheet": sheet,
        "form": form,
        "count": phase.responses.filter(channel="paper").count(),
    }
    return render(
        request, "participation/surveys/paper.html", page, status=400 if sheet.errors or form.errors else 200
    )


def _record(
    request: HttpRequest, phase: Phase, sheet: SheetNumberForm, form: AnswersForm, now: datetime
) -> bool:
    try:
        surveys.record_paper(
            phase,
            {key: each for key, each in form.cleaned_data.items() if each is not None},
            sheet=sheet.cleaned_data["sheet"],
            person=person_of(request),
            now=now,
            language=get_language() or "en",
        )
    except TandemError as error:
        sheet.add_error("sheet", spoken(error.sentence))
        return False
    return True


# --- every response -----------------------------------------------------------------------------
@exporters
@require_safe
def responses_file(request: HttpRequest, slug: str, number: int, kind: str) -> HttpResponse:
    """Hand over every response, one a row. Who gave it is not in it; what people wrote about themselves is."""
    if kind not in MEDIA_TYPES:
        raise Http404
    phase = _survey(request, slug, number)
    keys = [each["id"] for each in surveys.settings_of(phase).questions]
    rows = (
        [given_on, channel, language, *(_flat(answers.get(key)) for key in keys)]
        for given_on, channel, language, answers in phase.responses.values_list(
            "given_on", "channel", "language", "answers"
        )
    )
    headers = {"Content-Disposition": f'attachment; filename="{slug}-{number}.{kind}"'}
    heads: Sequence[str] = ["given_on", "channel", "language", *keys]
    content = b"".join(export(kind, heads, rows, title=slug))
    return HttpResponse(content, content_type=MEDIA_TYPES[kind], headers=headers)


def _flat(given: Any) -> Any:
    return "; ".join(given) if isinstance(given, list) else given
