"""CKAN's Action API: one address for each action, one envelope for each answer.

Nobody is signed in here by a cookie: who changes something sends a token with the request, which no other site can
make a browser do. So there is nothing that a check against forged requests would guard.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tandem.accounts.services import tokens
from tandem.catalogue.domain.ckan_values import BadPackage
from tandem.catalogue.domain.solr_query import BadSolrQuery
from tandem.catalogue.services.ckan_resources import SentFile
from tandem.catalogue.views.ckan_actions import ACTIONS
from tandem.catalogue.views.ckan_request import Call
from tandem.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, TandemError
from tandem.kit.installation import config
from tandem.kit.search import BadPattern, TooDeep

log = logging.getLogger(__name__)
_JSON_TYPES = {"application/json", "text/plain", ""}
_FORM_TYPES = {"multipart/form-data", "application/x-www-form-urlencoded"}
_FILE_FIELDS = ("upload", "image_upload", "file")
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Content-Type",
}


class BadRequest(InvalidInput):
    """The request is none that CKAN's API knows: no JSON, or no action of that name."""

    code = "catalogue.ckan.bad-request"


@require_http_methods(["GET", "HEAD"])
def version(request: HttpRequest, number: int = 3) -> HttpResponse:
    """Say which version of the API this is; clients look here whether a site speaks it."""
    return _answer({"version": 3})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST", "OPTIONS"])
def action(request: HttpRequest, name: str, number: int = 3) -> HttpResponse:
    """Carry one action out."""
    if request.method == "OPTIONS":
        return HttpResponse(headers=_CORS)
    url = f"{config().server.url}/api/3/action/help_show?name={name}"
    try:
        found = ACTIONS.get(name)
        if found is None or number != 3:
            raise BadRequest(
                f"There is no action {name[:100]!r} here. The reference lists those that there are."
            )
        if found.changes and request.method != "POST":
            raise BadRequest(f"{name} changes something; send it with POST.")
        call = Call({}, None, _person(request), timezone.now())
        if found.changes:
            call.asker()  # nothing of a body is read for who may not
        result = found.run(replace(call, values=_parameters(request), sent=_sent_file(request)))
    except TandemError as error:
        return _answer({"help": url, "success": False, "error": _error(error)}, status=_status(error))
    except (RequestDataTooBig, MultiPartParserError, SuspiciousOperation) as problem:
        said = BadRequest(f"The request cannot be read: {problem}")
        return _answer({"help": url, "success": False, "error": _error(said)}, status=400)
    return _answer({"help": url, "success": True, "result": result})


def _answer(values: Mapping[str, Any], *, status: int = 200) -> JsonResponse:
    response = JsonResponse(values, status=status, json_dumps_params={"ensure_ascii": False})
    for header, value in _CORS.items():
        response[header] = value
    response["Vary"] = "Authorization, X-CKAN-API-Key"
    return response


# --- request ------------------------------------------------------------------------------------
def _person(request: HttpRequest) -> Any:
    """Return whose token the request carries, as CKAN's clients send it, with or without a scheme."""
    said = request.headers.get("Authorization") or request.headers.get("X-CKAN-API-Key") or ""
    scheme, _space, secret = said.strip().partition(" ")
    return tokens.person_of(secret.strip() if scheme.lower() == "bearer" else said.strip())


def _parameters(request: HttpRequest) -> dict[str, Any]:
    """Return what was sent: the query string, and the body over it."""
    found = _unlisted(request.GET)
    if request.method != "POST":
        return found
    if (request.content_type or "") in _FORM_TYPES:
        return found | _unlisted(request.POST)
    body = request.body
    if not body.strip():
        return found
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is no JSON: {error}") from error
    if not isinstance(sent, dict):
        raise BadRequest("The body must be a JSON object: {…}")
    return found | sent


def _unlisted(values: Any) -> dict[str, Any]:
    """Return parameters; one that comes several times is a list."""
    return {name: some[0] if len(some) == 1 else some for name, some in values.lists()}


def _sent_file(request: HttpRequest) -> SentFile | None:
    if request.method != "POST" or request.content_type != "multipart/form-data":
        return None
    found = next((request.FILES[name] for name in _FILE_FIELDS if name in request.FILES), None)
    if not isinstance(found, UploadedFile):
        return None
    return SentFile(found.name or "file", found.content_type or "", found.chunks(1_048_576), found.size or 0)


# --- errors -------------------------------------------------------------------------------------
def _error(error: TandemError) -> dict[str, Any]:
    if isinstance(error, BadPackage):
        return {"__type": "Validation Error", **error.fields}
    if isinstance(error, BadSolrQuery | TooDeep | BadPattern):
        return {"__type": "Search Query Error", "message": f"Search Query is invalid: {error}"}
    if isinstance(error, NotFound):
        return {"__type": "Not Found Error", "message": f"Not found: {error}"}
    if isinstance(error, NotAllowed):
        return {"__type": "Authorization Error", "message": f"Access denied: {error}"}
    if isinstance(error, BadRequest):
        return {"__type": "Bad Request", "message": str(error)}
    if isinstance(error, InvalidInput | Conflict):
        return {"__type": "Validation Error", "message": [str(error)], "code": error.code}
    log.warning("catalogue.ckan.failed code=%s: %s", error.code, error)
    return {"__type": "Internal Server Error", "message": str(error)}


def _status(error: TandemError) -> int:
    if isinstance(error, BadSolrQuery | TooDeep | BadPattern | BadRequest):
        return 400
    return 409 if isinstance(error, InvalidInput) else error.http_status
