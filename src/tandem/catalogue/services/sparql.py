"""The catalogue in SPARQL: a store that follows what is published, and questions to it."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import pyoxigraph as ox

from tandem.catalogue.adapters import dcat_write, sparql
from tandem.catalogue.adapters.rdf import name
from tandem.catalogue.adapters.sparql_store import Graph, State, StoreFolder
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import datasets, own_catalogue
from tandem.catalogue.services.indexing import ROOM
from tandem.kit import installation, search

log = logging.getLogger(__name__)
AT_ONCE = 200
BATCH = 1_000
Progress = Callable[[float, str], None]


def ask(query: str, *, results: str = "json", graph: str = "ttl") -> sparql.Answer:
    """Return the answer to a SPARQL query over everything that is published, partners' datasets included.

    What changed a moment ago is taken in first; after a great change (a harvest) the store follows within a minute.

    Raises:
        BadSparql, NoService, TooLargeAnswer, TookTooLong, Busy: See ``adapters.sparql.ask``.
    """
    store = _store()
    state = _follow(store, most=AT_ONCE, wait=False)
    if not state.generation:
        state = _follow(store, most=None, wait=True)
    return sparql.ask(store.path(state), query, results=results, graph=graph)


def catch_up(_now: datetime) -> int:
    """Take in everything that has changed; return the revision that the store has then. For the worker."""
    return _follow(_store(), most=None, wait=False).revision


def rebuild(progress: Progress) -> int:
    """Throw the store away and make it anew; return how many datasets it has."""
    store = _store()
    with store.only_writer(wait=True):
        store.begin_anew()
        return _take_in(store, store.state(), most=None, progress=progress)


def _store() -> StoreFolder:
    return StoreFolder(installation.folder("cache") / "sparql")


def _follow(store: StoreFolder, *, most: int | None, wait: bool) -> State:
    """Take in up to ``most`` changes, if nobody else is at it; return what the store holds then."""
    state = store.state()
    if state.generation and state.revision >= search.newest_revision():
        return state
    with store.only_writer(wait=wait) as mine:
        if mine:
            state = store.state()
            if not state.generation or state.revision > search.newest_revision():  # of another database
                if most is not None and Dataset.objects.count() > most:
                    return state
                state = store.begin_anew()
            _take_in(store, state, most=most)
    return store.state()


def _take_in(store: StoreFolder, state: State, *, most: int | None, progress: Progress | None = None) -> int:
    """Write every change after the state's revision; return how many there were."""
    newest = search.newest_revision()
    if most is not None and len(search.changes_since(state.revision, room=ROOM, limit=most + 1)) > most:
        return 0
    done = 0
    while changed := search.changes_since(state.revision, room=ROOM, limit=BATCH):
        iris = [iri for _revision, iri in changed]
        state = store.write(state, _graphs(iris), revision=changed[-1][0])
        done += len(iris)
        if progress:
            progress(0.5, f"{done} datasets")
    if newest > state.revision or not done:
        store.write(state, [_catalogue()], revision=max(newest, state.revision))
    log.info("catalogue.sparql.follow", extra={"changes": done})
    return done


def _graphs(iris: Sequence[str]) -> Iterator[Graph]:
    """Yield what is said of datasets, and what no longer is."""
    rows = datasets.with_parts(Dataset.objects.filter(iri__in=iris, status=Status.PUBLISHED))
    profile = installation.config().catalogue.profile
    here = ox.NamedNode(own_catalogue.our_catalogue().iri)
    gone = set(iris)
    for row in rows:
        gone.discard(row.iri)
        said = dcat_write.dataset_triples(datasets.description_of(row), profile=profile)
        if row.source_id is None:
            said.append(ox.Triple(here, name("dcat:dataset"), ox.NamedNode(row.iri)))
        yield Graph(row.iri, said)
    yield from (Graph(iri) for iri in sorted(gone))
    yield _catalogue()


def _catalogue() -> Graph:
    own = own_catalogue.our_catalogue()
    return Graph(
        own.iri, dcat_write.catalogue_triples(own, [], profile=installation.config().catalogue.profile)
    )
