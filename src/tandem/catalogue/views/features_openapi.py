"""OGC API Features as OpenAPI 3.0, and the conformance classes that it keeps to."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tandem.catalogue.domain.crs import CRS84, KNOWN
from tandem.catalogue.domain.feature_query import LANGUAGES_OF_FILTERS, LIMIT, MOST

_FEATURES = "http://www.opengis.net/spec/ogcapi-features"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
PARTS: Sequence[tuple[str | Promise, Sequence[str]]] = (
    (
        _("OGC API Features, part 1: core"),
        tuple(f"{_FEATURES}-1/1.0/conf/{name}" for name in ("core", "geojson", "html", "oas30")),
    ),
    (_("OGC API Features, part 2: coordinate reference systems"), (f"{_FEATURES}-2/1.0/conf/crs",)),
    (
        _("OGC API Features, part 3: filtering"),
        tuple(
            f"{_FEATURES}-3/1.0/conf/{name}"
            for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
        ),
    ),
    (
        _("Common Query Language (CQL2)"),
        tuple(
            f"{_CQL2}/{name}"
            for name in (
                "cql2-text",
                "cql2-json",
                "basic-cql2",
                "advanced-comparison-operators",
                "case-insensitive-comparison",
                "accent-insensitive-comparison",
                "basic-spatial-functions",
                "basic-spatial-functions-plus",
                "spatial-functions",
                "temporal-functions",
                "property-property",
                "arithmetic",
            )
        ),
    ),
)
CONFORMS_TO = tuple(uri for _title, uris in PARTS for uri in uris)

_COLLECTION = {"$ref": "#/components/parameters/collectionId"}
_FORM = {"$ref": "#/components/parameters/f"}


def openapi(root: str, title: str, version: str) -> dict[str, Any]:
    """Return the description of the addresses below ``root``."""
    one = "/collections/{collectionId}"
    of_items = (
        "limit",
        "offset",
        "after",
        "bbox",
        "bbox-crs",
        "datetime",
        "filter",
        "filter-lang",
        "filter-crs",
        "crs",
    )
    asked = [_COLLECTION, *({"$ref": f"#/components/parameters/{name}"} for name in of_items), _FORM]
    feature = [
        _COLLECTION,
        {"$ref": "#/components/parameters/featureId"},
        {"$ref": "#/components/parameters/crs"},
        _FORM,
    ]
    paths = {
        "/": _get("getLandingPage", "What is here", [_FORM], "landingPage"),
        "/conformance": _get(
            "getConformance", "Which parts of the standards are kept to", [_FORM], "conformance"
        ),
        "/api": _get(
            "getApi", "This description", [_FORM], media_type="application/vnd.oai.openapi+json;version=3.0"
        ),
        "/collections": _get(
            "getCollections",
            "The collections",
            [
                _whole("limit", "Most collections of a page", 200),
                _whole("offset", "How many to leave out", 0, 0),
                _FORM,
            ],
            "collections",
        ),
        one: _get("describeCollection", "One collection", [_COLLECTION, _FORM], "collection", missing=True),
        f"{one}/queryables": _get(
            "getQueryables",
            "What a filter may name",
            [_COLLECTION, _FORM],
            media_type="application/schema+json",
            missing=True,
        ),
        f"{one}/items": _items(
            _get(
                "getFeatures", "Features", asked, "features", media_type="application/geo+json", missing=True
            )
        ),
        f"{one}/items/{{featureId}}": _get(
            "getFeature", "One feature", feature, "feature", media_type="application/geo+json", missing=True
        ),
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": version},
        "servers": [{"url": root}],
        "tags": [{"name": "features", "description": "OGC API Features"}],
        "paths": paths,
        "components": {"parameters": _parameters(), "schemas": _SCHEMAS, "responses": _RESPONSES},
    }


def _get(
    operation: str,
    summary: str,
    parameters: Sequence[Mapping[str, Any]],
    schema: str = "",
    *,
    media_type: str = "application/json",
    missing: bool = False,
) -> dict[str, Any]:
    form = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}
    responses: dict[str, Any] = {
        "200": {
            "description": summary,
            "content": {media_type: {"schema": form}, "text/html": {"schema": {"type": "string"}}},
        },
        "400": {"$ref": "#/components/responses/BadRequest"},
    }
    if missing:
        responses["404"] = {"$ref": "#/components/responses/NotFound"}
    found = {
        "tags": ["features"],
        "operationId": operation,
        "summary": summary,
        "parameters": list(parameters),
    }
    return {"get": {**found, "responses": responses}}


def _items(methods: dict[str, Any]) -> dict[str, Any]:
    """Add what only a page of features has: columns as parameters, and the header with the system."""
    operation = methods["get"]
    operation["parameters"].append({"$ref": "#/components/parameters/columns"})
    operation["responses"]["200"]["headers"] = {
        "Content-Crs": {
            "description": "The coordinate reference system, in angle brackets",
            "schema": {"type": "string"},
        }
    }
    operation["responses"]["409"] = {"$ref": "#/components/responses/TooSlow"}
    return methods


def _query(name: str, description: str, schema: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "required": False,
        "schema": dict(schema),
        **more,
    }


def _whole(name: str, description: str, default: int, least: int = 1, most: int = 0) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": least, "default": default, **({"maximum": most} if most else {})}
    return _query(name, description, schema)


def _crs(name: str, description: str) -> dict[str, Any]:
    uris = [crs.uri for crs in KNOWN]
    return _query(name, description, {"type": "string", "format": "uri", "enum": uris, "default": CRS84.uri})


def _parameters() -> dict[str, Any]:
    numbers = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
    strings = {"type": "string"}
    path = {"in": "path", "required": True}
    return {
        "collectionId": {"name": "collectionId", **path, "schema": strings},
        "featureId": {"name": "featureId", **path, "schema": {"type": "integer", "minimum": 0}},
        "f": _query("f", "The form of the answer", {"type": "string", "enum": ["json", "geojson", "html"]}),
        "limit": _whole("limit", "Most features of a page", LIMIT, 1, MOST),
        "offset": _whole("offset", "How many features to leave out; a next link is quicker", 0, 0),
        "after": _whole("after", "Only features after this number; what next links use", 0, 0),
        "bbox": _query(
            "bbox", "Features in a box: lower corner, upper corner", numbers, style="form", explode=False
        ),
        "bbox-crs": _crs("bbox-crs", "The system of bbox"),
        "datetime": _query("datetime", "A date, a moment, or an interval with .. for an open end", strings),
        "filter": _query("filter", "A filter in CQL2", strings),
        "filter-lang": _query(
            "filter-lang", "Its form", {"type": "string", "enum": list(LANGUAGES_OF_FILTERS)}
        ),
        "filter-crs": _crs("filter-crs", "The system of geometries in the filter"),
        "crs": _crs("crs", "The system in which features are returned"),
        "columns": _query(
            "columns",
            "Any column of the collection is a parameter too: the value that it must have",
            {"type": "object", "additionalProperties": {"type": "string"}},
            style="form",
            explode=True,
        ),
    }


def _object(required: Sequence[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


_LINK = _object(
    ["href", "rel"],
    href={"type": "string"},
    rel={"type": "string"},
    type={"type": "string"},
    title={"type": "string"},
)
_LINKS = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
_TEXT = {"type": "string"}
_SCHEMAS = {
    "link": _LINK,
    "exception": _object(["code"], code=_TEXT, description=_TEXT),
    "landingPage": _object(["links"], title=_TEXT, description=_TEXT, links=_LINKS),
    "conformance": _object(["conformsTo"], conformsTo={"type": "array", "items": _TEXT}),
    "collection": _object(
        ["id", "links"],
        id=_TEXT,
        title=_TEXT,
        description=_TEXT,
        itemType=_TEXT,
        storageCrs=_TEXT,
        crs={"type": "array", "items": _TEXT},
        extent={"type": "object"},
        links=_LINKS,
    ),
    "collections": _object(
        ["links", "collections"],
        links=_LINKS,
        crs={"type": "array", "items": _TEXT},
        collections={"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
    ),
    "feature": _object(
        ["type", "geometry", "properties"],
        type={"type": "string", "enum": ["Feature"]},
        id={"type": "integer"},
        geometry={"type": "object", "nullable": True},
        properties={"type": "object", "nullable": True},
        links=_LINKS,
    ),
    "features": _object(
        ["type", "features"],
        type={"type": "string", "enum": ["FeatureCollection"]},
        features={"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
        links=_LINKS,
        timeStamp={"type": "string", "format": "date-time"},
        numberMatched={"type": "integer", "minimum": 0},
        numberReturned={"type": "integer", "minimum": 0},
    ),
}
_EXCEPTION = {"application/json": {"schema": {"$ref": "#/components/schemas/exception"}}}
_RESPONSES = {
    "BadRequest": {"description": "A parameter cannot be; the description says which", "content": _EXCEPTION},
    "NotFound": {"description": "There is no such collection or feature", "content": _EXCEPTION},
    "TooSlow": {"description": "The question took too long and was given up", "content": _EXCEPTION},
}
