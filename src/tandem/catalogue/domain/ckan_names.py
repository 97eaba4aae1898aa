"""Names and identities that CKAN has and a description has not: organisations, groups, licences."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import AgentDescription
from tandem.catalogue.domain.vocabulary import Licence, Term
from tandem.core.text import pick

_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
# What CKAN calls licences by itself, beside their SPDX names
_LICENCE_NAMES = {
    "cc-by": "CC_BY",
    "cc-zero": "CC0",
    "cc-by-sa": "CC_BY_SA",
    "cc-nc": "CC_BY_NC",
    "odc-by": "ODC_BY",
    "odc-odbl": "ODC_BL",
    "odc-pddl": "ODC_PDDL",
    "gfdl": "GFDL",
    "dl-de-by-1.0": "DL_DE_BY_1_0",
    "other-open": "OTHER_OPEN",
    "other-closed": "OTHER_CLOSED",
}
_NAMES_OF_LICENCES = {code: name for name, code in _LICENCE_NAMES.items()}


def name_of(text: str, *, default: str) -> str:
    """Return a text as a name in addresses: small letters, digits and hyphens.

    >>> name_of("Stadt Hamm, Grünflächenamt", default="x")
    'stadt-hamm-gruenflaechenamt'
    """
    lowered = "".join(_UMLAUTS.get(each, each) for each in text.lower())
    plain = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100].strip("-") or default


def organization_name(agent: AgentDescription, language: str) -> str:
    """Return the name of a publisher as CKAN's organization."""
    return name_of(pick(agent.names, language), default="publisher")


def organization_id(name: str) -> str:
    """Return the stable identity of an organization."""
    return str(uuid5(NAMESPACE_URL, f"urn:tandem:organization:{name}"))


def organization(name: str, title: str, **more: Any) -> dict[str, Any]:
    """Return an organization as CKAN describes it."""
    return {
        "id": organization_id(name),
        "name": name,
        "title": title,
        "display_name": title,
        "description": "",
        "image_url": "",
        "image_display_url": "",
        "type": "organization",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
        **more,
    }


def group(term: Term, language: str, **more: Any) -> dict[str, Any]:
    """Return a theme as CKAN describes a group."""
    title = pick(term.names, language)
    return {
        "id": str(uuid5(NAMESPACE_URL, term.iri)),
        "name": term.code.lower(),
        "title": title,
        "display_name": title,
        "description": "",
        "image_url": "",
        "image_display_url": "",
        **more,
    }


def theme_of(wanted: Mapping[str, Any] | str) -> Term | None:
    """Return the theme that a group's name, id or title means."""
    values = (
        [wanted] if isinstance(wanted, str) else [wanted.get("name"), wanted.get("id"), wanted.get("title")]
    )
    for value in filter(None, values):
        for term in vocabulary.THEMES.known:
            if value == str(uuid5(NAMESPACE_URL, term.iri)):
                return term
        if (found := vocabulary.THEMES.by_text(str(value))) is not None:
            return found
    return None


def licence_id(licence: Licence) -> str:
    """Return what CKAN calls a licence: its name in the SPDX list, or the one that CKAN always had."""
    return licence.spdx or _NAMES_OF_LICENCES.get(licence.code) or licence.code


def licence_of(wanted: str) -> Licence | None:
    """Return the licence that an id, an IRI or a name means."""
    code = _LICENCE_NAMES.get(wanted.lower())
    if code:
        return vocabulary.LICENCES.by_code(code)
    by_spdx = (each for each in vocabulary.LICENCES.known if each.spdx.lower() == wanted.lower() != "")
    return next(by_spdx, None) or vocabulary.LICENCES.by_text(wanted)


def is_open(licence: Licence) -> bool:
    """Return whether a licence allows every use."""
    return not any(part in licence.code for part in ("_NC", "_ND", "BYNC", "BYND", "CLOSED", "COMMERCIAL"))


def licence_entry(licence: Licence) -> dict[str, Any]:
    """Return a licence as CKAN lists it."""
    opens = is_open(licence)
    return {
        "id": licence_id(licence),
        "title": licence.names["en"],
        "url": licence.page or licence.iri,
        "status": "active",
        "maintainer": "",
        "family": "",
        "is_generic": licence.code.startswith("OTHER_"),
        "domain_content": False,
        "domain_data": opens,
        "domain_software": False,
        "od_conformance": "approved" if opens else "rejected",
        "osd_conformance": "not reviewed",
    }
