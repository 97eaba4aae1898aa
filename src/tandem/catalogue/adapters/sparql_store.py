"""The catalogue as an RDF store on disk, which queries read. It can be thrown away and made anew at any time.

Each state of it is a folder of its own, a *generation*, which never changes once queries read it: a change makes
a new one out of the old (hard links, so in milliseconds) and then lets the queries look there. A query that has
begun goes on with the generation that it opened.
"""

import fcntl
import json
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pyoxigraph as ox

FORM = 1  # goes up when what is put into the store changes; older stores are then made anew
KEPT = 2  # generations that stay for queries which have just begun


@dataclass(frozen=True, slots=True)
class State:
    """What the store holds.

    Attributes:
        generation: Name of the folder; empty where there is none yet.
        revision: The newest change that it knows.
        form: Of the store.
    """

    generation: str = ""
    revision: int = 0
    form: int = FORM


@dataclass(frozen=True, slots=True)
class Graph:
    """What is said of one thing; it replaces what was said of it before.

    Attributes:
        iri: Of the named graph.
        statements: Empty takes the graph away.
    """

    iri: str
    statements: Iterable[ox.Triple] = ()


class StoreFolder:
    """The folder with the generations.

    Args:
        where: Of this installation and of nothing else.
    """

    def __init__(self, where: Path) -> None:
        self.where = where

    def state(self) -> State:
        """Return what the store holds; an empty state where there is none, of an older form, or broken."""
        try:
            state = State(**json.loads((self.where / "state.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return State()
        return state if state.form == FORM and self.path(state).is_dir() else State()

    def path(self, state: State) -> Path:
        """Return the folder of a state's generation."""
        return self.where / state.generation if state.generation else self.where / "none"

    @contextmanager
    def only_writer(self, *, wait: bool) -> Iterator[bool]:
        """Give True to one process at a time; the others get False, or wait."""
        self.where.mkdir(parents=True, exist_ok=True)
        with (self.where / "lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except OSError:
                yield False
                return
            yield True

    def begin_anew(self) -> State:
        """Make an empty generation and let queries look there; return its state."""
        state = State(uuid.uuid4().hex)
        ox.Store(str(self.path(state))).flush()
        self._point_to(state)
        return state

    def write(self, state: State, graphs: Iterable[Graph], *, revision: int) -> State:
        """Return the state after a change, which queries see from now on; the caller is the only writer."""
        changed = State(uuid.uuid4().hex, revision)
        former = ox.Store.read_only(str(self.path(state)))
        former.backup(str(self.path(changed)))
        del former
        store = ox.Store(str(self.path(changed)))
        store.bulk_extend(_replacing(store, graphs))
        store.flush()
        del store
        self._point_to(changed)
        return changed

    def _point_to(self, state: State) -> None:
        partial = self.where / "state.partial"
        partial.write_text(json.dumps(asdict(state)), "utf-8")
        partial.replace(self.where / "state.json")
        others = [each for each in self.where.iterdir() if each.is_dir() and each.name != state.generation]
        for each in sorted(others, key=lambda folder: folder.stat().st_mtime)[: -KEPT + 1 or None]:
            shutil.rmtree(each, ignore_errors=True)


def _replacing(store: ox.Store, graphs: Iterable[Graph]) -> Iterator[ox.Quad]:
    """Take out what was said in each graph, and yield what is to be said there."""
    for graph in graphs:
        node = ox.NamedNode(graph.iri)
        store.remove_graph(node)
        for each in graph.statements:
            yield ox.Quad(each.subject, each.predicate, each.object, node)
