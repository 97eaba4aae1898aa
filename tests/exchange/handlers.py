"""Fakes of the adoption tests: a store with transactions, ledgers and rooms over it, and a switch that breaks them.

The same tests run over the database, too: a ``KeptStore`` keeps its adoptions there, each store under its own names.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID, uuid4, uuid5

from tandem.core.errors import NotFound
from tandem.core.findings import Finding, Severity
from tandem.core.parts import Part, PartPlan, Step
from tandem.core.references import Reference
from tandem.core.text import say
from tandem.exchange.domain.adoption import STANDING, Adoption
from tandem.exchange.domain.comparison import Measured
from tandem.exchange.models import Adoption as Row
from tandem.exchange.models import Measure
from tandem.exchange.services.acting import Acting, AlreadyAdopted
from tandem.exchange.services.ledger import DjangoLedger, read

T = TypeVar("T")
NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
SIGNS = {
    "catalogue": "catalogue:publisher",
    "participation": "participation:planner",
    "signal": "junctions:traffic-engineer",
}
ROLES = frozenset(SIGNS.values())


def numbered(number: int) -> str:
    """Return the id of the how-manieth adoption."""
    return str(UUID(int=number))


class Broken(Exception):
    """What a fault throws: nothing that anybody expects."""


@dataclass(frozen=True)
class Person:
    pk: int


@dataclass(frozen=True)
class Thing:
    """What a room made of a part: a draft, public, or withdrawn."""

    kind: str
    fields: Mapping[str, Any]
    files: Mapping[str, bytes]
    state: str = "draft"


@dataclass
class Store:
    """Rows as they are committed."""

    things: dict[str, Thing] = field(default_factory=dict)
    adoptions: dict[str, Adoption] = field(default_factory=dict)

    def session(self, faults: "Faults", values: Mapping[str, Sequence[Measured]]) -> "Session":
        """Return a connection of its own."""
        return Session(self, faults, values)


@dataclass
class Faults:
    """Counts calls, and breaks the one that is wanted, before or after it has done its work."""

    at: int = -1
    after: bool = False
    calls: list[str] = field(default_factory=list)

    def around(self, name: str, work: Callable[[], T]) -> T:
        """Do the work of a call, unless it is the one to break."""
        self.calls.append(name)
        broken = len(self.calls) - 1 == self.at
        if broken and not self.after:
            raise Broken(name)
        done = work()
        if broken:
            raise Broken(name)
        return done


@dataclass
class Session:
    """A connection to the store, and a ``Ledger``: what it writes is its own until its transaction ends well."""

    store: Store
    faults: Faults = field(default_factory=Faults)
    values: Mapping[str, Sequence[Measured]] = field(default_factory=dict)
    writing: Store | None = None
    first_id: int = 1

    @property
    def rows(self) -> Store:
        return self.store if self.writing is None else self.writing

    @contextmanager
    def transaction(self) -> Iterator[None]:
        assert self.writing is None, "a service is one transaction"
        before = deepcopy(self.store)
        self.writing = deepcopy(self.store)
        try:
            yield
            self.faults.around("commit", lambda: None)
            self._commit(before, self.writing)
        finally:
            self.writing = None

    def _commit(self, before: Store, written: Store) -> None:
        adoptions = self.store.adoptions | _changed(before.adoptions, written.adoptions)
        _check_unique(adoptions.values())
        for uri in before.things.keys() - written.things.keys():
            self.store.things.pop(uri, None)
        self.store.things.update(_changed(before.things, written.things))
        self.store.adoptions = adoptions

    def new_id(self) -> str:
        return numbered(len(self.rows.adoptions) + self.first_id)

    def find(self, adoption_id: str) -> Adoption:
        if adoption_id not in self.rows.adoptions:
            raise NotFound(adoption_id)
        return self.rows.adoptions[adoption_id]

    def standing(self, measure: str) -> Adoption | None:
        found = [
            each
            for each in self.rows.adoptions.values()
            if each.measure == measure and each.state in STANDING
        ]
        return found[0] if found else None

    def add(self, adoption: Adoption) -> None:
        assert adoption.id not in self.rows.adoptions
        self.faults.around("add", lambda: self._write(adoption))
        _check_unique(self.rows.adoptions.values())

    def save(self, adoption: Adoption) -> None:
        assert adoption.id in self.rows.adoptions
        self.faults.around("save", lambda: self._write(adoption))

    def _write(self, adoption: Adoption) -> None:
        assert self.writing is not None, "written outside of a transaction"
        self.writing.adoptions[adoption.id] = adoption

    def measured(self, measure: str) -> Mapping[str, Sequence[Measured]]:
        return self.values


def _changed(before: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row for key, row in written.items() if before.get(key) != row}


def _check_unique(adoptions: Any) -> None:
    measures = [each.measure for each in adoptions if each.state in STANDING]
    if len(set(measures)) < len(measures):
        raise AlreadyAdopted("one standing adoption of a measure")


# --- over the database ----------------------------------------------------------------------------
class KeptStore:
    """A store whose adoptions are rows of the database, under names that no other store has.

    Attributes:
        names: Ids as they are kept → as the tests know them.
    """

    def __init__(self, store: Store) -> None:
        self.space, self.things = uuid4(), dict(store.things)
        self.names: dict[UUID, str] = {}
        for each in store.adoptions.values():
            DjangoLedger(NOW).add(self.kept(each))

    def iri(self, measure: str) -> str:
        """Return what a measure is called in this store, which then has it."""
        name = f"{measure}#{self.space}"
        slug = f"m-{uuid5(self.space, measure)}"
        Measure.objects.get_or_create(iri=name, defaults={"slug": slug, "city": "hamm", "changed_at": NOW})
        return name

    def key(self, adoption_id: str) -> str:
        """Return the id under which an adoption is kept."""
        key = uuid5(self.space, adoption_id)
        self.names[key] = adoption_id
        return str(key)

    def kept(self, adoption: Adoption) -> Adoption:
        """Return an adoption as this store keeps it."""
        return replace(adoption, id=self.key(adoption.id), measure=self.iri(adoption.measure))

    def known(self, adoption: Adoption) -> Adoption:
        """Return an adoption as the tests know it."""
        measure = adoption.measure.removesuffix(f"#{self.space}")
        return replace(adoption, id=self.names[UUID(adoption.id)], measure=measure)

    @property
    def adoptions(self) -> dict[str, Adoption]:
        rows = Row.objects.filter(measure__iri__endswith=f"#{self.space}").select_related("measure")
        found = [self.known(read(row)) for row in rows]
        return {each.id: each for each in sorted(found, key=lambda each: each.id)}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Store | KeptStore):
            return NotImplemented
        return (self.things, self.adoptions) == (other.things, other.adoptions)

    __hash__ = None  # type: ignore[assignment]

    def __deepcopy__(self, _memo: Any) -> Store:
        return Store(deepcopy(self.things), self.adoptions)

    def session(self, faults: Faults, values: Mapping[str, Sequence[Measured]]) -> Session:
        """Return a ledger over the database, in whose transactions the things take part."""
        return KeptSession(self, faults, values)  # type: ignore[arg-type]


@dataclass
class KeptSession(Session):
    """A ``DjangoLedger`` with faults, and things that are committed with its transactions."""

    ledger: DjangoLedger = field(default_factory=lambda: DjangoLedger(NOW))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        assert self.writing is None, "a service is one transaction"
        self.writing = Store(dict(self.store.things))
        try:
            with self.ledger.transaction():
                yield
                self.faults.around("commit", lambda: None)
            self.store.things = self.writing.things
        finally:
            self.writing = None

    def new_id(self) -> str:
        UUID(self.ledger.new_id())
        return numbered(len(self.store.adoptions) + self.first_id)

    def find(self, adoption_id: str) -> Adoption:
        return self._kept.known(self.ledger.find(self._kept.key(adoption_id)))

    def standing(self, measure: str) -> Adoption | None:
        found = self.ledger.standing(self._kept.iri(measure))
        return self._kept.known(found) if found else None

    def add(self, adoption: Adoption) -> None:
        self.faults.around("add", lambda: self.ledger.add(self._kept.kept(adoption)))

    def save(self, adoption: Adoption) -> None:
        self.faults.around("save", lambda: self.ledger.save(self._kept.kept(adoption)))

    @property
    def _kept(self) -> KeptStore:
        assert isinstance(self.store, KeptStore)
        return self.store


def in_memory(store: Store) -> Any:
    """Return a store as it is."""
    return store


# --- rooms and cities -----------------------------------------------------------------------------
@dataclass
class Room:
    """A handler whose things lie in a session's rows.

    Attributes:
        tidies: Whether it strips its texts: a room that shows things in its own form.
        interrupted: Called once before the next thing is made.
    """

    kind: str
    session: Session
    tidies: bool = False
    interrupted: Callable[[], Any] | None = None
    signs: str = ""

    def __post_init__(self) -> None:
        self.signs = SIGNS[self.kind]

    @property
    def things(self) -> dict[str, Thing]:
        return self.session.rows.things

    def _call(self, name: str, work: Callable[[], T]) -> T:
        return self.session.faults.around(f"{self.kind}.{name}", work)

    def offered(self, query: str, language: str) -> list[Reference]:
        found = [Reference(uri, self.kind) for uri, thing in self.things.items() if thing.kind == self.kind]
        return [each for each in found if query in each.uri]

    def pack(self, uri: str) -> Part:
        if uri not in self.things:
            raise NotFound(uri)
        return Part(self.kind, uri.rpartition("/")[2], {}, self.things[uri].fields, self.things[uri].files)

    def plan(self, part: Part, inputs: Mapping[str, Any]) -> PartPlan:
        return self._call("plan", lambda: self._plan(part))

    def _plan(self, part: Part) -> PartPlan:
        step = Step(say("{part} is made.", part=part.key))
        taken = any(thing.fields.get("slug") == part.fields.get("slug") for thing in self._there())
        clash = Finding(Severity.ERROR, "room.slug-taken", "/slug", say("There is one of that name."))
        return PartPlan([step], [clash] if taken and "slug" in part.fields else [])

    def _there(self) -> list[Thing]:
        return [each for each in self.things.values() if each.kind == self.kind and each.state != "withdrawn"]

    def make(self, part: Part, inputs: Mapping[str, Any], *, person: Any, now: datetime) -> Reference:
        if self.interrupted:
            interruption, self.interrupted = self.interrupted, None
            interruption()
        return self._call("make", lambda: self._make(part))

    def _make(self, part: Part) -> Reference:
        numbers = [int(uri.rpartition("/")[2]) for uri in self.things if uri.startswith(f"urn:{part.key}/")]
        uri = f"urn:{part.key}/{max(numbers, default=0) + 1}"
        self.things[uri] = Thing(self.kind, self._tidied(part.fields), dict(part.files))
        return Reference(uri, self.kind, {"en": "A title that is still a draft"})

    def _tidied(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        if not self.tidies:
            return dict(fields)
        return {key: each.strip() if isinstance(each, str) else each for key, each in fields.items()}

    def fields_of(self, uri: str) -> Mapping[str, Any] | None:
        return self._call("fields-of", lambda: self.things[uri].fields if uri in self.things else None)

    def update(self, uri: str, part: Part, fields: Mapping[str, Any], *, person: Any, now: datetime) -> None:
        self._call("update", lambda: self._change(uri, fields=self._tidied(fields), files=dict(part.files)))

    def go_live(self, uri: str, *, person: Any, now: datetime) -> None:
        self._call("go-live", lambda: self._change(uri, state="public"))

    def undo(self, uri: str, *, person: Any, now: datetime) -> None:
        self._call("undo", lambda: self._undo(uri))

    def _undo(self, uri: str) -> None:
        if self.things[uri].state == "draft":
            del self.things[uri]
        else:
            self._change(uri, state="withdrawn")

    def _change(self, uri: str, **changed: Any) -> None:
        self.things[uri] = replace(self.things[uri], **changed)


@dataclass
class City:
    """A city with its store, in which people act one after the other.

    Attributes:
        keep: Where cities keep what they have: ``in_memory`` or ``KeptStore``.
    """

    keep: ClassVar[Callable[[Store], Any]] = in_memory
    store: Any = field(default_factory=Store)
    values: Mapping[str, Sequence[Measured]] = field(default_factory=dict)
    tidies: bool = False
    kinds: Sequence[str] = tuple(SIGNS)

    def __post_init__(self) -> None:
        self.store = type(self).keep(self.store)

    def acting(self, person: int = 1, faults: Faults | None = None, now: datetime = NOW) -> Acting:
        """Return somebody who acts, over a connection of their own."""
        session = self.store.session(faults or Faults(), self.values)
        rooms = {kind: Room(kind, session, self.tidies) for kind in self.kinds}
        return Acting(session, rooms, "arezzo", Person(person), now, {"name": "Arezzo"})

    def edit(self, uri: str, **fields: Any) -> None:
        """Change a thing as people do, in its room."""
        thing = self.store.things[uri]
        self.store.things[uri] = replace(thing, fields={**thing.fields, **fields})

    def delete(self, uri: str) -> None:
        """Delete a thing as people do, in its room."""
        del self.store.things[uri]
