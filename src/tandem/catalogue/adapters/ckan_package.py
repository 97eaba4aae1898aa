"""Say a CKAN package in DCAT, as ckanext-dcat does, so that one reader serves both kinds of sources.

What ckanext-dcat keeps in extras (or, with schemes, beside them) is taken from there; a plain CKAN's own fields
fill what is missing.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from tandem.catalogue.adapters import dcat_terms as t
from tandem.catalogue.adapters.dcat_read import DatasetRead, read_record
from tandem.catalogue.adapters.rdf import Node, iri, name, sound_language
from tandem.catalogue.adapters.rdf_blank import scoped_node
from tandem.catalogue.adapters.rdf_spool import Graph
from tandem.catalogue.domain import vocabulary
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

XSD = "http://www.w3.org/2001/XMLSchema#"
_ADDRESS = re.compile(r"^(https?|ftp|urn|mailto|tel):\S+$", re.IGNORECASE)
# extras of ckanext-dcat whose values are texts or IRIs, one or several
_DATASET = {
    "frequency": "dct:accrualPeriodicity",
    "access_rights": "dct:accessRights",
    "theme": "dcat:theme",
    "language": "dct:language",
    "conforms_to": "dct:conformsTo",
    "documentation": "foaf:page",
    "dcat_type": "dct:type",
    "hvd_category": "dcatap:hvdCategory",
    "applicable_legislation": "dcatap:applicableLegislation",
    "spatial_uri": "dct:spatial",
    "politicalGeocodingURI": "dcatde:politicalGeocodingURI",
    "politicalGeocodingLevelURI": "dcatde:politicalGeocodingLevelURI",
    "contributorID": "dcatde:contributorID",
    "alternate_identifier": "adms:identifier",
    "has_version": "dct:hasVersion",
    "is_version_of": "dct:isVersionOf",
    "source": "dct:source",
    "sample": "adms:sample",
    "related_resource": "dct:relation",
}
_TEXTS = {"version_notes": "adms:versionNotes", "provenance": "dct:provenance", "version": "dcat:version"}
_RESOURCE = {
    "license": "dct:license",
    "rights": "dct:rights",
    "availability": "dcatap:availability",
    "applicable_legislation": "dcatap:applicableLegislation",
    "language": "dct:language",
    "conforms_to": "dct:conformsTo",
    "documentation": "foaf:page",
    "status": "adms:status",
    "compress_format": "dcat:compressFormat",
    "package_format": "dcat:packageFormat",
}
_THEMES = {term.code.lower(): term.iri for term in vocabulary.THEMES}
_LICENCES = {
    "dl-de-by-2.0": "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
    "dl-de-zero-2.0": "http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
    "cc-zero": "http://creativecommons.org/publicdomain/zero/1.0/",
    "cc-by": "http://creativecommons.org/licenses/by/4.0/",
    "cc-by-sa": "http://creativecommons.org/licenses/by-sa/4.0/",
    "odc-odbl": "http://opendatacommons.org/licenses/odbl/1-0/",
    "odc-by": "http://opendatacommons.org/licenses/by/1-0/",
    "odc-pddl": "http://opendatacommons.org/licenses/pddl/1-0/",
}


@dataclass(frozen=True, slots=True)
class PackageRead:
    """A package as a dataset.

    Attributes:
        name: What CKAN calls it.
        url: Its page there.
    """

    read: DatasetRead
    name: str
    url: str


def read_package(package: Mapping[str, Any], *, base: str, language: str = "") -> PackageRead:
    """Read a package; whatever is wrong with it becomes a finding.

    Args:
        package: As ``package_search`` gives it.
        base: The portal's address.
        language: Of its texts, where it does not say: ``de``; empty for unknown.
    """
    identity, called = str(package.get("id") or ""), str(package.get("name") or "")
    if not identity:
        message = say("A package has no id; it was left out, as it could not be found again.")
        lost = Finding(Severity.ERROR, "catalogue.ckan.no-id", base, message)
        return PackageRead(DatasetRead("", None, [lost]), called, "")
    package = {
        **_extras(package),
        **{key: value for key, value in package.items() if value not in (None, "", [])},
    }
    node = ox.NamedNode(iri(_identity(package, base, identity)))
    page = f"{base}/dataset/{quote(called or identity, safe='')}"
    try:
        graph = Graph()
        for statement in dict.fromkeys(_statements(package, node, page, base, language)):
            graph.add(ox.Quad(*statement))
        read = read_record(graph, node)
        told = [
            each for each in read.findings if each.code != "catalogue.dcat.text-for-iri"
        ]  # CKAN has no other
        return PackageRead(replace(read, findings=told), called or identity, page)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        message = say("The package cannot be understood: {problem}", problem=error)
        found = [Finding(Severity.ERROR, "catalogue.ckan.bad-package", node.value, message)]
        return PackageRead(DatasetRead(node.value, None, found, doubtful=True), called, page)


def _extras(package: Mapping[str, Any]) -> dict[str, Any]:
    extras = package.get("extras")
    found = {}
    for each in extras if isinstance(extras, list) else ():
        if isinstance(each, Mapping) and each.get("key") and each.get("value") not in (None, ""):
            found[str(each["key"])] = each["value"]
    return found


def _identity(package: Mapping[str, Any], base: str, identity: str) -> str:
    said = str(package.get("uri") or "")
    return said if _ADDRESS.match(said) else f"{base}/dataset/{quote(identity, safe='')}"


def _statements(
    package: Mapping[str, Any], node: ox.NamedNode, page: str, base: str, language: str
) -> Iterator[ox.Triple]:
    yield ox.Triple(node, t.A, name("dcat:Dataset"))
    yield from _translated(node, t.TITLE, package, "title", language)
    yield from _translated(node, t.DESCRIPTION, package, "notes", language)
    yield from _keywords(node, package, language)
    yield from _values(node, _DATASET, package)
    for key, predicate in _TEXTS.items():
        yield from _plain(node, name(predicate), package.get(key))
    yield from _dates(node, t.DATES["issued"], package, "issued", "metadata_created")
    yield from _dates(node, t.DATES["modified"], package, "modified", "metadata_modified")
    yield from _plain(node, t.IDENTIFIER, package.get("identifier") or package.get("guid") or package["id"])
    landing = str(package.get("url") or "")
    yield ox.Triple(
        node, name("dcat:landingPage"), ox.NamedNode(iri(landing if _ADDRESS.match(landing) else page))
    )
    yield from _themes(node, package)
    yield from _publisher(node, package, base)
    yield from _contact(node, package)
    yield from _time_and_place(node, package)
    for resource in package.get("resources") or ():
        if isinstance(resource, Mapping):
            yield from _resource(node, package, resource, language)


# --- values -------------------------------------------------------------------------------------
def _listed(value: Any) -> list[str]:
    """Return the values of an extra: a list, JSON of one, texts with commas between IRIs, or one."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            value = [value]
    if isinstance(value, str) and value.count("http") > 1 and "," in value:
        value = value.split(",")
    values = value if isinstance(value, list) else [value]
    return [str(each).strip() for each in values if each not in (None, "") and not isinstance(each, Mapping)]


def _values(node: Node, table: Mapping[str, str], source: Mapping[str, Any]) -> Iterator[ox.Triple]:
    for key, predicate in table.items():
        for value in _listed(source.get(key)):
            yield ox.Triple(node, name(predicate), _term(value))


def _term(value: str) -> ox.NamedNode | ox.Literal:
    return ox.NamedNode(iri(value)) if _ADDRESS.match(value) else ox.Literal(value)


def _plain(node: Node, predicate: ox.NamedNode, value: Any) -> Iterator[ox.Triple]:
    for each in _listed(value):
        yield ox.Triple(node, predicate, ox.Literal(each))


def _literal(text: str, language: str) -> ox.Literal:
    tag = sound_language(language) if language and language != "und" else ""
    return ox.Literal(text, language=tag) if tag else ox.Literal(text)


def _translated(
    node: Node, predicate: ox.NamedNode, source: Mapping[str, Any], key: str, language: str
) -> Iterator[ox.Triple]:
    by_language = _by_language(source.get(f"{key}_translated")) or _by_language(source.get(key))
    for code, text in by_language.items():
        if isinstance(text, str) and text.strip():
            yield ox.Triple(node, predicate, _literal(text, code))
    plain = source.get(key)
    if not by_language and plain not in (None, "") and not isinstance(plain, Mapping | list):
        yield ox.Triple(node, predicate, _literal(str(plain), language))


def _by_language(value: Any) -> Mapping[str, Any]:
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    is_one = isinstance(value, Mapping) and all(
        re.fullmatch(r"[A-Za-z]{2,3}([-_]\w+)?", str(key)) for key in value
    )
    return value if is_one else {}


def _keywords(node: Node, package: Mapping[str, Any], language: str) -> Iterator[ox.Triple]:
    by_language = _by_language(package.get("tags_translated")) or _by_language(package.get("keywords"))
    for code, words in by_language.items():
        for word in _listed(words):
            yield ox.Triple(node, t.KEYWORD, _literal(word, code))
    for tag in package.get("tags") or () if not by_language else ():
        called = tag.get("display_name") or tag.get("name") if isinstance(tag, Mapping) else tag
        if called:
            yield ox.Triple(node, t.KEYWORD, _literal(str(called), language))


def _dates(node: Node, predicate: ox.NamedNode, source: Mapping[str, Any], *keys: str) -> Iterator[ox.Triple]:
    for key in keys:
        value = str(source.get(key) or "").strip()
        if value:
            yield ox.Triple(node, predicate, _date(value))
            return


def _date(value: str) -> ox.Literal:
    kinds = {4: "gYear", 7: "gYearMonth", 10: "date"}
    try:
        datetime.fromisoformat(value)
    except ValueError:
        kind = kinds.get(len(value), "") if re.fullmatch(r"\d{4}(-\d\d)?", value) else ""
    else:
        kind = kinds.get(len(value), "dateTime")
    return ox.Literal(value, datatype=ox.NamedNode(XSD + kind)) if kind else ox.Literal(value)


# --- parts --------------------------------------------------------------------------------------
def _themes(node: Node, package: Mapping[str, Any]) -> Iterator[ox.Triple]:
    if package.get("theme"):
        return
    for group in package.get("groups") or ():
        called = str(group.get("name") or "").lower() if isinstance(group, Mapping) else ""
        if called in _THEMES:
            yield ox.Triple(node, name("dcat:theme"), ox.NamedNode(_THEMES[called]))


def _publisher(node: Node, package: Mapping[str, Any], base: str) -> Iterator[ox.Triple]:
    organization = package.get("organization")
    body: Mapping[str, Any] = organization if isinstance(organization, Mapping) else {}
    said = package.get("publisher")
    first = said[0] if isinstance(said, list) and said and isinstance(said[0], Mapping) else {}
    called = package.get("publisher_name") or first.get("name") or body.get("title") or body.get("name")
    identity = str(package.get("publisher_uri") or first.get("uri") or "")
    if not identity and body.get("id") and not (package.get("publisher_name") or first):
        identity = f"{base}/organization/{quote(str(body['id']), safe='')}"
    if not called and not identity:
        return
    agent = ox.NamedNode(iri(identity)) if _ADDRESS.match(identity) else ox.BlankNode("publisher")
    yield ox.Triple(node, t.PUBLISHER, agent)
    yield ox.Triple(agent, t.A, name("foaf:Agent"))
    yield from _plain(agent, t.AGENT.texts["names"], called)
    for key, predicate in (("type", t.AGENT.iri["kind"]), ("url", t.AGENT.iri["homepage"])):
        for value in _listed(package.get(f"publisher_{key}") or first.get(key)):
            yield ox.Triple(agent, predicate, _term(value))
    for mail in _listed(package.get("publisher_email") or first.get("email")):
        yield ox.Triple(
            agent, t.AGENT.iri["mail"], ox.NamedNode(iri(f"mailto:{mail.removeprefix('mailto:')}"))
        )
    yield from _plain(agent, t.IDENTIFIER, package.get("publisher_identifier") or first.get("identifier"))


def _contact(node: Node, package: Mapping[str, Any]) -> Iterator[ox.Triple]:
    said = package.get("contact")
    first = said[0] if isinstance(said, list) and said and isinstance(said[0], Mapping) else {}
    called = (
        package.get("contact_name") or first.get("name") or package.get("maintainer") or package.get("author")
    )
    mail = (
        package.get("contact_email")
        or first.get("email")
        or package.get("maintainer_email")
        or package.get("author_email")
    )
    if not called and not mail:
        return
    identity = str(package.get("contact_uri") or first.get("uri") or "")
    part = ox.NamedNode(iri(identity)) if _ADDRESS.match(identity) else ox.BlankNode("contact")
    yield ox.Triple(node, t.CONTACT, part)
    yield ox.Triple(part, t.A, name("vcard:Kind"))
    yield from _plain(part, t.CONTACT_PROPERTIES.literal["name"], called)
    for each in _listed(mail):
        yield ox.Triple(
            part,
            t.CONTACT_PROPERTIES.iri["mail"],
            ox.NamedNode(iri(f"mailto:{each.removeprefix('mailto:')}")),
        )


def _time_and_place(node: Node, package: Mapping[str, Any]) -> Iterator[ox.Triple]:
    start, end = package.get("temporal_start"), package.get("temporal_end")
    if start or end:
        period = ox.BlankNode("period")
        yield ox.Triple(node, t.TEMPORAL, period)
        yield ox.Triple(period, t.A, name("dct:PeriodOfTime"))
        for predicate, value in ((t.START, start), (t.END, end)):
            if value:
                yield ox.Triple(period, predicate, _date(str(value)))
    box = _box(package.get("spatial"))
    if box:
        west, south, east, north = box
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        place = ox.BlankNode("place")
        wkt = f"POLYGON(({', '.join(f'{x} {y}' for x, y in corners)}))"
        yield ox.Triple(node, t.SPATIAL, place)
        yield ox.Triple(place, t.BBOX, ox.Literal(wkt, datatype=name("geosparql:wktLiteral")))


def _box(value: Any) -> tuple[float, float, float, float] | None:
    """Return the bounds of a GeoJSON geometry, None where it is none."""
    try:
        shape = json.loads(value) if isinstance(value, str) else value
        points = list(_points(shape["coordinates"])) if isinstance(shape, Mapping) else []
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not points:
        return None
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield float(coordinates[0]), float(coordinates[1])
    else:
        for each in coordinates:
            yield from _points(each)


def _resource(
    dataset: ox.NamedNode, package: Mapping[str, Any], resource: Mapping[str, Any], language: str
) -> Iterator[ox.Triple]:
    said, identity = str(resource.get("uri") or ""), str(resource.get("id") or "")
    url = str(resource.get("url") or "").strip()
    if not identity and not url:
        return
    own = said if _ADDRESS.match(said) else f"{dataset.value}/resource/{quote(identity or url, safe='')}"
    node = ox.NamedNode(iri(own))
    yield ox.Triple(dataset, t.DISTRIBUTION, node)
    yield ox.Triple(node, t.A, name("dcat:Distribution"))
    yield from _translated(node, t.TITLE, resource, "name", language)
    yield from _translated(node, t.DESCRIPTION, resource, "description", language)
    access, download = str(resource.get("access_url") or url), str(resource.get("download_url") or "")
    if not download and str(resource.get("url_type") or "") == "upload":
        download = url
    for predicate, address in (("dcat:accessURL", access), ("dcat:downloadURL", download)):
        if address:
            yield ox.Triple(node, name(predicate), _term(address))
    for key, predicate in (("format", "dct:format"), ("mimetype", "dcat:mediaType")):
        for value in _listed(resource.get(key)):
            yield ox.Triple(node, name(predicate), _term(value))
    yield from _values(node, _RESOURCE, resource)
    if not resource.get("license"):
        yield from _licence(node, package)
    yield from _plain(
        node,
        t.DISTRIBUTION_PROPERTIES.literal["attribution"],
        resource.get("licenseAttributionByText") or package.get("licenseAttributionByText"),
    )
    yield from _dates(node, t.DATES["issued"], resource, "issued", "created")
    yield from _dates(node, t.DATES["modified"], resource, "modified", "last_modified")
    yield from _size_and_hash(node, resource)


def _licence(node: Node, package: Mapping[str, Any]) -> Iterator[ox.Triple]:
    code, url = str(package.get("license_id") or ""), str(package.get("license_url") or "")
    known: Iterable[str] = (_LICENCES.get(code.lower(), ""), url if _ADDRESS.match(url) else "")
    for value in (*filter(None, known), *filter(None, (code, package.get("license_title")))):
        if str(value) not in {"notspecified", "other-open", "other-closed", "other-at"}:
            yield ox.Triple(node, t.LICENCE, _term(str(value)))
            return


def _size_and_hash(node: Node, resource: Mapping[str, Any]) -> Iterator[ox.Triple]:
    size = str(resource.get("size") or "")
    if size.isdigit():
        kind = ox.NamedNode(f"{XSD}nonNegativeInteger")
        yield ox.Triple(node, t.BYTE_SIZE, ox.Literal(size, datatype=kind))
    digest = str(resource.get("hash") or "").lower().removeprefix("sha256:")
    algorithm = str(resource.get("hash_algorithm") or "").lower()
    if re.fullmatch(r"[0-9a-f]{64}", digest) and (not algorithm or "256" in algorithm):
        part = scoped_node(node.value, "checksum")
        yield ox.Triple(node, t.CHECKSUM, part)
        yield ox.Triple(part, t.CHECKSUM_ALGORITHM, t.SHA256)
        yield ox.Triple(part, t.CHECKSUM_VALUE, ox.Literal(digest, datatype=ox.NamedNode(f"{XSD}hexBinary")))
