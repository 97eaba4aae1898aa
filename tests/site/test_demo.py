"""The demo's folder."""

from pathlib import Path

import pytest

from tandem.site.demo import Demo, OtherPort
from tandem.site.installing import bundled_configuration


def test_a_demo_that_was_made_for_another_port_is_not_served_there(tmp_path: Path):
    (tmp_path / "hamm").mkdir()
    (tmp_path / "hamm" / "tandem.toml").write_text(bundled_configuration("hamm"), "utf-8")
    said: list[str] = []

    Demo(tmp_path, {"hamm": 8000}, said.append)._make("hamm")
    with pytest.raises(OtherPort, match="made for port 8000 and cannot be served on 8300"):
        Demo(tmp_path, {"hamm": 8300}, said.append)._make("hamm")

    assert said == []
