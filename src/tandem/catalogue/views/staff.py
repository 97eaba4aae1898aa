"""The officer's pages: upload, what was recognised, describe, publish, withdraw."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tandem.accounts.access import person_of, staff
from tandem.catalogue import access
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.completeness import Need
from tandem.catalogue.domain.lifecycle import UNSEEN, Status
from tandem.catalogue.domain.permissions import ALLOWED, ROOM, Action
from tandem.catalogue.domain.validation import check_dataset
from tandem.catalogue.forms import FIELD_NAMES, NewDatasetForm, NewVersionForm, UploadForm, WithdrawForm
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import datasets, imports, publishing, tables
from tandem.catalogue.services.explore import Table
from tandem.catalogue.views import describing, shown
from tandem.core.errors import InvalidInput, TandemError
from tandem.kit.installation import config
from tandem.kit.models import Job
from tandem.kit.spoken import spoken

editors = staff(ROOM, *ALLOWED[Action.EDIT])
publishers = staff(ROOM, *ALLOWED[Action.PUBLISH])
readers = staff(ROOM, *ALLOWED[Action.SEE_DRAFTS])
WORK_PER_PAGE = 30
PART_NOTES = {"hidden": gettext_lazy("hidden"), "table": gettext_lazy("no shapes")}


def own_or_404(slug: str) -> Dataset:
    """Return the dataset of ours with that slug."""
    return get_object_or_404(Dataset, slug=slug, source=None)


def title_of(dataset: Dataset) -> str:
    """Return a dataset's title in the page's language."""
    return shown.texts(dataset.description.get("titles", {})) or dataset.slug


def steps_of(dataset: Dataset | None = None, position: int = 0) -> list[tuple[Any, str]]:
    """Return the way from the file to the published dataset."""
    slug = dataset.slug if dataset else ""
    return [
        (gettext("Upload"), ""),
        (gettext("Check"), reverse("catalogue:report", args=[slug, position]) if slug else ""),
        (gettext("Describe"), reverse("catalogue:edit", args=[slug]) if slug else ""),
        (gettext("Publish"), reverse("catalogue:publish", args=[slug]) if slug else ""),
    ]


@readers
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Show the drafts and what was withdrawn, the newest change first."""
    rows = Dataset.objects.filter(source=None).exclude(status=Status.PUBLISHED).order_by("-changed_at", "id")
    page = Paginator(rows, WORK_PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.status_label = shown.STATUS[row.status]  # type: ignore[attr-defined]
    waiting = Dataset.objects.filter(source=None, status=Status.REVIEW).count()
    return render(request, "catalogue/work.html", {"page": page, "waiting": waiting})


# --- upload -------------------------------------------------------------------------------------
def _receive(form: UploadForm) -> tables.Upload:
    file = form.cleaned_data["file"]
    return tables.receive(file.chunks(1_048_576), filename=file.name, media_type=file.content_type or "")


def _upload_page(form: UploadForm, heading: str, dataset: Dataset | None) -> dict[str, Any]:
    return {
        "form": form,
        "heading": heading,
        "dataset": dataset,
        "dataset_title": title_of(dataset) if dataset else "",
        "steps": steps_of(),
        "largest": config().server.upload_mb * 1_000_000,
    }


@editors
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take the first file of a new dataset."""
    form = NewDatasetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            upload = _receive(form)
        except InvalidInput as error:
            form.add_error("file", spoken(error.sentence))
        else:
            language = get_language() or settings.LANGUAGE_CODE
            titles = {
                language: form.cleaned_data["title"] or upload.filename.rpartition(".")[0] or upload.filename
            }
            dataset = datasets.begin(titles=titles, person=person_of(request), now=timezone.now())
            distribution, job = imports.add_file(
                dataset, upload, titles={}, person=person_of(request), now=timezone.now()
            )
            return _after_upload(dataset, distribution, job)
    return render(request, "catalogue/upload.html", _upload_page(form, gettext("Add data"), None))


@editors
@require_http_methods(["GET", "HEAD", "POST"])
def add_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a further file of a dataset."""
    dataset = own_or_404(slug)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            upload = _receive(form)
        except InvalidInput as error:
            form.add_error("file", spoken(error.sentence))
        else:
            person, now = person_of(request), timezone.now()
            distribution, job = imports.add_file(dataset, upload, titles={}, person=person, now=now)
            return _after_upload(dataset, distribution, job)
    return render(request, "catalogue/upload.html", _upload_page(form, gettext("Add a file"), dataset))


@editors
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Take a new version of a file."""
    dataset = own_or_404(slug)
    distribution = get_object_or_404(Distribution, dataset=dataset, position=position)
    form = NewVersionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            upload = _receive(form)
        except InvalidInput as error:
            form.add_error("file", spoken(error.sentence))
        else:
            provenance = tables.Provenance(note=form.cleaned_data["note"])
            job = imports.bring_in(
                distribution, upload, person=person_of(request), now=timezone.now(), provenance=provenance
            )
            return _after_upload(dataset, distribution, job)
    return render(
        request, "catalogue/upload.html", _upload_page(form, gettext("Upload a new version"), dataset)
    )


def _after_upload(dataset: Dataset, distribution: Distribution, job: Job | None) -> HttpResponse:
    if job is None:
        return redirect("catalogue:dataset", dataset.slug)
    where = "catalogue:report" if job.state == "succeeded" else "catalogue:importing"
    return redirect(where, dataset.slug, distribution.position)


@editors
@require_safe
def importing(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Show how far the reading of a file is, or why it failed."""
    dataset = own_or_404(slug)
    distribution = get_object_or_404(Distribution, dataset=dataset, position=position)
    job = imports.latest_import(distribution)
    if job is None:
        raise Http404
    if job.state == "succeeded":
        is_table = distribution.current is not None and distribution.current.report
        return (
            redirect("catalogue:report", slug, position) if is_table else redirect("catalogue:dataset", slug)
        )
    page = {
        "dataset": dataset,
        "dataset_title": title_of(dataset),
        "filename": job.title,
        "job": job,
        "failed": job.state in {"failed", "cancelled", "interrupted"},
        "problem": spoken(job.error_sentence),
        "progress_url": reverse("jobs:progress", args=[job.pk]),
        "retry_url": reverse("catalogue:replace", args=[slug, position]),
        "keep_url": reverse("catalogue:keep", args=[slug, position]) if job.kind == imports.IMPORT else "",
        "part_url": reverse("catalogue:part", args=[slug, position]),
        "follow_url": reverse("catalogue:follow", args=[slug, position]),
        "parts": imports.parts_to_choose(job),
    }
    return render(request, "catalogue/importing.html", page)


@editors
@require_POST
def keep(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Keep the file of a failed import as a plain file."""
    dataset = own_or_404(slug)
    distribution = get_object_or_404(Distribution, dataset=dataset, position=position)
    job = imports.latest_import(distribution)
    if job is None or job.state == "succeeded" or job.kind != imports.IMPORT:
        raise Http404
    imports.keep_failed(job, person=person_of(request), now=timezone.now())
    return redirect("catalogue:dataset", slug)


@readers
@require_safe
def report(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Show what was recognised in a file and, cell by cell, what was not."""
    dataset = own_or_404(slug)
    distribution = get_object_or_404(
        Distribution.objects.select_related("current"), dataset=dataset, position=position
    )
    if distribution.current is None:
        return redirect("catalogue:importing", slug, position)
    if not distribution.current.report:
        return redirect("catalogue:dataset", slug)
    found = Table.of(distribution.current)
    columns = [_column(column) for column in found.columns]
    page = {
        "dataset": dataset,
        "dataset_title": title_of(dataset),
        "position": position,
        "version": distribution.current,
        "report": found.report,
        "columns": columns,
        "bad_columns": [column for column in columns if column["bad_count"]],
        "bad_total": sum(column["bad_count"] for column in columns),
        "dialect": list(_dialect(found)),
        "dropped": [_dropped(line) for line in found.report.dropped_lines],
        "findings": found.report.findings,
        "steps": steps_of(dataset, position),
        "origin": _origin(found),
        "part_url": reverse("catalogue:part", args=[slug, position]),
        "may_edit": access.may_edit(request),
    }
    return render(request, "catalogue/report.html", page)


def _column(column: Any) -> dict[str, Any]:
    filled = column.rows - column.nulls
    return {
        "key": column.key,
        "name": column.name,
        "unit": column.unit,
        "kind_label": shown.KINDS.get(column.kind, column.kind),
        "filled": shown.count_text(filled),
        "nulls": shown.count_text(column.nulls - column.bad_count),
        "bad_count": column.bad_count,
        "bad_cells": column.bad_cells,
        "more": column.bad_count - len(column.bad_cells),
        "range": shown.column_range(column),
    }


def _dialect(found: Table) -> list[str]:
    dialect = found.report.dialect
    if dialect is None:
        return []
    names = {";": gettext("semicolons"), ",": gettext("commas"), "\t": gettext("tabs"), "|": gettext("bars")}
    facts = [gettext("encoding %(name)s") % {"name": dialect.encoding}]
    if dialect.delimiter:
        facts.append(
            gettext("columns separated by %(what)s")
            % {"what": names.get(dialect.delimiter, dialect.delimiter)}
        )
    return facts


def _origin(found: Table) -> dict[str, Any] | None:
    origin = found.report.origin
    if origin is None:
        return None
    file_type = vocabulary.FILE_TYPES.by_code(origin.format)
    return {
        "format": shown.texts(file_type.names) if file_type else origin.format,
        "part": origin.part,
        "parts": [
            (each.name, PART_NOTES.get(each.note, "")) for each in origin.parts if each.note != "chart"
        ],
        "charts": [each.name for each in origin.parts if each.note == "chart"],
        "member": origin.member,
        "crs": origin.crs,
    }


def _dropped(line: Any) -> dict[str, Any]:
    reasons = {
        "preamble": gettext("above the table"),
        "total": gettext("a total"),
        "footer": gettext("below the table"),
        "header": gettext("the names of the columns once more"),
        "other-table": gettext("another table"),
        "too-long": gettext("longer than 10 MB"),
        "blank": gettext("empty"),
    }
    return {"line": line.line, "text": line.text, "reason_label": reasons.get(line.reason, line.reason)}


# --- publish ------------------------------------------------------------------------------------
@publishers
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what is missing, and publish."""
    dataset = own_or_404(slug)
    if request.method == "POST":
        try:
            publishing.publish(dataset, person=person_of(request), now=timezone.now())
        except publishing.Incomplete:
            return redirect("catalogue:publish", slug)
        except TandemError as error:
            messages.error(request, spoken(error.sentence))
            return redirect("catalogue:dataset", slug)
        messages.success(request, gettext("It is published. Everybody can find it now."))
        return redirect("catalogue:dataset", slug)
    described = datasets.description_of(dataset)
    missing = datasets.missing_of(described)
    page = {
        "dataset": dataset,
        "dataset_title": title_of(dataset),
        "heading": gettext("Publish"),
        "findings": describing.with_places(check_dataset(described, profile=config().catalogue.profile)),
        "explanation": gettext(
            "Everybody will see this dataset, find it by searching and may use it under its licence. Partner "
            "cities and portals take it over. You can withdraw it later; its address will then say so."
        ),
        "button": gettext("Publish now"),
        "missing": [FIELD_NAMES[name] for name, need in missing.items() if need is Need.MANDATORY],
        "advice": [FIELD_NAMES[name] for name, need in missing.items() if need is Need.RECOMMENDED],
        "show_steps": Status(dataset.status) in UNSEEN,
        "steps": steps_of(dataset),
        "form": None,
    }
    return render(request, "catalogue/confirm.html", page)


@publishers
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the reason, and withdraw."""
    dataset = own_or_404(slug)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        person = person_of(request)
        publishing.withdraw(dataset, reason=form.cleaned_data["reason"], person=person, now=timezone.now())
        messages.success(request, gettext("It is withdrawn. Its address says so from now on."))
        return redirect("catalogue:dataset", slug)
    page = {
        "dataset": dataset,
        "dataset_title": title_of(dataset),
        "heading": gettext("Withdraw"),
        "explanation": gettext("The dataset can no longer be found or downloaded. Its address tells why."),
        "button": gettext("Withdraw now"),
        "form": form,
    }
    return render(request, "catalogue/confirm.html", page)


@editors
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once more, and delete a draft that was never public."""
    dataset = own_or_404(slug)
    if request.method == "POST":
        try:
            publishing.discard(dataset, person=person_of(request))
        except TandemError as error:
            messages.error(request, spoken(error.sentence))
            return redirect("catalogue:dataset", slug)
        messages.success(request, gettext("The draft is gone."))
        return redirect("catalogue:work")
    page = {
        "dataset": dataset,
        "dataset_title": title_of(dataset),
        "heading": gettext("Discard"),
        "explanation": gettext("The draft and its description are deleted for good. It was never public."),
        "button": gettext("Discard it"),
        "form": None,
    }
    return render(request, "catalogue/confirm.html", page)
