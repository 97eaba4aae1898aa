"""CKAN's actions on packages: each a few lines from parameters to a service."""

from typing import Any

from django.db.models import QuerySet

from tandem.catalogue.domain.lifecycle import UNSEEN, Status
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import ckan_lists, ckan_packages, ckan_search, ckan_writing, datasets
from tandem.catalogue.services.ckan_search import Asked
from tandem.catalogue.views.ckan_action import Actions
from tandem.catalogue.views.ckan_request import Call

actions = Actions()
MOST_LISTED = 1_000


@actions.reads
def package_list(call: Call) -> list[str]:
    """Return the names of the published datasets; of drafts and withdrawn ones for who may see them."""
    return list(call.page_of(_wanted_rows(call).values_list("slug", flat=True)))


def _wanted_rows(call: Call) -> "QuerySet[Dataset]":
    statuses = [Status.PUBLISHED]
    if call.sees_drafts and (call.truth("include_drafts") or call.truth("include_private")):
        statuses.extend(UNSEEN)
    if call.sees_drafts and call.truth("include_deleted"):
        statuses.append(Status.WITHDRAWN)
    return Dataset.objects.filter(status__in=statuses).order_by("slug")


@actions.reads
def current_package_list_with_resources(call: Call) -> list[dict[str, Any]]:
    """Return published datasets with everything that they say, the newest first; at most 1,000 at once."""
    rows = ckan_packages.published().order_by("-changed_at", "pk")
    return ckan_packages.packages_of(datasets.with_parts(call.page_of(rows, most=MOST_LISTED)))


@actions.reads
def package_show(call: Call) -> dict[str, Any]:
    """Return one dataset by id or name."""
    found = ckan_packages.find(call.text("id", "name_or_id", default=None), drafts=call.sees_drafts)
    return ckan_packages.package(found)


@actions.reads
def package_search(call: Call) -> dict[str, Any]:
    """Find datasets: q, fq, fq_list, sort, rows, start, facet.field, facet.limit."""
    with_facets = call.truth("facet", default=True)
    asked = Asked(
        q=call.text("q"),
        fq=[*call.texts("fq"), *call.texts("fq_list")],
        sort=call.text("sort"),
        rows=call.number("rows", default=10),
        start=call.number("start", default=0),
        facets=list(dict.fromkeys(call.texts("facet.field")))[:20] if with_facets else (),
        facet_limit=call.number("facet.limit", default=50, negative=True),
    )
    return ckan_search.find_packages(asked, now=call.now)


@actions.reads
def package_autocomplete(call: Call) -> list[dict[str, Any]]:
    """Return names and titles of datasets that begin with q."""
    return ckan_lists.suggested_packages(call.text("q", default=None), call.number("limit", default=10))


@actions.reads
def package_relationships_list(call: Call) -> list[Any]:
    """Return an empty list: packages here have no relationships."""
    ckan_packages.find(call.text("id", default=None), drafts=call.sees_drafts)
    return []


@actions.changes
def package_create(call: Call) -> dict[str, Any]:
    """Make a dataset; with "private" or the state "draft" it is not public."""
    asker = call.asker()
    made = ckan_writing.create_package(
        call.values, person=asker.person, publishes=asker.publishes, now=asker.now
    )
    return _shown_again(made)


@actions.changes
def package_update(call: Call) -> dict[str, Any]:
    """Replace a dataset by id or name; what is left out is gone."""
    asker, found = call.asker(), ckan_packages.find(call.text("id", "name", default=None), drafts=True)
    ckan_writing.update_package(
        found, call.values, person=asker.person, publishes=asker.publishes, now=asker.now
    )
    return _shown_again(found)


@actions.changes
def package_patch(call: Call) -> dict[str, Any]:
    """Change just the keys of a dataset that are sent."""
    asker, found = call.asker(), ckan_packages.find(call.text("id", "name", default=None), drafts=True)
    ckan_writing.patch_package(
        found, call.values, person=asker.person, publishes=asker.publishes, now=asker.now
    )
    return _shown_again(found)


@actions.changes
def package_delete(call: Call) -> None:
    """Withdraw a dataset, with a reason; a draft that was never public vanishes."""
    asker, found = call.asker(), ckan_packages.find(call.text("id", default=None), drafts=True)
    ckan_writing.delete_package(
        found, reason=call.text("reason"), person=asker.person, publishes=asker.publishes, now=asker.now
    )


def _shown_again(dataset: Dataset) -> dict[str, Any]:
    return ckan_packages.package(ckan_packages.find(str(dataset.pk), drafts=True))
