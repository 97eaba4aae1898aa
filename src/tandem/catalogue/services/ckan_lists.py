"""What CKAN's clients list: organizations, groups, tags, licences, users."""

from collections.abc import Iterable, Mapping
from typing import Any

from tandem.accounts.models import Person, RoleGrant
from tandem.catalogue.domain import ckan_terms, vocabulary
from tandem.catalogue.domain.ckan_names import (
    group,
    licence_entry,
    organization,
    organization_id,
    organization_name,
    theme_of,
)
from tandem.catalogue.domain.description import AgentDescription
from tandem.catalogue.domain.permissions import ROOM
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import ckan_packages, ckan_search, datasets, own_catalogue
from tandem.catalogue.services.ckan_packages import NotHere, language
from tandem.core.text import pick
from tandem.kit.search import Like

MOST_DATASETS = 1_000
MOST_SUGGESTED = 100
MOST_TAGS = 20_000


# --- organizations ------------------------------------------------------------------------------
def organizations() -> list[dict[str, Any]]:
    """Return the publishers of published datasets, and the city, by title."""
    ours = own_catalogue.our_agent()
    found = {organization_name(ours, language()): (pick(ours.names, language()), 0)}
    for value, count in ckan_search.counts_of("organization_named"):
        name, _between, title = value.partition(ckan_terms.BETWEEN)
        found[name] = (title, found.get(name, ("", 0))[1] + count)
    listed = (organization(name, title, package_count=count) for name, (title, count) in found.items())
    return sorted(listed, key=lambda each: (each["title"].lower(), each["name"]))


def organization_shown(wanted: str, *, with_datasets: bool) -> dict[str, Any]:
    """Return one publisher with what it says of itself.

    Raises:
        NotHere: Nobody of that name or id publishes here.
    """
    found = next((each for each in organizations() if wanted in (each["id"], each["name"])), None)
    if found is None:
        raise NotHere("organization", wanted)
    iris, total = ckan_search.first_with(
        "organization", found["name"], most=MOST_DATASETS if with_datasets else 1
    )
    agent = agent_named(found["name"])
    extras = {"uri": agent.iri, "type": agent.kind, "url": agent.homepage, "identifier": agent.identifier}
    return {
        **found,
        "package_count": total,
        "packages": ckan_packages.packages(iris) if with_datasets else [],
        "extras": [{"key": key, "value": value} for key, value in extras.items() if value],
        "users": [],
        "tags": [],
        "groups": [],
    }


def agent_named(wanted: str) -> AgentDescription:
    """Return the publisher that an organization's name or id means.

    Raises:
        NotHere: Nobody of that name publishes here.
    """
    ours = own_catalogue.our_agent()
    name = organization_name(ours, language())
    if wanted in (name, organization_id(name)):
        return ours
    for field in ("organization", "owner_org"):
        iris, _total = ckan_search.first_with(field, wanted)
        row = Dataset.objects.filter(iri__in=iris).first()
        agent = datasets.description_of(row).publisher if row else None
        if agent is not None:
            return agent
    raise NotHere("organization", wanted)


# --- groups, tags, licences ---------------------------------------------------------------------
def groups() -> list[dict[str, Any]]:
    """Return the themes, each with how many published datasets it has."""
    counts = dict(ckan_search.counts_of("groups"))
    return [_group(term, counts) for term in vocabulary.THEMES]


def _group(term: vocabulary.Term, counts: Mapping[str, int]) -> dict[str, Any]:
    count = counts.get(term.code.lower(), 0)
    more = {"type": "group", "is_organization": False, "state": "active", "approval_status": "approved"}
    return group(term, language(), package_count=count, **more)


def group_shown(wanted: str, *, with_datasets: bool) -> dict[str, Any]:
    """Return one theme.

    Raises:
        NotHere: There is none of that name or id.
    """
    term = theme_of(wanted)
    if term is None:
        raise NotHere("group", wanted)
    iris, total = ckan_search.first_with(
        "groups", term.code.lower(), most=MOST_DATASETS if with_datasets else 1
    )
    return {
        **_group(term, {term.code.lower(): total}),
        "packages": ckan_packages.packages(iris) if with_datasets else [],
        "extras": [{"key": "uri", "value": term.iri}],
        "users": [],
        "tags": [],
        "groups": [],
    }


def tags(query: str = "") -> list[str]:
    """Return the keywords of published datasets that hold a text, by name."""
    wanted = query.lower()
    return sorted(
        name for name, _count in ckan_search.counts_of("tags", most=MOST_TAGS) if wanted in name.lower()
    )


def tag_shown(wanted: str) -> dict[str, Any]:
    """Return one keyword with its datasets.

    Raises:
        NotHere: No published dataset has it.
    """
    iris, total = ckan_search.first_with("tags", wanted, most=MOST_DATASETS)
    if not total:
        raise NotHere("tag", wanted)
    found = {"id": wanted, "name": wanted, "display_name": wanted, "vocabulary_id": None}
    return {**found, "packages": ckan_packages.packages(iris)}


def licences() -> list[dict[str, Any]]:
    """Return the licences that are known here."""
    return [licence_entry(each) for each in vocabulary.LICENCES.known]


def suggested_packages(query: str, most: int) -> list[dict[str, Any]]:
    """Return names and titles of published datasets whose name or title begins so."""
    rows = ckan_packages.published()
    text = query.strip().lower()
    fits = (rows.filter(slug__startswith=text) | rows.filter(sort_title__startswith=text)).distinct()
    return [
        {
            "name": row.slug,
            "title": pick(row.description.get("titles", {}), language()),
            "match_field": "name" if row.slug.startswith(text) else "title",
            "match_displayed": row.slug,
        }
        for row in fits[: max(0, min(most, MOST_SUGGESTED))]
    ]


def suggested_tags(query: str, most: int) -> list[str]:
    """Return keywords that begin so, the commonest first."""
    pattern = "".join(f"\\{char}" if char in "\\*?" else char for char in query)
    found = ckan_search.counts_of("tags", condition=Like("tags", f"{pattern}*"))
    wanted = query.lower()
    return [name for name, _count in found if name.lower().startswith(wanted)][
        : max(0, min(most, MOST_SUGGESTED))
    ]


# --- users --------------------------------------------------------------------------------------
def users() -> list[Person]:
    """Return the people who have a role in the catalogue."""
    holders = RoleGrant.objects.filter(room=ROOM).values("person")
    return list(Person.objects.filter(pk__in=holders, is_active=True).order_by("pseudonym"))


def user(person: Person) -> dict[str, Any]:
    """Return a person as CKAN describes a user: by pseudonym and display name, without an address."""
    return {
        "id": str(person.pk),
        "name": person.pseudonym.lower(),
        "display_name": person.name or person.pseudonym,
        "fullname": person.name or None,
        "created": ckan_packages.ckan_time(person.joined_at),
        "about": None,
        "state": "active",
        "sysadmin": False,
        "email_hash": "",
        "image_url": None,
        "image_display_url": None,
    }


def user_shown(wanted: str) -> dict[str, Any]:
    """Return one of the people who have a role in the catalogue.

    Raises:
        NotHere: There is none of that name or id.
    """
    fits: Iterable[Person] = (p for p in users() if wanted in (str(p.pk), p.pseudonym, p.pseudonym.lower()))
    found = next(iter(fits), None)
    if found is None:
        raise NotHere("user", wanted)
    return user(found)
