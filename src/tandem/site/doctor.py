"""``tandem doctor``: what is wrong with an installation, and how to mend it."""

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tandem.core.config import Config, load_config
from tandem.core.errors import TandemError
from tandem.core.findings import Finding, Severity
from tandem.site.installing import FOLDERS, LEAST_FREE_BYTES

Check = Callable[[Config], Iterator[Finding]]


def examine(home: Path) -> list[Finding]:
    """Return what is wrong with the installation in ``home``, the worst first; empty where all is well."""
    try:
        config = load_config(home, os.environ)
    except TandemError as error:
        return [_found(Severity.ERROR, "configuration", error.code, str(error))]
    found = [finding for check in (_python, _folders, _key, _room, _settings) for finding in check(config)]
    if any(each.severity is Severity.ERROR for each in found):
        return _sorted(found)
    from tandem.site.bootstrap import setup

    setup(home)
    for check in (_database, _look, _jobs, _search, _storage):
        found.extend(check(config))
    return _sorted(found)


def _sorted(found: list[Finding]) -> list[Finding]:
    rank = {severity: number for number, severity in enumerate(Severity)}
    return sorted(found, key=lambda each: rank[each.severity])


def _found(severity: Severity, path: str, code: str, message: str) -> Finding:
    return Finding(severity, code if "." in code else f"site.doctor.{code}", path, message)


def _python(_config: Config) -> Iterator[Finding]:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        version = ".".join(map(str, sys.version_info[:2]))
        yield _found(
            Severity.ERROR, "python", "python", f"Python {version} is not supported; use 3.11, 3.12 or 3.13."
        )


def _folders(config: Config) -> Iterator[Finding]:
    for name in FOLDERS:
        path = config.home / name
        if not path.is_dir():
            yield _found(
                Severity.WARNING, name, "folder-missing", f"{path} is missing; make it: mkdir {path}"
            )
        elif not os.access(path, os.W_OK):
            yield _found(
                Severity.ERROR, name, "not-writable", f"{path} cannot be written to; change its owner."
            )


def _key(config: Config) -> Iterator[Finding]:
    key = config.home / "keys" / "secret-key"
    if not key.exists():
        yield _found(
            Severity.ERROR,
            "keys/secret-key",
            "key-missing",
            "The secret key is missing; restore it from a backup.",
        )
    elif stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield _found(
            Severity.WARNING,
            "keys/secret-key",
            "key-open",
            f"Others can read the secret key: chmod 600 {key}",
        )


def _room(config: Config) -> Iterator[Finding]:
    free = shutil.disk_usage(config.home).free
    if free < LEAST_FREE_BYTES:
        yield _found(
            Severity.ERROR,
            "disk",
            "disk-full",
            f"Only {free // 1_000_000} MB are left on the disk; free some room.",
        )


def _settings(config: Config) -> Iterator[Finding]:
    if not config.accounts.staff_second_factor:
        yield _found(
            Severity.WARNING,
            "accounts",
            "second-factor",
            "Staff sign in without a second factor; set accounts.staff_second_factor = true.",
        )
    if not config.server.url.startswith("https://"):
        yield _found(
            Severity.INFO,
            "server.url",
            "no-https",
            "The address is not https; real people need it: see docs/how-to/run-in-production.md.",
        )
    if not config.mail.host:
        yield _found(
            Severity.INFO,
            "mail.host",
            "mail-to-files",
            "Mail goes to files in the folder mail; name an SMTP server in mail.host.",
        )
    for name in ("body", "address", "mail", "accessibility_mail"):
        if not getattr(config.legal, name):
            yield _found(
                Severity.WARNING, f"legal.{name}", "legal-incomplete", f"The imprint lacks legal.{name}."
            )
    if not config.catalogue.contact_mail and not config.legal.mail:
        yield _found(
            Severity.WARNING,
            "catalogue.contact_mail",
            "no-contact",
            "New datasets have no contact; set catalogue.contact_mail.",
        )


def _database(config: Config) -> Iterator[Finding]:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            yield _found(
                Severity.ERROR,
                "database",
                "not-migrated",
                f"{len(waiting)} migrations wait; run: tandem --home {config.home} manage migrate",
            )
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA quick_check(1)")
                said = cursor.fetchone()[0]
            if said != "ok":
                yield _found(
                    Severity.ERROR,
                    "database",
                    "damaged",
                    f"The database is damaged ({said}); restore a backup.",
                )
    except DatabaseError as error:
        yield _found(Severity.ERROR, "database", "unreachable", f"The database does not answer: {error}")


def _look(config: Config) -> Iterator[Finding]:
    from tandem.kit.theme import check_accent

    yield from check_accent(config.look.accent)


def _jobs(_config: Config) -> Iterator[Finding]:
    from django.db import DatabaseError

    from tandem.kit.models import Job
    from tandem.site.health import worker_alive

    try:
        if not worker_alive():
            yield _found(
                Severity.INFO,
                "worker",
                "worker-silent",
                "No worker has given a sign of life within a minute; tandem serve starts one.",
            )
        stuck = Job.objects.filter(state=Job.INTERRUPTED).count()
        if stuck:
            yield _found(
                Severity.WARNING,
                "jobs",
                "interrupted-jobs",
                f"{stuck} jobs were interrupted; see the page of jobs and start them once more.",
            )
    except DatabaseError:
        return


def _search(_config: Config) -> Iterator[Finding]:
    from django.db import DatabaseError

    from tandem.kit import search

    try:
        behind = search.documents_behind()
    except DatabaseError:
        return
    if behind > 1_000:
        yield _found(
            Severity.INFO,
            "search",
            "search-behind",
            f"The search index lacks {behind} changes; it catches up with the next search.",
        )


def _storage(config: Config) -> Iterator[Finding]:
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    try:
        name = default_storage.save("doctor-probe", ContentFile(b"probe"))
        default_storage.delete(name)
    except Exception as error:
        yield _found(Severity.ERROR, "storage", "storage", f"Files cannot be stored: {error}")
