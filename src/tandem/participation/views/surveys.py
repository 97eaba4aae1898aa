"""A survey's own page: what it is about, the way in, and once it has closed its results."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from tandem.core.text import pick
from tandem.kit.charts import Chart
from tandem.participation import access
from tandem.participation.adapters.sheets import MEDIA_TYPES, export
from tandem.participation.domain.phase import Action, Who
from tandem.participation.domain.survey_results import QuestionResult
from tandem.participation.forms.budget import CodeForm
from tandem.participation.models import Phase
from tandem.participation.services import surveys
from tandem.participation.views import frame
from tandem.participation.views.survey_walk import Walk

TEXT, SCALE, NUMBER = "text", "scale", "number"


def show(request: HttpRequest, phase: Phase, form: CodeForm | None = None) -> HttpResponse:
    """Show what the survey is about and the way in; once it has closed, its results.

    Args:
        form: With a code that opened nothing.
    """
    walk = Walk(request, phase)
    page = {
        **frame.phase_page(request, phase),
        "walk": walk,
        "has_answered": surveys.has_answered(phase, access.participant(request)),
        "admits_codes": Who.CODE in phase.who_is_admitted,
        "form": form or CodeForm(),
        "may_plan": access.may_plan(request),
        "may_see_drafts": access.may_see_drafts(request),
        "may_export": access.may_export(request),
        "next": request.get_full_path(),
    }
    if walk.is_ready and _may_see(request, phase):
        page |= _results_page(request, phase)
    return render(request, "participation/surveys/survey.html", page, status=400 if form else 200)


def _may_see(request: HttpRequest, phase: Phase) -> bool:
    here = access.standing(request, phase, timezone.now())
    return here.refusal(Action.SEE_RESULTS) is None or here.refusal(Action.SEE_INTERIM_RESULTS) is None


def _found(request: HttpRequest, phase: Phase) -> surveys.Results:
    """Return the results, whole for staff, without small numbers for everybody else."""
    return surveys.results(phase, hide=not access.may_see_drafts(request), language=get_language() or "en")


def _results_page(request: HttpRequest, phase: Phase) -> dict[str, Any]:
    found, language = _found(request, phase), get_language() or "en"
    kept = {each["id"]: each for each in surveys.settings_of(phase).questions}
    rows = [_shown(kept[each.id], each, language, found.texts.get(each.id, ())) for each in found.questions]
    return {"results": rows, "people": found.people, "is_whole": access.may_see_drafts(request)}


def _shown(kept: Mapping[str, Any], result: QuestionResult, language: str, texts: Any) -> dict[str, Any]:
    title, names = pick(kept["titles"], language), surveys.names_of(kept, language)
    points = [(names.get(key, key), count) for key, count in result.counts.items()]
    chart = Chart(
        title=title,
        points=points,
        label_heading=gettext("Answer"),
        value_heading=gettext("People"),
        note=gettext("Small numbers are hidden, so that nobody is recognised.") if result.hidden else "",
    )
    has_counts = any(count is not None for _name, count in points)
    return {
        "id": kept["id"],
        "title": title,
        "result": result,
        "chart": chart if has_counts else None,
        "median": None if result.median is None else float(result.median),
        "mean": None if result.mean is None else round(float(result.mean), 1),
        "texts": texts,
        "is_text": kept["kind"] == TEXT,
    }


@require_safe
def results_file(request: HttpRequest, slug: str, number: int, kind: str) -> HttpResponse:
    """Hand over the results by question, as far as the asker may see them."""
    phase = access.visible_phase(request, slug, number)
    if kind not in MEDIA_TYPES or not Walk(request, phase).is_ready or not _may_see(request, phase):
        raise Http404
    language = get_language() or "en"
    rows = surveys.result_rows(phase, _found(request, phase), language)
    headers = {"Content-Disposition": f'attachment; filename="{slug}-{number}-results.{kind}"'}
    content = b"".join(export(kind, surveys.RESULT_COLUMNS, rows, title=slug))
    return HttpResponse(content, content_type=MEDIA_TYPES[kind], headers=headers)
