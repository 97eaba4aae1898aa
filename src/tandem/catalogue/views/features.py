"""OGC API Features: collections of published rows that have a place, for programs and for people."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext

from tandem.catalogue import access
from tandem.catalogue.domain.crs import CRS84, KNOWN, crs_named
from tandem.catalogue.domain.exploration import NUMBERS, BadQuery
from tandem.catalogue.domain.feature_query import FeatureQuery, parse_features
from tandem.catalogue.domain.moments import as_moment
from tandem.catalogue.services import features
from tandem.catalogue.services.features import COLLECTIONS_PER_PAGE, Collection
from tandem.catalogue.views import shown
from tandem.catalogue.views.features_openapi import CONFORMS_TO, PARTS, openapi
from tandem.catalogue.views.ogc_answers import (
    GEOJSON,
    HTML,
    JSON,
    OPENAPI,
    SCHEMA,
    Answer,
    link,
    ogc,
)
from tandem.core.text import pick, say
from tandem.kit.installation import city

QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
TRS = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
_TYPES: Mapping[str, dict[str, str]] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "format": "time"},
    "text": {"type": "string"},
}


def _title() -> str:
    return gettext("Data with a place, from %(city)s") % {"city": city().name(get_language() or "en")}


def _both(request: HttpRequest, path: str, media_type: str = JSON) -> list[dict[str, str]]:
    return [link(request, "self", path, media_type), link(request, "alternate", path, HTML, f="html")]


@ogc()
def landing(request: HttpRequest) -> Answer:
    """Say what is here."""

    def document() -> dict[str, Any]:
        links = [
            *_both(request, request.path),
            link(request, "service-desc", reverse("features-api"), OPENAPI),
            link(request, "service-doc", reverse("features-api"), HTML, f="html"),
            link(request, "conformance", reverse("features-conformance"), JSON),
            link(request, "data", reverse("features-collections"), JSON),
        ]
        text = gettext("Every published table whose rows have coordinates or a shape is a collection here.")
        return {"title": _title(), "description": text, "links": links}

    def page() -> dict[str, Any]:
        return {
            "title": _title(),
            "address": request.build_absolute_uri(request.path),
            "count": features.published().count(),
        }

    return Answer(document, "catalogue/features/landing.html", page)


@ogc()
def conformance(request: HttpRequest) -> Answer:
    """Say which parts of which standards are kept to."""
    return Answer(
        lambda: {"conformsTo": list(CONFORMS_TO)},
        "catalogue/features/conformance.html",
        lambda: {"parts": PARTS},
    )


@ogc()
def api(request: HttpRequest) -> Answer:
    """Describe the addresses as OpenAPI."""
    root = request.build_absolute_uri(reverse("features-landing"))

    def document() -> dict[str, Any]:
        return openapi(root, _title(), settings.TANDEM_VERSION)

    def page() -> dict[str, Any]:
        operations = [
            {"path": path, "summary": methods["get"]["summary"]}
            for path, methods in document()["paths"].items()
        ]
        return {"root": root, "operations": operations, "openapi": f"{reverse('features-api')}?f=json"}

    return Answer(document, "catalogue/features/api.html", page, media_type=OPENAPI)


@ogc("limit", "offset")
def collections(request: HttpRequest) -> Answer:
    """List the collections."""
    limit = _whole(request, "limit", COLLECTIONS_PER_PAGE)
    offset = _whole(request, "offset", 0)
    found = features.collections(offset=offset, limit=min(limit, COLLECTIONS_PER_PAGE) + 1)
    following = str(offset + limit) if len(found) > limit else ""
    found = found[:limit]

    def document() -> dict[str, Any]:
        links = _both(request, request.path)
        if following:
            links.append(link(request, "next", request.path, JSON, limit=str(limit), offset=following))
        return {
            "links": links,
            "crs": [crs.uri for crs in KNOWN],
            "collections": [_described(request, each) for each in found],
        }

    def page() -> dict[str, Any]:
        listed = [
            {"title": _name(each), "url": _url("features-collection", each), "rows": each.table.version.rows}
            for each in found
        ]
        return {"collections": listed, "next_url": f"?offset={following}&limit={limit}" if following else ""}

    return Answer(document, "catalogue/features/collections.html", page)


def _whole(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 6 or (name == "limit" and int(text) < 1):
        least = 1 if name == "limit" else 0
        raise BadQuery(
            say("{given}: must be a whole number from {least}.", given=f"{name}={text[:40]}", least=least)
        )
    return min(int(text), COLLECTIONS_PER_PAGE) if name == "limit" else int(text)


# --- one collection -----------------------------------------------------------------------------
def _found(request: HttpRequest, name: str) -> Collection:
    return features.collection(name, drafts=lambda: access.may_see_drafts(request))


def _url(view: str, found: Collection, *more: int) -> str:
    return reverse(view, args=[found.id, *more])


def _name(found: Collection) -> str:
    language = get_language() or "en"
    title = pick(found.dataset.description.get("titles", {}), language, default=found.dataset.slug)
    part = pick(found.distribution.description.get("titles", {}), language)
    return f"{title}: {part}" if part and part != title and found.distribution.position else title


def _version(found: Collection) -> str:
    return f"{found.table.version.pk} {found.dataset.changed_at.isoformat()} {settings.TANDEM_VERSION}"


def _described(request: HttpRequest, found: Collection, *, make: bool = False) -> dict[str, Any]:
    items = _url("features-items", found)
    links = [
        link(request, "self", _url("features-collection", found), JSON),
        link(request, "alternate", _url("features-collection", found), HTML, f="html"),
        link(request, "items", items, GEOJSON),
        link(request, "items", items, HTML, f="html"),
        link(request, QUERYABLES, _url("features-queryables", found), SCHEMA),
        link(request, "canonical", reverse("dataset-id", args=[found.dataset.pk]), HTML),
    ]
    licence = found.distribution.description.get("licence")
    if licence:
        links.append({"rel": "license", "href": licence})
    return {
        "id": found.id,
        "title": _name(found),
        "description": pick(found.dataset.description.get("descriptions", {}), get_language() or "en"),
        "itemType": "feature",
        "extent": _extent(found, make=make),
        "crs": [crs.uri for crs in KNOWN],
        "storageCrs": CRS84.uri,
        "links": links,
    }


def _extent(found: Collection, *, make: bool) -> dict[str, Any]:
    box, time = features.extent_of(found, make=make), found.time
    extent: dict[str, Any] = {"spatial": {"bbox": [list(box or (-180, -90, 180, 90))], "crs": CRS84.uri}}
    if time and time.profile.min:
        ends = [
            _moment(end, last=last) for end, last in ((time.profile.min, False), (time.profile.max, True))
        ]
        extent["temporal"] = {"interval": [ends], "trs": TRS}
    return extent


def _moment(text: Any, *, last: bool) -> str:
    """Return a moment as the standard wants it; the last day of a table lasts until its end."""
    day = str(text)
    if "T" in day:
        return f"{day.partition('.')[0]}Z"
    return f"{day}T{'23:59:59' if last else '00:00:00'}Z"


@ogc()
def collection(request: HttpRequest, name: str) -> Answer:
    """Describe a collection."""
    found = _found(request, name)

    def page() -> dict[str, Any]:
        return {
            "title": _name(found),
            "found": found,
            "rows": found.table.version.rows,
            "columns": found.columns,
            "table_url": reverse("catalogue:table", args=[found.dataset.slug, found.distribution.position]),
            "dataset_url": reverse("catalogue:dataset", args=[found.dataset.slug]),
            "address": request.build_absolute_uri(_url("features-items", found)),
            "systems": KNOWN,
        }

    def document() -> dict[str, Any]:
        return _described(request, found, make=True)

    return Answer(document, "catalogue/features/collection.html", page, version=_version(found))


@ogc()
def queryables(request: HttpRequest, name: str) -> Answer:
    """Say which properties a filter may name."""
    found = _found(request, name)

    def document() -> dict[str, Any]:
        properties: dict[str, Any] = {
            column.key: {
                **_TYPES[column.kind],
                "title": column.name,
                **({"x-ogc-unit": column.unit} if column.unit else {}),
            }
            for column in found.columns
        }
        properties["geometry"] = {"x-ogc-role": "primary-geometry", "format": "geometry-any"}
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": request.build_absolute_uri(request.path),
            "type": "object",
            "title": _name(found),
            "properties": properties,
            "additionalProperties": False,
        }

    def page() -> dict[str, Any]:
        return {"title": _name(found), "found": found, "columns": found.columns}

    return Answer(
        document, "catalogue/features/queryables.html", page, media_type=SCHEMA, version=_version(found)
    )


# --- features -----------------------------------------------------------------------------------
@ogc(others=True)
def items(request: HttpRequest, name: str) -> Answer:
    """Return the features that fit, a page of them."""
    found = _found(request, name)
    asked = parse_features(dict(request.GET.lists()), found.columns)

    def document() -> str:
        page = features.page_of(found, asked)
        links = [
            link(request, "self", request.get_full_path(), GEOJSON),
            link(request, "alternate", _with(request, f="html"), HTML),
            link(request, "collection", _url("features-collection", found), JSON),
        ]
        if page.following is not None:
            links.append(link(request, "next", _next(request, page.following), GEOJSON))
        head = {
            "type": "FeatureCollection",
            "numberMatched": page.matched,
            "numberReturned": len(page.texts),
            "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "links": links,
        }
        begin = json.dumps(head, ensure_ascii=False)[:-1]
        return f'{begin}, "features": [{",".join(page.texts)}]}}'

    return Answer(
        document,
        "catalogue/features/items.html",
        lambda: _page(request, found, asked),
        media_type=GEOJSON,
        version=_version(found),
        headers={"Content-Crs": f"<{asked.crs.uri}>"},
    )


def _with(request: HttpRequest, **changes: str | None) -> str:
    return request.path + shown.with_query(request.GET, **changes)


def _next(request: HttpRequest, following: int) -> str:
    return _with(request, after=str(following), offset=None)


def _page(request: HttpRequest, found: Collection, asked: FeatureQuery) -> dict[str, Any]:
    page = features.page_of(found, asked)
    listed = [json.loads(text) for text in page.texts]
    return {
        "title": _name(found),
        "found": found,
        "matched": shown.count_text(page.matched),
        "columns": found.columns,
        "rows": [
            (
                each["id"],
                _url("features-item", found, each["id"]),
                [(_cell(each, column), column.kind in NUMBERS) for column in found.columns],
            )
            for each in listed
        ],
        "next_url": _next(request, page.following) if page.following is not None else "",
        "first_url": _with(request, after=None, offset=None) if asked.after or asked.offset else "",
        "json_url": _with(request, f="json"),
    }


def _cell(feature: Mapping[str, Any], column: Any) -> str:
    value = feature["properties"].get(column.key)
    if column.kind in {"date", "datetime"} and value is not None:
        value = as_moment(value)
    return shown.value_text(value, column.kind)


@ogc("crs")
def item(request: HttpRequest, name: str, number: int) -> Answer:
    """Return one feature."""
    found = _found(request, name)
    crs = crs_named("crs", request.GET.get("crs") or CRS84.uri)

    def document() -> str:
        links = [
            *_both(request, request.path, GEOJSON),
            link(request, "collection", _url("features-collection", found), JSON),
        ]
        return f'{features.feature_of(found, number, crs)[:-1]},"links":{json.dumps(links)}}}'

    def page() -> dict[str, Any]:
        feature = json.loads(features.feature_of(found, number, crs))
        geometry = feature["geometry"]
        return {
            "title": gettext("%(title)s, feature %(number)s") % {"title": _name(found), "number": number},
            "found": found,
            "collection_title": _name(found),
            "facts": [(column.name, column.unit_beside, _cell(feature, column)) for column in found.columns],
            "geometry": _short(geometry) if geometry else "",
            "json_url": _with(request, f="json"),
        }

    return Answer(
        document,
        "catalogue/features/item.html",
        page,
        media_type=GEOJSON,
        version=_version(found),
        headers={"Content-Crs": f"<{crs.uri}>"},
    )


def _short(geometry: Mapping[str, Any]) -> str:
    if geometry["type"] == "Point":
        return f"{geometry['type']} {', '.join(str(value) for value in geometry['coordinates'])}"
    return str(geometry["type"])
