"""Text tables with every pollution of the Pollock benchmark are recognised without help."""

import importlib.util
import json
import re
import sys
import tarfile
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from tandem.catalogue.adapters.reading.delimited import rows_as_written

LEAST_SIMPLE, LEAST_WEIGHTED = 9.9, 9.9
OF_EACH_KIND = 15


@pytest.fixture(scope="module")
def score() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "pollock_score.py"
    spec = importlib.util.spec_from_file_location("pollock_score", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["pollock_score"] = module
    spec.loader.exec_module(module)
    return module


def kind_of(name: str) -> str:
    return re.sub(r"\d+", "N", name) if name.startswith("row") else name


@pytest.mark.conformance
def test_the_score_is_above_every_published_tool_in_automatic_mode(
    shared_data: Path, tmp_path: Path, score: ModuleType
):
    """A fixed sample of the files with one odd row, weighed by how many there are; the benchmark takes all."""
    with tarfile.open(shared_data / "csv" / "pollock-polluted.tar.xz") as packed:
        names = sorted(name.rpartition("/")[2] for name in packed.getnames() if "/csv/" in name)
        many = Counter(map(kind_of, names))
        chosen = set(_sample(names, many)) | {"pollock_weights.json"}
        members = [each for each in packed if each.name.rpartition("/")[2] in chosen]
        packed.extractall(tmp_path, members=members, filter="data")
    folder, weights = tmp_path / "polluted_files", json.loads((tmp_path / "pollock_weights.json").read_text())
    figures = {}
    for name in sorted(chosen - {"pollock_weights.json"}):
        work_dir = tmp_path / "work" / name
        work_dir.mkdir(parents=True)
        rows = rows_as_written(folder / "csv" / name, work_dir)
        figures[name] = score.measures(score.clean_rows(folder / "clean" / name), rows)

    share = {name: many[kind_of(name)] / min(OF_EACH_KIND, many[kind_of(name)]) for name in figures}
    simple = sum(sum(each) * share[name] for name, each in figures.items()) / len(names)
    _unweighed, weighted = score.scores(figures, {name: weights[name] * share[name] for name in figures})
    assert (simple > LEAST_SIMPLE, weighted > LEAST_WEIGHTED) == (True, True), (simple, weighted)


def _sample(names: list[str], many: Counter[str]) -> list[str]:
    seen: Counter[str] = Counter()
    chosen = []
    for name in names:
        kind = kind_of(name)
        stride = max(1, many[kind] // OF_EACH_KIND)
        if seen[kind] % stride == 0 and seen[kind] // stride < OF_EACH_KIND:
            chosen.append(name)
        seen[kind] += 1
    return chosen
