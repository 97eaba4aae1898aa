"""Gossip: two faces are found by comparing notes, and no liar can make an honest city look so."""

from tandem.exchange.domain.feeds.gossip import compared
from tandem.exchange.domain.feeds.head import Tip
from tests.exchange.federation.keys import verify
from tests.exchange.federation.publishing import NOW, Publisher, trusting


def grown(city: str, version: str) -> Publisher:
    publisher = Publisher(city)
    for number in range(5):
        publisher.say(number, content={"version": version if number > 2 else ""})
    return publisher


HERE, THERE = grown("janus", "shown here"), grown("janus", "shown there")
LIAR = Publisher("liar")
TRUST = trusting(HERE, LIAR)


def notes(*tips: Tip) -> tuple[tuple[Tip, ...], list[tuple[str, str]]]:
    def hash_at(city: str, sequence: int) -> str | None:
        return HERE.hash_at(sequence) if city == "janus" else None

    found = compared("hamm", tips, hash_at=hash_at, trust=TRUST, verify=verify)
    return found.two_faced, [(each.code, each.path) for each in found.findings]


def tip(publisher: Publisher, sequence: int) -> Tip:
    """Return what the city signed when its feed had so many events."""
    hash_then = publisher.hash_at(sequence) or ""
    bare = Tip(publisher.city, sequence, hash_then)
    return Tip(publisher.city, sequence, hash_then, publisher.pen.sign(bare.statement))


def test_who_saw_the_same_has_nothing_to_tell():
    assert notes(*(tip(HERE, number) for number in range(1, 6)), tip(THERE, 3)) == ((), [])


def test_two_histories_signed_by_one_city_are_found():
    other = tip(THERE, 4)

    assert notes(tip(HERE, 5), other) == ((other,), [("exchange.feed.two-faced", "janus#4")])


def test_what_the_city_never_signed_is_the_tellers_lie():
    forged = Tip("janus", 4, "f" * 64, LIAR.pen.sign(Tip("janus", 4, "f" * 64).statement))
    borrowed = Tip("janus", 4, "f" * 64, tip(HERE, 4).signature)

    assert notes(forged, borrowed, Tip("janus", 4, "f" * 64, "…")) == (
        (),
        [("exchange.feed.false-tip", "janus#4")] * 3,
    )


def test_what_is_not_known_here_yet_is_left_until_it_is():
    assert notes(Tip("janus", 6, "f" * 64, ""), Tip("pirna", 1, "f" * 64, "")) == ((), [])


def test_a_revoked_key_still_proves_what_it_has_signed():
    trust = TRUST.revoked("janus", HERE.pen.fingerprint, now=NOW)
    found = compared(
        "hamm",
        [tip(THERE, 4)],
        hash_at=lambda _city, number: HERE.hash_at(number),
        trust=trust,
        verify=verify,
    )

    assert found.two_faced == (tip(THERE, 4),)
