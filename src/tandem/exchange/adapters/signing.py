"""Keys of cities, and signatures that travel beside what they sign.

A signature is a detached JWS in compact form (RFC 7515, appendix F) by Ed25519 (RFC 8037; its name ``Ed25519`` is that
of RFC 9864). Its header carries the public key and the city's id. So anybody can see who says to have signed; whether
that key is the city's is for the trust list to say, and nothing here.
"""

import hashlib
import json
import os
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from tandem.core.errors import Conflict, InvalidInput
from tandem.core.text import say

ALGORITHM = "Ed25519"
_LONGEST = 4_000
_HEADER = {"alg", "city", "jwk", "kid"}
_REGISTRY = jws.JWSRegistry(algorithms=[ALGORITHM], strict_check_header=False)


class BadKeyFile(InvalidInput):
    """A file holds no key of the kind that cities sign with."""

    code = "exchange.bad-key-file"

    def __init__(self, path: Path) -> None:
        super().__init__(say("{path} holds no Ed25519 key in PEM form.", path=path))


class BadPublicKey(InvalidInput):
    """A text is no public key of the kind that cities sign with."""

    code = "exchange.bad-public-key"

    def __init__(self) -> None:
        super().__init__(
            say("This is no public Ed25519 key in PEM form. Copy it once more, from its first dash.")
        )


class KeyFileExists(Conflict):
    """A key would overwrite another."""

    code = "exchange.key-file-exists"

    def __init__(self, path: Path) -> None:
        super().__init__(
            say("{path} is there already, and a key is never overwritten. Name another file.", path=path)
        )


class BadFingerprint(InvalidInput):
    """A text is no fingerprint."""

    code = "exchange.bad-fingerprint"


class BadSignature(InvalidInput):
    """A signature does not hold."""

    code = "exchange.bad-signature"


class WrongKid(InvalidInput):
    """A signature names another key than the one it carries."""

    code = "exchange.wrong-kid"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who says to have signed.

    Attributes:
        fingerprint: SHA-256 of the raw public key, in hexadecimal.
    """

    city: str
    fingerprint: str


# --- keys -----------------------------------------------------------------------------------------
def fingerprint_of(key: Ed25519PublicKey) -> str:
    """Return what a key is known by: the SHA-256 of its 32 bytes, in hexadecimal."""
    return hashlib.sha256(_raw(key)).hexdigest()


def grouped(fingerprint: str) -> str:
    """Return a fingerprint in groups, for two people to compare aloud.

    >>> grouped("0123456789abcdef" * 4)[:24]
    '0123 4567 89ab cdef 0123'
    """
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))


def read_fingerprint(text: str) -> str:
    """Return a fingerprint as it is stored, whatever its groups and letters.

    Raises:
        BadFingerprint: It is none.
    """
    plain = re.sub(r"[\s:-]", "", text).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", plain):
        raise BadFingerprint(
            say("“{text}” is no fingerprint, which has 64 digits and letters a to f.", text=text)
        )
    return plain


def new_key(path: Path) -> Ed25519PrivateKey:
    """Make a key and keep it in a new file that only its owner may read.

    Raises:
        KeyFileExists: There is such a file.
    """
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError as error:
        raise KeyFileExists(path) from error
    finally:
        draft.unlink(missing_ok=True)
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    """Return the private key in a file.

    Raises:
        BadKeyFile: There is none in it.
    """
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadKeyFile(path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKeyFile(path)
    return key


def read_public_key(path: Path) -> Ed25519PublicKey:
    """Return the public key in a file, which may hold the private one.

    Raises:
        BadKeyFile: There is none in it.
    """
    pem = path.read_bytes()
    if b"PRIVATE KEY" in pem:
        return read_key(path).public_key()
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadKeyFile(path) from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadKeyFile(path)
    return key


def public_key_of(text: str) -> Ed25519PublicKey:
    """Return the public key that a text in PEM form holds.

    Raises:
        BadPublicKey: It holds none, or a private one.
    """
    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadPublicKey from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadPublicKey
    return key


def public_pem(key: Ed25519PublicKey) -> str:
    """Return a public key as a text to hand out."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


# --- signatures -----------------------------------------------------------------------------------
def sign(payload: bytes, key: Ed25519PrivateKey, *, city: str) -> str:
    """Return a signature of bytes: the same for the same bytes, key and city."""
    raw = _raw(key.public_key())
    header = {
        "alg": ALGORITHM,
        "city": city,
        "jwk": {"crv": "Ed25519", "kty": "OKP", "x": _encoded(raw)},
        "kid": fingerprint_of(key.public_key()),
    }
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signed = jws.serialize_compact(header, payload, OKPKey.import_key(pem), registry=_REGISTRY)
    return jws.detach_content(signed)


def read_signature(payload: bytes, signature: str) -> Signer:
    """Return who says to have signed bytes, with a key that indeed has.

    Raises:
        BadSignature: It is of another form, or does not belong to these bytes.
        WrongKid: It names another key than the one it carries.
    """
    try:
        header = _header(signature)
        raw = _decoded(header["jwk"]["x"])
        jws.deserialize_compact(
            signature, OKPKey.import_key(header["jwk"]), registry=_REGISTRY, payload=payload
        )
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadSignature(
            say("It does not belong to these bytes, or is not of the form that signatures have.")
        ) from error
    if hashlib.sha256(raw).hexdigest() != header["kid"]:
        raise WrongKid(say("It names another key than the one that it was made with."))
    return Signer(header["city"], header["kid"])


def verify(payload: bytes, signature: str) -> Signer | None:
    """Return who says to have signed bytes; None where the signature does not hold."""
    try:
        return read_signature(payload, signature)
    except (BadSignature, WrongKid):
        return None


def _header(signature: str) -> Mapping[str, Any]:
    """Return the header of a signature, which has our members and no others.

    Raises:
        ValueError: It has not.
    """
    if len(signature) > _LONGEST:
        raise ValueError(signature[:80])
    head, body, _tail = signature.split(".")
    header = json.loads(_decoded(head))
    if body or set(header) != _HEADER or not isinstance(header["city"], str):
        raise ValueError(head)
    if header["jwk"] != {"crv": "Ed25519", "kty": "OKP", "x": header["jwk"]["x"]}:
        raise ValueError(head)
    return cast(Mapping[str, Any], header)


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
