"""The HTTP API of files: bring them in, follow an address, their versions and what changed."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import AnyHttpUrl

from tandem.catalogue.api import job_out, needs, visible, who
from tandem.catalogue.domain.following import Every
from tandem.catalogue.domain.permissions import Action
from tandem.catalogue.models import Distribution, FollowedAddress, TableVersion
from tandem.catalogue.services import changes, command_line, datasets, following, imports, tables

router = Router()
MOST_VERSIONS = 1_000


class Follow(Schema):
    """An address to follow, and how often to look."""

    url: AnyHttpUrl
    every: Every = Every.DAILY


class Key(Schema):
    """Columns that tell a row apart."""

    columns: list[str]


def _at(name: str, position: int) -> Distribution:
    return command_line.distribution_at(datasets.find(name), position)


def _upload(file: UploadedFile) -> tables.Upload:
    return tables.receive(
        file.chunks(1_048_576), filename=file.name or "file", media_type=file.content_type or ""
    )


@router.post("/datasets/{name}/files", auth=needs(Action.EDIT), summary="Add a file to a dataset")
def add_file(
    request: HttpRequest, name: str, file: File[UploadedFile], part: Form[str] = "", note: Form[str] = ""
) -> JsonResponse:
    """Read a file in the background; ``part`` names the sheet, layer or file inside. Follow the job."""
    distribution, job = imports.add_file(
        datasets.find(name),
        _upload(file),
        titles={},
        person=who(request),
        now=timezone.now(),
        provenance=tables.Provenance(part=part, note=note),
    )
    answer = {"position": distribution.position, "job": job_out(job) if job else None}
    return JsonResponse(answer, status=202 if job else 201)


@router.post(
    "/datasets/{name}/files/{position}", auth=needs(Action.EDIT), summary="Bring a new version of a file in"
)
def replace_file(
    request: HttpRequest,
    name: str,
    position: int,
    file: File[UploadedFile],
    part: Form[str] = "",
    note: Form[str] = "",
) -> JsonResponse:
    """Read a file in the background; follow the job that is returned.

    ``part`` names the sheet, layer or file inside, ``note`` says what is new.
    """
    distribution = _at(name, position)
    job = imports.bring_in(
        distribution,
        _upload(file),
        person=who(request),
        now=timezone.now(),
        provenance=tables.Provenance(part=part, note=note),
    )
    return JsonResponse(job_out(job) if job else {"kept": True}, status=202 if job else 201)


@router.get(
    "/datasets/{name}/files/{position}/parts", auth=needs(Action.EDIT), summary="Sheets and layers in a file"
)
def parts(request: HttpRequest, name: str, position: int) -> JsonResponse:
    """Return the sheets, layers or tables inside of the current file, and which of them is read."""
    version = _at(name, position).current
    found = tables.parts_of(tables.upload_of(version)) if version else []
    read = (version.report.get("origin") or {}).get("part", "") if version else ""
    listed = [{"name": each.name, "note": each.note, "read": each.name == read} for each in found]
    return JsonResponse({"parts": listed})


@router.post(
    "/datasets/{name}/files/{position}/part", auth=needs(Action.EDIT), summary="Read another sheet or layer"
)
def read_part(request: HttpRequest, name: str, position: int, part: Form[str]) -> JsonResponse:
    """Read another part of the current file, as a new version; follow the job that is returned."""
    return JsonResponse(
        job_out(imports.read_part(_at(name, position), part, person=who(request))), status=202
    )


# --- addresses ----------------------------------------------------------------------------------
def _address(found: FollowedAddress) -> dict[str, Any]:
    names = ("url", "every", "failures", "checked_at", "succeeded_at", "next_at")
    return {**{name: getattr(found, name) for name in names}, "problem": following.problem_of(found)}


@router.get(
    "/datasets/{name}/files/{position}/address",
    auth=needs(Action.SEE_DRAFTS),
    summary="The address that a file follows",
)
def address(request: HttpRequest, name: str, position: int) -> JsonResponse:
    """Return the address, when it was looked at, and what went wrong."""
    return JsonResponse(_address(following.address_of(_at(name, position))))


@router.put(
    "/datasets/{name}/files/{position}/address",
    auth=needs(Action.EDIT),
    summary="Let a file follow an address",
)
def follow(request: HttpRequest, name: str, position: int, said: Follow) -> JsonResponse:
    """Fetch a file from an address now, and look for a new version hourly, daily, weekly or monthly."""
    person = who(request)
    found = following.follow(
        _at(name, position), url=str(said.url), every=said.every, person=person, now=timezone.now()
    )
    return JsonResponse(job_out(imports.start_check(found, person=person)), status=202)


@router.post(
    "/datasets/{name}/files/{position}/address", auth=needs(Action.EDIT), summary="Fetch an address now"
)
def check(request: HttpRequest, name: str, position: int) -> JsonResponse:
    """Look for a new version now; follow the job that is returned."""
    found = following.address_of(_at(name, position))
    return JsonResponse(job_out(imports.start_check(found, person=who(request))), status=202)


@router.delete(
    "/datasets/{name}/files/{position}/address", auth=needs(Action.EDIT), summary="Stop following an address"
)
def stop(request: HttpRequest, name: str, position: int) -> JsonResponse:
    """Stop following; the versions stay."""
    following.stop(_at(name, position), person=who(request))
    return JsonResponse({"stopped": True})


# --- versions -----------------------------------------------------------------------------------
def _version(distribution: Distribution, found: TableVersion) -> dict[str, Any]:
    where = [distribution.dataset.slug, distribution.position, found.number]
    kinds = ("original", "csv", "parquet") if found.report else ("original",)
    return {
        "number": found.number,
        "filename": found.filename,
        "created_at": found.created_at,
        "rows": found.rows,
        "byte_size": found.byte_size,
        "sha256": found.sha256,
        "note": found.note,
        "source_url": found.source_url,
        "downloads": {kind: reverse("catalogue:version", args=[*where, kind]) for kind in kinds},
    }


@router.get("/datasets/{name}/files/{position}/versions", summary="Versions of a file")
def versions(request: HttpRequest, name: str, position: int) -> JsonResponse:
    """Return the versions of a file, the newest first, with where each can be had."""
    distribution = command_line.distribution_at(visible(request, name), position)
    rows = distribution.versions.order_by("-number")[:MOST_VERSIONS]
    return JsonResponse({"versions": [_version(distribution, each) for each in rows]})


@router.get("/datasets/{name}/files/{position}/changes", summary="What changed between two versions")
def what_changed(request: HttpRequest, name: str, position: int, old: int, new: int) -> JsonResponse:
    """Return counts of rows added, removed and changed, changes of columns, and the first examples of each."""
    distribution = command_line.distribution_at(visible(request, name), position)
    found = changes.changes_between(
        changes.version_of(distribution, old),
        changes.version_of(distribution, new),
        key=distribution.key_columns,
    )
    return JsonResponse({**found.as_dict(), "unchanged": found.unchanged, "same": found.same})


@router.put(
    "/datasets/{name}/files/{position}/key", auth=needs(Action.EDIT), summary="Choose what tells rows apart"
)
def choose_key(request: HttpRequest, name: str, position: int, said: Key) -> JsonResponse:
    """Choose the columns by which versions are compared; none leaves it to be guessed."""
    changes.choose_key(_at(name, position), said.columns, person=who(request))
    return JsonResponse({"columns": said.columns})
