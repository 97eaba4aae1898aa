"""The code that decides a run, as a fingerprint: it changes when a run may come out otherwise, and only then.

It covers the plant, the estimation, the gate, the domain, and of the controllers the modules of the one that runs:
a change to one controller leaves the stored runs of all others as they are. Comments and docstrings do not count.
"""

import ast
import hashlib
import io
import tokenize
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

ROOM = Path(__file__).parents[1]
PACKAGE = "tandem.signals."
ALWAYS = ("domain", "estimation", "plant", "safety")
MODULES = {
    "plan": "fixed",
    "webster": "webster",
    "actuated": "actuated",
    "max-pressure": "rules",
    "longest-queue": "rules",
    "wave": "rules",
    "planner": "planner",
}


@cache
def fingerprint(controller: str) -> str:
    """Return the fingerprint of the code that decides a run under a controller; SUMO's version is part of it.

    >>> fingerprint("wave") == fingerprint("max-pressure") != fingerprint("planner")
    True
    """
    found = {path for name in ALWAYS for path in (ROOM / name).glob("*.py")}
    if controller in MODULES:
        found.add(ROOM / "control" / f"{MODULES[controller]}.py")
    waiting = list(found)
    while waiting:
        more = set(_imported(waiting.pop())) - found
        found |= more
        waiting += more
    digest = hashlib.sha256(_simulator().encode())
    for path in sorted(found):
        digest.update(f"{path.relative_to(ROOM).as_posix()}\n{_meaning(path.read_text('utf-8'))}\n".encode())
    return digest.hexdigest()[:16]


def _imported(path: Path) -> Iterator[Path]:
    """Yield the modules of this room that a module imports; who runs the experiment decides nothing."""
    for node in _nodes(path.read_text("utf-8")):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(PACKAGE):
            continue
        place = ROOM.joinpath(*str(node.module).removeprefix(PACKAGE).split("."))
        for each in (place.with_suffix(".py"), *(place / f"{name.name}.py" for name in node.names)):
            if each.is_file():
                yield each


@cache
def _nodes(text: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(text)))


@cache
def _meaning(text: str) -> str:
    """Return a module without comments, docstrings and empty lines; the same in every version of Python."""
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in _nodes(text):
        if (
            isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
            and ast.get_docstring(node) is not None
        ):
            docstring = node.body[0]
            for row in range(docstring.lineno, (docstring.end_lineno or docstring.lineno) + 1):
                lines[row - 1] = ""
    return "\n".join(line.rstrip() for line in lines if line.strip())


def _simulator() -> str:
    try:
        return metadata.version("libsumo")
    except metadata.PackageNotFoundError:
        return ""
