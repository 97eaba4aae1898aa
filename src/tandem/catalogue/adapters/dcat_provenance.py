"""Say in RDF where a harvested description came from: a catalogue record beside it, the description itself untouched.

Source: DCAT-AP 3.0.1, Catalogue Record; PROV-O.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pyoxigraph as ox

from tandem.catalogue.adapters.dcat_terms import DATES, A
from tandem.catalogue.adapters.rdf import iri, name

_DERIVED_FROM = ox.NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
_DATE_TIME = ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a description came from.

    Attributes:
        record: IRI of our record of it.
        dataset: IRI of the dataset.
        original: Address of the original record; empty where nobody said.
        catalogue: Address of the catalogue that it was taken from.
        first_seen_at: When it was first taken over, timezone-aware.
        changed_at: When it last changed there, as far as we saw.
    """

    record: str
    dataset: str
    original: str
    catalogue: str
    first_seen_at: datetime
    changed_at: datetime


def provenance_triples(found: Provenance) -> Iterator[ox.Triple]:
    """Yield the statements of a catalogue record."""
    node = ox.NamedNode(iri(found.record))
    yield ox.Triple(node, A, name("dcat:CatalogRecord"))
    yield ox.Triple(node, name("foaf:primaryTopic"), ox.NamedNode(iri(found.dataset)))
    yield ox.Triple(node, name("dct:source"), ox.NamedNode(iri(found.original or found.dataset)))
    yield ox.Triple(node, _DERIVED_FROM, ox.NamedNode(iri(found.catalogue)))
    for field, at in (("issued", found.first_seen_at), ("modified", found.changed_at)):
        yield ox.Triple(node, DATES[field], ox.Literal(at.isoformat(timespec="seconds"), datatype=_DATE_TIME))
