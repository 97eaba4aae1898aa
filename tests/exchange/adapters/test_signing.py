"""Keys and detached signatures."""

import base64
import hashlib
import json
import stat
import string
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.adapters.signing import (
    BadFingerprint,
    BadKeyFile,
    BadPublicKey,
    BadSignature,
    KeyFileExists,
    Signer,
    WrongKid,
    fingerprint_of,
    grouped,
    new_key,
    public_key_of,
    public_pem,
    read_fingerprint,
    read_key,
    read_public_key,
    read_signature,
    sign,
    verify,
)
from tests.exchange.sample_bundle import HAMM, HAMM_KEY, OTHER, OTHER_KEY

PAYLOAD = b"some bytes\n"
SIGNATURE = sign(PAYLOAD, HAMM_KEY, city="hamm")


def segment(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def header() -> dict[str, Any]:
    head = SIGNATURE.split(".")[0]
    values: dict[str, Any] = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    return values


def signed(values: dict[str, Any], key: Ed25519PrivateKey = HAMM_KEY) -> str:
    """Return a signature with any header, made by hand as RFC 7515 says."""
    head = segment(json.dumps(values).encode())
    return f"{head}..{segment(key.sign(f'{head}.{segment(PAYLOAD)}'.encode()))}"


# --- signatures -----------------------------------------------------------------------------------
def test_a_signature_says_who_made_it():
    assert read_signature(PAYLOAD, SIGNATURE) == Signer("hamm", HAMM)
    assert sign(PAYLOAD, HAMM_KEY, city="hamm") == SIGNATURE


def test_a_signature_is_what_the_standards_say():
    head, body, tail = SIGNATURE.split(".")
    raw = HAMM_KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    assert body == ""
    assert header() == {
        "alg": "Ed25519",
        "city": "hamm",
        "kid": hashlib.sha256(raw).hexdigest(),
        "jwk": {"kty": "OKP", "crv": "Ed25519", "x": segment(raw)},
    }
    HAMM_KEY.public_key().verify(base64.urlsafe_b64decode(tail + "=="), f"{head}.{segment(PAYLOAD)}".encode())


@given(st.data())
def test_any_changed_character_or_byte_breaks_a_signature(data: st.DataObject):
    at = data.draw(st.integers(0, len(SIGNATURE) - 1))
    other = data.draw(
        st.characters(min_codepoint=32, max_codepoint=255).filter(lambda each: each != SIGNATURE[at])
    )

    assert verify(PAYLOAD, SIGNATURE[:at] + other + SIGNATURE[at + 1 :]) is None
    assert verify(PAYLOAD + b"x", SIGNATURE) is None


def test_a_signature_is_spelled_in_one_way_only():
    letters = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    spelled_otherwise = SIGNATURE[:-1] + letters[letters.index(SIGNATURE[-1]) + 1]

    one, other = (
        base64.urlsafe_b64decode(each.split(".")[2] + "==") for each in (SIGNATURE, spelled_otherwise)
    )

    assert one == other
    assert verify(PAYLOAD, spelled_otherwise) is None


@given(st.text(max_size=60))
def test_what_is_no_signature_is_none(noise: str):
    assert verify(PAYLOAD, noise) is None


def test_a_signature_that_names_another_key_is_refused():
    with pytest.raises(WrongKid):
        read_signature(PAYLOAD, signed({**header(), "kid": OTHER}))


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"},
        {"alg": "EdDSA"},
        {"alg": "HS256"},
        {"crit": ["b64"], "b64": False},
        {"jku": "https://evil.example/keys"},
        {"city": 7},
        {"jwk": {"kty": "OKP", "crv": "X25519", "x": header()["jwk"]["x"]}},
        {"jwk": {**header()["jwk"], "d": header()["jwk"]["x"]}},
        {"jwk": {**header()["jwk"], "x": "AAAA"}},
        {"jwk": []},
        {"jwk": None},
    ],
)
def test_any_other_header_is_refused(change: dict[str, Any]):
    assert read_signature(PAYLOAD, signed(header())) == Signer("hamm", HAMM)
    with pytest.raises(BadSignature):
        read_signature(PAYLOAD, signed({**header(), **change}))


def test_a_key_that_the_signature_carries_must_have_made_it():
    with pytest.raises(BadSignature):
        read_signature(PAYLOAD, signed(header(), OTHER_KEY))


def test_a_payload_inside_and_a_very_long_signature_are_refused():
    head, _body, tail = SIGNATURE.split(".")

    assert verify(PAYLOAD, f"{head}.{segment(PAYLOAD)}.{tail}") is None
    assert verify(PAYLOAD, SIGNATURE + "A" * 10_000) is None


def test_large_payloads_are_signed():
    payload = b"x" * 500_000

    assert verify(payload, sign(payload, HAMM_KEY, city="hamm")) == Signer("hamm", HAMM)


# --- keys -----------------------------------------------------------------------------------------
def test_a_new_key_is_its_owners_alone(tmp_path: Path):
    path = tmp_path / "hamm.pem"
    key = new_key(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert fingerprint_of(read_key(path).public_key()) == fingerprint_of(key.public_key())
    assert fingerprint_of(read_public_key(path)) == fingerprint_of(key.public_key())
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_is_never_overwritten(tmp_path: Path):
    path = tmp_path / "hamm.pem"
    path.write_bytes(b"mine")

    with pytest.raises(KeyFileExists):
        new_key(path)
    assert path.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [path]


def test_a_public_key_travels_as_text(tmp_path: Path):
    path = tmp_path / "hamm.pub"
    path.write_text(public_pem(HAMM_KEY.public_key()), "utf-8")

    assert fingerprint_of(read_public_key(path)) == HAMM
    with pytest.raises(BadKeyFile):
        read_key(path)


@pytest.mark.parametrize("kind", ["noise", "other curve", "other public key", "locked"])
def test_other_files_are_no_keys(tmp_path: Path, kind: str):
    curve = generate_private_key(SECP256R1())
    pem = {
        "noise": b"hello",
        "other curve": curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        "other public key": curve.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "locked": b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
    }[kind]
    path = tmp_path / "key.pem"
    path.write_bytes(pem)

    with pytest.raises(BadKeyFile):
        read_public_key(path)
    with pytest.raises(BadKeyFile):
        read_key(path)


# --- fingerprints ---------------------------------------------------------------------------------
@given(
    st.binary(min_size=32, max_size=32), st.sampled_from([str.upper, str.lower, lambda text: f" {text}\n"])
)
def test_a_fingerprint_is_read_however_it_is_written(raw: bytes, write: Any):
    assert read_fingerprint(write(grouped(raw.hex()))) == raw.hex()


@pytest.mark.parametrize("text", ["", "abc", "g" * 64, "a" * 63, "a" * 65])
def test_what_is_no_fingerprint_is_refused(text: str):
    with pytest.raises(BadFingerprint):
        read_fingerprint(text)


# --- keys of a kind that nobody here knows --------------------------------------------------------
STRANGE = base64.b64encode(bytes.fromhex("300b300506032a030403020001")).decode()
"""A public key of the algorithm 1.2.3.4."""


def test_a_key_of_an_unknown_algorithm_is_said_to_be_no_key(tmp_path: Path):
    pem = f"-----BEGIN PUBLIC KEY-----\n{STRANGE}\n-----END PUBLIC KEY-----\n"
    file = tmp_path / "strange.pem"
    file.write_text(pem)

    with pytest.raises(BadPublicKey):
        public_key_of(pem)
    with pytest.raises(BadKeyFile):
        read_public_key(file)
