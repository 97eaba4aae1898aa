"""A package of CKAN as a dataset: the way back from ``ckan``."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tandem.catalogue.domain import ckan_kept, vocabulary
from tandem.catalogue.domain.ckan import EXTRAS, NAMED, OURS, TOP, TOP_NAMED, licence_of_all, said_of
from tandem.catalogue.domain.ckan_fields import PREFIX, SELF, holds, is_iri, shown, with_part, with_unheld
from tandem.catalogue.domain.ckan_names import licence_of, theme_of
from tandem.catalogue.domain.ckan_values import (
    BadPackage,
    Values,
    as_text,
    entries,
    is_stale,
    plain_text,
    texts_of,
    write_keys,
)
from tandem.catalogue.domain.description import (
    AgentDescription,
    ContactDescription,
    DatasetDescription,
    Words,
)


def described_by(
    package: Values, base: DatasetDescription, *, language: str, before: Values
) -> DatasetDescription:
    """Return what a package says as a dataset, without its resources.

    Args:
        package: As a client sent it.
        base: What holds where the package says nothing; its IRI stays.
        language: Of texts that say none.
        before: The package as it was shown; nothing for a new one. Of two keys that say the same, the one
            that differs from before counts.

    Raises:
        BadPackage: A value is of the wrong kind; the error says which.
    """
    values, former = flat(package), flat(before)
    try:
        made = with_unheld(base, values)
    except ValueError as error:
        raise BadPackage({"extras": [f"{error.args[0]}: {error.args[-1]}"]}) from error
    made = replace(made, extra=tuple(line.replace(SELF, f"<{base.iri}>") for line in made.extra))
    made = replace(
        made,
        titles=texts_of(package, before, "title", made.titles, language),
        descriptions=texts_of(package, before, "notes", made.descriptions, language),
        keywords=_keywords(package, before, made.keywords, language),
    )
    made = write_keys(made, (*TOP, *EXTRAS), values, former)
    made = _with_publisher(made, values, former, language)
    made = _with_maintainer(made, package, values)
    made = _with_groups(made, package, before)
    return _keep(made, package, values, language)


def flat(package: Values) -> dict[str, Any]:
    """Return a package's keys and its extras as one; where both say something, the extras count.

    Raises:
        BadPackage: The extras are no list of keys and values.
    """
    extras = {}
    for each in entries(package, "extras"):
        if not isinstance(each.get("key"), str) or not each["key"].strip():
            raise BadPackage({"extras": ["Each must have a key and a value"]})
        if each.get("deleted") is not True and each.get("state") != "deleted":
            extras[each["key"].strip()] = as_text(each["key"], each.get("value"))
    top = {key: as_text(key, value) for key, value in package.items() if key in NAMED or key == "url"}
    return {**top, **extras}


def _keywords(package: Values, before: Values, base: Words, language: str) -> dict[str, tuple[str, ...]]:
    finer = package.get("tags_translated")
    words = {each: tuple(some) for each, some in base.items()}
    if finer not in (None, "", {}):
        if not isinstance(finer, dict) or not all(_is_words(some) for some in finer.values()):
            raise BadPackage({"tags_translated": ["Must be an object of lists of words by language"]})
        words = {each: tuple(some) for each, some in finer.items() if some}
    if "tags" not in package and "tag_string" not in package:
        return words
    if "tags" in package and is_stale(package, before, "tags", "tags_translated"):
        return words
    names = tag_names(package)
    left = {each: tuple(word for word in some if word in names) for each, some in words.items()}
    known = {word for some in left.values() for word in some}
    new = tuple(dict.fromkeys(name for name in names if name not in known))
    left[language] = (*left.get(language, ()), *new)
    return {each: some for each, some in left.items() if some}


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def tag_names(package: Values) -> list[str]:
    """Return the names of a package's tags.

    Raises:
        BadPackage: One has none, or is too long.
    """
    said = [each.get("name") for each in entries(package, "tags")]
    if not package.get("tags") and isinstance(package.get("tag_string"), str):
        said = [each for each in package["tag_string"].split(",") if each.strip()]
    names = [each.strip() if isinstance(each, str) else "" for each in said]
    if not all(0 < len(each) <= 200 for each in names):
        raise BadPackage({"tags": ["Each must have a name of 1 to 200 characters"]})
    return names


def _with_publisher(
    made: DatasetDescription, values: Values, before: Values, language: str
) -> DatasetDescription:
    """Write the publisher's name, which stands for its names in all languages."""
    if "publisher_name" not in values or is_stale(values, before, "publisher_name", f"{PREFIX}publisher"):
        return made
    agent = made.publisher or AgentDescription()
    name = as_text("publisher_name", values["publisher_name"])
    if name in agent.names.values() or name == shown(agent.names, language):
        return made
    names = {language: name} if name else {}
    return with_part(made, "publisher", replace(agent, names=names))


def _with_maintainer(made: DatasetDescription, package: Values, values: Values) -> DatasetDescription:
    """Take the maintainer for the contact, where a package says nothing better."""
    if any(key in values for key in ("contact_name", "contact_email", f"{PREFIX}contacts")):
        return made
    name, mail = plain_text(package, "maintainer"), plain_text(package, "maintainer_email")
    if not name and not mail:
        return made
    return replace(made, contacts=(ContactDescription(name=name or mail, mail=mail),))


def _with_groups(made: DatasetDescription, package: Values, before: Values) -> DatasetDescription:
    if "groups" not in package:
        return made
    wanted = [term.iri for term in map(theme_of, entries(package, "groups")) if term]
    known = {iri: term.iri for iri in made.themes if (term := vocabulary.THEMES.by_iri(iri))}
    unchanged = before and _group_names(package) == _group_names(before)
    if set(known.values()) == set(wanted) or unchanged:
        return made
    kept = [iri for iri in made.themes if iri not in known or known[iri] in wanted]
    new = [iri for iri in dict.fromkeys(wanted) if iri not in known.values()]
    return replace(made, themes=(*kept, *new))


def _group_names(package: Values) -> set[str]:
    return {str(each.get("name")) for each in entries(package, "groups")}


def _keep(made: DatasetDescription, package: Values, values: Values, language: str) -> DatasetDescription:
    """Keep what no field holds, or not as it was said."""
    empty, keys = DatasetDescription(""), {key.name: key for key in EXTRAS}
    extras = {
        name: said
        for name, said in values.items()
        if said
        and name not in {"url", "publisher_name"}
        and not name.startswith(PREFIX)
        and (name != "uri" or said != made.iri)
        and not (name in keys and holds(keys[name], said, empty))
    }
    shown_now = {**said_of(made, language), **licence_of_all(made)}
    fields = {
        key: value
        for key, value in package.items()
        if key not in OURS and key not in TOP_NAMED and key not in NAMED and value not in (None, "", [], {})
    }
    for key in ("url", "author", "author_email", "maintainer", "maintainer_email"):
        names = made.publisher.names.values() if key == "author" and made.publisher else ()
        if (said := plain_text(package, key)) and said != shown_now[key] and said not in names:
            fields[key] = said
    unknown = [each for each in entries(package, "groups") if theme_of(each) is None]
    if unknown:
        fields["tandem_groups"] = unknown
    return replace(made, extra=ckan_kept.with_kept(made.iri, made.extra, fields=fields, extras=extras))


# --- licences -----------------------------------------------------------------------------------
def with_licence(made: DatasetDescription, package: Values, own: Mapping[str, bool]) -> DatasetDescription:
    """Write a package's licence into its distributions; keep it as it was said where that cannot be.

    Args:
        made: The dataset with its distributions.
        package: As a client sent it.
        own: For the IRI of each distribution whether its resource says a licence of its own.
    """
    said = plain_text(package, "license_id")
    known = licence_of(said) if said else None
    iri = known.iri if known else said if is_iri(said) else ""
    if iri:
        others = said != licence_of_all(made)["license_id"]
        parts = (
            replace(each, licence=iri) if not own.get(each.iri) and (others or not each.licence) else each
            for each in made.distributions
        )
        made = replace(made, distributions=tuple(parts))
    kept = ckan_kept.kept(made.extra, ckan_kept.FIELD)
    kept.pop("license_id", None)
    shown_as = str(licence_of_all(made)["license_id"])
    if said and said != shown_as and (known is None or licence_of(shown_as) is not known):
        kept["license_id"] = said
    extras = ckan_kept.kept(made.extra, ckan_kept.EXTRA)
    return replace(made, extra=ckan_kept.with_kept(made.iri, made.extra, fields=kept, extras=extras))
