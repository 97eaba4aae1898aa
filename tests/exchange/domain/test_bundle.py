"""What a bundle may hold: names, sizes, kinds; and its manifest."""

import unicodedata
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.bundle import (
    LIMITS,
    MANIFEST,
    BundleRefused,
    Limits,
    Member,
    MemberKind,
    check_contents,
    check_manifest,
    check_members,
    manifest_of,
    name_faults,
    require,
)

GOOD = [
    "ro-crate-metadata.json",
    "measure.json",
    "inputs.schema.json",
    "manifest-sha256.txt",
    "parts/catalogue/trees/part.json",
    "parts/signal/a-1/junction.json",
    "i18n/de.json",
    "i18n/sr-Latn.json",
    "evidence/a/b/räder und wege.CSV",
    "tests/signal/a-1.json",
    f"signatures/{'0f' * 32}.jws",
]


def codes(name: str) -> list[str]:
    return [finding.code.removeprefix("exchange.archive.") for finding in name_faults(name)]


# --- names ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", GOOD)
def test_a_file_in_its_place_may_be_there(name: str):
    assert codes(name) == []


@pytest.mark.parametrize(
    "name",
    [
        "../measure.json",
        "evidence/../../x.json",
        "/measure.json",
        "C:/measure.json",
        "c:measure.json",
        "evidence\\x.json",
        "evidence//x.json",
        "evidence/./x.json",
        "evidence/.hidden.json",
        "evidence/x.json.",
        "evidence/x /y.json",
        "evidence/x\n.json",
        "evidence/x\x00.json",
        "evidence/\u202ecsj.exe.json",
        "evidence/\u200b.json",
        "evidence/\ud800.json",
        "evidence/con.json",
        "evidence/NUL",
        "evidence/lpt1/x.json",
        "evidence/x.json:stream",
        "evidence/what?.json",
        "evidence/" + unicodedata.normalize("NFD", "ä") + ".json",
        "evidence/",
        "",
    ],
)
def test_a_name_that_is_not_safe_everywhere_is_refused(name: str):
    assert codes(name) == ["unsafe-name"]


@pytest.mark.parametrize(
    "name",
    [
        "readme.md",
        "Measure.json",
        "code/x.json",
        "parts/x.json",
        "parts/signal/x.json",
        "parts/theatre/a/part.json",
        "parts/signal/A/part.json",
        "parts/signal/a/b/c.json",
        "i18n/de.po",
        "i18n/x/de.json",
        "tests/signal/a/b.json",
        "signatures/me.jws",
        f"signatures/{'0F' * 32}.jws",
        "evidence.json",
    ],
)
def test_a_place_that_bundles_do_not_have_is_refused(name: str):
    assert codes(name) == ["misplaced"]


@pytest.mark.parametrize(
    "ending", ["py", "sh", "exe", "js", "html", "svg", "php", "jar", "dll", "wasm", "docm", "PY"]
)
def test_code_does_not_travel(ending: str):
    assert codes(f"evidence/x.{ending}") == ["not-data"]
    assert codes(f"parts/signal/a/x.{ending}") == ["not-data"]


def test_programs_are_known_by_how_they_begin():
    files = {
        "evidence/a.csv": b"#!/bin/sh\n",
        "evidence/b.png": b"\x7fELF\x02",
        "evidence/c.txt": b"MZ\x90\x00\x03",
        "evidence/d.csv": b"MZ;Ort\n1;Hamm\n",
        "evidence/e.json": b"{}",
    }

    assert [each.path for each in check_contents(files)] == [
        "evidence/a.csv",
        "evidence/b.png",
        "evidence/c.txt",
    ]


def test_names_have_a_length_and_a_depth():
    assert codes(f"evidence/{'x' * 186}.json") == []
    assert codes(f"evidence/{'x' * 187}.json") == ["long-name"]
    assert codes(f"evidence/{'ä' * 100}.json") == ["long-name"]
    assert codes("evidence/" + "a/" * 6 + "x.json") == []
    assert codes("evidence/" + "a/" * 7 + "x.json") == ["long-name"]


@given(st.text(alphabet=st.sampled_from("ab./\\:.. \x00\u202eäÄ"), max_size=12))
def test_a_name_that_passes_stays_inside(text: str):
    name = f"evidence/{text}.json"
    if not codes(name):
        assert ".." not in PurePosixPath(name).parts
        assert PurePosixPath("/x").joinpath(name) == PurePosixPath(f"/x/{name}")
        assert name.isprintable()


# --- members --------------------------------------------------------------------------------------
def member_codes(*members: Member, limits: Limits = LIMITS) -> list[str]:
    return [each.code.removeprefix("exchange.archive.") for each in check_members(members, limits)]


def test_members_have_limits():
    few = Limits(files=1, file_bytes=10, total_bytes=15, ratio=3)
    one, two = Member("evidence/a.json", 10, 10), Member("evidence/b.json", 5, 5)

    assert member_codes(one, limits=few) == []
    assert member_codes(one, two, limits=few) == ["too-many"]
    assert member_codes(Member("evidence/a.json", 11, 11), limits=few) == ["file-too-large"]
    assert member_codes(Member("evidence/a.json", 9, 3), limits=few) == []
    assert member_codes(Member("evidence/a.json", 10, 3), limits=few) == ["bomb"]
    assert member_codes(one, Member("evidence/b.json", 6, 6), limits=Limits(total_bytes=15)) == ["too-large"]


@pytest.mark.parametrize("kind", [MemberKind.FOLDER, MemberKind.LINK, MemberKind.OTHER])
def test_only_plain_files_travel(kind: MemberKind):
    assert member_codes(Member("evidence/a.json", 1, 1, kind)) == ["special"]


@pytest.mark.parametrize(
    "names",
    [
        ("evidence/a.json", "evidence/a.json"),
        ("evidence/a.json", "evidence/A.json"),
        ("evidence/straße.json", "evidence/STRASSE.json"),
    ],
)
def test_two_files_do_not_share_a_name(names: tuple[str, str]):
    assert member_codes(*(Member(name, 1, 1) for name in names)) == ["twice", "twice"]


def test_a_file_is_no_folder_too():
    assert member_codes(Member("evidence/a.json", 1, 1), Member("evidence/A.json/b.json", 1, 1)) == ["twice"]


# --- the manifest ---------------------------------------------------------------------------------
FILES = {"measure.json": b"{}", "evidence/a.csv": b"1\n", "signatures/x.jws": b"s"}
WHOLE = {**FILES, MANIFEST: manifest_of(FILES)}


def manifest_codes(files: dict[str, bytes]) -> list[tuple[str, str]]:
    return [(each.code.removeprefix("exchange.manifest."), each.path) for each in check_manifest(files)]


def test_the_manifest_lists_every_file_but_itself_and_the_signatures_in_order():
    lines = WHOLE[MANIFEST].decode().splitlines()

    assert [line.split("  ")[1] for line in lines] == ["evidence/a.csv", "measure.json"]
    assert manifest_codes(WHOLE) == []


def test_every_difference_from_the_manifest_is_named():
    changed = {**WHOLE, "measure.json": b"{ }", "evidence/b.csv": b""}
    del changed["evidence/a.csv"]

    assert manifest_codes(changed) == [
        ("file-missing", "evidence/a.csv"),
        ("file-extra", "evidence/b.csv"),
        ("changed", "measure.json"),
    ]
    assert manifest_codes(FILES) == [("missing", MANIFEST)]


@pytest.mark.parametrize(
    "change",
    [bytes.upper, lambda text: text + b"\n", lambda text: b"# hello\n" + text, lambda text: text * 2],
)
def test_the_manifest_has_one_form(change):
    assert manifest_codes({**WHOLE, MANIFEST: change(WHOLE[MANIFEST])}) != []


def test_a_refusal_says_the_first_place_and_how_many_more():
    with pytest.raises(
        BundleRefused, match=r"^\.\./x: Its name leads out of the bundle. Further faults: 1.$"
    ) as caught:
        require([*name_faults("../x"), *name_faults("code/x")])

    assert caught.value.reason == "exchange.archive.unsafe-name"
