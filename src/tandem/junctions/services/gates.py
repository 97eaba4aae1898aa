"""Who may send and who may watch a junction's state, remembered for some seconds so that a message costs no query."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from tandem.core.publication import Publication
from tandem.junctions.domain.approval import FileState
from tandem.junctions.models import FileVersion, Junction
from tandem.signals.domain.notation import read_junction

REMEMBERED_S = 10


@dataclass(frozen=True, slots=True)
class Gate:
    """What has to be known of a junction with each message.

    Attributes:
        junction_id: None where there is no such junction.
        engine_id: The id in the approved file; empty where no file is approved.
        groups: The ids of its signal groups, in the file's order.
        version: Number of the approved version.
    """

    slug: str
    junction_id: UUID | None = None
    is_public: bool = False
    token_digest: str = ""
    engine_id: str = ""
    groups: tuple[str, ...] = ()
    version: int = 0


def of(slug: str) -> Gate:
    """Return what is known of a junction; two queries at most every ten seconds."""
    name = _name(slug)
    known: Gate | None = cache.get(name)
    if known is None:
        known = _load(slug)
        cache.set(name, known, REMEMBERED_S)
    return known


def forget(slug: str) -> None:
    """Make the next question ask the database again; within a transaction once more when it is committed.

    Somebody else may ask before that, and would be told what was true until then for ten more seconds.
    """
    cache.delete(_name(slug))
    transaction.on_commit(partial(cache.delete, _name(slug)))


def _name(slug: str) -> str:
    return f"junctions.gate:{slug}"


def _load(slug: str) -> Gate:
    junction = Junction.objects.filter(slug=slug).first()
    if junction is None:
        return Gate(slug)
    version = FileVersion.objects.filter(junction=junction, state=FileState.APPROVED).first()
    file = read_junction(version.text) if version else None
    return Gate(
        slug,
        junction.pk,
        junction.status == Publication.PUBLISHED,
        junction.token_digest,
        file.id if file else "",
        tuple(group.id for group in file.groups) if file else (),
        version.number if version else 0,
    )
