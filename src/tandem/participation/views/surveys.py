"""Surveys: one question after another, results by question, the editor."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tandem.accounts.access import person_of, staff
from tandem.core.errors import TandemError
from tandem.core.findings import Severity
from tandem.core.text import pick
from tandem.kit import throttle
from tandem.kit.charts import Chart
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.adapters.sheets import MEDIA_TYPES, export
from tandem.participation.domain.permissions import ALLOWED, ROOM, Duty
from tandem.participation.domain.phase import Action, PhaseKind, PhaseState, Who, check_action
from tandem.participation.domain.survey import path
from tandem.participation.domain.survey_results import QuestionResult
from tandem.participation.domain.triage import redact
from tandem.participation.forms.budget import CodeForm
from tandem.participation.forms.surveys import (
    KINDS,
    AnswerForm,
    QuestionForm,
    SheetNumberForm,
    question_initial,
)
from tandem.participation.models import Phase
from tandem.participation.services import surveys, voting_codes
from tandem.participation.views import frame

planners = staff(ROOM, *ALLOWED[Duty.PLAN])
recorders = staff(ROOM, *ALLOWED[Duty.RECORD])
exporters = staff(ROOM, *ALLOWED[Duty.EXPORT])
_FORM = require_http_methods(["GET", "HEAD", "POST"])
HOUR = 3_600
TEXTS_SHOWN = 50


def show(request: HttpRequest, phase: Phase) -> HttpResponse:
    """Show what the survey is about and the way in; once it has closed, its results."""
    here = access.standing(request, phase, timezone.now())
    sees_all = here.refusal(Action.SEE_INTERIM_RESULTS) is None
    page = {
        **frame.phase_page(request, phase),
        "questions": len(surveys.settings_of(phase).questions),
        "has_errors": any(each.severity is Severity.ERROR for each in surveys.findings_of(phase)),
        "admits_codes": Who.CODE in phase.who_is_admitted,
        "form": CodeForm(),
        "may_plan": access.may_plan(request),
        "may_export": access.may_export(request),
        "next": request.get_full_path(),
    }
    if here.refusal(Action.SEE_RESULTS) is None or sees_all:
        count, results = surveys.results(phase, hide=not sees_all)
        page |= {"count": count, "results": _results(phase, results, with_texts=sees_all)}
    return render(request, "participation/surveys/survey.html", page)


def _results(phase: Phase, results: list[QuestionResult], *, with_texts: bool) -> list[dict[str, Any]]:
    kept = {each["id"]: each for each in surveys.settings_of(phase).questions}
    return [_result(kept[each.id], each, phase if with_texts else None) for each in results]


def _result(kept: Mapping[str, Any], result: QuestionResult, phase: Phase | None) -> dict[str, Any]:
    language = get_language() or "en"
    title = pick(kept["titles"], language)
    names = {each["id"]: pick(each["titles"], language) for each in kept.get("options", ())}
    points = [(names.get(key, key), count) for key, count in result.counts.items()]
    chart = Chart(
        title=title,
        points=points,
        label_heading=gettext("Answer"),
        value_heading=gettext("People"),
        note=gettext("Small numbers are hidden.") if result.hidden else "",
    )
    return {
        "title": title,
        "result": result,
        "chart": chart if points else None,
        "median": float(result.median) if result.median is not None else None,
        "texts": _texts(phase, kept["id"]) if phase and kept["kind"] == "text" else [],
    }


def _texts(phase: Phase, key: str) -> list[str]:
    given = (each.get(key, "") for each in phase.responses.values_list("answers", flat=True)[:500])
    return [redact(each, language=get_language() or "en") for each in given if each][:TEXTS_SHOWN]


# --- answering ----------------------------------------------------------------------------------
def _kept(request: HttpRequest, phase: Phase) -> dict[str, Any]:
    """Return the answers that this browser has given so far."""
    found: dict[str, Any] = request.session.get(f"survey:{phase.pk}", {})
    return found


def _keep(request: HttpRequest, phase: Phase, answers: Mapping[str, Any]) -> None:
    request.session[f"survey:{phase.pk}"] = dict(answers)


def _let_in(request: HttpRequest, phase: Phase, code: str, now: Any) -> None:
    """Do nothing for somebody who may answer.

    Raises:
        TandemError: They may not, or not now; or the code is wrong, used, or tried too often.
    """
    if not code:
        access.standing(request, phase, now).check(Action.CONTRIBUTE)
        return
    check_action(
        Action.CONTRIBUTE,
        kind=PhaseKind.SURVEY,
        state=phase.state(now),
        who=Who.CODE,
        admitted=phase.who_is_admitted,
    )
    try:
        voting_codes.check_code(phase, code)
    except TandemError:
        throttle.count(f"participation.code.{phase.pk}", throttle.client_key(request), most=10, seconds=HOUR)
        raise


@never_cache
@_FORM
def answer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Ask the next question, or look back at one; at the end show everything once more and take it."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    code = request.POST.get("voting_code", "").strip()
    try:
        _let_in(request, phase, code, now)
    except TandemError as error:
        if not code:
            raise
        messages.error(request, spoken(error.sentence))
        return redirect("participation:phase", slug, number)
    answers, questions = surveys.plain(_kept(request, phase)), surveys.questions_of(phase)
    asked = request.POST.get("question", "")
    kept = {each["id"]: each for each in surveys.settings_of(phase).questions}
    form = AnswerForm(request.POST, kept=kept[asked]) if asked in kept and "step" in request.POST else None
    if form is not None and request.POST["step"] == "next":
        if not form.is_valid():
            return _ask(request, phase, asked, form, code, len(path(questions, answers)))
        answers = {**answers, asked: form.cleaned_data["answer"]}
        _keep(request, phase, {**_kept(request, phase), asked: form.cleaned_data["answer"]})
    if request.POST.get("step") == "send":
        return _send(request, phase, answers, code, now)
    walked = [each.id for each in path(questions, surveys.plain(_given(answers)))]
    here = _where(request.POST.get("step", ""), request.POST.get("to", asked), walked, bool(asked))
    if here is None:
        return _look(request, phase, walked, answers, code)
    form = AnswerForm(initial={"answer": answers.get(here, "")}, kept=kept[here])
    return _ask(request, phase, here, form, code, len(walked))


def _given(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in answers.items() if each not in ("", (), [], None)}


def _where(step: str, key: str, walked: list[str], has_begun: bool) -> str | None:
    """Return the question that comes now, or None after the last."""
    if not has_begun and step != "back":
        return walked[0] if walked else None
    at = walked.index(key) if key in walked else 0
    if step == "back":
        return walked[max(0, at - 1)]
    if step == "go":
        return walked[at]
    return walked[at + 1] if at + 1 < len(walked) else None


def _ask(
    request: HttpRequest, phase: Phase, key: str, form: AnswerForm, code: str, count: int
) -> HttpResponse:
    walked = [
        each.id for each in path(surveys.questions_of(phase), surveys.plain(_given(_kept(request, phase))))
    ]
    page = {
        **frame.phase_page(request, phase),
        "key": key,
        "form": form,
        "code": code,
        "at": walked.index(key) + 1 if key in walked else 1,
        "of": max(count, len(walked)),
    }
    return render(request, "participation/surveys/question.html", page, status=400 if form.errors else 200)


def _look(
    request: HttpRequest, phase: Phase, walked: list[str], answers: Mapping[str, Any], code: str
) -> HttpResponse:
    kept = {each["id"]: each for each in surveys.settings_of(phase).questions}
    language = get_language() or "en"
    rows = [(key, pick(kept[key]["titles"], language), _said(kept[key], answers.get(key))) for key in walked]
    page = {**frame.phase_page(request, phase), "rows": rows, "code": code}
    return render(request, "participation/surveys/look.html", page)


def _said(kept: Mapping[str, Any], given: Any) -> str:
    names = {each["id"]: pick(each["titles"], get_language() or "en") for each in kept.get("options", ())}
    if isinstance(given, tuple | list):
        return ", ".join(names.get(str(each), str(each)) for each in given)
    return names.get(str(given), "" if given is None else str(given))


def _send(
    request: HttpRequest, phase: Phase, answers: Mapping[str, Any], code: str, now: Any
) -> HttpResponse:
    try:
        surveys.submit(
            phase,
            surveys.plain(_given(answers)),
            now=now,
            language=get_language() or "en",
            participant=None if code else access.someone(request),
            code=code,
        )
    except surveys.Unanswered as error:
        messages.error(request, spoken(error.sentence))
        return redirect("participation:survey_answer", phase.process.slug, phase.number)
    request.session.pop(f"survey:{phase.pk}", None)
    return render(request, "participation/surveys/thanks.html", frame.phase_page(request, phase))


# --- the office ---------------------------------------------------------------------------------
@planners
@_FORM
def edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the questions with what is wrong with them; move or remove one."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    questions = [dict(each) for each in surveys.settings_of(phase).questions]
    if request.method == "POST":
        changed = _moved(questions, request.POST.get("id", ""), request.POST.get("step", ""))
        surveys.set_questions(phase, changed, person=person_of(request), now=now)
        return redirect("participation:survey_edit", slug, number)
    language = get_language() or "en"
    page = {
        **frame.phase_page(request, phase),
        "questions": [
            (each["id"], pick(each["titles"], language), KINDS[each["kind"]]) for each in questions
        ],
        "problems": surveys.findings_of(phase),
        "is_frozen": phase.state(now) is not PhaseState.PLANNED and phase.responses.exists(),
    }
    return render(request, "participation/surveys/edit.html", page)


def _moved(questions: list[dict[str, Any]], key: str, step: str) -> list[dict[str, Any]]:
    at = next((place for place, each in enumerate(questions) if each["id"] == key), None)
    if at is None:
        return questions
    taken = questions.pop(at)
    if step != "remove":
        questions.insert(max(0, at - 1) if step == "up" else at + 1, taken)
    return questions


@planners
@_FORM
def question(request: HttpRequest, slug: str, number: int, key: str = "") -> HttpResponse:
    """Add or change one question."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    questions = [dict(each) for each in surveys.settings_of(phase).questions]
    kept = next((each for each in questions if each["id"] == key), None)
    if key and kept is None:
        raise Http404
    form = QuestionForm(request.POST or None, initial=question_initial(kept) if kept else {}, known=questions)
    if form.is_valid():
        made = form.question(key)
        changed = [made if each["id"] == key else each for each in questions] if key else [*questions, made]
        try:
            surveys.set_questions(phase, changed, person=person_of(request), now=now)
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            messages.success(request, gettext("It is saved."))
            return redirect("participation:survey_edit", slug, number)
    page = {**frame.phase_page(request, phase), "form": form, "key": key}
    return render(
        request, "participation/surveys/edit_question.html", page, status=400 if form.errors else 200
    )


@recorders
@_FORM
def paper(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Enter a form that came on paper: all questions on one page."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.RECORD_PAPER)
    kept = surveys.settings_of(phase).questions
    data = request.POST if request.method == "POST" else None
    sheet = SheetNumberForm(data)
    forms = [
        (each["id"], AnswerForm(data, kept={**each, "required": False}, prefix=each["id"])) for each in kept
    ]
    if sheet.is_valid() and all(form.is_valid() for _key, form in forms):
        answers = surveys.plain(_given({key: form.cleaned_data["answer"] for key, form in forms}))
        try:
            surveys.record_paper(
                phase,
                answers,
                sheet=sheet.cleaned_data["sheet"],
                person=person_of(request),
                now=now,
                language=get_language() or "en",
            )
        except TandemError as error:
            sheet.add_error(None, spoken(error.sentence))
        else:
            messages.success(request, gettext("The form is entered."))
            return redirect("participation:survey_paper", slug, number)
    page = {**frame.phase_page(request, phase), "sheet": sheet, "forms": [form for _key, form in forms]}
    return render(request, "participation/surveys/paper.html", page, status=400 if sheet.errors else 200)


@exporters
@require_safe
def responses_file(request: HttpRequest, slug: str, number: int, kind: str) -> HttpResponse:
    """Hand over every response, one a row."""
    if kind not in MEDIA_TYPES:
        raise Http404
    phase = access.visible_phase(request, slug, number)
    keys = [each["id"] for each in surveys.settings_of(phase).questions]
    rows = (
        [given_on, channel, *(_flat(answers.get(key)) for key in keys)]
        for given_on, channel, answers in phase.responses.values_list("given_on", "channel", "answers")
    )
    headers = {"Content-Disposition": f'attachment; filename="{slug}-{number}.{kind}"'}
    content = b"".join(export(kind, ["given_on", "channel", *keys], rows, title=slug))
    return HttpResponse(content, content_type=MEDIA_TYPES[kind], headers=headers)


def _flat(given: Any) -> Any:
    return "; ".join(given) if isinstance(given, list) else given
