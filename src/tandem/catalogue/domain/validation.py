"""Check descriptions: findings in plain words, each with its place, before a portal upstream complains.

The rules are those of DCAT-AP 3.0.1, DCAT-AP.de 3.0, DCAT-AP_IT 2.0 and the notes on high-value datasets, as far
as a description can break them at all. The official shapes judge in tests; these rules speak while somebody types.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import (
    DatasetDescription,
    DistributionDescription,
    PeriodOfTime,
    SeriesDescription,
    ServiceDescription,
)
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|^`\\]+", re.IGNORECASE)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T.+)?)?)?")
_DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
_DECIMAL = re.compile(r"\d+(\.\d+)?")
_IPA = re.compile(r"[^:\s]+:\S+")
_CONTRIBUTORS = "http://dcat-ap.de/def/contributors/"
LONGEST_TITLE = 200

# field → what its values should be terms of
_TERMS: dict[str, vocabulary.Vocabulary[Any]] = {
    "themes": vocabulary.THEMES,
    "frequency": vocabulary.FREQUENCIES,
    "access_rights": vocabulary.ACCESS_RIGHTS,
    "availability": vocabulary.AVAILABILITIES,
    "languages": vocabulary.LANGUAGES,
    "hvd_categories": vocabulary.HVD_CATEGORIES,
    "geocoding_level": vocabulary.GEOCODING_LEVELS,
    "status": vocabulary.STATUSES,
    "format": vocabulary.FILE_TYPES,
    "formats": vocabulary.FILE_TYPES,
    "licence": vocabulary.LICENCES,
}
_ADDRESSES = [
    "landing_page",
    "pages",
    "conforms_to",
    "sources",
    "related",
    "references",
    "referenced_by",
    "samples",
    "versions",
    "version_of",
    "previous_version",
    "in_series",
    "access_url",
    "download_url",
    "rights",
    "policy",
    "services",
    "endpoint_urls",
    "endpoint_descriptions",
    "serves",
    "spatial",
    "quality_process",
    "contributor_ids",
    "legislation",
    "kinds",
]


def check_dataset(dataset: DatasetDescription, *, profile: str) -> list[Finding]:
    """Return what is wrong or doubtful in the description of a dataset and its distributions."""
    found = [*_common(dataset), *_time_and_place(dataset), *_high_value(dataset)]
    found += _resolutions(dataset, "")
    if not dataset.distributions:
        found.append(_warn("no-file", "file", say("There is no file and no address to get the data from.")))
    for number, part in enumerate(dataset.distributions, start=1):
        found += _distribution(part, f"file {number}", profile)
    if profile == "de":
        found += _german(dataset)
    if profile == "it":
        found += _italian(dataset)
    return found


def check_service(service: ServiceDescription, *, profile: str) -> list[Finding]:
    """Return what is wrong or doubtful in the description of a data service."""
    found = [*_common(service), *_high_value(service)]
    if not service.endpoint_urls:
        found.append(
            _error("missing", "endpoint_urls", say("The address where the service is asked is missing."))
        )
    if profile == "de":
        found += _publisher(service)
    return found


def check_series(series: SeriesDescription, *, profile: str) -> list[Finding]:
    """Return what is wrong or doubtful in the description of a dataset series."""
    found = [*_common(series), *_time_and_place(series), *_high_value(series)]
    if profile == "de":
        found += _publisher(series)
    return found


def _error(code: str, path: str, message: str) -> Finding:
    return Finding(Severity.ERROR, f"catalogue.description.{code}", path, message)


def _warn(code: str, path: str, message: str) -> Finding:
    return Finding(Severity.WARNING, f"catalogue.description.{code}", path, message)


def _common(record: Any) -> Iterator[Finding]:
    yield from _texts(record)
    yield from _values(record, "")
    for date_field in ("issued", "modified"):
        yield from _date(getattr(record, date_field), date_field)
    for contact in record.contacts:
        if contact.mail and not _MAIL.fullmatch(contact.mail):
            message = say("{value} is no e-mail address.", value=repr(contact.mail))
            yield _error("bad-mail", "contact", message)
        if not (contact.mail or contact.url or contact.phone):
            yield _warn(
                "contact-without-way",
                "contact",
                say("The contact names no way to ask: mail, telephone, page."),
            )
    for agent in filter(None, (record.publisher, getattr(record, "rights_holder", None))):
        if not agent.names:
            yield _error("nameless", "publisher", say("The publisher has no name."))


def _texts(record: Any) -> Iterator[Finding]:
    if not record.titles:
        yield _error("missing", "titles", say("The title is missing."))
    if not record.descriptions and not isinstance(record, ServiceDescription):
        yield _error("missing", "descriptions", say("The description is missing."))
    for language, title in record.titles.items():
        if len(title) > LONGEST_TITLE:
            yield _warn(
                "long-title",
                f"titles, {language}",
                say("The title has {length} characters; lists cut it off.", length=len(title)),
            )
    for language in record.titles.keys() - record.descriptions.keys() if record.descriptions else ():
        yield _warn(
            "half-translated",
            f"descriptions, {language}",
            say("There is a title in this language, but no description."),
        )


def _values(record: Any, where: str) -> Iterator[Finding]:
    """Yield what is no address, and what is in no vocabulary that is known here."""
    prefix = f"{where}, " if where else ""
    for name in _ADDRESSES:
        for value in _several(getattr(record, name, ())):
            if not _ADDRESS.fullmatch(value):
                message = say("{value} is no address (http://…).", value=repr(value))
                yield _error("bad-address", f"{prefix}{name}", message)
    for name, known in _TERMS.items():
        for value in _several(getattr(record, name, ())):
            if known.by_iri(value) is None:
                message = say("{value} is in no vocabulary that is known here.", value=value)
                yield _warn("unknown-term", f"{prefix}{name}", message)


def _several(value: Any) -> Iterable[str]:
    return ((value,) if value else ()) if isinstance(value, str) else value


def _date(value: str, path: str) -> Iterator[Finding]:
    if value and not _is_date(value):
        yield _error("bad-date", path, say("{value} is no date.", value=repr(value)))


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value[:10] if len(value) >= 10 else f"{value}-01-01"[:10])
    except ValueError:
        return False
    return True


def _time_and_place(record: Any) -> Iterator[Finding]:
    for period in record.temporal:
        yield from _period(period)
    if record.bounds:
        west, south, east, north = record.bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            yield _error(
                "bad-bounds",
                "bounds",
                say("West, south, east and north do not make a box on the globe: degrees are expected."),
            )


def _period(period: PeriodOfTime) -> Iterator[Finding]:
    yield from _date(period.start, "temporal")
    yield from _date(period.end, "temporal")
    if period.start and period.end and period.end[:10] < period.start[: len(period.end[:10])]:
        yield _error("period-backwards", "temporal", say("The period ends before it begins."))


def _resolutions(record: Any, where: str) -> Iterator[Finding]:
    prefix = f"{where}, " if where else ""
    metres, duration = record.spatial_resolution, record.temporal_resolution
    if metres and not _DECIMAL.fullmatch(metres):
        message = say("{value} is no number of metres.", value=metres)
        yield _error("bad-number", f"{prefix}spatial_resolution", message)
    if duration and not _DURATION.fullmatch(duration):
        message = say("{value} is no duration, such as PT15M or P1D.", value=duration)
        yield _error("bad-duration", f"{prefix}temporal_resolution", message)


def _distribution(part: DistributionDescription, path: str, profile: str) -> Iterator[Finding]:
    yield from _values(part, path)
    yield from _resolutions(part, path)
    if not part.access_url:
        yield _error("missing", path, say("The address to get it from is missing."))
    if not part.format:
        yield _warn("no-format", path, say("The file format is not said."))
    licence = vocabulary.LICENCES.by_iri(part.licence)
    if not part.licence:
        make = _error if profile in {"de", "it"} else _warn
        yield make("missing", path, say("The licence is missing: nobody may use the data without one."))
    elif profile == "de" and licence and not licence.german_iri:
        yield _warn("foreign-licence", path, say("The licence is not in the list of DCAT-AP.de."))
    if profile == "de" and licence and licence.needs_attribution and not part.attribution:
        yield _error(
            "no-attribution", path, say("The licence asks for the source to be named, and no name is given.")
        )
    if part.checksum and not re.fullmatch(r"[0-9A-Fa-f]+", part.checksum):
        yield _error("bad-checksum", path, say("The checksum is not hexadecimal."))


def _high_value(record: Any) -> Iterator[Finding]:
    """Yield what Regulation (EU) 2023/138 asks of high-value datasets and their services."""
    if not record.hvd_categories:
        return
    if vocabulary.HVD_LEGISLATION not in record.legislation:
        message = say("It is a high-value dataset, and the regulation is not named as its legislation.")
        yield _error("hvd-legislation", "legislation", message)
    if isinstance(record, ServiceDescription):
        if not record.contacts:
            yield _error("hvd-contact", "contact", say("A high-value service needs a contact."))
        if not record.pages:
            yield _error("hvd-documentation", "pages", say("A high-value service needs documentation."))
    for number, part in enumerate(getattr(record, "distributions", ()), start=1):
        if vocabulary.HVD_LEGISLATION not in part.legislation:
            message = say("It belongs to a high-value dataset, and the regulation is not named.")
            yield _error("hvd-legislation", f"file {number}", message)


def _publisher(record: Any) -> Iterator[Finding]:
    if record.publisher is None:
        yield _error("missing", "publisher", say("The publisher is missing; DCAT-AP.de demands one."))


def _german(dataset: DatasetDescription) -> Iterator[Finding]:
    yield from _publisher(dataset)
    for value in dataset.contributor_ids:
        if not value.startswith(_CONTRIBUTORS):
            message = say("{value} is not in GovData’s list of contributors.", value=value)
            yield _warn("unknown-contributor", "contributor_ids", message)
    for period in dataset.temporal:
        if not period.start and not period.end:
            yield _error("empty-period", "temporal", say("The period has neither a beginning nor an end."))
    for attribution in dataset.attributions:
        if attribution.agent is None or not attribution.agent.iri or not attribution.role:
            message = say("Who took part needs an address of its own and a role.")
            yield _error("bad-attribution", "attributions", message)


def _italian(dataset: DatasetDescription) -> Iterator[Finding]:
    if not dataset.identifiers:
        yield _error("missing", "identifier", say("The identifier is missing; DCAT-AP_IT demands one."))
    for value in dataset.identifiers[:1]:
        if not _IPA.fullmatch(value):
            message = say("{value} is not of the form IPA code, colon, own code.", value=repr(value))
            yield _warn("identifier-form", "identifier", message)
    if not dataset.themes:
        yield _error("missing", "themes", say("A theme is missing; DCAT-AP_IT demands one."))
    if not dataset.frequency:
        yield _error(
            "missing", "frequency", say("How often it is updated is missing; DCAT-AP_IT demands it.")
        )
    holder = dataset.rights_holder
    if holder is None:
        yield _error("missing", "rights_holder", say("The rights holder is missing; DCAT-AP_IT demands one."))
    for path, agent in (("rights_holder", holder), ("publisher", dataset.publisher)):
        if agent is not None and not agent.identifier:
            message = say("The body has no identifier; DCAT-AP_IT expects its IPA code.")
            yield _warn("no-ipa-code", path, message)
        if agent is not None and agent.names and "it" not in agent.names:
            yield _warn("no-italian-name", path, say("The body has no Italian name."))
