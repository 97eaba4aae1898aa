"""Contents as files and back, and texts with who wrote them."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tandem.core.parts import Part
from tandem.exchange.domain.content import check_content, files_of, read_content
from tandem.exchange.domain.wording import differing, marked
from tests.exchange.sample_bundle import content

FILES = files_of(content())


def codes(**changes: bytes | None) -> list[tuple[str, str]]:
    """Return what is wrong once some files are others; None for one that is gone."""
    files = {name: each for name, each in {**FILES, **changes}.items() if each is not None}
    read, findings = read_content(files)
    assert read is None or all(each.severity != "error" for each in findings)
    return [(each.code.removeprefix("exchange."), each.path) for each in findings]


def changed(name: str, **values: Any) -> bytes:
    return json.dumps({**json.loads(FILES[name]), **values}).encode()


def test_a_content_comes_back_from_its_files():
    read, findings = read_content(FILES)

    assert findings == []
    assert read is not None
    assert (read.card, list(read.parts), list(read.inputs)) == (
        content().card,
        content().parts,
        content().inputs,
    )
    assert (read.evidence, read.trials) == (content().evidence, content().trials)
    assert files_of(read) == FILES


def test_files_do_not_depend_on_the_order_of_anything():
    turned = replace(
        content(),
        card=replace(content().card, title=dict(reversed(content().card.title.items()))),
        parts=content().parts[::-1],
        evidence=dict(reversed(content().evidence.items())),
    )

    assert files_of(turned) == FILES


def test_every_text_is_there_by_key_with_who_wrote_it():
    english, german = (json.loads(FILES[f"i18n/{language}.json"]) for language in ("en", "de"))

    assert english["measure/title"] == {"text": "Intelligent junction", "origin": "machine", "provider": "PO"}
    assert english["measure/replicability/data/why"] == {"text": "Like this.", "origin": "human"}
    assert german["parts/catalogue/counts/titles"] == {"text": "Zählungen", "origin": "human"}
    assert english["inputs/start/titles"] == {"text": "First day", "origin": "human"}
    assert english["measure/lessons/0"]["text"] == "Talk to the school first."


def test_a_text_that_a_person_changed_is_no_longer_the_machines():
    machine = {"en": {"a": {"text": "Signal", "origin": "machine"}}}

    assert marked({"a": {"en": "Signal"}}, machine) == machine
    assert marked({"a": {"en": "Light"}}, machine) == {"en": {"a": {"text": "Light", "origin": "human"}}}
    assert [each.path for each in differing({"a": {"en": "Light"}}, machine)] == ["i18n/en.json#/a"]


def test_a_text_that_differs_from_its_place_is_told_and_does_not_count():
    texts = json.loads(FILES["i18n/en.json"])
    texts["measure/title"]["text"] = "Other"
    texts["measure/nothing"] = {"text": "x", "origin": "human"}

    assert codes(**{"i18n/en.json": json.dumps(texts).encode()}) == [
        ("i18n.differs", "i18n/en.json#/measure~1title"),
        ("i18n.differs", "i18n/en.json#/measure~1nothing"),
    ]


def test_inputs_of_a_folder_may_stand_with_their_parts():
    files = {name: each for name, each in FILES.items() if name != "inputs.schema.json"}
    files["inputs.json"] = b'[{"key": "start", "kind": "date", "titles": {"en": "First day"}}]'
    for kind, inputs in {
        "catalogue/counts": [{"key": "publisher", "titles": {"en": "Publisher"}, "profile": "publisher"}],
        "participation/walk": [{"key": "publisher", "titles": {"en": "Publisher"}, "profile": "publisher"}],
        "signal/junction": [
            {"key": "speed", "kind": "integer", "unit": "km/h", "default": 30, "least": 10, "most": 50}
        ],
    }.items():
        files[f"parts/{kind}/part.json"] = changed(f"parts/{kind}/part.json", inputs=inputs)
    read, findings = read_content(files)

    assert findings == []
    assert read is not None
    assert files_of(read) == FILES


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("measure.json", None, ("no-card", "measure.json")),
        ("measure.json", b"{", ("not-json", "measure.json")),
        ("measure.json", b"null", ("schema", "measure.json#")),
        ("measure.json", b'{"a": 1, "a": 2}', ("not-json", "measure.json")),
        ("measure.json", b'{"a": NaN}', ("not-json", "measure.json")),
        ("measure.json", b'{"a": 1e999}', ("not-json", "measure.json")),
        ("measure.json", b'{"a": "\\ud800"}', ("not-json", "measure.json")),
        ("measure.json", b"\xff", ("not-json", "measure.json")),
        ("measure.json", b"[" * 60 + b"]" * 60, ("not-json", "measure.json")),
        ("measure.json", b"[" * 100_000, ("not-json", "measure.json")),
        ("measure.json", b"9" * 5_000, ("not-json", "measure.json")),
        ("measure.json", b" " * 5_000_001, ("too-much-described", "")),
        ("parts/signal/junction/part.json", b" " * 5_000_000, ("too-much-described", "")),
        ("measure.json", changed("measure.json", version="1"), ("schema", "measure.json#/version")),
        ("parts/indicator/waiting/part.json", b"[]", ("schema", "parts/indicator/waiting/part.json#")),
        ("parts/indicator/waiting/part.json", b"]", ("not-json", "parts/indicator/waiting/part.json")),
        ("parts/signal/other/x.csv", b"1", ("part.undescribed", "parts/signal/other/part.json")),
        ("inputs.schema.json", b"{}", ("schema", "inputs.schema.json#/properties")),
        ("tests/signal/junction.json", b"{}", ("schema", "tests/signal/junction.json#/inputs")),
        ("tests/signal/other.json", b'{"inputs": {}, "draft": {}}', ("test.unknown-part", "tests/signal/other.json")),
        ("i18n/de.json", b'{"measure/title": {"text": ""}}', ("schema", "i18n/de.json#/measure~1title/origin")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_said_with_its_place(
    name: str, data: bytes | None, found: tuple[str, str]
):
    assert codes(**{name: data})[0] == found


def test_data_may_be_larger_than_descriptions():
    assert codes(**{"parts/signal/junction/junction.json": b" " * 6_000_000}) == []


def test_inputs_name_parts_that_are_there():
    form = json.loads(FILES["inputs.schema.json"])
    form["properties"]["speed"]["x-parts"] = ["signal/other"]

    assert codes(**{"inputs.schema.json": json.dumps(form).encode()}) == [
        ("inputs.unknown-part", "inputs.schema.json#/properties/speed")
    ]


def test_two_parts_do_not_share_a_place():
    part = Part("signal", "a", {}, files={"part.json": b""})

    assert [each.path for each in check_content(replace(content(), parts=[part, part]))] == [
        "parts/signal/a",
        "parts/signal/a/part.json",
        "parts/signal/a/part.json",
    ]
