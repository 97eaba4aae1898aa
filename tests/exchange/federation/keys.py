"""Real Ed25519 keys for the tests; a signature carries its public key, as signatures of feeds must."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


@dataclass(frozen=True)
class Signer:
    """Whose key it is."""

    fingerprint: str


class Pen:
    """A private key, the same for the same name."""

    def __init__(self, name: str) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())

    @cached_property
    def public(self) -> bytes:
        return self._private.public_key().public_bytes_raw()

    @cached_property
    def fingerprint(self) -> str:
        return sha256(self.public).hexdigest()

    def sign(self, data: bytes) -> str:
        return ".".join(urlsafe_b64encode(part).decode() for part in (self.public, self._private.sign(data)))


def verify(data: bytes, signature: str) -> Signer | None:
    """Return who signed the bytes, or None where nobody did."""
    try:
        public, signed = (urlsafe_b64decode(part) for part in signature.split("."))
        Ed25519PublicKey.from_public_bytes(public).verify(signed, data)
    except (ValueError, InvalidSignature):
        return None
    return Signer(sha256(public).hexdigest())
