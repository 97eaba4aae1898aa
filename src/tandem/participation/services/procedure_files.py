"""What a plan procedure is handed over as: the table of weighing, and the archive of everything."""

import json
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from typing import IO, Any

from django.core.files.storage import default_storage
from django.utils import timezone

from tandem.core.text import pick
from tandem.kit import installation
from tandem.participation.adapters.synopsis_docx import synopsis_docx
from tandem.participation.domain.synopsis import AuthorKind, Entry, Synopsis, make_synopsis
from tandem.participation.models import Phase, PlanStatement
from tandem.participation.services.weighing import plain_text, value_of

BATCH = 100


def synopsis_of(phase: Phase, *, language: str, named: bool, as_of: date) -> Synopsis:
    """Return the weighing table of a phase; letters that are word for word their group's model stand in it once.

    Args:
        named: Whether the public's names are in it; those of public bodies always are.
    """
    rows = list(phase.statements.filter(withdrawn_at=None).order_by("sequence"))
    models = {each.number: plain_text(each.text) for each in rows if each.number == each.model}
    repeated = Counter(each.model for each in rows if _repeats(each, models))
    entries = [
        Entry(
            kind=AuthorKind.PUBLIC_BODY if row.is_public_body else AuthorKind.PUBLIC,
            author=row.organisation or row.author_name,
            statement=value_of(row),
            received_on=timezone.localdate(row.received_at),
            alike=1 + repeated[row.number],
        )
        for row in rows
        if not _repeats(row, models)
    ]
    return make_synopsis(
        entries,
        title=pick(phase.process.titles, language),
        city=installation.city().name(language),
        language=language,
        as_of=as_of,
        named=named,
    )


def _repeats(row: PlanStatement, models: Mapping[str, str]) -> bool:
    """Return whether a letter says what the model of its group says, and nothing else."""
    return row.model not in {"", row.number} and models.get(row.model) == plain_text(row.text)


def archive(phase: Phase, *, language: str, as_of: date) -> IO[bytes]:
    """Return everything of a procedure as a ZIP archive: documents, statements, receipts, files, the table.

    It is a file that vanishes when it is closed: what was sent with statements need not fit into memory.
    """
    with ExitStack() as unfinished:
        target = unfinished.enter_context(tempfile.TemporaryFile(dir=installation.folder("uploads")))
        _write_archive(phase, target, language=language, as_of=as_of)
        target.seek(0)
        unfinished.pop_all()  # who gets it closes it
    return target


def _write_archive(phase: Phase, target: IO[bytes], *, language: str, as_of: date) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as kept:
        for document in phase.documents.all():
            _copy(kept, document.stored, f"documents/{document.version}-{document.filename}")
        for row in phase.statements.prefetch_related("attachments").iterator(chunk_size=BATCH):
            folder = f"statements/{row.number}"
            kept.writestr(f"{folder}/statement.txt", row.text)
            kept.writestr(f"{folder}/receipt.json", bytes(row.receipt))
            kept.writestr(f"{folder}/weighing.json", json.dumps(_weighed_json(row), ensure_ascii=False))
            for each in row.attachments.all():
                _copy(kept, each.stored, f"{folder}/{each.position}-{each.filename}")
        table = synopsis_of(phase, language=language, named=True, as_of=as_of)
        kept.writestr("synopsis.docx", synopsis_docx(table))


def _copy(kept: zipfile.ZipFile, stored: str, name: str) -> None:
    with default_storage.open(stored) as file, kept.open(name, "w", force_zip64=True) as into:
        shutil.copyfileobj(file, into)


def _weighed_json(row: PlanStatement) -> dict[str, Any]:
    author = {
        name: getattr(row, name)
        for name in ("author_name", "author_address", "author_email", "organisation", "is_public_body")
    }
    return {"cuts": row.cuts, "segments": row.segments, "reply": row.reply, "model": row.model, **author}
