"""The last state of each junction: one small file each, so that every process of the portal shows the same."""

import json
import logging
import os
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tandem.junctions.domain.live import State
from tandem.kit.installation import folder

log = logging.getLogger(__name__)
_read: dict[str, tuple[tuple[int, int], "Latest"]] = {}


@dataclass(frozen=True, slots=True)
class Latest:
    """What was received last.

    Attributes:
        received_at: On the portal's clock.
    """

    received_at: datetime
    state: State

    @property
    def stamp(self) -> str:
        """What tells this message from the one before."""
        return str(int(self.received_at.timestamp() * 1000))


def keep(slug: str, state: State, *, now: datetime) -> None:
    """Let a state take the place of the one before."""
    path = _path(slug)
    written = json.dumps({"received_at": now.isoformat(), "state": state.as_json()}, separators=(",", ":"))
    beside = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    beside.write_text(written, "utf-8")
    beside.replace(path)


def of(slug: str) -> Latest | None:
    """Return what was received last; the file is read once for each message.

    None where nothing ever was, and where the file is damaged: the next message takes its place.
    """
    path = _path(slug)
    try:
        found = path.stat()
        known, mark = _read.get(slug), (found.st_mtime_ns, found.st_ino)
        if known is None or known[0] != mark:
            known = _read[slug] = (mark, _read_from(path))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        log.exception("junctions.state.damaged", extra={"junction": slug})
        return None
    return known[1]


def _read_from(path: Path) -> Latest:
    values = json.loads(path.read_text("utf-8"))
    return Latest(datetime.fromisoformat(values["received_at"]), State.from_json(values["state"]))


def forget(slug: str) -> None:
    """Take away what was received."""
    _path(slug).unlink(missing_ok=True)


def _path(slug: str) -> Path:
    return folder("cache/junctions") / f"{slug}.json"
