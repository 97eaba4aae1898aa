"""What events say of measures and evidence: as much as fits, and nothing strange is read."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.card import Card, Contact, Evidence, Indicator
from tandem.exchange.domain.feeds.canonical import canonical
from tandem.exchange.domain.feeds.event import Action, Event
from tandem.exchange.domain.feeds.feed import Feed
from tandem.exchange.domain.feeds.told import (
    ContentNotUsed,
    ToldEvidence,
    ToldPart,
    ToldVersion,
    check_storable,
    evidence_content,
    read_evidence,
    read_version,
    version_content,
    version_iri,
)

AT = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
MEASURE = "https://hamm.example/id/measure/1"
CARD = Card(
    MEASURE,
    "1.0.0",
    "hamm",
    {"de": "Ampel", "en": "Light"},
    summary={"en": "It sees cyclists"},
    solution={"en": "Cameras"},
    indicators=(Indicator("wait", {"en": "Wait"}),),
)
TOLD = ToldVersion(
    MEASURE,
    "1.0.0",
    AT,
    f"{MEASURE}/1.0.0.zip",
    "a" * 64,
    1_234,
    CARD,
    {"en": "First"},
    (ToldPart("catalogue/trees", {"en": "Trees"}, ({"en": "Publisher"},)),),
    is_example=True,
)
VALUE = ToldEvidence(MEASURE, "wait", date(2026, 5, 1), 22.5, {"en": "Less"}, "https://hamm.example/report")


def event(content, iri=f"{MEASURE}/1.0.0", kind="measure") -> Event:
    return Event("hamm", 1, Action.CREATE, iri, kind, content, AT, "0" * 64)


def read(content, iri=f"{MEASURE}/1.0.0") -> ToldVersion:
    """Return what a reader reads, who has the content as JSON."""
    return read_version(event(json.loads(json.dumps(content)), iri))


def test_a_version_is_read_as_it_was_told():
    assert read(version_content(TOLD)) == TOLD


def test_a_value_and_a_report_are_read_as_they_were_told():
    report = replace(VALUE, indicator="", value=None, address="")
    for told in (VALUE, report):
        assert read_evidence(event(evidence_content(told))) == told


def test_evidence_and_mailbox_stay_at_home():
    card = replace(
        CARD,
        evidence=(Evidence("wait", date(2026, 5, 1), 1.5, "hamm"),),
        contact=Contact({"en": "Office"}, "o@x.it"),
    )
    said = version_content(replace(TOLD, card=card))["card"]

    assert ("evidence" in said, said["contact"]) == (False, {"role": {"en": "Office"}})


@given(st.integers(0, 40), st.integers(0, 4_000), st.integers(0, 3_000), st.integers(0, 60))
def test_every_version_fits_an_event_and_is_read_again(lessons, length, changes, parts):
    card = replace(
        CARD,
        solution={"de": "ä" * length, "it": "à" * length} if length else {},
        lessons=({"de": "ü" * 500},) * lessons,
    )
    told = replace(
        TOLD,
        card=card,
        changes={"de": "x" * changes} if changes else {},
        parts=[
            ToldPart(f"signal/p{number}", {"de": "Teil" * 50}, ({"de": "Frage"},) * 9)
            for number in range(parts)
        ],
    )
    content = version_content(told)
    _feed, added = Feed("hamm", 10**12).add(
        Action.CREATE, version_iri(MEASURE, "1.0.0"), "measure", content, published=AT
    )
    again = read_version(added)

    assert (again.measure, again.number, again.sha256, again.card.title) == (
        MEASURE,
        "1.0.0",
        "a" * 64,
        CARD.title,
    )
    assert len(canonical(content)) < 32_768


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"number": "2.0.0"}, "object/id"),
        ({"measure": "https://arezzo.example/id/measure/1"}, "object/id"),
        ({"bundle": "javascript:alert(1)"}, "content#/bundle"),
        ({"bundle": "urn:x:1"}, "bundle"),
        ({"sha256": "A" * 64}, "sha256"),
        ({"byte_size": -1}, "content#/byte_size"),
        ({"released_at": "yesterday"}, "released_at"),
        ({"changes": {"en": 1}}, "content#/changes/en"),
        ({"parts": [{"key": "../x", "titles": {}}]}, "content#/parts/0/key"),
        ({"card": {}}, "measure.json#/format"),
        ({"card": {**version_content(TOLD)["card"], "city": "arezzo"}}, "card"),
        ({"card": {**version_content(TOLD)["card"], "id": "https://hamm.example/other"}}, "card"),
        ({"is_example": "no"}, "content#/is_example"),
    ],
)
def test_what_is_strange_is_not_put_to_use_and_the_place_is_told(changes, where):
    with pytest.raises(ContentNotUsed) as caught:
        read({**version_content(TOLD), **changes})

    assert caught.value.sentence.values["where"] == where


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"value": 1e14}, "content#/value"),
        ({"on": "1.5.2026"}, "content#/on"),
        ({"address": "ftp://x"}, "address"),
        ({"indicator": "x" * 61}, "indicator"),
    ],
)
def test_strange_evidence_is_not_put_to_use(changes, where):
    with pytest.raises(ContentNotUsed) as caught:
        read_evidence(event({**evidence_content(VALUE), **changes}))

    assert caught.value.sentence.values["where"] == where


def test_a_text_with_the_character_zero_is_not_put_to_use():
    check_storable(event({"says": {"en": "fine"}}))
    with pytest.raises(ContentNotUsed):
        check_storable(event({"says": {"en": "a\0b"}}))


def test_a_newer_tandem_may_say_more():
    assert read({**version_content(TOLD), "colour": "green"}) == TOLD
