"""Archives: the same bytes for the same files, and every trick refused for its own reason."""

import io
import os
import stat
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.exchange.adapters.archive import files_in, read, write
from tandem.exchange.domain.bundle import LIMITS, BundleRefused, Limits, check_contents

FILES = {
    "measure.json": b'{"a": 1}\n',
    "ro-crate-metadata.json": b"{}\n",
    "evidence/räder.csv": b"a,b\n" * 20,
    "evidence/empty.txt": b"",
}
NAMES = st.from_regex(r"evidence/[a-z0-9äé]{1,8}\.(csv|json|png)", fullmatch=True)
MANY = st.dictionaries(
    NAMES, st.binary(max_size=40).filter(lambda data: not check_contents({"x": data})), max_size=5
)


def reason(data: bytes | Path, limits: Limits = LIMITS) -> str:
    """Return why an archive is refused."""
    with pytest.raises(BundleRefused) as caught:
        read(data, limits)
    return caught.value.reason.removeprefix("exchange.archive.")


def zipped(
    *members: tuple[str, bytes], change: Callable[[zipfile.ZipInfo], None] = lambda _info: None
) -> bytes:
    """Return an archive as Python's library makes it, but for the flags and times of a bundle."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in members:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr, info.create_system = (stat.S_IFREG | 0o644) << 16, 3
            change(info)
            made.writestr(info, content)
    return target.getvalue()


def with_utf8_flags(data: bytes) -> bytes:
    """Say of every name that it is UTF-8, as bundles do; Python's library does so only where it must."""
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = data.split(sign)
        data = sign.join([parts[0], *(part[: at - 4] + b"\x00\x08" + part[at - 2 :] for part in parts[1:])])
    return data


# --- writing --------------------------------------------------------------------------------------
def test_other_readers_see_the_files_in_order_and_plain():
    with zipfile.ZipFile(io.BytesIO(write(FILES))) as judge:
        infos = judge.infolist()

        assert judge.testzip() is None
        assert [info.filename for info in infos] == ["ro-crate-metadata.json", *sorted(FILES)[:3]]
        assert {name: judge.read(name) for name in judge.namelist()} == FILES
        assert {(info.date_time, info.external_attr >> 16) for info in infos} == {
            ((1980, 1, 1, 0, 0, 0), stat.S_IFREG | 0o644)
        }


@given(MANY)
def test_files_come_back_and_order_makes_no_difference(files: dict[str, bytes]):
    data = write(files)

    assert read(data) == files
    assert write(dict(reversed(files.items()))) == data


def test_writing_refuses_what_reading_would():
    with pytest.raises(BundleRefused, match="leads out of the bundle"):
        write({"evidence/../../x.json": b""})
    with pytest.raises(BundleRefused, match="is a program"):
        write({"evidence/x.json": b"#!/bin/sh"})


def test_the_same_bytes_in_another_process_time_zone_and_umask():
    program = (
        "import os, sys, time; os.umask(0o077); time.tzset()\n"
        "from tandem.exchange.adapters.archive import write\n"
        f"sys.stdout.buffer.write(write(dict(reversed({FILES!r}.items()))))"
    )
    environment = {**os.environ, "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=environment)

    assert made.stdout == write(FILES)


# --- reading --------------------------------------------------------------------------------------
def test_an_archive_is_read_from_a_file_as_well(tmp_path: Path):
    path = tmp_path / "a.zip"
    path.write_bytes(write(FILES))

    assert read(path) == FILES
    assert list(tmp_path.iterdir()) == [path]


def test_deflated_files_are_read_too():
    def deflated(info: zipfile.ZipInfo) -> None:
        info.compress_type = zipfile.ZIP_DEFLATED

    assert read(with_utf8_flags(zipped(*FILES.items(), change=deflated))) == FILES


@settings(max_examples=300)
@given(st.data())
def test_any_changed_byte_of_a_bundles_archive_is_refused(data: st.DataObject):
    whole = write(FILES)
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]

    with pytest.raises(BundleRefused):
        read(changed)


@settings(max_examples=300)
@given(st.data())
def test_any_changed_byte_of_deflated_files_is_refused_or_changes_nothing(data: st.DataObject):
    whole = with_utf8_flags(
        zipped(*FILES.items(), change=lambda info: setattr(info, "compress_type", zipfile.ZIP_DEFLATED))
    )
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]

    with suppress(BundleRefused):
        assert read(changed) == FILES


@given(st.binary(max_size=200))
def test_what_is_no_archive_is_refused(noise: bytes):
    with pytest.raises(BundleRefused):
        read(noise)


@given(st.data())
def test_a_truncated_archive_is_refused(data: st.DataObject):
    whole = write(FILES)

    assert reason(whole[: data.draw(st.integers(0, len(whole) - 1))]) in {"not-an-archive", "gap", "damaged"}


@pytest.mark.parametrize(
    ("archive", "why"),
    [
        (b"", "not-an-archive"),
        (write(FILES) + b"\n", "not-an-archive"),
        (b"#!/bin/sh\n" + write(FILES), "gap"),
        (write(FILES) * 2, "gap"),
        (with_utf8_flags(zipped(("../x.json", b""))), "unsafe-name"),
        (with_utf8_flags(zipped(("/etc/x.json", b""))), "unsafe-name"),
        (with_utf8_flags(zipped(("evidence/", b""))), "special"),
        (with_utf8_flags(zipped(("evidence/x.py", b"print()"))), "not-data"),
        (with_utf8_flags(zipped(("evidence/x.json", b"#!/bin/sh"))), "program"),
        (with_utf8_flags(zipped(("evidence/a.csv", b""), ("evidence/A.csv", b""))), "twice"),
        (zipped(("measure.json", b"")), "form"),
    ],
)
def test_each_trick_is_refused_for_its_own_reason(archive: bytes, why: str):
    assert reason(archive) == why


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused():
    assert reason(zipped(("measure.json", b"1"), ("measure.json", b"2"))) == "twice"


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFDIR, stat.S_IFSOCK]
)
def test_links_and_devices_are_refused(kind: int):
    def special(info: zipfile.ZipInfo) -> None:
        info.external_attr = (kind | 0o777) << 16

    assert reason(zipped(("measure.json", b"/etc/passwd"), change=special)) == "special"


@pytest.mark.parametrize(
    "change", [{"comment": b"hello"}, {"extra": b"\x01\x00\x02\x00ab"}, {"date_time": (2026, 1, 1, 0, 0, 0)}]
)
def test_what_hides_in_headers_is_refused(change: dict[str, object]):
    def hide(info: zipfile.ZipInfo) -> None:
        for name, value in change.items():
            setattr(info, name, value)

    assert reason(with_utf8_flags(zipped(("measure.json", b""), change=hide))) == "form"


# --- sizes ----------------------------------------------------------------------------------------
def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def handmade(
    packed: bytes, *, size: int, crc: int = 0, flags: int = 0x800, method: int = 8, count: int = 1
) -> bytes:
    """Return an archive of one file, with whatever it says of itself."""
    name = b"evidence/x.csv"
    common = struct.pack("<5H3I2H", 20, flags, method, 0, 33, crc, len(packed), size, len(name), 0)
    local = b"PK\x03\x04" + common + name + packed
    rest = struct.pack("<3H2I", 0, 0, 0, (stat.S_IFREG | 0o644) << 16, 0)
    table = b"PK\x01\x02" + struct.pack("<H", 3 << 8 | 20) + common + rest + name
    return (
        local + table + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(table), len(local), 0)
    )


def test_the_archives_made_by_hand_are_of_the_right_form():
    content = b"a,b\n" * 9

    assert read(handmade(deflated(content), size=36, crc=zlib.crc32(content))) == {"evidence/x.csv": content}


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = deflated(bytes(20_000_000))

    assert reason(handmade(bomb, size=20_000_000)) == "bomb"
    assert reason(handmade(bomb, size=60_000_000)) == "file-too-large"


def test_a_size_that_is_a_lie_is_not_believed():
    bomb = deflated(bytes(20_000_000))

    assert reason(handmade(bomb, size=1_000)) == "size"
    assert reason(handmade(deflated(b"a,b"), size=300)) == "size"
    assert reason(handmade(b"a,b", size=4, method=0)) == "size"
    assert reason(handmade(deflated(b"a,b") + b"more", size=3, crc=zlib.crc32(b"a,b"))) == "damaged"
    assert reason(handmade(deflated(b"a,b")[:-1], size=3, crc=zlib.crc32(b"a,b"))) == "damaged"
    assert reason(handmade(b"\xff\xff\xff", size=3)) == "damaged"


def test_a_lie_does_not_take_memory_either():
    lie = handmade(deflated(bytes(20_000_000)), size=1_000)
    tracemalloc.start()
    try:
        assert reason(lie) == "size"
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_an_archive_inside_an_archive_stays_packed():
    bomb = handmade(deflated(bytes(20_000_000)), size=20_000_000)

    assert read(write({"evidence/nested.zip": bomb})) == {"evidence/nested.zip": bomb}


def test_encrypted_unknown_and_zip64_entries_are_refused():
    assert reason(handmade(b"a,b", size=3, flags=0x801, method=0)) == "encrypted"
    assert reason(handmade(b"a,b", size=3, method=12)) == "method"
    assert reason(handmade(b"a,b", size=0xFFFFFFFF, method=0)) == "zip64"


def test_entries_that_overlap_are_refused():
    name, content = b"evidence/%d.csv", b"a,b\n"
    table, local = b"", b""
    for number in range(2):
        common = struct.pack("<5H3I2H", 20, 0x800, 0, 0, 33, zlib.crc32(content), 4, 4, len(name) - 1, 0)
        local = local or b"PK\x03\x04" + common + name % number + content
        rest = struct.pack("<3H2I", 0, 0, 0, (stat.S_IFREG | 0o644) << 16, 0)
        table += b"PK\x01\x02" + struct.pack("<H", 3 << 8 | 20) + common + rest + name % number
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, len(table), len(local), 0)

    assert reason(local + table + end) == "gap"


def test_a_table_that_holds_other_files_than_its_end_says_is_refused():
    whole = write({f"evidence/{number}.csv": b"" for number in range(3)})
    short = whole[:-22] + struct.pack("<4s4H", b"PK\x05\x06", 0, 0, 2, 2) + whole[-10:]
    long = whole[:-22] + struct.pack("<4s4H", b"PK\x05\x06", 0, 0, 4, 4) + whole[-10:]

    assert (reason(short), reason(long)) == ("damaged", "damaged")


def test_a_hundred_thousand_entries_are_refused_before_any_is_read():
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as made:
        for number in range(100_000):
            made.writestr(zipfile.ZipInfo(f"evidence/{number}.csv"), b"")

    assert reason(many.getvalue()) == "too-many"
    assert reason(handmade(b"", size=0, count=1_001)) == "too-many"


def test_an_archive_that_is_too_large_is_not_read_to_its_end(tmp_path: Path):
    path = tmp_path / "large.zip"
    with path.open("wb") as file:
        file.truncate(10**12)

    assert reason(path, Limits(archive_bytes=1_000)) == "too-large"


# --- folders --------------------------------------------------------------------------------------
def names(found: Iterable[str]) -> list[str]:
    return sorted(found)


def test_a_folder_is_read_without_what_is_hidden(tmp_path: Path):
    (tmp_path / "parts" / "signal").mkdir(parents=True)
    (tmp_path / "parts" / "signal" / "x.json").write_bytes(b"1")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_bytes(b"")
    (tmp_path / "parts" / ".DS_Store").write_bytes(b"")

    assert files_in(tmp_path) == {"parts/signal/x.json": b"1"}


def test_a_folder_with_a_link_or_a_device_is_refused(tmp_path: Path):
    link = tmp_path / "measure.json"
    link.symlink_to("/etc/hostname")
    with pytest.raises(BundleRefused, match=r"measure\.json: It is a link"):
        files_in(tmp_path)
    link.unlink()
    (tmp_path / "evidence").symlink_to("/etc")
    with pytest.raises(BundleRefused, match="evidence: It is a link"):
        files_in(tmp_path)
    (tmp_path / "evidence").unlink()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BundleRefused, match="pipe: It is a link or a device"):
        files_in(tmp_path)


def test_a_folder_that_is_too_large_is_not_read(tmp_path: Path):
    for name in "abc":
        (tmp_path / name).write_bytes(b"123")

    assert names(files_in(tmp_path)) == ["a", "b", "c"]
    for limits in (Limits(files=2), Limits(file_bytes=2), Limits(total_bytes=8)):
        with pytest.raises(BundleRefused, match="more than a bundle may hold"):
            files_in(tmp_path, limits)
