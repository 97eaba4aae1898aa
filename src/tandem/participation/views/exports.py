"""Taking a process away: everything for the office, open data for everybody, figures about it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.references import Reference
from tandem.core.text import pick
from tandem.kit import opendata
from tandem.kit.charts import Chart
from tandem.kit.spoken import spoken
from tandem.participation import access, labels
from tandem.participation.models import Process
from tandem.participation.services import evaluation, exports, open_data
from tandem.participation.views.guards import exporters, planners, readers


@exporters
@require_safe
def everything(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Hand over everything of a process, personal data included."""
    process = access.visible_process(request, slug)
    return _file(process, exports.tables(process), form, f"{slug}-all")


@require_safe
def open_file(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Hand over what everybody may have of a process."""
    process = access.visible_process(request, slug)
    tables = open_data.open_tables(process, language=get_language() or "en")
    return _file(process, tables, form, slug)


@planners
@require_POST
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer what came out to the catalogue."""
    process = access.visible_process(request, slug)
    try:
        open_data.offer(process, person=person_of(request), now=timezone.now())
    except TandemError as error:
        messages.error(request, spoken(error.sentence))
    else:
        said = gettext(
            "The catalogue has it. Whoever looks after open data reads it once more and publishes it."
        )
        messages.success(request, said)
    return redirect("participation:figures", slug)


def _file(process: Process, tables: list[exports.Table], form: str, name: str) -> HttpResponse:
    if form not in exports.FORMATS:
        raise Http404
    content = exports.as_file(tables, form, title=exports.title_of(process, get_language() or "en"))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(content, content_type=exports.FORMATS[form], headers=headers)


@readers
@require_safe
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a process in figures."""
    process = access.visible_process(request, slug)
    found = evaluation.evaluate(process)
    page = {
        "process": process,
        "process_title": exports.title_of(process, get_language() or "en"),
        "found": found,
        "charts": _charts(process, found),
        "may_export": access.may_export(request),
        "may_offer": access.may_plan(request) and opendata.is_taken(),
        "dataset": _dataset(process),
    }
    return render(request, "participation/exports/figures.html", page)


def _dataset(process: Process) -> tuple[str, str] | None:
    """Return title and address of the dataset in which the results are offered."""
    if not process.dataset:
        return None
    kept, language = Reference(**process.dataset), get_language() or "en"
    return kept.title(language), f"/{language}/{kept.path}"


def _charts(process: Process, found: evaluation.Evaluation) -> list[Chart]:
    language = get_language() or "en"
    names = {
        each["key"]: pick(each["titles"], language)
        for phase in process.phases.all()
        for each in phase.settings.get("categories", ())
    }
    people = gettext("Contributions")
    week = [(_day(monday), count) for monday, count in found.by_week]
    channels: list[tuple[Any, int]] = [
        (labels.CHANNEL.get(key, key), count) for key, count in found.by_channel
    ]
    about: list[tuple[Any, int]] = [(names.get(key, key), count) for key, count in found.by_category]
    made = [
        Chart(gettext("When contributions came"), week, "column", "", gettext("Week from"), people),
        Chart(gettext("How they came"), channels, "bar", "", gettext("Way"), people),
        Chart(gettext("What they are about"), about, "bar", "", gettext("Category"), people),
    ]
    return [each for each in made if each.points]


def _day(text: str) -> str:
    day = parse_date(text)
    return date_format(day, "SHORT_DATE_FORMAT") if day else text
