"""Trust: only keys that people have compared count, and what those hand over to."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.feeds.event import START
from tandem.exchange.domain.trust import (
    DisputedKey,
    Key,
    KeyChange,
    KeyOfAnother,
    OverlappingPrefixes,
    RevokedKey,
    Standing,
    TrustList,
    UnknownKey,
    WrongCity,
)
from tests.exchange.federation.keys import Pen, verify

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OLD, NEW, THIEF = Pen("old"), Pen("new"), Pen("thief")
TRUST = TrustList().pinned("hamm", OLD.fingerprint, now=NOW)


def handover(old: Pen, new: Pen, *, by_old: Pen | None = None, by_new: Pen | None = None) -> KeyChange:
    change = KeyChange("hamm", old.fingerprint, new.fingerprint, 5, START)
    return change.signed((by_old or old).sign, (by_new or new).sign)


def after(trust: TrustList, *changes: KeyChange) -> TrustList:
    for change in changes:
        trust = trust.after(change, verify=verify, now=NOW)
    return trust


def test_a_pinned_key_speaks_for_its_city():
    TRUST.require("hamm", OLD.fingerprint)

    assert TRUST.standing(OLD.fingerprint) is Standing.PINNED
    assert TRUST.speaks_for("hamm", OLD.fingerprint)


def test_a_key_that_was_only_seen_does_not():
    trust = TRUST.seen("hamm", NEW.fingerprint, now=NOW)
    with pytest.raises(UnknownKey) as caught:
        trust.require("hamm", NEW.fingerprint)

    assert (trust.standing(NEW.fingerprint), caught.value.fingerprint) == (Standing.SEEN, NEW.fingerprint)
    assert not trust.speaks_for("hamm", NEW.fingerprint)


def test_a_key_never_seen_does_not():
    with pytest.raises(UnknownKey, match="compare the fingerprints"):
        TRUST.require("hamm", NEW.fingerprint)

    assert TRUST.standing(NEW.fingerprint) is None


def test_a_key_of_another_city_does_not():
    with pytest.raises(WrongCity):
        TRUST.require("arezzo", OLD.fingerprint)


def test_of_the_keys_seen_only_the_newest_of_each_city_is_kept():
    trust = TRUST
    for name in range(50):
        trust = trust.seen("hamm", Pen(str(name)).fingerprint, now=NOW)
    trust = trust.seen("arezzo", NEW.fingerprint, now=NOW)

    assert set(trust.keys) == {OLD.fingerprint, Pen("49").fingerprint, NEW.fingerprint}


def test_seeing_a_key_again_does_not_change_its_standing():
    revoked = TRUST.revoked("hamm", OLD.fingerprint, now=NOW)

    assert TRUST.seen("hamm", OLD.fingerprint, now=NOW) == TRUST
    assert revoked.seen("arezzo", OLD.fingerprint, now=NOW) == revoked


def test_a_revoked_key_does_not_speak_and_cannot_be_pinned_again():
    trust = TRUST.revoked("hamm", OLD.fingerprint, now=NOW)
    with pytest.raises(RevokedKey):
        trust.require("hamm", OLD.fingerprint)
    with pytest.raises(KeyOfAnother):
        trust.pinned("hamm", OLD.fingerprint, now=NOW)


def test_a_key_of_one_city_cannot_be_pinned_for_another():
    with pytest.raises(KeyOfAnother):
        TRUST.pinned("arezzo", OLD.fingerprint, now=NOW)

    assert TRUST.pinned("hamm", OLD.fingerprint, now=NOW) == TRUST


def test_a_key_hands_over():
    trust = after(TRUST, handover(OLD, NEW))

    trust.require("hamm", NEW.fingerprint)
    assert trust.keys[OLD.fingerprint] == Key(
        "hamm", OLD.fingerprint, Standing.RETIRED, NOW, successor=NEW.fingerprint
    )
    with pytest.raises(RevokedKey):
        trust.require("hamm", OLD.fingerprint)


def test_several_changes_are_followed_and_the_same_again_changes_nothing():
    changes = handover(OLD, NEW), handover(NEW, Pen("newer"))
    trust = after(TRUST, *changes)

    assert after(trust, *changes) == trust
    assert trust.standing(Pen("newer").fingerprint) is Standing.PINNED


@pytest.mark.parametrize(
    "change",
    [
        handover(OLD, NEW, by_old=THIEF),
        handover(OLD, NEW, by_new=OLD),
        handover(THIEF, NEW),
        KeyChange("hamm", OLD.fingerprint, NEW.fingerprint, 5, START),
        KeyChange("arezzo", OLD.fingerprint, NEW.fingerprint, 5, START).signed(OLD.sign, NEW.sign),
    ],
)
def test_a_change_that_not_both_keys_have_signed_changes_nothing(change: KeyChange):
    assert after(TRUST, change) == TRUST


def test_a_signature_does_not_count_for_another_place_in_the_feed():
    change = handover(OLD, NEW)
    moved = KeyChange("hamm", change.old, change.new, 6, START, change.by_old, change.by_new)

    assert not moved.is_genuine(verify)
    assert after(TRUST, moved) == TRUST


def test_a_stolen_key_that_was_revoked_cannot_hand_over():
    with pytest.raises(RevokedKey):
        after(TRUST.revoked("hamm", OLD.fingerprint, now=NOW), handover(OLD, THIEF))


def test_a_key_seen_only_cannot_hand_over():
    trust = TrustList().seen("hamm", THIEF.fingerprint, now=NOW)

    assert after(trust, handover(THIEF, NEW)) == trust


def test_a_key_does_not_hand_over_twice():
    with pytest.raises(DisputedKey, match=THIEF.fingerprint):
        after(TRUST, handover(OLD, NEW), handover(OLD, THIEF))


def test_nobody_can_stop_a_city_by_an_unsigned_second_change():
    trust = after(TRUST, handover(OLD, NEW))

    assert after(trust, handover(OLD, THIEF, by_old=THIEF)) == trust


@given(st.lists(st.sampled_from(["pin", "see", "revoke", "change"]), max_size=8))
def test_once_revoked_never_trusted_again(steps: list[str]):
    trust = TRUST.revoked("hamm", OLD.fingerprint, now=NOW)
    for step in steps:
        try:
            if step == "pin":
                trust = trust.pinned("hamm", OLD.fingerprint, now=NOW)
            elif step == "see":
                trust = trust.seen("hamm", OLD.fingerprint, now=NOW)
            elif step == "revoke":
                trust = trust.revoked("hamm", OLD.fingerprint, now=NOW)
            else:
                trust = after(trust, handover(NEW, OLD), handover(OLD, THIEF))
        except (KeyOfAnother, RevokedKey):
            continue
    assert trust == TRUST.revoked("hamm", OLD.fingerprint, now=NOW)


@pytest.mark.parametrize(
    "prefixes",
    [
        {"hamm": ("https://hamm.example",)},
        {"hamm": ("https://x.example/",), "arezzo": ("https://x.example/",)},
        {"hamm": ("https://x.example/",), "arezzo": ("https://x.example/arezzo/",)},
    ],
)
def test_no_thing_belongs_to_two_cities(prefixes: dict[str, tuple[str, ...]]):
    with pytest.raises(OverlappingPrefixes):
        TrustList(prefixes=prefixes)


def test_a_city_owns_what_begins_with_one_of_its_prefixes():
    trust = TrustList(prefixes={"hamm": ("https://a.example/", "https://b.example/hamm/"), "arezzo": ()})

    assert trust.owns("hamm", "https://b.example/hamm/1")
    assert not trust.owns("hamm", "https://a.example.evil/1")
    assert not trust.owns("arezzo", "https://a.example/1")
    assert not trust.owns("nobody", "https://a.example/1")
