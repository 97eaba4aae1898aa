"""The actions of CKAN's Action API, all of them by name; and what it says of the site."""

from typing import Any

from tandem import __version__
from tandem.catalogue.services import ckan_packages, own_catalogue
from tandem.catalogue.views import (
    ckan_list_actions,
    ckan_package_actions,
    ckan_resource_actions,
    ckan_table_actions,
)
from tandem.catalogue.views.ckan_action import Actions
from tandem.catalogue.views.ckan_request import Call
from tandem.kit.installation import config

actions = Actions()


@actions.reads
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


@actions.reads
def site_read(call: Call) -> bool:
    """Say that everybody may read."""
    return True


@actions.reads
def help_show(call: Call) -> str | None:
    """Return what an action does."""
    name = call.text("name", default=None)
    if name not in ACTIONS:
        raise ckan_packages.NotHere("action", name)
    return ACTIONS[name].run.__doc__


ACTIONS = {
    **actions,
    **ckan_package_actions.actions,
    **ckan_resource_actions.actions,
    **ckan_list_actions.actions,
    **ckan_table_actions.actions,
}
