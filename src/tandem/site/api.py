"""The HTTP API, put together from the rooms'."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from tandem import __version__
from tandem.catalogue.api import router as catalogue
from tandem.catalogue.sources_api import router as sources
from tandem.core.errors import TandemError
from tandem.kit.errors import error_json

ERROR = {
    "type": "object",
    "title": "Error",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string", "description": "Stable, for programs."},
                "message": {"type": "string", "description": "A sentence in English."},
                "details": {},
            },
        }
    },
}
FAILURES = {
    "400": "What was sent is wrong.",
    "403": "Not allowed, or no token.",
    "404": "Not found.",
    "409": "In the wrong state for this.",
    "413": "Too large.",
    "503": "Something that this needs does not answer.",
}


class TandemAPI(NinjaAPI):
    """The API; its description also says what an error looks like, the same everywhere."""

    def get_openapi_schema(self, **asked: Any) -> Any:
        """Return the OpenAPI document."""
        schema = super().get_openapi_schema(**asked)
        schema["components"].setdefault("schemas", {})["Error"] = ERROR
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                _describe_answers(method, operation["responses"])
        return schema


def _describe_answers(method: str, responses: dict[Any, Any]) -> None:
    """Say what comes back where the operation does not: an object, and the errors' one shape."""
    for status in ("200", *(("201", "202") if method != "get" else ())):
        known = responses.setdefault(int(status), {"description": "OK"})
        known.setdefault("content", {"application/json": {"schema": {"type": "object"}}})
    for status, what in FAILURES.items():
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        responses.setdefault(int(status), {"description": what, "content": content})


api = TandemAPI(
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


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return error_json("invalid-input", f"The request cannot be read: {error}", status=error.status_code)
