"""Receipts: read as they were written, and nothing about people in them."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.core.findings import Severity
from tandem.core.references import Reference
from tandem.exchange.domain.adoption import AdoptedPart, Adoption, PartState, SignOff, Simulation, State
from tandem.exchange.domain.comparison import Measured
from tandem.exchange.domain.feeds.canonical import canonical
from tandem.exchange.domain.receipt import MOST_BYTES, as_json, fitted, read_receipt, receipt_of

NOW = datetime(2026, 9, 1, 12, 30, tzinfo=ZoneInfo("Europe/Rome"))
ADOPTION = Adoption(
    id="5f0c",
    measure="https://hamm.example/measures/trees",
    version="1.1.0",
    begun_by="person-17",
    begun_at=NOW,
    state=State.LIVE,
    inputs={"mail": "anna.bianchi@arezzo.example"},
    parts=(
        AdoptedPart(
            key="catalogue/trees",
            reference=Reference("urn:secret-uri", "dataset", {"it": "Bozza segreta"}, "/secret-path"),
            base={"title": "secret field"},
            files_sha256="secret-hash",
            made_by="person-17",
            state=PartState.LIVE,
            simulation=Simulation(Reference("urn:secret-result", "evaluation"), "secret-hash"),
            sign_off=SignOff("person-18", NOW, "secret-hash", "secret note"),
        ),
    ),
    left_out=("signal/secret-part",),
    reason="secret reason",
)
VALUES = {"wait": [Measured(date(2026, 8, 2), 30.5), Measured(date(2026, 8, 1), 31.0)]}
RECEIPT = receipt_of(ADOPTION, city="arezzo", indicators=VALUES, now=NOW)
WRITTEN = {
    "format": "tandem-adoption-receipt/1",
    "measure": "https://hamm.example/measures/trees",
    "version": "1.1.0",
    "city": "arezzo",
    "adoption": "5f0c",
    "state": "live",
    "parts": [{"part": "catalogue/trees", "state": "live"}],
    "indicators": {"wait": [{"on": "2026-08-01", "value": 31.0}, {"on": "2026-08-02", "value": 30.5}]},
    "told_at": "2026-09-01T10:30:00+00:00",
}


def test_a_receipt_says_this_and_no_more():
    assert as_json(RECEIPT) == WRITTEN


def test_nothing_about_people_and_no_draft_gets_into_it():
    written = json.dumps(as_json(RECEIPT))

    assert [word for word in ("secret", "person", "bianchi", "Bozza") if word in written] == []


@given(
    st.sampled_from(State),
    st.dictionaries(st.from_regex(r"[a-z]{1,4}/[a-z0-9]{1,4}", fullmatch=True), st.sampled_from(PartState)),
    st.dictionaries(
        st.text(),
        st.lists(st.builds(Measured, st.dates(), st.floats(allow_nan=False, allow_infinity=False))),
    ),
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.timezones()),
)
def test_reading_gives_the_receipt_back(state, parts, values, now):
    ordered = {key: tuple(sorted(listed)) for key, listed in values.items()}
    receipt = replace(RECEIPT, state=state, parts=parts, indicators=ordered, told_at=now.astimezone(UTC))

    assert read_receipt(json.loads(json.dumps(as_json(receipt)))) == (receipt, [])


@pytest.mark.parametrize(
    ("changed", "paths"),
    [
        ({"format": "tandem-adoption-receipt/2"}, ["#/format"]),
        ({"measure": "trees"}, ["#/measure"]),
        ({"version": "1"}, ["#/version"]),
        ({"city": "Città di Arezzo"}, ["#/city"]),
        ({"adoption": ""}, ["#/adoption"]),
        ({"state": "half-live"}, ["#/state"]),
        ({"parts": [{"part": "../x", "state": "live"}]}, ["#/parts/0/part"]),
        ({"parts": [{"part": "a/b", "state": "signed"}]}, ["#/parts/0/state"]),
        ({"parts": WRITTEN["parts"] * 2}, ["#/parts"]),
        ({"indicators": {"wait": [{"on": "2026-02-30", "value": 1}]}}, ["#/indicators/wait/0/on"]),
        (
            {"indicators": {"wait": [{"on": "2026-02-28", "value": float("nan")}]}},
            ["#/indicators/wait/0/value"],
        ),
        ({"told_at": "2026-09-01T10:30:00"}, ["#/told_at"]),
        ({"told_at": "yesterday"}, ["#/told_at"]),
        ({"told_at": "0001-01-01T00:00:00+10:00"}, ["#/told_at"]),
        ({"version": None, "state": None}, ["#/version", "#/state"]),
    ],
)
def test_what_is_wrong_is_told_place_by_place(changed, paths):
    receipt, findings = read_receipt({**WRITTEN, **changed})

    assert receipt is None
    assert {each.path.removeprefix("receipt.json") for each in findings} == set(paths)
    assert {each.severity for each in findings} == {Severity.ERROR}


def test_what_is_missing_is_told():
    assert [each.path for each in read_receipt({})[1]] == [f"receipt.json#/{name}" for name in WRITTEN]
    assert read_receipt([])[0] is None


def test_what_a_receipt_has_no_place_for_is_not_kept():
    receipt, findings = read_receipt({**WRITTEN, "signed_by": "Anna Bianchi"})

    assert receipt == RECEIPT
    assert [(each.code, each.path) for each in findings] == [
        ("exchange.receipt.not-kept", "receipt.json#/signed_by")
    ]


def test_a_receipt_with_too_many_values_tells_the_newest():
    first = date(2020, 1, 1)
    many = {
        "wait": [Measured(first + timedelta(days=day), day / 4) for day in range(2_000)],
        "rare": VALUES["wait"],
    }
    told = fitted(replace(RECEIPT, indicators=many))

    assert len(canonical(as_json(told))) <= MOST_BYTES
    assert told.indicators["wait"] == tuple(many["wait"][-500:])
    assert told.indicators["rare"] == tuple(many["rare"])
    assert fitted(RECEIPT) == RECEIPT
