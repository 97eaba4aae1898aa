"""CKAN's actions on resources: the files and addresses of a dataset."""

from typing import Any

from tandem.catalogue.services import ckan_packages, ckan_resources
from tandem.catalogue.views.ckan_action import Actions
from tandem.catalogue.views.ckan_request import Call

actions = Actions()


@actions.reads
def resource_show(call: Call) -> dict[str, Any]:
    """Return one resource by id."""
    return ckan_packages.resource(
        ckan_packages.find_resource(call.text("id", default=None), drafts=call.sees_drafts)
    )


@actions.reads
def resource_view_list(call: Call) -> list[Any]:
    """Return an empty list: how a table is shown is not stored here."""
    ckan_packages.find_resource(call.text("id", default=None), drafts=call.sees_drafts)
    return []


@actions.changes
def resource_create(call: Call) -> dict[str, Any]:
    """Add a resource to a dataset: an address, or a file as "upload"."""
    asker, found = call.asker(), ckan_packages.find(call.text("package_id", default=None), drafts=True)
    row = ckan_resources.create_resource(found, _without_files(call), call.sent, asker=asker)
    return ckan_packages.resource(row)


@actions.changes
def resource_update(call: Call) -> dict[str, Any]:
    """Replace a resource; its file stays where none is sent."""
    asker, row = call.asker(), ckan_packages.find_resource(call.text("id", default=None), drafts=True)
    row = ckan_resources.update_resource(row, _without_files(call), call.sent, asker=asker)
    return ckan_packages.resource(row)


@actions.changes
def resource_patch(call: Call) -> dict[str, Any]:
    """Change just the keys of a resource that are sent."""
    asker, row = call.asker(), ckan_packages.find_resource(call.text("id", default=None), drafts=True)
    row = ckan_resources.patch_resource(row, _without_files(call), call.sent, asker=asker)
    return ckan_packages.resource(row)


@actions.changes
def resource_delete(call: Call) -> None:
    """Take a resource away from its dataset."""
    asker, row = call.asker(), ckan_packages.find_resource(call.text("id", default=None), drafts=True)
    ckan_resources.delete_resource(row, asker=asker)


def _without_files(call: Call) -> dict[str, Any]:
    values = {name: value for name, value in call.values.items() if name not in {"upload", "package_id"}}
    if call.sent is not None and "url" in values:
        del values["url"]  # CKAN's clients send the file's name there
    return values
