"""Big files: little memory, progress that moves, and a stop that leaves nothing behind."""

import time
from pathlib import Path

import pytest

from tandem.catalogue.adapters.reading.repairing import LineMap, run_of_regular
from tandem.catalogue.adapters.tables import Cancelled, load_table
from tandem.catalogue.domain.records import Form

ROW = "{number};Linde;{number},5;01.03.2019;Am Markt {number}\n"


def big(folder: Path, *, rows: int, slip: str) -> Path:
    path = folder / "big.csv"
    with path.open("w", encoding="utf-8") as sink:
        sink.write("Nummer;Art;Höhe (m);Gepflanzt;Ort\n")
        for number in range(rows):
            sink.write(ROW.format(number=number + 1))
            if number == rows // 2:
                sink.write(slip)
    return path


@pytest.mark.parametrize("slip", ["", '0;"Linde;3,5;01.03.2019;x\n'], ids=["regular", "with a slip"])
def test_progress_moves_through_all_of_the_work(tmp_path: Path, slip: str):
    shares: list[float] = []

    report = load_table(
        big(tmp_path, rows=200_000, slip=slip),
        filename="big.csv",
        target=tmp_path / "table.parquet",
        work_dir=tmp_path,
        progress=lambda share, _message: shares.append(share),
    )

    assert report.rows == 200_000 + bool(slip)
    assert shares == sorted(shares)
    assert (len(shares) >= 5, shares[-1]) == (True, 1.0)


@pytest.mark.parametrize("slip", ["", '0;"Linde;3,5;01.03.2019;x\n'], ids=["regular", "with a slip"])
@pytest.mark.parametrize("steps", [1, 3, 5])
def test_a_stop_is_heeded_at_once_and_leaves_nothing(tmp_path: Path, slip: str, steps: int):
    source, target, work_dir = (
        big(tmp_path, rows=100_000, slip=slip),
        tmp_path / "table.parquet",
        tmp_path / "work",
    )
    work_dir.mkdir()
    asked: list[float] = []

    def cancelled() -> bool:
        asked.append(time.monotonic())
        return len(asked) >= steps

    with pytest.raises(Cancelled, match="Nothing was changed"):
        load_table(source, filename="big.csv", target=target, work_dir=work_dir, cancelled=cancelled)

    assert time.monotonic() - asked[-1] < 2
    assert {path.name for path in tmp_path.iterdir()} == {"big.csv", "work"}


def test_the_expression_for_regular_lines_stops_where_sense_is_needed():
    form, lines = Form(";"), b'a;"b;c";3\r\n1;2;3\n'

    pattern = run_of_regular(form, 3, ["A", "B", "C"])

    for odd in (b"1;2\n", b"1;2;3;4\n", b'1;"2;3\n', b'"1"x;2;3\n', b";;\n", b'"A";B;C\n', b'1;"2\n3";4\n'):
        match = pattern.match(lines + odd + b"1;2;3\n")
        assert match is not None
        assert match.group() == lines, odd


def test_lines_of_rows_are_known_across_gaps():
    lines = LineMap()
    for row, line in ((0, 3), (1, 4), (2, 7), (3, 8), (9, 14)):
        lines.note(row, line)

    assert [lines.line_of(row) for row in (0, 1, 2, 3, 5, 12)] == [3, 4, 7, 8, 10, 17]
    assert len(lines.rows) == 2
