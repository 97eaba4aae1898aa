"""Fingerprints of keys on pages: in groups, as people read them out."""

from tandem.exchange.adapters.signing import grouped
from tandem.exchange.domain.trust import Standing
from tandem.exchange.forms.trust import TYPED
from tandem.exchange.models import PartnerKey

HIDDEN = "••••"


def groups_of(key: PartnerKey) -> list[str]:
    """Return a partner's key; the end of one that nobody has compared yet is for the partner to read out."""
    return begin_of(key.fingerprint) if key.state == Standing.SEEN else grouped(key.fingerprint).split()


def begin_of(fingerprint: str) -> list[str]:
    """Return a fingerprint without the groups that somebody types who hears them.

    >>> begin_of("0123456789abcdef" * 4)[-4:]
    ['cdef', '••••', '••••', '••••']
    """
    groups = grouped(fingerprint).split()
    return [*groups[: -TYPED // 4], *[HIDDEN] * (TYPED // 4)]
