"""Addresses of OGC API Features and of map tiles, without a language and for ever."""

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from tandem.catalogue.views import features, tiles


class CollectionConverter(StringConverter):
    """The name of a collection: a dataset's name, and perhaps a position after a dot."""

    regex = r"[-a-zA-Z0-9_]+(?:\.\d{1,4})?"


register_converter(CollectionConverter, "collection")
_ROOT = "ogc/features/v1"
_ONE = f"{_ROOT}/collections/<collection:name>"
_TILE = "<int:zoom>/<int:column>/<int:row>.mvt"

urlpatterns = [
    re_path(rf"^{_ROOT}/?$", features.landing, name="features-landing"),
    path(f"{_ROOT}/conformance", features.conformance, name="features-conformance"),
    path(f"{_ROOT}/api", features.api, name="features-api"),
    path(f"{_ROOT}/collections", features.collections, name="features-collections"),
    path(_ONE, features.collection, name="features-collection"),
    path(f"{_ONE}/queryables", features.queryables, name="features-queryables"),
    path(f"{_ONE}/items", features.items, name="features-items"),
    path(f"{_ONE}/items/<int:number>", features.item, name="features-item"),
    path(f"tiles/<collection:name>/{_TILE}", tiles.tile, name="tile"),
]
