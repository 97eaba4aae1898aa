"""Tables: read again from what is kept."""

from datetime import UTC, datetime

import pytest

from tandem.catalogue.services import imports, tables
from tests.catalogue import published

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_tables_are_read_again_and_files_that_hold_none_are_passed_over():
    made = published.dataset()
    plan = tables.receive([b"%PDF-1.7"], filename="plan.pdf", media_type="application/pdf")
    imports.add_file(made, plan, titles={"de": "Plan"}, person=None, now=NOW, at_once=True)
    version = published.distribution(made).current
    tables.parquet_path(version.id).unlink()
    told: list[tuple[float, str]] = []

    count = tables.rebuild_tables(lambda share, what: told.append((share, what)))

    assert (count, told) == (1, [(0.0, "baeume.csv")])
    assert tables.parquet_path(version.id).exists()
