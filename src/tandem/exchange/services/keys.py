"""The key with which this city signs: made once, kept in the installation's folder of keys."""

import shutil
from contextlib import suppress
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tandem.exchange.adapters import signing
from tandem.exchange.domain.feeds.event import Kind
from tandem.exchange.domain.trust import Key, Standing
from tandem.exchange.models import OwnEvent
from tandem.kit import installation

FILE, NEXT = "exchange.pem", "exchange.next.pem"


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
    """Return the city's keys as those of the trust list: the one that signs, and those that handed over to it."""
    city, path = installation.city().id, installation.folder("keys") / FILE
    pinned = fingerprint()
    since = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    former = [
        Key(city, row.content["old"], Standing.RETIRED, row.at, row.content["new"])
        for row in OwnEvent.objects.filter(kind=Kind.KEY_CHANGE).order_by("id")
        if row.content["old"] != pinned
    ]
    return [*former, Key(city, pinned, Standing.PINNED, since)]


# --- change -------------------------------------------------------------------------------------
def next_key() -> Ed25519PrivateKey:
    """Return the key that is to sign from now on, made and kept beside the one that signs until now."""
    path = installation.folder("keys") / NEXT
    path.unlink(missing_ok=True)  # of a change that was broken off before anybody was told
    return signing.new_key(path)


def hand_over() -> None:
    """Put the next key in place, if the feed says that the present one hands over to it; keep the former one aside.

    Does nothing otherwise. Killed at any moment, it goes on the next time.
    """
    folder = installation.folder("keys")
    if not (folder / NEXT).exists():
        return
    coming = signing.fingerprint_of(signing.read_public_key(folder / NEXT))
    if any(row.content["new"] == coming for row in OwnEvent.objects.filter(kind=Kind.KEY_CHANGE)):
        if (folder / FILE).exists():
            shutil.copy2(folder / FILE, folder / f"exchange.{fingerprint()[:16]}.pem")
        (folder / NEXT).replace(folder / FILE)
