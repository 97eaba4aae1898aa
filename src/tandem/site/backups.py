"""Backups: one file with everything that cannot be made anew, written while the installation runs."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from tandem import __version__
from tandem.core.config import FILE_NAME, load_config
from tandem.core.errors import Conflict, InvalidInput, Unavailable

DATABASE, DUMP, MANIFEST = "tandem.sqlite3", "tandem.pgdump", "manifest.json"
KEPT_FOLDERS = ("files", "keys")
_CHUNK = 1_048_576


class NotABackup(InvalidInput):
    """The file is no backup, or was changed."""

    code = "site.not-a-backup"

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file} was not restored: {problem}. Nothing was written.")


class FolderInUse(Conflict):
    """The folder to restore into has something in it."""

    code = "site.folder-in-use"

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not empty. Name an empty or a new folder.")


class DumpFailed(Unavailable):
    """PostgreSQL's own tool failed, or is not installed."""

    code = "site.dump-failed"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"PostgreSQL could not be saved: {problem}. Are its client tools (pg_dump, pg_restore) installed?"
        )


def write(home: Path, target: Path | None = None) -> Path:
    """Write a backup and return where it is. It appears whole, or not at all.

    The database is saved first: files are never changed or removed while rows point to them, so each row
    that is saved finds its file.
    """
    config = load_config(home, os.environ)
    url = os.environ.get("DATABASE_URL") or config.database.url
    if target is None:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        target = home / "backups" / f"{config.city.id}-{stamp}.tar.gz"
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            saved = _dump(url, Path(folder)) if url else _copy_sqlite(home / DATABASE, Path(folder))
            with tarfile.open(partial, "w:gz", compresslevel=6) as archive:
                _fill(archive, home, saved)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def _copy_sqlite(source: Path, folder: Path) -> Path:
    saved = folder / DATABASE
    with sqlite3.connect(source) as live, sqlite3.connect(saved) as copy:
        live.backup(copy)
    live.close()
    copy.close()
    return saved


def _dump(url: str, folder: Path) -> Path:
    saved = folder / DUMP
    _run(["pg_dump", "--format=custom", f"--file={saved}", url])
    return saved


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - own command
    except FileNotFoundError as error:
        raise DumpFailed(f"{command[0]} is missing") from error
    except subprocess.CalledProcessError as error:
        raise DumpFailed(error.stderr.strip().rpartition("\n")[2]) from error


def _fill(archive: tarfile.TarFile, home: Path, saved: Path) -> None:
    hashes = {}
    for path, name in ((saved, saved.name), *_kept(home)):
        hashes[name] = _sha256(path)
        archive.add(path, name, recursive=False)
    manifest = json.dumps({"tandem": __version__, "files": hashes}, indent=1, sort_keys=True).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size = len(manifest)
    archive.addfile(entry, io.BytesIO(manifest))


def _kept(home: Path) -> Iterator[tuple[Path, str]]:
    yield home / FILE_NAME, FILE_NAME
    for folder in KEPT_FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path, path.relative_to(home).as_posix()
    logo = load_config(home, os.environ).look.logo
    if logo and (home / logo).is_file():
        yield home / logo, PurePosixPath(logo).as_posix()


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def prune(folder: Path, keep: int) -> None:
    """Remove all but the newest backups of a folder."""
    found = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in found[max(1, keep) :]:
        old.unlink()


def restore(file: Path, folder: Path) -> int:
    """Restore a backup into an empty or new folder, checked file by file; return how many there were.

    Raises:
        FolderInUse: Something is in the folder.
        NotABackup: The file is none, is incomplete, or was changed.
        DumpFailed: The backup is of PostgreSQL, and the database cannot be filled.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderInUse(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".restore-") as name:
        partial = Path(name) / "home"
        partial.mkdir()
        count = _unpack(file, partial)
        for each in ("cache", "mail", "uploads", "backups"):
            (partial / each).mkdir(exist_ok=True)
        (partial / "keys").chmod(0o700)
        if (partial / DUMP).exists():
            _load_dump(partial)
        if folder.exists():
            folder.rmdir()
        shutil.move(partial, folder)
    return count


def _load_dump(home: Path) -> None:
    url = os.environ.get("DATABASE_URL") or load_config(home, os.environ).database.url
    if not url:
        raise DumpFailed("DATABASE_URL names no database to restore into")
    _run(["pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={url}", str(home / DUMP)])
    (home / DUMP).unlink()


def _unpack(file: Path, target: Path) -> int:
    try:
        with tarfile.open(file, "r:gz") as archive:
            members = archive.getmembers()
            _refuse_odd(file, members)
            archive.extractall(target, members, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise NotABackup(file, f"it cannot be read as a backup ({error})") from error
    manifest = target / MANIFEST
    if not manifest.exists():
        raise NotABackup(file, "it has no manifest")
    hashes: dict[str, str] = json.loads(manifest.read_text("utf-8"))["files"]
    there = {each.name for each in members} - {MANIFEST}
    if there != set(hashes):
        raise NotABackup(file, "what is in it is not what its manifest lists")
    for each, digest in hashes.items():
        if _sha256(target / each) != digest:
            raise NotABackup(file, f"{each} was changed")
    manifest.unlink()
    return len(hashes)


def _refuse_odd(file: Path, members: list[tarfile.TarInfo]) -> None:
    for each in members:
        path = PurePosixPath(each.name)
        if not each.isfile() or path.is_absolute() or ".." in path.parts:
            raise NotABackup(file, f"{each.name!r} is no plain file inside the backup")
