"""Receipts: made once, the same to the byte, and nothing in them can be changed unseen."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.check_digits import mod_97
from tandem.participation.domain.receipt import (
    BadReceipt,
    is_receipt_number,
    make_receipt,
    read_receipt,
    receipt_number,
    text_hash,
    verify,
)

AT = datetime(2026, 6, 1, 9, 30, 0, 5, tzinfo=ZoneInfo("Europe/Berlin"))
FILES = [("Gutachten.pdf", b"%PDF"), ("foto.jpg", b"\xff\xd8")]
PLAN = "ab" * 32
TEXT = "Ich lehne „das“ ab. 🌳\r\n"
RECEIPT = make_receipt(
    number="HAM-2026-000417-61",
    received_at=AT,
    channel="web",
    about="https://hamm.example/p/7",
    plan_sha256=PLAN,
    text=TEXT,
    attachments=FILES,
)


def test_the_canonical_bytes_are_these():
    assert (
        RECEIPT.canonical
        == (
            '{"about":"https://hamm.example/p/7","attachments":[{"name":"Gutachten.pdf","sha256":"'
            + sha256(b"%PDF").hexdigest()
            + '","size_bytes":4},{"name":"foto.jpg","sha256":"'
            + sha256(b"\xff\xd8").hexdigest()
            + '","size_bytes":2}],"channel":"web","format":"tandem-receipt-1","late":false,'
            '"number":"HAM-2026-000417-61","plan_sha256":"'
            + PLAN
            + '","received_at":"2026-06-01T07:30:00.000005Z","text_sha256":"'
            + sha256(TEXT.encode()).hexdigest()
            + '"}'
        ).encode()
    )
    assert RECEIPT.sha256 == sha256(RECEIPT.canonical).hexdigest()


def test_the_same_moment_in_another_zone_is_the_same_receipt():
    assert replace(RECEIPT, received_at=AT.astimezone(UTC)).sha256 == RECEIPT.sha256


def test_reading_gives_the_receipt_back():
    read = read_receipt(RECEIPT.canonical)

    assert (read, read.sha256) == (RECEIPT, RECEIPT.sha256)


@given(st.integers(0, len(RECEIPT.canonical) - 1), st.binary(min_size=1, max_size=1))
def test_a_changed_byte_gives_another_receipt_or_none(place, byte):
    changed = RECEIPT.canonical[:place] + byte + RECEIPT.canonical[place + 1 :]
    try:
        read = read_receipt(changed)
    except BadReceipt:
        return
    assert (read.sha256 == RECEIPT.sha256) == (changed == RECEIPT.canonical)


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        RECEIPT.canonical + b"\n",
        json.dumps(json.loads(RECEIPT.canonical)).encode(),
        RECEIPT.canonical.replace(b'"format":"tandem-receipt-1"', b'"format":"tandem-receipt-2"'),
        RECEIPT.canonical.replace(b"00.000005Z", b"00.000005"),
        RECEIPT.canonical.replace(b'"late"', b'"later":1,"late"'),
    ],
)
def test_what_is_no_receipt_is_refused(stored):
    with pytest.raises(BadReceipt):
        read_receipt(stored)


def found(**changed):
    parts = {"text": TEXT, "attachments": FILES, "plan_sha256": PLAN} | changed
    return [(finding.code, finding.path) for finding in verify(RECEIPT, **parts)]


def test_verification_says_what_differs():
    assert found() == []
    assert found(attachments=FILES[::-1], plan_sha256=None) == []
    assert found(text=TEXT.strip()) == [("participation.receipt.text-differs", "text")]
    assert found(text="\ud800") == [("participation.receipt.text-differs", "text")]
    assert found(plan_sha256="cd" * 32) == [("participation.receipt.plan-differs", "plan")]
    assert found(attachments=[("Gutachten.pdf", b"%PDF"), ("foto.jpg", b"\xff\xd9"), ("x", b"")]) == [
        ("participation.receipt.attachment-differs", "foto.jpg"),
        ("participation.receipt.extra-attachment-differs", "foto.jpg"),
        ("participation.receipt.extra-attachment-differs", "x"),
    ]


def test_a_file_sent_twice_is_asked_for_twice():
    twice = make_receipt(
        number="A",
        received_at=AT,
        channel="web",
        about="x",
        plan_sha256=PLAN,
        text="",
        attachments=FILES[:1] * 2,
    )

    assert [each.path for each in verify(twice, text="", attachments=FILES[:1])] == ["Gutachten.pdf"]


def test_a_receipt_needs_a_zone_and_whole_characters():
    with pytest.raises(BadReceipt, match="time zone"):
        replace(RECEIPT, received_at=datetime(2026, 6, 1))
    with pytest.raises(BadReceipt, match="write it again"):
        text_hash("half \ud800")


def test_a_slip_in_a_number_is_noticed():
    number = receipt_number("HAM", 2026, 417)
    slips = [
        number[:place] + digit + number[place + 1 :]
        for place, there in enumerate(number)
        if there.isdigit()
        for digit in "0123456789"
        if digit != there
    ]
    swaps = [
        number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        for place in range(len(number) - 1)
        if number[place] != number[place + 1]
    ]

    assert is_receipt_number(number)
    assert len(slips) == 108
    assert [each for each in slips + swaps if is_receipt_number(each)] == []


@given(st.integers(1, 10**9), st.sampled_from(["HAM", "ARZ", "B12"]), st.integers(2024, 2099))
def test_numbers_are_made_right(sequence, prefix, year):
    assert mod_97(receipt_number(prefix, year, sequence)) == 1
    assert is_receipt_number(receipt_number(prefix, year, sequence))
