"""Admission: a city speaks of its own things, its receipts are for others, and persons stay out."""

from dataclasses import replace

import pytest

from tandem.core.findings import Severity
from tandem.exchange.domain.feeds.admission import objections, personal_data
from tandem.exchange.domain.feeds.event import Action, Event
from tests.exchange.federation.keys import Pen, verify
from tests.exchange.federation.publishing import Publisher, trusting

HAMM, AREZZO = Publisher("hamm"), Publisher("arezzo")
TRUST = trusting(HAMM, AREZZO)
MEASURE, FOREIGN = HAMM.iri("m/1"), "https://pirna.example/m/1"


def codes(event: Event, city: str = "arezzo") -> list[str]:
    return [each.code for each in objections(event, city=city, trust=TRUST, verify=verify)]


def test_a_city_may_speak_of_its_own_things():
    assert codes(AREZZO.say("m/1")) == []


def test_a_city_may_not_speak_of_anothers_things():
    for action in Action:
        assert codes(AREZZO.say("", action, iri=MEASURE)) == ["exchange.feed.spoke-for-another"]


def test_a_city_may_not_speak_in_anothers_name():
    assert codes(HAMM.say("m/1"), "arezzo") == ["exchange.feed.spoke-for-another"]
    assert codes(HAMM.say("", iri=AREZZO.iri("m/1")), "arezzo") == ["exchange.feed.spoke-for-another"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"measure": MEASURE, "to": "hamm"}, []),
        ({"measure": FOREIGN, "to": "pirna"}, []),
        ({"measure": FOREIGN, "to": "hamm"}, ["exchange.feed.wrong-receipt"]),
        ({"measure": MEASURE, "to": "pirna"}, ["exchange.feed.wrong-receipt"]),
        ({"measure": AREZZO.iri("m/1"), "to": "arezzo"}, ["exchange.feed.wrong-receipt"]),
        ({"measure": MEASURE}, ["exchange.feed.wrong-receipt"]),
        ({"measure": 1, "to": "hamm"}, ["exchange.feed.wrong-receipt"]),
    ],
)
def test_a_receipt_names_a_measure_of_the_city_that_it_is_for(content: dict, expected: list[str]):
    assert codes(AREZZO.say("r/1", kind="receipt", content=content)) == expected


def test_a_receipt_can_be_withdrawn():
    assert codes(AREZZO.say("r/1", Action.DELETE, kind="receipt")) == []


def test_a_change_of_key_must_be_signed_by_both_and_stand_where_it_says():
    publisher = Publisher("arezzo", Pen("first"))
    event = publisher.change_key(Pen("second"))
    again = publisher.say("k", kind="key-change", content=dict(event.content))

    forged = replace(event, content={**event.content, "by_new": Pen("thief").sign(b"")})

    assert codes(event) == []
    assert codes(forged) == ["exchange.feed.wrong-key-change"]
    assert codes(again) == codes(publisher.say("k", kind="key-change")) == ["exchange.feed.wrong-key-change"]


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"title": "Ampel", "published": "2026-06-01T09:30:00Z", "cost": 80_000}, []),
        ({"contact": {"role": "traffic engineer", "page": "https://hamm.example/contact"}}, []),
        ({"hash": "00491234567890abcdef", "versions": ["1.0.0", "+12"]}, []),
        ({"contact": "Write to anna.muster@hamm.example!"}, ["content/contact"]),
        ({"notes": ["", {"text": "Call +49 (2381) 17-0000, please"}]}, ["content/notes/1/text"]),
        ({"phone": "17"}, ["content/phone"]),
        ({"Family-Name": {"a": 1}}, ["content/Family-Name"]),
        ({"email": ""}, []),
    ],
)
def test_what_looks_like_personal_data_is_told(content: dict, where: list[str]):
    found = personal_data(HAMM.say("m/1", content=content))
    place = f"hamm#{HAMM.feed.sequence}/"

    assert [(each.severity, each.path) for each in found] == [
        (Severity.WARNING, f"{place}{path}") for path in where
    ]


@pytest.mark.parametrize(
    "text", ["a" * 30_000 + "@", "a@" * 15_000, "+49(((((" * 4_000, "0" * 30_000, "a.-" * 10_000]
)
def test_a_spiteful_text_does_not_take_long(text: str):
    """Quadratic patterns would take minutes."""
    assert personal_data(HAMM.say("m/1", content={"text": text})) == []
