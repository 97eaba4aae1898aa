"""Connects the rooms: who offers what, and where it is shown. No room knows another; this file knows them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tandem.accounts import labels
from tandem.accounts import offers as accounts
from tandem.accounts.services import data_protection, retention
from tandem.catalogue import access, offers
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.services import (
    changes,
    city_profile,
    imports,
    indexing,
    kept_files,
    links,
    offered,
    personal,
    sparql,
    sql,
    tables,
)
from tandem.catalogue.services.browse import city_name
from tandem.catalogue.services.measure_parts import CatalogueParts
from tandem.core.text import pick
from tandem.exchange import access as exchange_access
from tandem.exchange import adoption_labels, indicator_labels, matching_labels, tandem_labels, trust_labels
from tandem.exchange import offers as exchange
from tandem.exchange.services import (
    adoption_personal,
    adoption_steps,
    feed_jobs,
    indicator_data,
    own_feed,
    round_matching,
    round_personal,
    tandem_personal,
    watching,
)
from tandem.exchange.services import indexing as measures
from tandem.exchange.services import personal as exchange_personal
from tandem.exchange.services.indicator_parts import IndicatorParts
from tandem.junctions import access as junctions_access
from tandem.junctions import offers as junctions
from tandem.junctions.services import open_data as junctions_data
from tandem.junctions.services import personal as junctions_personal
from tandem.junctions.services.measure_parts import SignalParts
from tandem.kit import derived, jobs, opendata, parts, search
from tandem.kit.blocks import HomeBlock
from tandem.kit.installation import city
from tandem.kit.maps import Layer
from tandem.kit.navigation import Place, StaffTool, register_place, register_staff_tool
from tandem.kit.numbers import figure
from tandem.participation import access as participation_access
from tandem.participation import offers as participation
from tandem.participation.services import allocating, notifying
from tandem.participation.services import personal as participation_personal
from tandem.participation.services.measure_parts import ParticipationParts
from tandem.site import feedback, jobs_views, legal_views

PARTNERS = Place(
    _("Partners"),
    "catalogue:partners",
    ("partners/", "measures/", "adoptions/", "indicators/", "tandems/", "matching/"),
    pages=(
        (_("Partner cities"), "catalogue:partners"),
        (_("Measures"), "exchange:measures"),
        (_("Indicators"), "exchange:indicators"),
        (_("Tandems"), "exchange:tandems"),
        (_("Matching"), "exchange:rounds"),
    ),
    shown_if={"exchange:rounds": exchange_access.may_see_matching},
)


def wire() -> None:
    """Register everything, once, at start-up: each room for itself, what spans them at the end."""
    _wire_catalogue()
    _wire_participation()
    _wire_junctions()
    _wire_exchange()
    _wire_site()


def _wire_catalogue() -> None:
    register_place(Place(_("Data"), "catalogue:list", ("data/", "sql/")), order=10)
    register_staff_tool(StaffTool(_("Drafts"), "catalogue:work", access.may_see_drafts), order=10)
    register_staff_tool(StaffTool(_("Quality"), "catalogue:quality", access.may_see_drafts), order=15)
    register_staff_tool(StaffTool(_("Harvests"), "catalogue:harvest", access.may_harvest), order=20)
    opendata.register_taker(offered.take, offered.keeps)
    parts.register_profile("catalogue", city_profile.profile)
    parts.register_handler(CatalogueParts())
    imports.register_jobs()
    links.register_jobs()
    kept_files.register_jobs()
    jobs.register_periodic("catalogue.harvest", timedelta(minutes=10), imports.start_due_harvests)
    jobs.register_periodic("catalogue.sparql", timedelta(minutes=1), sparql.catch_up)
    jobs.register_periodic("catalogue.links", timedelta(minutes=15), links.start_due)
    jobs.register_periodic("catalogue.follow", timedelta(minutes=5), imports.start_due_checks)
    jobs.register_periodic("catalogue.sql", timedelta(hours=24), sql.forget_old)
    data_protection.register_exporter("catalogue", personal.export)
    data_protection.register_eraser("catalogue", personal.forget)
    labels.register_action_labels(offers.ACTIONS)
    derived.register("quality", indexing.note_all)
    derived.register("tables", tables.rebuild_tables)
    derived.register("sparql", sparql.rebuild)
    derived.register("changes", lambda _progress: changes.drop_cache())
    derived.register("sql", sql.prepare_tables)


def _wire_participation() -> None:
    register_place(Place(_("Have a say"), "participation:processes", ("take-part/", "projects/")), order=20)
    for order, title, view, may in (
        (22, _("Moderation"), "participation:queue", participation_access.may_moderate),
        (24, _("Answers"), "participation:answers_waiting", participation_access.may_answer),
        (26, _("Projects"), "participation:work", participation_access.may_see_drafts),
    ):
        register_staff_tool(StaffTool(title, view, may), order=order)
    parts.register_handler(ParticipationParts())
    allocating.register_jobs()
    jobs.register_periodic("participation.mail", timedelta(minutes=1), notifying.send_due)
    data_protection.register_exporter("participation", participation_personal.export)
    data_protection.register_eraser("participation", participation_personal.forget)
    labels.register_action_labels(participation.ACTIONS)


def _wire_junctions() -> None:
    register_place(Place(_("Junctions"), "junctions:list", ("junctions/",)), order=30)
    register_staff_tool(
        StaffTool(_("Junctions"), "junctions:work", junctions_access.may_see_drafts), order=27
    )
    parts.register_handler(SignalParts())
    jobs.register_periodic("junctions.open-data", timedelta(hours=24), junctions_data.offer_due)
    data_protection.register_exporter("junctions", junctions_personal.export)
    data_protection.register_eraser("junctions", junctions_personal.forget)
    labels.register_action_labels(junctions.ACTIONS)


def _wire_exchange() -> None:
    register_place(PARTNERS, order=40)
    register_staff_tool(
        StaffTool(_("Measures"), "exchange:measure_work", exchange_access.may_see_drafts), order=28
    )
    register_staff_tool(
        StaffTool(_("Adoptions"), "exchange:adoptions", exchange_access.may_see_adoptions), order=28
    )
    register_staff_tool(
        StaffTool(_("Due in tandems"), "exchange:tandems_due", exchange_access.may_see_drafts), order=29
    )
    register_staff_tool(StaffTool(_("Trust"), "exchange:trust", exchange_access.may_trust), order=29)
    parts.register_handler(IndicatorParts())
    feed_jobs.register_jobs()
    jobs.register_periodic("exchange.open-data", timedelta(hours=24), indicator_data.offer_due)
    jobs.register_periodic("exchange.receipts", timedelta(hours=24), adoption_steps.tell_due)
    jobs.register_periodic("exchange.mail", timedelta(minutes=1), watching.send_due)
    jobs.register_periodic("exchange.feed", timedelta(minutes=1), own_feed.publish_due)
    jobs.register_periodic("exchange.visits", timedelta(minutes=2), feed_jobs.start_due)
    round_matching.register_jobs()
    for name, knows in {
        "exchange": exchange_personal,
        "tandems": tandem_personal,
        "adoptions": adoption_personal,
        "matching": round_personal,
    }.items():
        data_protection.register_exporter(name, knows.export)
        data_protection.register_eraser(name, knows.forget)
    labels.register_action_labels(exchange.ACTIONS)
    labels.register_action_labels(indicator_labels.ACTIONS)
    labels.register_action_labels(tandem_labels.ACTIONS)
    labels.register_action_labels(adoption_labels.ACTIONS)
    labels.register_action_labels(trust_labels.ACTIONS)
    labels.register_action_labels(matching_labels.ACTIONS)


def _wire_site() -> None:
    register_place(Place(_("Map"), "map"), order=50)
    register_staff_tool(StaffTool(_("Jobs"), "jobs:list", jobs_views.may_see), order=30)
    register_staff_tool(StaffTool(_("Messages"), "feedback_list", legal_views.may_see_feedback), order=40)
    for number, tool in enumerate(accounts.staff_tools()):
        register_staff_tool(tool, order=50 + number)
    feedback.register_job()
    jobs.register_periodic("accounts.retention", timedelta(hours=24), retention.purge)
    jobs.register_periodic("site.feedback", timedelta(hours=24), feedback.purge)
    for name, knows in {"jobs": jobs, "messages": feedback}.items():
        data_protection.register_exporter(name, knows.export)
        data_protection.register_eraser(name, knows.forget)
    labels.register_action_labels(feedback.ACTIONS)
    derived.register("search", _rebuild_search)


def home_blocks(language: str) -> list[HomeBlock]:
    """Return what the rooms have to say on the home page."""
    return [
        *participation.home_blocks(language),
        *offers.home_blocks(language),
        *exchange.home_blocks(language),
    ]


def home_figures(language: str) -> list[tuple[str, str]]:
    """Return how much there is to find of each city, with the address that shows it; ours comes first."""
    found = search.search("", language=language, kinds=["dataset"], facet_fields=["city"], limit=1)
    counts = sorted(found.facet_counts["city"], key=lambda pair: pair[0] != city().id)
    return [
        (_figure(count, city_name(each, language)), f"{reverse('search')}?city={each}")
        for each, count in counts
    ]


def _figure(number: int, name: str) -> str:
    text = ngettext("%(number)s dataset from %(city)s", "%(number)s datasets from %(city)s", number)
    return text % {"number": figure(number), "city": name}


def map_layers(language: str) -> list[Layer]:
    """Return the layers that the rooms have for the city map."""
    return [*participation.map_layers(), *junctions.map_layers(), *offers.map_layers(language)]


# --- the search across rooms --------------------------------------------------------------------
KINDS: Mapping[str, str | Promise] = {
    "dataset": _("Data"),
    "project": _("Projects"),
    "process": _("Have a say"),
    "junction": _("Junctions"),
    "measure": _("Measures"),
    "tandem": _("Tandems"),
}


@dataclass(frozen=True, slots=True)
class SearchFacet:
    """What the search page offers to narrow down by.

    Attributes:
        label: Returns what a value is called, in a language.
    """

    name: str
    title: str | Promise
    label: Callable[[str, str], str]


def _kind_label(value: str, language: str) -> str:
    return str(KINDS.get(value, value))


def _theme_label(value: str, language: str) -> str:
    term = vocabulary.THEMES.by_code(value)
    return pick(term.names, language) if term else value


_FACETS = (
    SearchFacet("kind", _("Kind"), _kind_label),
    SearchFacet("city", _("City"), city_name),
    SearchFacet("theme", _("Theme"), _theme_label),
)


def search_facets() -> dict[str, SearchFacet]:
    """Return what the search page offers to narrow down by, by name."""
    return {facet.name: facet for facet in _FACETS}


def _rebuild_search(progress: Callable[[float, str], None]) -> int:
    """Make the search anew from the rooms' rows; return how many documents it has."""
    progress(0, "datasets")
    indexing.write_all()
    measures.write_all()
    return search.rebuild()
