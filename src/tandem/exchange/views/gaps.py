"""What is missing on a card, with the way to the field that asks for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from tandem.core.findings import Finding, Severity
from tandem.exchange import labels
from tandem.exchange.domain.schemas import DIMENSIONS
from tandem.exchange.models import Measure
from tandem.kit import installation
from tandem.kit.spoken import spoken

_FIELDS = {
    "title": ("what", "title_0"),
    "summary": ("what", "summary_0"),
    "need": ("what", "need_0"),
    "solution": ("what", "solution_0"),
    "status": ("what", "status"),
    "tags": ("what", "charter_0"),
    "cost": ("means", "one_off"),
    "staff": ("means", "staff-0-role_0"),
    "legal_basis": ("means", "legal_basis_0"),
    "indicators": ("indicators", "indicators-0-titles_0"),
    "lessons": ("lessons", "lessons-0-text_0"),
    **{f"replicability/{name}": ("lessons", f"{name}_level") for name in DIMENSIONS},
    "contact/role": ("contact", "role_0"),
    "contact/mail": ("contact", "mail"),
    "licence": ("contact", "licence"),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing.

    Attributes:
        stops: Whether no version can be given out without it.
    """

    label: str
    text: str
    url: str
    stops: bool


def shown(measure: Measure, findings: Iterable[Finding]) -> list[Gap]:
    """Return gaps for a page, those that stop a version first."""
    gaps = [_gap(measure, each) for each in findings]
    return sorted(gaps, key=lambda each: not each.stops)


def _gap(measure: Measure, finding: Finding) -> Gap:
    place = finding.path.partition("#/")[2]
    return Gap(
        label=_label(place),
        text=spoken(finding.message),
        url=_url(measure, place),
        stops=finding.severity is Severity.ERROR,
    )


def _label(place: str) -> str:
    name, _slash, rest = place.partition("/")
    if name == "replicability":
        return f"{labels.FIELDS[name]}: {labels.DIMENSIONS.get(rest, rest)}"
    if name == "contact" and rest == "mail":
        return gettext("E-mail address for other cities")
    language = labels.LANGUAGES.get(rest, "")
    return f"{labels.FIELDS.get(name, name)} ({language})" if language else str(labels.FIELDS.get(name, name))


def _url(measure: Measure, place: str) -> str:
    name, _slash, rest = place.partition("/")
    if name == "evidence":
        return reverse("exchange:measure_evidence", args=[measure.slug])
    step, field = _FIELDS.get(place) or _FIELDS.get(name, ("what", "title_0"))
    languages = installation.city().languages
    if rest in languages and field.endswith("_0"):
        field = f"{field[:-1]}{languages.index(rest)}"
    return f"{reverse('exchange:measure_edit', args=[measure.slug, step])}#id_{field}"
