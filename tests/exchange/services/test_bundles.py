"""Bundles from one end to the other: packed, opened, verified, and each attack refused for its own reason."""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tandem.core.parts import Part
from tandem.exchange.adapters import archive
from tandem.exchange.domain.bundle import MANIFEST, BundleRefused, check_contents, manifest_of
from tandem.exchange.domain.content import Trial
from tandem.exchange.domain.trust import Key, Standing, TrustList
from tandem.exchange.services.bundles import State, content_of, open_bundle, pack, verify
from tests.exchange.sample_bundle import (
    HAMM,
    HAMM_KEY,
    OTHER,
    OTHER_KEY,
    RELEASED_AT,
    TRUST,
    bundle,
    card,
    content,
    signed_by,
)

BUNDLE = bundle()
FILES = archive.read(BUNDLE)
SIGNATURE = f"signatures/{HAMM}.jws"


def resigned(files: dict[str, bytes], *, key=HAMM_KEY, name: str = SIGNATURE, city: str = "hamm") -> bytes:
    """Return an archive of files with a manifest and a signature that fit them."""
    rest = {
        each: data for each, data in files.items() if each != MANIFEST and not each.startswith("signatures/")
    }
    manifest = manifest_of(rest)
    return archive.write({**rest, MANIFEST: manifest, name: signed_by(key, city)(manifest).encode()})


def verdict(data: bytes, trust: TrustList = TRUST) -> tuple[str, str]:
    found = verify(data, trust)
    assert (found.bundle is None) == (found.state is State.REFUSED)
    return found.state.value, found.reason.code.removeprefix("exchange.") if found.reason else ""


def without(name: str) -> dict[str, bytes]:
    return {each: data for each, data in FILES.items() if each != name}


# --- packing --------------------------------------------------------------------------------------
def test_a_bundle_is_what_was_packed():
    opened = open_bundle(BUNDLE)

    assert (opened.card, list(opened.parts), opened.released_at) == (card(), content().parts, RELEASED_AT)
    assert [each.key for each in opened.inputs] == ["publisher", "speed", "start"]
    assert (opened.content.evidence, opened.content.trials) == (content().evidence, content().trials)
    assert opened.findings == []


def test_the_same_content_makes_the_same_bytes():
    assert bundle() == BUNDLE
    assert bundle(parts=content().parts[::-1]) == BUNDLE
    assert (
        pack(content(), sign=signed_by(HAMM_KEY), released_at=RELEASED_AT + timedelta(milliseconds=5))
        == BUNDLE
    )


def test_the_same_folder_makes_the_same_bytes_in_another_process_and_order(tmp_path: Path):
    folder = tmp_path / "measure"
    with zipfile.ZipFile(io.BytesIO(BUNDLE)) as unpacked:
        for name in reversed(unpacked.namelist()):
            unpacked.extract(name, folder)
            (folder / name).chmod(0o640)
    program = (
        "import os, sys, time; from pathlib import Path; os.umask(0o027); time.tzset()\n"
        "from tandem.exchange.services.bundles import content_of, pack\n"
        "from tests.exchange.sample_bundle import HAMM_KEY, RELEASED_AT, signed_by\n"
        "content, _ = content_of(Path(sys.argv[1]))\n"
        "sys.stdout.buffer.write(pack(content, sign=signed_by(HAMM_KEY), released_at=RELEASED_AT))"
    )
    for seed, zone in (("1", "UTC"), ("2", "Asia/Kathmandu")):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "LC_ALL": "C",
            "PYTHONPATH": os.curdir,
        }
        command = [sys.executable, "-c", program, str(folder)]
        made = subprocess.run(
            command, capture_output=True, check=True, env=environment, cwd=Path(__file__).parents[3]
        )

        assert made.stdout == BUNDLE


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_sha256sum_finds_every_file_as_the_manifest_says(tmp_path: Path):
    with zipfile.ZipFile(io.BytesIO(BUNDLE)) as unpacked:
        unpacked.extractall(tmp_path)
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", MANIFEST],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.count(": OK\n") == len(FILES) - 2


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"parts": content().parts[:1] * 2}, "part.twice"),
        ({"parts": [Part("theatre", "a", {})]}, "archive.misplaced"),
        ({"parts": [Part("signal", "a", {}, files={"x.py": b""})]}, "archive.not-data"),
        ({"parts": [Part("signal", "a", {}, files={"x.csv": b"#!"})], "trials": {}}, "archive.program"),
        ({"evidence": {"../x.csv": b""}}, "archive.unsafe-name"),
        ({"trials": {"signal/other": Trial({}, {})}}, "test.unknown-part"),
        ({"card": replace(card(), version="1")}, "schema"),
    ],
)
def test_what_cannot_be_opened_is_not_packed(changes: dict[str, object], why: str):
    with pytest.raises(BundleRefused) as caught:
        bundle(**changes)
    assert caught.value.reason == f"exchange.{why}"


def test_the_moment_of_release_keeps_its_time_zone():
    moment = datetime(2026, 9, 30, 14, 0, tzinfo=timezone(timedelta(hours=2)))

    assert open_bundle(pack(content(), sign=None, released_at=moment)).released_at == moment.astimezone(UTC)


# --- verifying ------------------------------------------------------------------------------------
def test_a_bundle_of_a_pinned_key_is_valid():
    found = verify(BUNDLE, TRUST)

    assert (found.state, found.reason) == (State.VALID, None)
    assert [(each.city, each.fingerprint) for each in found.signers] == [("hamm", HAMM)]
    assert found.bundle is not None
    assert found.bundle.card == card()


def test_an_unknown_key_leads_to_quarantine_and_a_bundle_that_can_be_looked_at():
    found = verify(BUNDLE, TrustList())

    assert verdict(BUNDLE, TrustList()) == ("unknown-key", "signature.unknown-key")
    assert [each.fingerprint for each in found.signers] == [HAMM]
    assert verdict(BUNDLE, TrustList().seen("hamm", HAMM, now=RELEASED_AT)) == (
        "unknown-key",
        "signature.unknown-key",
    )


def test_the_key_inside_a_bundle_counts_for_nothing():
    forged = resigned(FILES, key=OTHER_KEY, name=f"signatures/{OTHER}.jws")

    assert verdict(forged) == ("unknown-key", "signature.unknown-key")


def test_a_revoked_key_is_refused():
    assert verdict(BUNDLE, TRUST.revoked("hamm", HAMM, now=RELEASED_AT)) == ("refused", "signature.revoked")


def test_a_key_that_was_replaced_leads_to_quarantine():
    trust = TrustList({HAMM: Key("hamm", HAMM, Standing.RETIRED, RELEASED_AT, OTHER)})

    assert verdict(BUNDLE, trust) == ("unknown-key", "signature.retired")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (archive.write(without(SIGNATURE)), "signature.missing"),
        (archive.write({**FILES, "measure.json": FILES["measure.json"] + b" "}), "manifest.changed"),
        (archive.write({**FILES, "evidence/before-after.csv": FILES["evidence/reports/2026.md"]}), "manifest.changed"),
        (archive.write({**FILES, "evidence/more.csv": b""}), "manifest.file-extra"),
        (archive.write(without("evidence/before-after.csv")), "manifest.file-missing"),
        (archive.write(without(MANIFEST)), "manifest.missing"),
        (archive.write({**FILES, MANIFEST: FILES[MANIFEST] + b"\n"}), "manifest.malformed"),
        (archive.write({**FILES, SIGNATURE: FILES[SIGNATURE] + b"\n"}), "signature.bad"),
        (archive.write({**FILES, SIGNATURE: b""}), "signature.bad"),
        (archive.write({**FILES, SIGNATURE: b"\xff"}), "signature.bad"),
        (archive.write({**without(SIGNATURE), f"signatures/{OTHER}.jws": FILES[SIGNATURE]}), "signature.wrong-kid"),
        (archive.write({**FILES, f"signatures/{OTHER}.jws": FILES[SIGNATURE]}), "signature.wrong-kid"),
        (resigned(FILES, key=OTHER_KEY), "signature.wrong-kid"),
        (resigned(FILES, city="arezzo"), "signature.wrong-city"),
        (resigned(without("measure.json")), "no-card"),
        (resigned(without("ro-crate-metadata.json")), "missing"),
        (resigned(without("inputs.schema.json")), "missing"),
        (resigned({**FILES, "measure.json": b"{}"}), "schema"),
        (resigned({**FILES, "inputs.schema.json": b"[]"}), "schema"),
        (resigned({**FILES, "ro-crate-metadata.json": b"{}"}), "crate"),
        (resigned({**FILES, "ro-crate-metadata.json": b'{"@graph": [7]}'}), "crate"),
        (BUNDLE[:-1], "archive.not-an-archive"),
        (BUNDLE[1_000:], "archive.gap"),
    ],
)  # fmt: skip
def test_each_attack_is_refused_for_its_own_reason_and_leaves_nothing_behind(
    data: bytes, why: str, tmp_path: Path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    assert verdict(data) == ("refused", why)
    assert list(tmp_path.iterdir()) == []


def test_a_partner_cannot_sign_the_measure_of_another():
    trust = TRUST.pinned("arezzo", OTHER, now=RELEASED_AT)
    by_arezzo = resigned(FILES, key=OTHER_KEY, name=f"signatures/{OTHER}.jws", city="arezzo")
    as_hamm = resigned(FILES, key=OTHER_KEY, name=f"signatures/{OTHER}.jws")

    assert verdict(by_arezzo, trust) == ("refused", "signature.wrong-city")
    assert verdict(as_hamm, trust) == ("refused", "signature.wrong-city")


def test_a_city_does_not_name_the_things_of_another():
    trust = replace(TRUST, prefixes={"hamm": ("https://hamm.example/",)})
    elsewhere = bundle(card=replace(card(), id="https://arezzo.example/measures/1"))

    assert verdict(BUNDLE, trust) == ("valid", "")
    assert verdict(elsewhere, trust) == ("refused", "signature.wrong-city")


def test_a_second_signature_may_stand_beside_the_citys_own():
    second = signed_by(OTHER_KEY, "arezzo")(FILES[MANIFEST]).encode()

    assert verdict(archive.write({**FILES, f"signatures/{OTHER}.jws": second})) == ("valid", "")


@settings(max_examples=400)
@given(st.data())
def test_any_changed_byte_is_refused(data: st.DataObject):
    at = data.draw(st.integers(0, len(BUNDLE) - 1))
    changed = BUNDLE[:at] + bytes([BUNDLE[at] ^ data.draw(st.integers(1, 255))]) + BUNDLE[at + 1 :]

    assert verdict(changed)[0] == "refused"


@settings(max_examples=150)
@given(st.data())
def test_any_byte_that_is_changed_in_a_file_is_refused(data: st.DataObject):
    name = data.draw(st.sampled_from(sorted(FILES)))
    content = FILES[name]
    at = data.draw(st.integers(0, len(content) - 1))
    other = bytes([content[at] ^ data.draw(st.integers(1, 255))])

    changed = {**FILES, name: content[:at] + other + content[at + 1 :]}
    assume(not check_contents(changed))

    assert verdict(archive.write(changed))[0] == "refused"


# --- folders --------------------------------------------------------------------------------------
def folder_with(tmp_path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_an_unpacked_bundle_that_was_edited_is_packed_anew(tmp_path: Path):
    folder = folder_with(tmp_path, FILES)
    (folder / "measure.json").write_bytes(
        FILES["measure.json"].replace(b"Intelligent junction", b"Clever junction")
    )
    read, findings = content_of(folder)
    opened = open_bundle(pack(read, sign=None, released_at=RELEASED_AT))

    assert [(each.severity.value, each.path) for each in findings] == [
        ("warning", "i18n/en.json#/measure~1title")
    ]
    assert opened.card.title["en"] == "Clever junction"
    assert b'"machine"' not in opened.files["i18n/en.json"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("notes.txt", "archive.misplaced"),
        ("evidence/x.exe", "archive.not-data"),
        ("parts/signal/new/x.csv", "part.undescribed"),
    ],
)
def test_a_folder_with_something_strange_is_refused(tmp_path: Path, name: str, why: str):
    with pytest.raises(BundleRefused) as caught:
        content_of(folder_with(tmp_path, {**FILES, name: b""}))
    assert caught.value.reason == f"exchange.{why}"


def test_a_refusal_is_a_refusal_however_it_is_asked_for(tmp_path: Path):
    path = tmp_path / "bundle.zip"
    path.write_bytes(BUNDLE[:-1])
    opening: list[Callable[[], object]] = [lambda: open_bundle(path), lambda: open_bundle(BUNDLE[:-1])]

    for each in opening:
        with pytest.raises(BundleRefused):
            each()
    assert verify(path, TRUST).state is State.REFUSED
