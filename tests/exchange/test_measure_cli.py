"""``tandem measure …``: what people read and what programs read."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from tandem.core.errors import TandemError
from tandem.exchange.adapters import archive
from tandem.exchange.adapters.signing import grouped, public_pem
from tandem.exchange.cli import measure
from tests.exchange.sample_bundle import HAMM, HAMM_KEY, OTHER, bundle, card_values

AT = "2026-09-30T12:00:00+00:00"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(measure, [str(each) for each in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a measure as a person writes it."""
    made = tmp_path / "junction"
    part = made / "parts" / "signal" / "junction"
    part.mkdir(parents=True)
    (made / "measure.json").write_text(json.dumps(card_values()), "utf-8")
    (part / "part.json").write_text('{"titles": {"en": "Junction"}, "inputs": [{"key": "speed"}]}', "utf-8")
    (part / "junction.json").write_text("{}", "utf-8")
    return made


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """Return a bundle that Hamm has signed."""
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle())
    return path


def test_a_folder_is_packed_signed_looked_into_and_verified(folder: Path, tmp_path: Path):
    key, target = tmp_path / "hamm.pem", tmp_path / "junction.zip"
    made = run("key", "new", key)
    fingerprint = made.output.splitlines()[-1].removeprefix("Fingerprint: ")
    done = run("pack", folder, "-o", target, "--key", key, "--released-at", AT)

    assert (made.exit_code, done.exit_code) == (0, 0)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert f"1 parts, signed with the key {fingerprint}" in done.stdout
    looked = run("inspect", target)
    assert "Intelligent junction 1.0.0" in looked.stdout
    assert "part signal/junction: Junction (1 files, 2 bytes)" in looked.stdout
    assert "input speed: text, to fill in" in looked.stdout
    assert run("verify", target, "--trust", f"hamm={fingerprint}").exit_code == 0
    assert run("verify", target, "--trust", f"hamm={key}").exit_code == 0
    assert run("verify", target).exit_code == 3


def test_the_same_folder_and_moment_make_the_same_bundle(folder: Path, tmp_path: Path):
    for name in ("one.zip", "two.zip"):
        assert run("pack", folder, "-o", tmp_path / name, "--released-at", AT).exit_code == 0

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_bundle_is_named_by_its_measure(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    assert run("pack", folder).exit_code == 0
    assert (tmp_path / "junction-1.0.0.zip").is_file()


def test_what_is_missing_for_release_is_told(folder: Path, tmp_path: Path):
    bare = {name: card_values()[name] for name in ("format", "id", "version", "city", "title")}
    (folder / "measure.json").write_text(json.dumps(bare), "utf-8")
    done = run("pack", folder, "-o", tmp_path / "bundle.zip")

    assert done.exit_code == 0
    assert "Missing for release:\n  measure.json#/summary: It is missing." in done.stderr


def test_a_folder_that_describes_nothing_is_refused(tmp_path: Path):
    done = run("pack", tmp_path, "-o", tmp_path / "bundle.zip")

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "Wrong:\n  measure.json: It is missing. It describes the measure.\n"
    assert list(tmp_path.iterdir()) == []


def test_people_read_why_a_bundle_is_not_valid(packed: Path):
    unknown = run("verify", packed, "--trust", f"arezzo={OTHER}")
    files = archive.read(packed)
    packed.write_bytes(archive.write({**files, "measure.json": b"{}"}))
    refused = run("verify", packed, "--trust", f"hamm={HAMM}")

    assert (unknown.exit_code, refused.exit_code) == (3, 2)
    assert f"signed by hamm, fingerprint {grouped(HAMM)}" in unknown.stdout
    assert "Nobody has compared this key yet" in unknown.stderr
    assert refused.stdout == f"{packed} is refused.\n"
    assert refused.stderr == "Why:\n  measure.json: It was changed after the bundle was packed.\n"


def test_programs_read_the_same(packed: Path):
    valid = json.loads(run("verify", packed, "--trust", f"hamm={grouped(HAMM).upper()}", "--json").stdout)
    looked = json.loads(run("inspect", packed, "--json").stdout)

    assert (valid["state"], valid["reason"]) == ("valid", None)
    assert valid["signers"] == [{"city": "hamm", "fingerprint": HAMM}]
    assert valid["bundle"] == looked
    assert (looked["id"], looked["released_at"]) == ("https://hamm.example/measures/junction", AT)
    assert [part["key"] for part in looked["parts"]] == [
        "catalogue/counts",
        "indicator/waiting",
        "participation/walk",
        "signal/junction",
    ]


def test_programs_read_refusals(packed: Path):
    packed.write_bytes(packed.read_bytes()[:-1])
    looked = run("inspect", packed, "--json")
    refused = json.loads(run("verify", packed, "--json").stdout)

    assert (looked.exit_code, run("inspect", packed).exit_code) == (2, 2)
    assert json.loads(looked.stdout)["findings"][0]["code"] == "exchange.archive.not-an-archive"
    assert (refused["state"], refused["reason"]["code"]) == ("refused", "exchange.archive.not-an-archive")


def test_a_key_is_shown_without_its_secret(tmp_path: Path):
    key, public = tmp_path / "hamm.pem", tmp_path / "hamm.pub"
    run("key", "new", key)
    public.write_text(json.loads(run("key", "show", key, "--json").stdout)["public_key"], "utf-8")

    assert run("key", "show", key).stdout == run("key", "show", public).stdout
    assert "PRIVATE" not in run("key", "show", key).stdout
    assert public_pem(HAMM_KEY.public_key()) not in run("key", "show", key).stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["verify", "BUNDLE", "--trust", "hamm"], "exchange.bad-trust"),
        (["verify", "BUNDLE", "--trust", "hamm=abc"], "exchange.bad-fingerprint"),
        (["verify", "BUNDLE", "--trust", "hamm=BUNDLE"], "exchange.bad-key-file"),
        (["pack", "FOLDER", "--released-at", "2026-09-30"], "exchange.bad-moment"),
        (["pack", "FOLDER", "--released-at", "soon"], "exchange.bad-moment"),
        (["pack", "FOLDER", "--key", "BUNDLE"], "exchange.bad-key-file"),
        (["key", "new", "BUNDLE"], "exchange.key-file-exists"),
    ],
)
def test_what_was_given_wrongly_is_said(packed: Path, tmp_path: Path, arguments: list[str], code: str):
    given = [each.replace("BUNDLE", str(packed)).replace("FOLDER", str(tmp_path)) for each in arguments]
    error = run(*given).exception

    assert isinstance(error, TandemError)
    assert error.code == code


def test_the_schema_for_editors_takes_a_card():
    schema = Draft202012Validator(json.loads(run("schema").stdout))

    assert list(schema.iter_errors(card_values())) == []
    assert [each.json_path for each in schema.iter_errors({**card_values(), "version": "one"})] == [
        "$.version"
    ]
