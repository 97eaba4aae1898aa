"""Nothing in the portal can send anything to an engine: what the room imports, and what the relay does."""

import ast
import sys
from pathlib import Path

import pytest

import tandem.junctions

ROOM = Path(tandem.junctions.__file__).parent
BESIDE_THE_ENGINE = {"adapters/relay.py", "cli.py"}  # they run in the engine's network, not in the portal
MODULES = sorted(str(path.relative_to(ROOM)) for path in ROOM.rglob("*.py") if "migrations" not in path.parts)
SENDERS = {
    "asyncio", "ftplib", "httpcore", "http", "httpx", "multiprocessing", "paho", "requests", "serial", "smtplib",
    "socket", "socketserver", "ssl", "subprocess", "telnetlib", "traci", "libsumo", "urllib", "xmlrpc",
}  # fmt: skip
FORBIDDEN = {"tandem.kit.fetch", "tandem.junctions.adapters.relay", "tandem.junctions.cli"}


def imported(module: str) -> set[str]:
    """Return every module that a module imports, by its full name."""
    tree = ast.parse((ROOM / module).read_text("utf-8"))
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("module", [each for each in MODULES if each not in BESIDE_THE_ENGINE])
def test_no_module_of_the_portals_side_can_send(module: str):
    names = imported(module)

    assert {name for name in names if name.partition(".")[0] in SENDERS} == set()
    assert names & FORBIDDEN == set()
    assert {
        name
        for name in names
        if name.startswith("tandem.signals") and not name.startswith("tandem.signals.domain")
    } == set()


def test_the_test_would_notice():
    assert imported("adapters/relay.py") & {"urllib.request"}
    assert set(MODULES) > BESIDE_THE_ENGINE


def test_the_relay_needs_no_portal():
    names = imported("adapters/relay.py") | imported("cli.py")

    assert {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) == {"tandem", "click"}
    assert {
        name
        for name in names
        if name.startswith("tandem.") and not name.startswith(("tandem.core", "tandem.junctions.adapters"))
    } == set()
