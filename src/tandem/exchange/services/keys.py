"""The key with which this city signs: made once, kept in the installation's folder of keys."""

from contextlib import suppress
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tandem.exchange.adapters import signing
from tandem.exchange.domain.trust import Key, Standing
from tandem.kit import installation

FILE = "exchange.pem"


def own_key() -> Ed25519PrivateKey:
    """Return the city's key, made the first time; only the owner of the installation may read its file.

    Raises:
        BadKeyFile: The file holds something else.
    """
    path = installation.folder("keys") / FILE
    if not path.exists():
        with suppress(signing.KeyFileExists):  # another process was faster
            return signing.new_key(path)
    return signing.read_key(path)


def fingerprint() -> str:
    """Return what the city's key is known by, 64 hexadecimal digits."""
    return signing.fingerprint_of(own_key().public_key())


def public_pem() -> str:
    """Return the city's public key as a text to hand out."""
    return signing.public_pem(own_key().public_key())


def sign(payload: bytes) -> str:
    """Return this city's signature of some bytes."""
    return signing.sign(payload, own_key(), city=installation.city().id)


def own_standing() -> list[Key]:
    """Return the city's key as one of the trust list: a bundle of ours is as good as a partner's."""
    path = installation.folder("keys") / FILE
    pinned = fingerprint()
    since = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return [Key(installation.city().id, pinned, Standing.PINNED, since)]
