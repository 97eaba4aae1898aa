"""Everything of a process as tables, personal data included: for the office."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from openpyxl import Workbook

from tandem.core.text import pick
from tandem.participation.adapters.sheets import export
from tandem.participation.models import (
    Answer,
    CastBallot,
    Comment,
    Contribution,
    Decision,
    PlanStatement,
    PollStatement,
    PollVote,
    Process,
    SurveyResponse,
)

FORMATS = {
    "json": "application/json",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of an export.

    Attributes:
        name: Fit for a file: ``contributions``.
        rows: As long as ``columns`` each.
    """

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


# --- for the office -----------------------------------------------------------------------------
def tables(process: Process) -> list[Table]:
    """Return everything of a process, personal data included. Nothing joins ballots and voters here either."""
    found = [
        _table(
            "phases",
            process.phases.all(),
            ("number", "kind", "titles", "opens_at", "closes_at", "admitted", "settings", "period"),
        ),
        _table(
            "contributions",
            Contribution.objects.filter(process=process).order_by("kind", "number"),
            (
                "kind", "number", "phase__number", "title", "text", "language", "category", "geometry", "latitude",
                "longitude", "place", "author_label", "participant__email", "channel", "received_at", "status",
                "support_count", "comment_count", "hidden_at", "withdrawn_at", "feasible", "cost_cents", "check_note",
            ),
        ),
        _table(
            "comments",
            Comment.objects.filter(contribution__process=process),
            ("contribution__kind", "contribution__number", "author_label", "text", "at", "hidden_at", "withdrawn_at"),
        ),
        _table(
            "answers",
            Answer.objects.filter(contribution__process=process).order_by("at"),
            ("contribution__kind", "contribution__number", "status", "texts", "office", "at"),
        ),
        _table(
            "statements",
            PlanStatement.objects.filter(phase__process=process),
            (
                "number", "phase__number", "text", "language", "received_at", "channel", "is_late", "author_name",
                "author_address", "author_email", "organisation", "is_public_body", "cuts", "segments", "reply",
                "model", "withdrawn_at", "receipt_sha256",
            ),
        ),
        _table(
            "ballots",
            CastBallot.objects.filter(phase__process=process),
            ("phase__number", "choices", "points", "channel", "sheet", "cast_on"),
        ),
        _table(
            "poll_statements",
            PollStatement.objects.filter(phase__process=process),
            ("phase__number", "number", "text", "language", "author_label", "at", "state", "is_seed"),
        ),
        _poll_votes(process),
        _table(
            "survey_responses",
            SurveyResponse.objects.filter(phase__process=process),
            ("phase__number", "answers", "language", "channel", "sheet", "given_on"),
        ),
        _table(
            "moderation",
            Decision.objects.filter(item__process=process).order_by("at"),
            ("item__subject_kind", "action", "reason", "reasons", "at", "appeal", "appeal_outcome", "appeal_answer"),
        ),
    ]  # fmt: skip
    return [each for each in found if each.rows]


def _table(name: str, rows: Any, columns: tuple[str, ...]) -> Table:
    return Table(name, columns, list(rows.values_list(*columns)))


def _poll_votes(process: Process) -> Table:
    """Return the votes of an opinion map with their voters numbered, in the order of the numbers."""
    rows = PollVote.objects.filter(phase__process=process).order_by("participant_id", "statement__number")
    numbers: dict[Any, int] = {}
    lines = [
        (phase, numbers.setdefault(who, len(numbers) + 1), statement, value)
        for phase, who, statement, value in rows.values_list(
            "phase__number", "participant_id", "statement__number", "value"
        )
    ]
    return Table("poll_votes", ("phase__number", "voter", "statement", "value"), lines)


# --- as files -----------------------------------------------------------------------------------
def as_file(found: Sequence[Table], wanted: str, *, title: str) -> bytes:
    """Return tables as one file: JSON, a ZIP archive of CSV files, or a workbook with a sheet each.

    Args:
        wanted: ``json``, ``zip`` or ``xlsx``.
    """
    if wanted == "json":
        return _as_json(found, title)
    return _as_zip(found) if wanted == "zip" else _as_workbook(found)


def _as_json(found: Sequence[Table], title: str) -> bytes:
    content = {each.name: [dict(zip(each.columns, row, strict=True)) for row in each.rows] for each in found}
    text = json.dumps({"title": title, **content}, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    return text.encode()


def _as_zip(found: Sequence[Table]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as files:
        for each in found:
            files.writestr(f"{each.name}.csv", b"".join(export("csv", each.columns, _flat(each.rows))))
    return target.getvalue()


def _as_workbook(found: Sequence[Table]) -> bytes:
    book = Workbook(write_only=True)
    for each in found:
        sheet = book.create_sheet(each.name)
        sheet.append(list(each.columns))
        for row in _flat(each.rows):
            sheet.append([_harmless(cell) for cell in row])
    if not found:
        book.create_sheet("empty")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _flat(rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    """Yield rows whose nested values are JSON texts, as tables want them."""
    for row in rows:
        yield [
            json.dumps(each, ensure_ascii=False) if isinstance(each, dict | list) else each for each in row
        ]


def _harmless(cell: Any) -> Any:
    """Return a cell that no program takes for a formula, and a time without a zone, as workbooks have them."""
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{cell}"
    if hasattr(cell, "utcoffset") and cell.utcoffset() is not None:
        return cell.isoformat()
    return cell


def title_of(process: Process, language: str) -> str:
    """Return what a process is called."""
    return pick(process.titles, language, default=process.slug)
