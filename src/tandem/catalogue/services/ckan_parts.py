"""The resources of a package become the distributions of a dataset."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.domain import ckan_resource
from tandem.catalogue.domain.ckan_values import BadPackage, entries
from tandem.catalogue.domain.description import DistributionDescription, from_json
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import ckan_packages, kept_files
from tandem.kit import installation

MOST_RESOURCES = 1_000


def bring_in_line(
    dataset: Dataset, package: Mapping[str, Any], shown: Mapping[str, Any], *, person: Person
) -> tuple[tuple[DistributionDescription, ...], dict[str, bool]]:
    """Bring the rows of a dataset's distributions in line with a package; return what each should say.

    Returns:
        The descriptions, and for the IRI of each whether it says a licence of its own.
    """
    rows = {str(row.pk): row for row in dataset.distributions.select_related("current")}
    if "resources" not in package:
        described = tuple(from_json(DistributionDescription, row.description) for row in rows.values())
        return described, dict.fromkeys((each.iri for each in described), True)
    wanted = entries(package, "resources")
    if len(wanted) > MOST_RESOURCES:
        raise BadPackage({"resources": [f"More than {MOST_RESOURCES:,} are too many"]})
    before = {each["id"]: each for each in shown.get("resources", [])}
    parts, own, kept = [], {}, set()
    for position, each in enumerate(wanted):
        row = rows.get(str(each.get("id")))
        former = before.get(str(row.pk), {}) if row else {}
        row = _at(dataset, row, each, position)
        if str(row.pk) in kept:
            raise BadPackage({"resources": ["Two have the same id"]})
        kept.add(str(row.pk))
        parts.append(_part(row, each, former))
        own[parts[-1].iri] = _says_own_licence(each, former, package, shown)
    _remove([row for key, row in rows.items() if key not in kept], person=person)
    return tuple(parts), own


def _says_own_licence(
    resource: Mapping[str, Any],
    former: Mapping[str, Any],
    package: Mapping[str, Any],
    shown: Mapping[str, Any],
) -> bool:
    """Return whether a resource's licence holds against the package's: not where that alone is new."""
    stale = resource.get("license") == former.get("license") and bool(former)
    changed = bool(shown) and package.get("license_id") != shown.get("license_id")
    return "license" in resource and not (stale and changed)


def _at(
    dataset: Dataset, row: Distribution | None, resource: Mapping[str, Any], position: int
) -> Distribution:
    """Return the row of a resource, made anew where there is none, at its place."""
    if row is not None:
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
        return row
    wanted = resource.get("id")
    identity = uuid_of(wanted, "resources") if wanted not in (None, "") else uuid4()
    if Distribution.objects.filter(pk=identity).exists():
        raise BadPackage({"resources": [f"There is a resource {identity} already, of another package"]})
    iri = f"{installation.config().server.url}/id/distribution/{identity}"
    return Distribution.objects.create(
        id=identity, dataset=dataset, position=position, description={"iri": iri}
    )


def _part(
    row: Distribution, resource: Mapping[str, Any], former: Mapping[str, Any]
) -> DistributionDescription:
    current = from_json(DistributionDescription, row.description)
    base = (
        replace(current, titles={}, descriptions={}, extra=())
        if row.current_id
        else DistributionDescription(current.iri)
    )
    made = ckan_resource.described_by(resource, base, language=ckan_packages.language(), before=former)
    if row.current_id and made.download_url != current.download_url:
        row.current = None  # it is elsewhere now; the versions stay
        row.save(update_fields=["current"])
    return made


def _remove(rows: Sequence[Distribution], *, person: Person) -> None:
    for row in rows:
        kept_files.forget_jobs(row)
        audit.record(person, "catalogue.distribution.remove", row.dataset.iri, {"distribution": str(row.pk)})
        row.delete()


def uuid_of(value: Any, name: str) -> UUID:
    """Return a UUID that a client chose.

    Raises:
        BadPackage: It is none.
    """
    try:
        return UUID(str(value))
    except ValueError as error:
        raise BadPackage({name: ["Must be a UUID"]}) from error
