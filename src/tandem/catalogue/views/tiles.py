"""Vector tiles of tables with many places."""

import hashlib
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from tandem.catalogue import access
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.domain.tile import Tile
from tandem.catalogue.services import features, tiles
from tandem.core.errors import TandemError
from tandem.kit.errors import error_json
from tandem.kit.open_to_all import open_to_all

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
KEPT_S = 3_600


@open_to_all
@require_safe
def tile(request: HttpRequest, name: str, zoom: int, column: int, row: int) -> HttpResponseBase:
    """Return a tile, or 204 where nothing lies in it."""
    try:
        found = features.collection(name, drafts=partial(access.may_see_drafts, request))
        return _answer(request, found, Tile(zoom, column, row))
    except TandemError as error:
        return error_json(error.code, str(error), status=error.http_status)


def _answer(request: HttpRequest, found: features.Collection, wanted: Tile) -> HttpResponse:
    said = f"{found.table.version.pk} {wanted} {urlencode(request.GET, doseq=True)}"
    etag = f'"{hashlib.sha256(said.encode()).hexdigest()[:24]}"'
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        made = tiles.tile_of(found, wanted, dict(request.GET.lists()))
        response = HttpResponse(made, content_type=MEDIA_TYPE) if made else HttpResponse(status=204)
    reach = "public" if found.dataset.status == Status.PUBLISHED else "private"
    response["ETag"], response["Cache-Control"] = etag, f"{reach}, max-age={KEPT_S}"
    return response
