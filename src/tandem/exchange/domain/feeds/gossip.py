"""Comparing notes: each head passes on how far its city saw others go.

So nobody can show different feeds to different cities for long.
What is passed on carries the signature of the city that it is about. Agreement is not checked further; a contradiction
counts only with that signature, so that a liar can stop nobody's feed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say
from tandem.exchange.domain.feeds.head import Tip
from tandem.exchange.domain.trust import TrustList, Verify

TWO_FACED = "exchange.feed.two-faced"
FALSE_TIP = "exchange.feed.false-tip"

HashAt = Callable[[str, int], str | None]
"""Returns the hash of a city's event of that sequence, as it is known here; None where it is not."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing notes.

    Attributes:
        two_faced: Tips that their cities signed and that contradict what those cities signed here; the proof.
        findings: These, and what was passed on without a true signature.
    """

    two_faced: tuple[Tip, ...]
    findings: tuple[Finding, ...]


def compared(
    teller: str, tips: Iterable[Tip], *, hash_at: HashAt, trust: TrustList, verify: Verify
) -> Compared:
    """Compare what a city passes on with what is known here; its own feed included.

    Args:
        teller: The city whose head had the tips in it.
    """
    other = [tip for tip in tips if hash_at(tip.city, tip.sequence) not in (tip.hash, None)]
    genuine = [tip for tip in other if _is_genuine(tip, trust, verify)]
    return Compared(
        tuple(genuine),
        tuple(_two_faced(teller, tip) if tip in genuine else _false(teller, tip) for tip in other),
    )


def _is_genuine(tip: Tip, trust: TrustList, verify: Verify) -> bool:
    signer = verify(tip.statement, tip.signature)
    return signer is not None and trust.speaks_for(tip.city, signer.fingerprint)


def _two_faced(teller: str, tip: Tip) -> Finding:
    sentence = say(
        "{city} has signed one history for {teller} and another one for us, at event {sequence}. Its feed is stopped: "
        "call both cities. Its key may be stolen.",
        city=tip.city,
        teller=teller,
        sequence=tip.sequence,
    )
    return _finding(TWO_FACED, tip, sentence)


def _false(teller: str, tip: Tip) -> Finding:
    sentence = say(
        "{teller} passes on that {city} signed a certain event {sequence}, which {city} never did.",
        teller=teller,
        city=tip.city,
        sequence=tip.sequence,
    )
    return _finding(FALSE_TIP, tip, sentence)


def _finding(code: str, tip: Tip, sentence: Sentence) -> Finding:
    return Finding(Severity.ERROR, code, f"{tip.city}#{tip.sequence}", sentence)
