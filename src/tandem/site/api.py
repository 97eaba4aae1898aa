"""The HTTP API, put together from the rooms'."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from tandem import __version__
from tandem.catalogue.api import router as catalogue
from tandem.catalogue.sources_api import router as sources
from tandem.core.errors import TandemError
from tandem.kit.errors import error_json

api = NinjaAPI(
    title="Tandem",
    version=__version__,
    description="Open data of a city. Public data needs no key; to change something, send a token.",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", catalogue)
api.add_router("", sources)


@api.exception_handler(TandemError)
def _known(request: HttpRequest, error: TandemError) -> HttpResponse:
    return error_json(
        error.code, str(error), status=error.http_status, details=getattr(error, "details", None)
    )


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    details: list[Any] = [
        {"at": ".".join(map(str, each["loc"])), "problem": each["msg"]} for each in error.errors
    ]
    return error_json(
        "invalid-input", "The request does not fit the API's description.", status=400, details=details
    )
