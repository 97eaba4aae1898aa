"""Types of columns: what a column is that is not quite one."""

import pytest

from tandem.catalogue.domain import types


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["12,5", "3,1", "ca. 4", "7,0", "n/a", "8,25", "über 9"], ("decimal", 4, 6, ("ca. 4", "über 9"))),
        (["01.02.2024", "03.02.2024", "Ostern"], ("date", 2, 3, ("Ostern",))),
        (["12,5", "3,1"], None),
        (["Linde", "Eiche", "12"], None),
        (["ja", "nein", "vielleicht"], None),
        ([], None),
    ],
)
def test_text_column_that_is_mostly_something_else_is_told(cells, wanted):
    found = types.mixed("Höhe", cells)

    assert (found and (found.kind, found.fit, found.cells, found.others)) == wanted
