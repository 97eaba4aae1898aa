"""The actions of CKAN's Action API, each a few lines from parameters to a service."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from tandem import __version__
from tandem.catalogue.domain.ckan_names import organization_name
from tandem.catalogue.domain.ckan_values import BadPackage
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.domain.permissions import Action as Right
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import (
    ckan_lists,
    ckan_packages,
    ckan_resources,
    ckan_search,
    ckan_tables,
    ckan_writing,
    datasets,
    own_catalogue,
    sql,
)
from tandem.catalogue.services.ckan_search import Asked
from tandem.catalogue.services.ckan_tables import RowsAsked
from tandem.catalogue.views.ckan_request import Call
from tandem.kit.installation import config

Run = Callable[[Call], Any]
MOST_LISTED = 1_000


@dataclass(frozen=True, slots=True)
class ActionOf:
    """One action.

    Attributes:
        changes: Whether it changes something, and so is sent with POST and a token.
    """

    run: Run
    changes: bool = False


ACTIONS: dict[str, ActionOf] = {}


def reads(run: Run) -> Run:
    """Register an action that changes nothing."""
    ACTIONS[run.__name__] = ActionOf(run)
    return run


def changes(run: Run) -> Run:
    """Register an action that changes something."""
    ACTIONS[run.__name__] = ActionOf(run, changes=True)
    return run


# --- the site -----------------------------------------------------------------------------------
@reads
def status_show(call: Call) -> dict[str, Any]:
    """Say what answers here."""
    here = config()
    return {
        "ckan_version": "2.10.0",
        "site_url": here.server.url,
        "site_title": own_catalogue.our_catalogue().titles.get(ckan_packages.language(), ""),
        "site_description": own_catalogue.our_catalogue().descriptions.get(ckan_packages.language(), ""),
        "locale_default": ckan_packages.language(),
        "error_emails_to": None,
        "extensions": ["datastore", "dcat"],
        "tandem_version": __version__,
    }


@reads
def site_read(call: Call) -> bool:
    """Say that everybody may read."""
    return True


@reads
def help_show(call: Call) -> str | None:
    """Return what an action does."""
    name = call.text("name", default=None)
    if name not in ACTIONS:
        raise ckan_packages.NotHere("action", name)
    return ACTIONS[name].run.__doc__


# --- packages -----------------------------------------------------------------------------------
@reads
def package_list(call: Call) -> list[str]:
    """Return the names of the published datasets; of drafts and withdrawn ones for who may see them."""
    return list(_page(call, _wanted_rows(call).values_list("slug", flat=True)))


def _wanted_rows(call: Call) -> "QuerySet[Dataset]":
    statuses = [Status.PUBLISHED]
    if call.sees_drafts and (call.truth("include_drafts") or call.truth("include_private")):
        statuses.append(Status.DRAFT)
    if call.sees_drafts and call.truth("include_deleted"):
        statuses.append(Status.WITHDRAWN)
    return Dataset.objects.filter(status__in=statuses).order_by("slug")


def _page(call: Call, rows: Any, *, limit: int | None = None) -> Any:
    start = call.number("offset", default=0)
    asked = call.number("limit", default=-1)
    most = asked if asked >= 0 else limit
    most = most if limit is None or most is None else min(most, limit)
    return rows[start:] if most is None else rows[start : start + most]


@reads
def current_package_list_with_resources(call: Call) -> list[dict[str, Any]]:
    """Return published datasets with everything that they say, the newest first; at most 1,000 at once."""
    rows = ckan_packages.published().order_by("-changed_at", "pk")
    return ckan_packages.packages_of(datasets.with_parts(_page(call, rows, limit=MOST_LISTED)))


@reads
def package_show(call: Call) -> dict[str, Any]:
    """Return one dataset by id or name."""
    found = ckan_packages.find(call.text("id", "name_or_id", default=None), drafts=call.sees_drafts)
    return ckan_packages.package(found)


@reads
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


@reads
def package_autocomplete(call: Call) -> list[dict[str, Any]]:
    """Return names and titles of datasets that begin with q."""
    return ckan_lists.suggested_packages(call.text("q", default=None), call.number("limit", default=10))


@reads
def package_relationships_list(call: Call) -> list[Any]:
    """Return an empty list: packages here have no relationships."""
    ckan_packages.find(call.text("id", default=None), drafts=call.sees_drafts)
    return []


@changes
def package_create(call: Call) -> dict[str, Any]:
    """Make a dataset; with "private" or the state "draft" it is not public."""
    asker = call.asker()
    made = ckan_writing.create_package(
        call.values, person=asker.person, publishes=asker.publishes, now=asker.now
    )
    return _shown_again(made)


@changes
def package_update(call: Call) -> dict[str, Any]:
    """Replace a dataset by id or name; what is left out is gone."""
    asker, found = call.asker(), ckan_packages.find(call.text("id", "name", default=None), drafts=True)
    ckan_writing.update_package(
        found, call.values, person=asker.person, publishes=asker.publishes, now=asker.now
    )
    return _shown_again(found)


@changes
def package_patch(call: Call) -> dict[str, Any]:
    """Change just the keys of a dataset that are sent."""
    asker, found = call.asker(), ckan_packages.find(call.text("id", "name", default=None), drafts=True)
    ckan_writing.patch_package(
        found, call.values, person=asker.person, publishes=asker.publishes, now=asker.now
    )
    return _shown_again(found)


@changes
def package_delete(call: Call) -> None:
    """Withdraw a dataset, with a reason; a draft that was never public vanishes."""
    asker, found = call.asker(), ckan_packages.find(call.text("id", default=None), drafts=True)
    ckan_writing.delete_package(
        found, reason=call.text("reason"), person=asker.person, publishes=asker.publishes, now=asker.now
    )


def _shown_again(dataset: Dataset) -> dict[str, Any]:
    return ckan_packages.package(ckan_packages.find(str(dataset.pk), drafts=True))


# --- resources ----------------------------------------------------------------------------------
@reads
def resource_show(call: Call) -> dict[str, Any]:
    """Return one resource by id."""
    return ckan_packages.resource(
        ckan_packages.find_resource(call.text("id", default=None), drafts=call.sees_drafts)
    )


@reads
def resource_view_list(call: Call) -> list[Any]:
    """Return an empty list: how a table is shown is not stored here."""
    ckan_packages.find_resource(call.text("id", default=None), drafts=call.sees_drafts)
    return []


@changes
def resource_create(call: Call) -> dict[str, Any]:
    """Add a resource to a dataset: an address, or a file as "upload"."""
    asker, found = call.asker(), ckan_packages.find(call.text("package_id", default=None), drafts=True)
    row = ckan_resources.create_resource(found, _without_files(call), call.sent, asker=asker)
    return ckan_packages.resource(row)


@changes
def resource_update(call: Call) -> dict[str, Any]:
    """Replace a resource; its file stays where none is sent."""
    asker, row = call.asker(), ckan_packages.find_resource(call.text("id", default=None), drafts=True)
    row = ckan_resources.update_resource(row, _without_files(call), call.sent, asker=asker)
    return ckan_packages.resource(row)


@changes
def resource_patch(call: Call) -> dict[str, Any]:
    """Change just the keys of a resource that are sent."""
    asker, row = call.asker(), ckan_packages.find_resource(call.text("id", default=None), drafts=True)
    row = ckan_resources.patch_resource(row, _without_files(call), call.sent, asker=asker)
    return ckan_packages.resource(row)


@changes
def resource_delete(call: Call) -> None:
    """Take a resource away from its dataset."""
    asker, row = call.asker(), ckan_packages.find_resource(call.text("id", default=None), drafts=True)
    ckan_resources.delete_resource(row, asker=asker)


def _without_files(call: Call) -> dict[str, Any]:
    values = {name: value for name, value in call.values.items() if name not in {"upload", "package_id"}}
    if call.sent is not None and "url" in values:
        del values["url"]  # CKAN's clients send the file's name there
    return values


# --- organizations, groups, tags, licences, users -----------------------------------------------
def _listed(call: Call, found: Sequence[dict[str, Any]]) -> list[Any]:
    name = "organizations" if call.values.get("organizations") else "groups"
    wanted = set(call.texts(name))
    fits = [each for each in found if not wanted or each["name"] in wanted]
    by = call.text("sort", "order_by").lower()
    if by.startswith("package_count"):
        fits = sorted(fits, key=lambda each: int(each["package_count"]), reverse="asc" not in by)
    elif by.startswith("name"):
        fits = sorted(fits, key=lambda each: str(each["name"]), reverse="desc" in by)
    page = _page(call, fits)
    return list(page) if call.truth("all_fields") else [each["name"] for each in page]


@reads
def organization_list(call: Call) -> list[Any]:
    """Return the publishers."""
    return _listed(call, ckan_lists.organizations())


@reads
def organization_show(call: Call) -> dict[str, Any]:
    """Return one publisher by id or name."""
    return ckan_lists.organization_shown(
        call.text("id", default=None), with_datasets=call.truth("include_datasets")
    )


@reads
def organization_list_for_user(call: Call) -> list[dict[str, Any]]:
    """Return the organization that who asks may publish for: the city, for who may edit."""
    ours = own_catalogue.our_agent()
    named = organization_name(ours, ckan_packages.language())
    return [
        {**each, "capacity": "admin" if call.may(Right.PUBLISH) else "editor"}
        for each in (ckan_lists.organizations() if call.may(Right.EDIT) else [])
        if each["name"] == named
    ]


@reads
def group_list(call: Call) -> list[Any]:
    """Return the themes."""
    return _listed(call, ckan_lists.groups())


@reads
def group_show(call: Call) -> dict[str, Any]:
    """Return one theme by id or name."""
    return ckan_lists.group_shown(call.text("id", default=None), with_datasets=call.truth("include_datasets"))


@reads
def tag_list(call: Call) -> list[Any]:
    """Return the keywords that hold the query."""
    names = _page(call, ckan_lists.tags(call.text("query", "q")))
    if not call.truth("all_fields"):
        return list(names)
    return [{"id": name, "name": name, "display_name": name, "vocabulary_id": None} for name in names]


@reads
def tag_show(call: Call) -> dict[str, Any]:
    """Return one keyword with its datasets."""
    return ckan_lists.tag_shown(call.text("id", default=None))


@reads
def tag_search(call: Call) -> dict[str, Any]:
    """Find keywords."""
    names = ckan_lists.tags(call.text("query", "q"))
    found = [{"id": name, "name": name, "vocabulary_id": None} for name in names]
    return {"count": len(found), "results": list(_page(call, found))}


@reads
def tag_autocomplete(call: Call) -> list[str]:
    """Return keywords that begin with q."""
    return ckan_lists.suggested_tags(call.text("query", "q"), call.number("limit", default=10))


@reads
def vocabulary_list(call: Call) -> list[Any]:
    """Return an empty list: keywords are free."""
    return []


@reads
def license_list(call: Call) -> list[dict[str, Any]]:
    """Return the licences that are known."""
    return ckan_lists.licences()


@reads
def license_show(call: Call) -> dict[str, Any]:
    """Return one licence by id."""
    wanted = call.text("id", default=None)
    found = next((each for each in ckan_lists.licences() if each["id"] == wanted), None)
    if found is None:
        raise ckan_packages.NotHere("licence", wanted)
    return found


@reads
def user_list(call: Call) -> list[Any]:
    """Return who works on the catalogue, to who does as well."""
    call.needs(Right.SEE_DRAFTS)
    found = list(map(ckan_lists.user, _page(call, ckan_lists.users())))
    return found if call.truth("all_fields", default=True) else [each["name"] for each in found]


@reads
def user_show(call: Call) -> dict[str, Any]:
    """Return who asks, or one of those who work on the catalogue."""
    person, wanted = call.needs_person(), call.text("id", "user_id")
    if not wanted or wanted in (str(person.pk), person.pseudonym.lower()):
        return ckan_lists.user(person)
    call.needs(Right.SEE_DRAFTS)
    return ckan_lists.user_shown(wanted)


# --- tables -------------------------------------------------------------------------------------
@reads
def datastore_search_sql(call: Call) -> dict[str, Any]:
    """Return what one SELECT finds; a table is called by its resource's id in quotation marks."""
    text = call.text("sql", default=None)
    found = sql.ask(text, limit=sql.MOST_ROWS)
    fields = [{"id": each.name, "type": each.type} for each in found.columns]
    return {"sql": text, "fields": fields, "records": found.objects(), "records_truncated": bool(found.cut)}


@reads
def datastore_search(call: Call) -> dict[str, Any]:
    """Return rows of a table: filters, q, limit, offset, fields, sort, include_total, records_format."""
    row = ckan_packages.find_resource(call.text("resource_id", "id", default=None), drafts=call.sees_drafts)
    if call.truth("distinct"):
        raise BadPackage({"distinct": ["Is not offered here"]})
    fields = [name.strip() for each in call.texts("fields") for name in each.split(",") if name.strip()]
    asked = RowsAsked(
        filters=call.thing("filters"),
        q=_words(call),
        limit=call.number("limit", default=100),
        offset=call.number("offset", default=0),
        fields=fields,
        sort=call.text("sort"),
        with_total=call.truth("include_total", default=True),
        records_format=call.text("records_format", default="objects"),
    )
    return ckan_tables.find_rows(row, asked)


def _words(call: Call) -> Any:
    q = call.values.get("q")
    if isinstance(q, str) and q.lstrip().startswith("{"):
        try:
            q = json.loads(q)
        except ValueError:
            return q
    return q if isinstance(q, dict) else call.text("q")


@reads
def datastore_info(call: Call) -> dict[str, Any]:
    """Return the columns of a table, and how many rows it has."""
    row = ckan_packages.find_resource(call.text("id", "resource_id", default=None), drafts=call.sees_drafts)
    return ckan_tables.table_info(row)
