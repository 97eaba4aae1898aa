"""Files that are committed and must say what the code says: ledgers, and pages of the reference.

``TANDEM_WRITE=1 make test ARGS=tests/architecture`` writes them anew; review the difference like code.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tandem"
MARK = "<!-- below: written by tests/architecture, do not edit -->\n"


def assert_committed(path: Path, text: str) -> None:
    """Fail unless the file at ``path`` holds ``text``; where TANDEM_WRITE is set, write it."""
    if os.environ.get("TANDEM_WRITE"):
        path.write_text(text, "utf-8")
    held = path.read_text("utf-8") if path.exists() else ""
    name = path.relative_to(ROOT)
    hint = "TANDEM_WRITE=1 make test ARGS=tests/architecture writes it anew."
    assert held == text, f"{name} does not say what the code says. {hint}"


def assert_page_ends_with(path: Path, text: str) -> None:
    """Fail unless the page at ``path`` has ``text`` after the mark; what is above is written by hand."""
    above = path.read_text("utf-8").partition(MARK)[0]
    assert_committed(path, f"{above}{MARK}\n{text.strip()}\n")
