"""The pages of evaluations: their history, one with its figures, adding one, its files."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.text import pick
from tandem.junctions import access, labels
from tandem.junctions.domain.evaluation import KINDS, Results, Row
from tandem.junctions.forms.evaluations import EvaluationForm
from tandem.junctions.models import Evaluation, Junction
from tandem.junctions.services import evaluations
from tandem.junctions.views.register import title_of
from tandem.junctions.views.staff import FORM, engineers, form_page
from tandem.kit.charts import Chart
from tandem.kit.numbers import figure
from tandem.kit.spoken import language, spoken

SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@require_safe
def evaluation(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show an evaluation: one table for each class of road users, before and after."""
    found, row = _found(request, slug, number)
    results = row.found
    page = {
        "junction": found,
        "junction_title": title_of(found),
        "evaluation": row,
        "evaluation_title": pick(row.titles, language()),
        "results": results,
        "controllers": [_controller(each) for each in results.controllers],
        "classes": [
            (labels.ROAD_USER[kind], _rows(results, kind))
            for kind in KINDS
            if any(each.kind == kind for each in results.rows)
        ],
        "chart": _chart(results),
        "others": [each for each in found.evaluations.all() if each.pk != row.pk],
    }
    return render(request, "junctions/evaluation.html", page)


def _found(request: HttpRequest, slug: str, number: int) -> tuple[Junction, Evaluation]:
    junction = access.visible_junction(request, slug)
    row = junction.evaluations.select_related("version").filter(number=number).first()
    if row is None:
        raise Http404
    return junction, row


def _controller(name: str) -> Any:
    return labels.CONTROLLER.get(name, name)


def _rows(results: Results, kind: str) -> list[dict[str, Any]]:
    """Return the rows of a class, each with how its mean wait differs from the reference's."""
    rows = [each for each in results.rows if each.kind == kind]
    return [
        {
            "row": each,
            "controller": _controller(each.controller),
            "difference": _signed(each.wait_s - rows[0].wait_s) if number else "–",
        }
        for number, each in enumerate(rows)
    ]


def _signed(value: float) -> str:
    written = figure(value, decimals=1)
    return f"+{written}" if value > 0 else written


def _chart(results: Results) -> Chart:
    def label(row: Row) -> str:
        return f"{labels.ROAD_USER[row.kind]}, {_controller(row.controller)}"

    ordered = sorted(results.rows, key=lambda row: KINDS.index(row.kind))
    return Chart(
        title=gettext("How long does everybody stand on average?"),
        points=[(label(row), round(row.wait_s, 1)) for row in ordered],
        unit="s",
        label_heading=gettext("Road users and control"),
        value_heading=gettext("Mean wait"),
        note=gettext("Simulated, not measured on the street."),
    )


@engineers
@FORM
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add an evaluation."""
    junction = get_object_or_404(Junction, slug=slug)
    form = EvaluationForm(junction, request.POST or None, request.FILES or None)
    if form.is_valid():
        given = form.cleaned_data
        most = evaluations.LARGEST_BYTES + 1
        try:
            made = evaluations.add(
                junction,
                results=given["results"].read(most),
                report=given["report"].read(most) if given["report"] else None,
                person=person_of(request),
                now=timezone.now(),
                **{name: given[name] for name in ("titles", "version", "policy", "made_on")},
            )
        except evaluations.NotAReport as error:
            form.add_error("report", spoken(error.sentence))
        except TandemError as error:
            form.add_error("results", spoken(error.sentence))
        else:
            return redirect("junctions:evaluation", slug, made.number)
    return form_page(request, junction, form, gettext("Add an evaluation"), files=True)


@require_safe
def report(request: HttpRequest, slug: str, number: int) -> FileResponse:
    """Give an evaluation's report away, as a file that runs nothing here."""
    _junction, row = _found(request, slug, number)
    if not row.report:
        raise Http404
    return _file(row.report, f"{slug}-{number}.html", "text/html; charset=utf-8")


@require_safe
def original(request: HttpRequest, slug: str, number: int) -> FileResponse:
    """Give the results of every run away."""
    _junction, row = _found(request, slug, number)
    return _file(row.original, f"{slug}-{number}.jsonl", "application/jsonl")


def _file(stored: str, filename: str, media_type: str) -> FileResponse:
    answer = FileResponse(
        evaluations.opened(stored), as_attachment=True, filename=filename, content_type=media_type
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
