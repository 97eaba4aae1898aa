"""The crate's description, with the rocrate library as judge."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from rocrate.rocrate import ROCrate

from tandem.exchange.adapters.crate import PROFILE, metadata
from tandem.exchange.domain.card import Card
from tandem.exchange.domain.content import files_of
from tests.exchange.sample_bundle import RELEASED_AT, bundle, card, content


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crate")
    with zipfile.ZipFile(io.BytesIO(bundle())) as archive:
        archive.extractall(folder)
    return folder


def described(of: Card) -> dict[str, dict[str, Any]]:
    graph = json.loads(metadata(of, {"measure.json": b"{}"}, released_at=RELEASED_AT))["@graph"]
    return {entity["@id"]: entity for entity in graph}


def test_the_judge_sees_every_file_of_the_content(unpacked: Path):
    judge = ROCrate(unpacked)
    seen = {Path(entity.source).relative_to(unpacked).as_posix() for entity in judge.data_entities}

    assert seen == set(files_of(content()))
    assert all((unpacked / name).is_file() for name in seen)
    assert judge.metadata.version == "1.3"


def test_the_judge_reads_what_the_measure_is(unpacked: Path):
    judge = ROCrate(unpacked)
    root = judge.root_dataset

    assert (judge.name, judge.description) == ("Intelligent junction", "Sees cyclists.")
    assert root["datePublished"] == "2026-09-30T12:00:00+00:00"
    assert (root["conformsTo"].id, root["conformsTo"].type) == (PROFILE, ["CreativeWork", "Profile"])
    assert (root["author"].id, root["author"]["name"]) == ("#hamm", "hamm")
    assert root["license"].id == "https://spdx.org/licenses/CC-BY-4.0"
    assert [origin.id for origin in root["isBasedOn"]] == ["urn:example:lights"]


def test_the_judge_reads_the_archive_itself(tmp_path: Path):
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle())

    assert len(ROCrate(path).data_entities) == len(files_of(content()))


def test_every_name_in_the_graph_is_described_once():
    graph = json.loads(metadata(card(), files_of(content()), released_at=RELEASED_AT))["@graph"]
    names = [entity["@id"] for entity in graph]
    based_on = next(each for each in graph if each["@id"] == "./")["isBasedOn"]

    assert len(names) == len(set(names))
    assert {each["@id"] for each in based_on} <= set(names)


def test_a_name_with_blanks_and_umlauts_is_written_as_an_address():
    graph = json.loads(metadata(card(), files_of(content()), released_at=RELEASED_AT))["@graph"]

    assert "parts/catalogue/counts/r%C3%A4der%20und%20wege.csv" in {entity["@id"] for entity in graph}


def test_a_bare_card_is_described_as_well():
    bare = Card("https://hamm.example/m/1", "1.0.0", "hamm", {"de": "Ampel"})
    root = described(bare)["./"]

    assert (root["name"], root["description"]) == ("Ampel", "Ampel")
    assert {"license", "isBasedOn"} & set(root) == set()
