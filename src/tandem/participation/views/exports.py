"""Taking a process away: everything for the office, open data for everybody, figures about it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from tandem.accounts.access import staff
from tandem.core.text import pick
from tandem.kit.charts import Chart
from tandem.participation import access, labels
from tandem.participation.domain.permissions import ALLOWED, ROOM, Duty
from tandem.participation.models import Process
from tandem.participation.services import evaluation, exports

exporters = staff(ROOM, *ALLOWED[Duty.EXPORT])
readers = staff(ROOM, *ALLOWED[Duty.SEE_DRAFTS])


@exporters
@require_safe
def everything(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Hand over everything of a process, personal data included."""
    process = access.visible_process(request, slug)
    return _file(process, exports.tables(process), form, f"{slug}-all")


@require_safe
def open_data(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Hand over what everybody may have of a process."""
    process = access.visible_process(request, slug)
    return _file(process, exports.open_tables(process), form, slug)


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
    }
    return render(request, "participation/exports/figures.html", page)


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
