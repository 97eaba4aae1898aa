"""The tutorial's blocks of Python run, one after another, as a reader would type them."""

import re
from pathlib import Path

import pytest

pytest.importorskip("libsumo")

PAGE = Path(__file__).parents[2] / "docs" / "tutorials" / "signals.md"


def test_the_tutorial_runs(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    names: dict[str, object] = {}

    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)

    told = capsys.readouterr().out
    assert len(blocks) >= 6
    assert "K2" in told
    assert "175 cars" in told
    assert "planner" in told
