"""CKAN's actions on what datasets are listed by: publishers, themes, keywords, licences; and on users."""

from collections.abc import Sequence
from typing import Any

from tandem.catalogue.domain.ckan_names import organization_name
from tandem.catalogue.domain.permissions import Action as Right
from tandem.catalogue.services import ckan_lists, ckan_packages, own_catalogue
from tandem.catalogue.views.ckan_action import Actions
from tandem.catalogue.views.ckan_request import Call

actions = Actions()


def _listed(call: Call, found: Sequence[dict[str, Any]]) -> list[Any]:
    name = "organizations" if call.values.get("organizations") else "groups"
    wanted = set(call.texts(name))
    fits = [each for each in found if not wanted or each["name"] in wanted]
    by = call.text("sort", "order_by").lower()
    if by.startswith("package_count"):
        fits = sorted(fits, key=lambda each: int(each["package_count"]), reverse="asc" not in by)
    elif by.startswith("name"):
        fits = sorted(fits, key=lambda each: str(each["name"]), reverse="desc" in by)
    page = call.page_of(fits)
    return list(page) if call.truth("all_fields") else [each["name"] for each in page]


@actions.reads
def organization_list(call: Call) -> list[Any]:
    """Return the publishers."""
    return _listed(call, ckan_lists.organizations())


@actions.reads
def organization_show(call: Call) -> dict[str, Any]:
    """Return one publisher by id or name."""
    return ckan_lists.organization_shown(
        call.text("id", default=None), with_datasets=call.truth("include_datasets")
    )


@actions.reads
def organization_list_for_user(call: Call) -> list[dict[str, Any]]:
    """Return the organization that who asks may publish for: the city, for who may edit."""
    ours = own_catalogue.our_agent()
    named = organization_name(ours, ckan_packages.language())
    return [
        {**each, "capacity": "admin" if call.may(Right.PUBLISH) else "editor"}
        for each in (ckan_lists.organizations() if call.may(Right.EDIT) else [])
        if each["name"] == named
    ]


@actions.reads
def group_list(call: Call) -> list[Any]:
    """Return the themes."""
    return _listed(call, ckan_lists.groups())


@actions.reads
def group_show(call: Call) -> dict[str, Any]:
    """Return one theme by id or name."""
    return ckan_lists.group_shown(call.text("id", default=None), with_datasets=call.truth("include_datasets"))


@actions.reads
def tag_list(call: Call) -> list[Any]:
    """Return the keywords that hold the query."""
    names = call.page_of(ckan_lists.tags(call.text("query", "q")))
    if not call.truth("all_fields"):
        return list(names)
    return [{"id": name, "name": name, "display_name": name, "vocabulary_id": None} for name in names]


@actions.reads
def tag_show(call: Call) -> dict[str, Any]:
    """Return one keyword with its datasets."""
    return ckan_lists.tag_shown(call.text("id", default=None))


@actions.reads
def tag_search(call: Call) -> dict[str, Any]:
    """Find keywords."""
    names = ckan_lists.tags(call.text("query", "q"))
    found = [{"id": name, "name": name, "vocabulary_id": None} for name in names]
    return {"count": len(found), "results": list(call.page_of(found))}


@actions.reads
def tag_autocomplete(call: Call) -> list[str]:
    """Return keywords that begin with q."""
    return ckan_lists.suggested_tags(call.text("query", "q"), call.number("limit", default=10))


@actions.reads
def vocabulary_list(call: Call) -> list[Any]:
    """Return an empty list: keywords are free."""
    return []


@actions.reads
def license_list(call: Call) -> list[dict[str, Any]]:
    """Return the licences that are known."""
    return ckan_lists.licences()


@actions.reads
def license_show(call: Call) -> dict[str, Any]:
    """Return one licence by id."""
    wanted = call.text("id", default=None)
    found = next((each for each in ckan_lists.licences() if each["id"] == wanted), None)
    if found is None:
        raise ckan_packages.NotHere("licence", wanted)
    return found


@actions.reads
def user_list(call: Call) -> list[Any]:
    """Return who works on the catalogue, to who does as well."""
    call.needs(Right.SEE_DRAFTS)
    found = list(map(ckan_lists.user, call.page_of(ckan_lists.users())))
    return found if call.truth("all_fields", default=True) else [each["name"] for each in found]


@actions.reads
def user_show(call: Call) -> dict[str, Any]:
    """Return who asks, or one of those who work on the catalogue."""
    person, wanted = call.needs_person(), call.text("id", "user_id")
    if not wanted or wanted in (str(person.pk), person.pseudonym.lower()):
        return ckan_lists.user(person)
    call.needs(Right.SEE_DRAFTS)
    return ckan_lists.user_shown(wanted)
