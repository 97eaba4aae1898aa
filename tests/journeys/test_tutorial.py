"""The tutorial's table is read as the tutorial says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.committed import ROOT
from tests.journeys.installations import make_bare_city

TUTORIAL = ROOT / "docs" / "tutorials" / "two-cities.md"
ASK = """\
import json
from tandem.catalogue.models import TableVersion
print(json.dumps(TableVersion.objects.get().report))
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("tutorial")
    found = re.search(r"```text\n(.*?)```", TUTORIAL.read_text("utf-8"), re.S)
    assert found
    table = folder / "spielplaetze.csv"
    table.write_text(found[1], "utf-8")
    hamm = make_bare_city("hamm", folder, {"hamm": 8000, "arezzo": 8001})
    hamm.tandem(
        "dataset", "publish", str(table), "--title", "de=Spielplätze", "--description", "de=Ein Versuch"
    )
    return json.loads(hamm.tandem("manage", "shell", "-v", "0", "-c", ASK))


@pytest.mark.slow
def test_lines_around_the_table_are_left_out(report: Any):
    assert [line["reason"] for line in report["dropped_lines"]] == ["preamble", "preamble", "blank", "total"]
    assert report["rows"] == 12


@pytest.mark.slow
def test_columns_are_what_they_look_like(report: Any):
    kinds = {column["name"]: column["kind"] for column in report["columns"]}

    assert kinds == {
        "Nr.": "text",
        "Spielplatz": "text",
        "PLZ": "text",
        "Eröffnet am": "date",
        "Fläche (m²)": "decimal",
        "Breite": "decimal",
        "Länge": "decimal",
    }


@pytest.mark.slow
def test_one_cell_is_no_date(report: Any):
    bad = {column["name"]: column["bad_count"] for column in report["columns"] if column["bad_count"]}

    assert bad == {"Eröffnet am": 1}
