"""How good a description is: the 405 points of data.europa.eu's quality assessment, and what is missing.

Source: data.europa.eu, Metadata Quality Assessment methodology; DCAT-AP 3.0.1, DCAT-AP.de 3.0,
    DCAT-AP_IT 2.0, usage notes for high-value datasets 3.0.0.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import DatasetDescription, DistributionDescription

MOST_POINTS = 405
BANDS = ((351, "excellent"), (221, "good"), (121, "sufficient"), (0, "bad"))


def band_of(points: int) -> str:
    """Return what so many points are called.

    >>> band_of(405), band_of(120)
    ('excellent', 'bad')
    """
    return next(name for least, name in BANDS if points >= least)


def range_of(band: str) -> range:
    """Return the points that a band spans; empty for an unknown one.

    >>> range_of("excellent"), range_of("bad")
    (range(351, 406), range(0, 121))
    """
    above = MOST_POINTS + 1
    for least, name in BANDS:
        if name == band:
            return range(least, above)
        above = least
    return range(0)


class Need(StrEnum):
    """How strongly a profile asks for a property."""

    MANDATORY = "mandatory"
    RECOMMENDED = "recommended"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One question of the assessment and its answer.

    Attributes:
        code: Stable: ``keyword``, ``download-url`` …
        property: The field of the form that answers it.
        points: What it is worth.
    """

    code: str
    dimension: str
    property: str
    points: int
    reached: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answers to all questions."""

    indicators: tuple[Indicator, ...]

    @property
    def points(self) -> int:
        """Points reached, 0 to 405."""
        return sum(each.points for each in self.indicators if each.reached)

    @property
    def band(self) -> str:
        """``excellent``, ``good``, ``sufficient`` or ``bad``."""
        return band_of(self.points)

    def missing_points(self, property_name: str) -> int:
        """Return what filling a field in would still bring."""
        return sum(
            each.points for each in self.indicators if each.property == property_name and not each.reached
        )

    def worth(self, property_name: str) -> int:
        """Return what a field is worth in all."""
        return sum(each.points for each in self.indicators if each.property == property_name)

    def next_steps(self) -> list[tuple[str, int]]:
        """Return (field, points to gain), the most first."""
        fields = dict.fromkeys(each.property for each in self.indicators if not each.reached)
        gains = [(name, self.missing_points(name)) for name in fields]
        return sorted(gains, key=lambda gain: -gain[1])


def assess(dataset: DatasetDescription, *, reachable: Mapping[str, bool], valid: bool) -> Assessment:
    """Return the assessment of a dataset, scored on its best distribution as the European portal does.

    Args:
        dataset: What is assessed.
        reachable: For each address of a file, whether it answers with 200 to 399. Unknown ones count as none.
        valid: Whether the description is valid DCAT-AP.
    """
    candidates = dataset.distributions or (DistributionDescription(iri=""),)
    scored = (_assess(dataset, each, reachable, valid) for each in candidates)
    return max(scored, key=lambda assessment: assessment.points)


def _assess(
    dataset: DatasetDescription, best: DistributionDescription, reachable: Mapping[str, bool], valid: bool
) -> Assessment:
    file_type = vocabulary.FILE_TYPES.by_iri(best.format)
    media_type_known = best.media_type.startswith(f"{vocabulary.IANA}/")
    rows = (
        ("keyword", "findability", "keywords", 30, any(dataset.keywords.values())),
        ("theme", "findability", "themes", 30, bool(dataset.themes)),
        ("spatial", "findability", "spatial", 20, bool(dataset.spatial or dataset.bounds)),
        ("temporal", "findability", "temporal", 20, bool(dataset.temporal)),
        ("access-url-answers", "accessibility", "file", 50, reachable.get(best.access_url, False)),
        ("download-url", "accessibility", "file", 20, bool(best.download_url)),
        ("download-url-answers", "accessibility", "file", 30, reachable.get(best.download_url, False)),
        ("format", "interoperability", "file", 20, bool(best.format)),
        ("media-type", "interoperability", "file", 10, bool(best.media_type)),
        (
            "format-from-vocabulary",
            "interoperability",
            "file",
            10,
            file_type is not None and media_type_known,
        ),
        (
            "non-proprietary",
            "interoperability",
            "file",
            20,
            file_type is not None and file_type.non_proprietary,
        ),
        (
            "machine-readable",
            "interoperability",
            "file",
            20,
            file_type is not None and file_type.machine_readable,
        ),
        ("valid", "interoperability", "valid", 30, valid),
        ("licence", "reusability", "licence", 20, bool(best.licence)),
        (
            "licence-from-vocabulary",
            "reusability",
            "licence",
            10,
            vocabulary.LICENCES.by_iri(best.licence) is not None,
        ),
        ("access-rights", "reusability", "access_rights", 10, bool(dataset.access_rights)),
        (
            "access-rights-from-vocabulary",
            "reusability",
            "access_rights",
            5,
            vocabulary.ACCESS_RIGHTS.by_iri(dataset.access_rights) is not None,
        ),
        ("contact", "reusability", "contact", 20, bool(dataset.contacts)),
        ("publisher", "reusability", "publisher", 10, dataset.publisher is not None),
        ("rights", "contextuality", "rights", 5, bool(best.rights)),
        ("byte-size", "contextuality", "file", 5, best.byte_size is not None),
        ("issued", "contextuality", "issued", 5, bool(dataset.issued)),
        ("modified", "contextuality", "modified", 5, bool(dataset.modified)),
    )
    return Assessment(tuple(Indicator(*row) for row in rows))


Test = Callable[[DatasetDescription], bool]


def _all_files(test: Callable[[DistributionDescription], bool]) -> Test:
    return lambda dataset: bool(dataset.distributions) and all(test(each) for each in dataset.distributions)


_COMMON: tuple[tuple[str, Need, Test], ...] = (
    ("titles", Need.MANDATORY, lambda d: bool(d.titles)),
    ("descriptions", Need.MANDATORY, lambda d: bool(d.descriptions)),
    ("file", Need.MANDATORY, _all_files(lambda f: bool(f.access_url))),
    ("publisher", Need.RECOMMENDED, lambda d: d.publisher is not None),
    ("contact", Need.RECOMMENDED, lambda d: bool(d.contacts)),
    ("keywords", Need.RECOMMENDED, lambda d: any(d.keywords.values())),
    ("themes", Need.RECOMMENDED, lambda d: bool(d.themes)),
    ("spatial", Need.RECOMMENDED, lambda d: bool(d.spatial or d.bounds)),
    ("temporal", Need.RECOMMENDED, lambda d: bool(d.temporal)),
    ("licence", Need.RECOMMENDED, _all_files(lambda f: bool(f.licence))),
)
_STRICTER: Mapping[str, tuple[tuple[str, Need, Test], ...]] = {
    "eu": (),
    "de": (
        ("publisher", Need.MANDATORY, lambda d: d.publisher is not None),
        ("licence", Need.MANDATORY, _all_files(lambda f: bool(f.licence))),
        (
            "attribution",
            Need.MANDATORY,
            _all_files(lambda f: bool(f.attribution) or not _needs_attribution(f)),
        ),
        ("geocoding_level", Need.RECOMMENDED, lambda d: bool(d.geocoding_level)),
        ("availability", Need.RECOMMENDED, lambda d: bool(d.availability)),
    ),
    "it": (
        ("identifier", Need.MANDATORY, lambda d: bool(d.identifiers)),
        ("modified", Need.MANDATORY, lambda d: bool(d.modified)),
        ("themes", Need.MANDATORY, lambda d: bool(d.themes)),
        ("frequency", Need.MANDATORY, lambda d: bool(d.frequency)),
        ("rights_holder", Need.MANDATORY, lambda d: d.rights_holder is not None),
        ("licence", Need.MANDATORY, _all_files(lambda f: bool(f.licence))),
    ),
    "hvd": (
        ("hvd_categories", Need.MANDATORY, lambda d: bool(d.hvd_categories)),
        ("legislation", Need.MANDATORY, lambda d: vocabulary.HVD_LEGISLATION in d.legislation),
        (
            "file_legislation",
            Need.MANDATORY,
            _all_files(lambda f: vocabulary.HVD_LEGISLATION in f.legislation),
        ),
    ),
}


# what the profiles ask of services and series: of any, then of those with high-value datasets
_RECORDS: Mapping[str, tuple[tuple[str, Need, Callable[[Any], bool]], ...]] = {
    "service": (
        ("titles", Need.MANDATORY, lambda r: bool(r.titles)),
        ("endpoint_urls", Need.MANDATORY, lambda r: bool(r.endpoint_urls)),
        ("publisher", Need.RECOMMENDED, lambda r: r.publisher is not None),
        ("contact", Need.RECOMMENDED, lambda r: bool(r.contacts)),
        ("keywords", Need.RECOMMENDED, lambda r: any(r.keywords.values())),
        ("themes", Need.RECOMMENDED, lambda r: bool(r.themes)),
        ("endpoint_descriptions", Need.RECOMMENDED, lambda r: bool(r.endpoint_descriptions)),
        ("serves", Need.RECOMMENDED, lambda r: bool(r.serves)),
    ),
    "series": (
        ("titles", Need.MANDATORY, lambda r: bool(r.titles)),
        ("descriptions", Need.MANDATORY, lambda r: bool(r.descriptions)),
        ("publisher", Need.RECOMMENDED, lambda r: r.publisher is not None),
        ("contact", Need.RECOMMENDED, lambda r: bool(r.contacts)),
    ),
}
_HIGH_VALUE_SERVICE: tuple[tuple[str, Need, Callable[[Any], bool]], ...] = (
    ("contact", Need.MANDATORY, lambda r: bool(r.contacts)),
    ("pages", Need.MANDATORY, lambda r: bool(r.pages)),
)

CONDITIONAL = frozenset({"attribution"})  # asked for by some licences only


def _needs_attribution(distribution: DistributionDescription) -> bool:
    licence = vocabulary.LICENCES.by_iri(distribution.licence)
    return licence is not None and licence.needs_attribution


def needs(profile: str) -> dict[str, Need]:
    """Return how strongly a profile (``eu``, ``de``, ``it``, ``hvd``) asks for each field."""
    return {name: need for name, need, _test in (*_COMMON, *_STRICTER[profile])}


def missing(dataset: DatasetDescription, *, profile: str) -> dict[str, Need]:
    """Return the fields that a profile asks for and the description has not."""
    asked = needs(profile)
    tests = {name: test for name, _need, test in (*_COMMON, *_STRICTER[profile])}
    return {name: asked[name] for name, test in tests.items() if not test(dataset)}


def _asked_of_record(description: Any, kind: str, profile: str) -> tuple[tuple[str, Need, Any], ...]:
    rows = _RECORDS[kind]
    if profile == "de":
        rows = (*rows, ("publisher", Need.MANDATORY, lambda r: r.publisher is not None))
    if kind == "service" and description.hvd_categories:
        rows = (*rows, *_HIGH_VALUE_SERVICE)
    return rows


def record_needs(description: Any, *, kind: str, profile: str) -> dict[str, Need]:
    """Return how strongly a profile asks for each field of a ``service`` or a ``series``."""
    return {name: need for name, need, _test in _asked_of_record(description, kind, profile)}


def missing_record(description: Any, *, kind: str, profile: str) -> dict[str, Need]:
    """Return the fields that a profile asks of a ``service`` or a ``series`` and the description has not."""
    asked = record_needs(description, kind=kind, profile=profile)
    tests = {name: test for name, _need, test in _asked_of_record(description, kind, profile)}
    return {name: asked[name] for name, test in tests.items() if not test(description)}
