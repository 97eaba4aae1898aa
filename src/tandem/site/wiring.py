"""Connects the rooms: who offers what, and where it is shown. No room knows another; this file knows them all."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from tandem.accounts import offers as accounts
from tandem.accounts.services import retention
from tandem.catalogue import access, offers
from tandem.catalogue.services import imports, tables
from tandem.kit import derived, jobs, search
from tandem.kit.blocks import HomeBlock
from tandem.kit.maps import Layer
from tandem.kit.navigation import Place, StaffTool, register_place, register_staff_tool
from tandem.site import jobs_views


def wire() -> None:
    """Register everything, once, at start-up."""
    register_place(Place(_("Data"), "catalogue:list", ("data/",)), order=10)
    register_place(Place(_("Partners"), "catalogue:partners", ("partners/",)), order=40)
    register_place(Place(_("Map"), "map"), order=50)
    register_staff_tool(StaffTool(_("Drafts"), "catalogue:work", access.may_see_drafts), order=10)
    register_staff_tool(StaffTool(_("Harvests"), "catalogue:harvest", access.may_harvest), order=20)
    register_staff_tool(StaffTool(_("Jobs"), "jobs:list", jobs_views.may_see), order=30)
    for number, tool in enumerate(accounts.staff_tools()):
        register_staff_tool(tool, order=50 + number)
    imports.register_jobs()
    jobs.register_periodic("catalogue.harvest", timedelta(minutes=10), imports.start_due_harvests)
    jobs.register_periodic("accounts.retention", timedelta(hours=24), retention.purge)
    derived.register("search", lambda _progress: search.rebuild())
    derived.register("tables", tables.rebuild_tables)


def home_blocks(language: str) -> list[HomeBlock]:
    """Return what the rooms have to say on the home page."""
    return offers.home_blocks(language)


def map_layers(language: str) -> list[Layer]:
    """Return the layers that the rooms have for the city map."""
    return offers.map_layers(language)
