"""A run is known by the code that decides it: what changes it is run again, everything else is not."""

import shutil

import pytest

from tandem.signals.experiment import fingerprint as module
from tandem.signals.experiment.controllers import MAKERS, NATIVE

NAMES = [*MAKERS, *NATIVE]


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A copy of the engine that may be changed; nothing of it is imported."""
    copy = tmp_path / "signals"
    shutil.copytree(module.ROOM, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "ROOM", copy)
    module.fingerprint.cache_clear()
    yield copy
    module.fingerprint.cache_clear()


def changed(room, path: str, old: str, new: str) -> set[str]:
    """Return the controllers whose runs are others after a change of the code."""

    def prints():
        module.fingerprint.cache_clear()
        return {name: module.fingerprint(name) for name in NAMES}

    before = prints()
    text = (room / path).read_text("utf-8")
    assert old in text
    (room / path).write_text(text.replace(old, new), "utf-8")
    after = prints()
    return {name for name in NAMES if before[name] != after[name]}


def test_every_controller_has_its_modules():
    assert set(module.MODULES) == set(MAKERS)


@pytest.mark.parametrize(
    ("path", "old", "new", "others"),
    [
        ("control/planner.py", "WALKERS_STAY_S = 8.0", "WALKERS_STAY_S = 9.0", {"planner"}),
        ("control/search.py", "GAP_S = 4.0", "GAP_S = 5.0", {"planner"}),
        ("control/saturation.py", "MOST_S = 45.0", "MOST_S = 46.0", {"planner"}),
        ("control/webster.py", "import numpy as np", "import numpy", {"webster"}),
        ("plant/sumo.py", "QUEUE_EVERY_S = 10", "QUEUE_EVERY_S = 11", set(NAMES)),
        ("safety/gate.py", "class Gate", "class  Gate(object)", set(NAMES)),
        ("control/search.py", "# those who leave", "# whoever leaves", set()),
        ("control/planner.py", '"""Plans one junction.', '"""Plans a junction.', set()),
        ("experiment/table.py", "return", "return None or", set()),
        ("live/record.py", "import json", "import json, os", set()),
    ],
)
def test_a_change_concerns_those_whom_it_decides(room, path, old, new, others):
    assert changed(room, path, old, new) == others


def test_the_simulators_version_is_part_of_it(room, monkeypatch):
    before = module.fingerprint("wave")
    module.fingerprint.cache_clear()
    monkeypatch.setattr(module.metadata, "version", lambda _name: "9.9")

    assert module.fingerprint("wave") != before
