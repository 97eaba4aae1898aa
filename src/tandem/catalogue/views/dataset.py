"""The page of one dataset: its rows first, then what it is."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from tandem.catalogue import access
from tandem.catalogue.domain.description import DatasetDescription
from tandem.catalogue.domain.lifecycle import Status, may_discard
from tandem.catalogue.forms import FIELD_NAMES
from tandem.catalogue.models import Dataset, Distribution, HarvestRecord
from tandem.catalogue.services import datasets, imports, packages, records
from tandem.catalogue.views import describing, shown
from tandem.catalogue.views.distributions import distribution_of
from tandem.catalogue.views.facts import facts_of
from tandem.catalogue.views.points import points_of
from tandem.core.text import pick

_PARTS = Prefetch("distributions", Distribution.objects.select_related("current", "followed"))


@require_safe
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a dataset: its rows first, then what it is."""
    found = access.visible_dataset(request, slug)
    prefetch_related_objects([found], _PARTS)
    described = datasets.description_of(found)
    staff = access.may_see_drafts(request)
    if found.status == Status.WITHDRAWN and not staff:
        return render(
            request,
            "catalogue/withdrawn.html",
            {"dataset": found, "title": shown.texts(described.titles)},
            status=410,
        )
    ours = found.source_id is None
    page = {
        "dataset": found,
        "shown": _shown(found, described),
        "may_edit": ours and access.may_edit(request),
        "may_publish": ours and access.may_publish(request),
        "may_discard": ours and may_discard(Status(found.status), was_published=bool(found.published_at)),
        "quality": points_of(described) if ours else None,
        "schema_org": _schema_org(found, described),
        "history": describing.shown_history(found.iri) if ours and staff else [],
        "belongs": _belongs(described),
    }
    return render(request, "catalogue/dataset.html", page)


def _schema_org(found: Dataset, described: DatasetDescription) -> dict[str, Any] | None:
    """Return what search engines for data read of a published dataset of ours; a partner's has it at its origin."""
    if found.status != Status.PUBLISHED or found.source_id is not None:
        return None
    return packages.schema_org_of(found, described, language=get_language() or "en")


def _belongs(described: DatasetDescription) -> list[dict[str, str]]:
    """Return the published series and services that a dataset names, for its page."""
    iris = [*described.in_series, *(iri for part in described.distributions for iri in part.services)]
    return [
        {
            "label": str(FIELD_NAMES["in_series" if row.iri in described.in_series else "services"]),
            "title": shown.texts(row.description.get("titles", {})) or row.slug,
            "url": reverse("catalogue:record", args=[records.kind_of(row).name, row.slug]),
        }
        for row in records.named(iris)
    ]


def _shown(found: Dataset, described: DatasetDescription) -> dict[str, Any]:
    language = get_language() or "en"
    words = described.keywords.get(language) or next(iter(described.keywords.values()), ())
    search_url = reverse("catalogue:list")
    rows = list(found.distributions.all())
    jobs = imports.latest_imports([row for row in rows if row.current is None])
    return {
        "title": pick(described.titles, language, default=found.slug),
        "summaries": described.descriptions,
        "iri": found.iri,
        "status_label": shown.STATUS[found.status],
        "origin": _origin(found, described),
        "keywords": [(word, f"{search_url}?{urlencode({'q': word})}") for word in words],
        "facts": list(facts_of(found, described, language)),
        "alternates": _alternates(found),
        "feeds": _feeds(found),
        "distributions": [
            distribution_of(found, row, part, jobs.get(row.pk))
            for row, part in zip(rows, described.distributions, strict=True)
        ],
    }


def _origin(found: Dataset, described: DatasetDescription) -> dict[str, Any] | None:
    if found.source is None:
        return None
    record: HarvestRecord | None = getattr(found, "harvest_record", None)
    return {
        "city": pick(found.source.titles, get_language() or "en", default=found.source.key),
        "is_partner": bool(found.source.city),
        "harvested": formats.date_format(found.changed_at, "DATE_FORMAT"),
        "url": (record.original_url if record else "") or described.landing_page or described.iri,
    }


def _alternates(found: Dataset) -> list[dict[str, str]]:
    kinds = (
        ("Turtle", "ttl", "text/turtle"),
        ("RDF/XML", "rdf", "application/rdf+xml"),
        ("JSON-LD", "jsonld", "application/ld+json"),
    )
    return [
        {"label": label, "media_type": media_type, "url": reverse("dataset-rdf", args=[found.pk, suffix])}
        for label, suffix, media_type in kinds
    ]


def _feeds(found: Dataset) -> list[dict[str, str]]:
    if found.source is not None:
        return []
    package = reverse("data-package", args=[found.pk])
    news = reverse("catalogue:dataset_news", args=[found.slug])
    return [
        {"label": gettext("Data Package"), "media_type": "application/json", "url": package},
        {"label": gettext("New versions (Atom)"), "media_type": "application/atom+xml", "url": news},
    ]
