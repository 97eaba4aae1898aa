"""Pages for everybody: the list of datasets, one dataset, the partner cities."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.http import require_safe

from tandem.catalogue import access
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import DatasetDescription, DistributionDescription
from tandem.catalogue.domain.exploration import Exploration
from tandem.catalogue.domain.lifecycle import Status, may_discard
from tandem.catalogue.forms import FIELD_NAMES
from tandem.catalogue.models import Dataset, Distribution, HarvestRecord, HarvestSource
from tandem.catalogue.services import (
    assessing,
    browse,
    datasets,
    explore,
    following,
    imports,
    packages,
    records,
)
from tandem.catalogue.services.explore import Table
from tandem.catalogue.views import describing, previews, shown
from tandem.core.text import pick
from tandem.kit import installation
from tandem.kit.models import Job
from tandem.kit.numbers import typed_number
from tandem.kit.spoken import spoken

PREVIEW_ROWS = 10
BANDS = {
    "excellent": gettext_lazy("excellent"),
    "good": gettext_lazy("good"),
    "sufficient": gettext_lazy("sufficient"),
    "bad": gettext_lazy("poor"),
}
FACET_TITLES = browse.FACETS


# --- list ---------------------------------------------------------------------------------------
@require_safe
def dataset_list(request: HttpRequest) -> HttpResponse:
    """Show the datasets that fit a search."""
    chosen = {name: request.GET.getlist(name) for name in FACET_TITLES if request.GET.get(name)}
    query = request.GET.get("q", "").strip()[:200]
    number = typed_number(request.GET.get("page", ""), otherwise=1)
    found = browse.search_datasets(query, language=get_language() or "en", chosen=chosen, page=max(1, number))
    page = {
        "query": query,
        "results": found,
        "facets": [_facet(request, name, found.facets.get(name, []), chosen) for name in FACET_TITLES],
        "selected": [
            (_facet_label(name, value), shown.without(request.GET, name))
            for name, values in chosen.items()
            for value in values
        ],
        "may_edit": access.may_edit(request),
    }
    return render(request, "catalogue/list.html", page)


def _facet(
    request: HttpRequest, name: str, counts: list[tuple[str, int]], chosen: Mapping[str, list[str]]
) -> dict[str, Any]:
    titles = {
        "city": gettext("City"),
        "theme": FIELD_NAMES["themes"],
        "format": gettext("Format"),
        "licence": FIELD_NAMES["licence"],
        "publisher": FIELD_NAMES["publisher"],
        "place": gettext("Place"),
        "quality": gettext("Description quality"),
    }
    options = []
    for value, count in counts:
        selected = value in chosen.get(name, [])
        url = (
            shown.without(request.GET, name)
            if selected
            else shown.with_query(request.GET, page=None, **{name: value})
        )
        options.append({"label": _facet_label(name, value), "count": count, "url": url, "selected": selected})
    return {"title": titles[name], "options": options if len(options) > 1 or name in chosen else []}


def _facet_label(name: str, value: str) -> str:
    language = get_language() or "en"
    if name == "publisher":
        return value
    if name == "quality":
        return str(BANDS.get(value, value))
    if name in {"city", "place"}:
        return browse.city_name(value, language)
    known: dict[str, vocabulary.Vocabulary[Any]] = {
        "theme": vocabulary.THEMES,
        "format": vocabulary.FILE_TYPES,
        "licence": vocabulary.LICENCES,
    }
    term = known[name].by_code(value)
    return pick(term.names, language) if term else value


# --- one dataset --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Fact:
    """One line of facts."""

    label: Any
    value: Any
    url: str = ""
    external: bool = False


@dataclass(frozen=True, slots=True)
class DistributionShown:
    """A distribution on the dataset's page."""

    position: int
    title: str
    caption: str
    downloads: list[shown.Download]
    columns: list[shown.Head] = field(default_factory=list)
    rows: list[list[shown.Cell]] = field(default_factory=list)
    table_url: str = ""
    report_url: str = ""
    replace_url: str = ""
    job_url: str = ""
    bad_cells: int = 0
    why_not: str = ""
    versions_url: str = ""
    changes_url: str = ""
    follow_url: str = ""
    followed: dict[str, Any] | None = None


@require_safe
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a dataset: its rows first, then what it is."""
    found = access.visible_dataset(request, slug)
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
        "quality": quality(described) if ours else None,
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
    rows = list(found.distributions.select_related("current", "followed"))
    jobs = imports.latest_imports([row for row in rows if row.current is None])
    return {
        "title": pick(described.titles, language, default=found.slug),
        "summary": pick(described.descriptions, language),
        "summary_lang": "",
        "iri": found.iri,
        "status_label": shown.STATUS[found.status],
        "origin": _origin(found, described),
        "keywords": [(word, f"{search_url}?q={word}") for word in words],
        "facts": list(_facts(found, described, language)),
        "alternates": _alternates(found),
        "feeds": _feeds(found),
        "distributions": [
            _distribution(found, row, part, jobs.get(row.pk))
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


def _facts(found: Dataset, described: DatasetDescription, language: str) -> Iterator[Fact]:
    if described.publisher:
        yield Fact(
            FIELD_NAMES["publisher"],
            pick(described.publisher.names, language),
            described.publisher.homepage,
            external=True,
        )
    for contact in described.contacts[:1]:
        yield Fact(
            FIELD_NAMES["contact"],
            contact.name or contact.mail or contact.url,
            f"mailto:{contact.mail}" if contact.mail else contact.url,
        )
    for iri in dict.fromkeys(part.licence for part in described.distributions if part.licence):
        licence = vocabulary.LICENCES.by_iri(iri)
        yield Fact(
            FIELD_NAMES["licence"],
            pick(licence.names, language) if licence else iri,
            licence.page if licence else iri,
            external=True,
        )
    for name in ("creators", "originators", "custodians"):
        for agent in getattr(described, name):
            yield Fact(
                FIELD_NAMES[name], pick(agent.names, language, default=agent.iri), agent.homepage, True
            )
    if described.version:
        yield Fact(FIELD_NAMES["version"], described.version)
    for statement in described.provenance:
        yield Fact(FIELD_NAMES["provenance"], pick(statement.texts, language))
    for name in ("pages", "conforms_to", "sources"):
        for iri in getattr(described, name):
            yield Fact(FIELD_NAMES[name], iri, iri, external=True)
    for text in dict.fromkeys(part.attribution for part in described.distributions if part.attribution):
        yield Fact(FIELD_NAMES["attribution"], text)
    themes = [vocabulary.THEMES.by_iri(iri) for iri in described.themes]
    if any(themes):
        yield Fact(FIELD_NAMES["themes"], ", ".join(pick(term.names, language) for term in themes if term))
    for period in described.temporal[:1]:
        ends = dict.fromkeys(filter(None, (_date(period.start), _date(period.end))))
        yield Fact(FIELD_NAMES["temporal"], " – ".join(ends))
    frequency = vocabulary.FREQUENCIES.by_iri(described.frequency)
    if frequency:
        yield Fact(FIELD_NAMES["frequency"], pick(frequency.names, language))
    for name in ("issued", "modified"):
        if getattr(described, name):
            yield Fact(FIELD_NAMES[name], _date(getattr(described, name)))
    if found.source is not None:
        yield from _provenance(found, found.source)


def _provenance(found: Dataset, source: HarvestSource) -> Iterator[Fact]:
    yield Fact(gettext("Taken over from"), source.url, source.url, external=True)
    record: HarvestRecord | None = getattr(found, "harvest_record", None)
    if record is None:
        return
    if record.original_url:
        yield Fact(gettext("Original record"), record.original_url, record.original_url, external=True)
    for label, at in (
        (gettext("First seen there"), record.first_seen_at),
        (gettext("Last seen there"), record.last_seen_at),
    ):
        yield Fact(label, formats.date_format(localtime(at), "SHORT_DATETIME_FORMAT"))


def _date(text: str) -> str:
    try:
        parsed = parse_date(text[:10])
    except ValueError:
        parsed = None
    return formats.date_format(parsed, "DATE_FORMAT") if parsed else text


def _distribution(
    found: Dataset, row: Distribution, part: DistributionDescription, job: Job | None
) -> DistributionShown:
    row.dataset = found
    language = get_language() or "en"
    file_type = vocabulary.FILE_TYPES.by_iri(part.format)
    format_name = pick(file_type.names, language) if file_type else ""
    title = pick(part.titles, language) or format_name or gettext("File")
    if row.current is None:
        return DistributionShown(
            row.position,
            title,
            title,
            _addresses(part, format_name),
            job_url=reverse("catalogue:importing", args=[found.slug, row.position]) if job else "",
            why_not=previews.why_no_file(row, part, job),
            **_managed(found, row),
        )
    if not row.current.report:
        return DistributionShown(
            row.position,
            title,
            title,
            shown.downloads(row, row.current, None),
            why_not=previews.why_no_table(row.current),
            **_managed(found, row),
        )
    return _with_table(found, row, title)


def _with_table(found: Dataset, row: Distribution, title: str) -> DistributionShown:
    assert row.current is not None  # noqa: S101 - the caller looked
    table = Table.of(row.current)
    first = explore.rows_of(table, Exploration(per_page=PREVIEW_ROWS))
    count = shown.count_text(first.total)
    return DistributionShown(
        row.position,
        title,
        gettext("%(title)s: the first rows of %(count)s") % {"title": title, "count": count},
        shown.downloads(row, row.current, table),
        columns=shown.heads(table.columns),
        rows=shown.cells(first.rows, table.columns),
        table_url=reverse("catalogue:table", args=[found.slug, row.position]),
        report_url=reverse("catalogue:report", args=[found.slug, row.position]),
        why_not=gettext("The table has shapes only: see them on the map.")
        if previews.only_shapes(row.current)
        else "",
        **_managed(found, row),
        bad_cells=sum(column.bad_count for column in table.columns),
    )


def _managed(found: Dataset, row: Distribution) -> dict[str, Any]:
    """Return where a file's versions are, and what it follows."""
    where = [found.slug, row.position]
    current = row.current
    several = current is not None and current.number > 1 and bool(current.report)
    return {
        "replace_url": reverse("catalogue:replace", args=where),
        "follow_url": reverse("catalogue:follow", args=where),
        "versions_url": reverse("catalogue:versions", args=where) if current else "",
        "changes_url": reverse("catalogue:changes", args=where) if several else "",
        "followed": _followed(row),
    }


def _followed(row: Distribution) -> dict[str, Any] | None:
    address = getattr(row, "followed", None)
    if address is None:
        return None
    return {
        "url": address.url,
        "checked_at": address.checked_at,
        "problem": spoken(following.problem_of(address)),
        "kept": row.current.created_at if row.current else None,
    }


def _addresses(part: DistributionDescription, format_name: str) -> list[shown.Download]:
    label = format_name or gettext("File")
    if part.download_url:
        return [shown.Download(gettext("Download: %(format)s") % {"format": label}, part.download_url)]
    if part.access_url:
        return [shown.Download(gettext("Open: %(format)s") % {"format": label}, part.access_url)]
    return []


def quality(described: DatasetDescription) -> dict[str, Any]:
    """Return the points of a description and what would help next, for a page."""
    assessment = assessing.assessment_of(described)
    return {
        "points": assessment.points,
        "most": 405,
        "band": BANDS[assessment.band],
        "next": [
            gettext("%(field)s: %(points)s points") % {"field": FIELD_NAMES[name], "points": points}
            for name, points in assessment.next_steps()[:3]
        ],
        "missing": [str(FIELD_NAMES[name]) for name in datasets.missing_of(described)],
    }


# --- partners -----------------------------------------------------------------------------------
@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """Show the partner cities and what was taken over from each."""
    language = get_language() or "en"
    cities = [
        {
            "key": each.source.key,
            "name": pick(each.source.titles, language, default=each.source.key),
            "homepage": each.source.homepage,
            "count": each.count,
            "last": each.last_harvest,
            "list_url": f"{reverse('catalogue:list')}?city={each.source.city or each.source.key}",
            "newest": [
                {
                    "url": reverse("catalogue:dataset", args=[row.slug]),
                    "title": pick(row.description.get("titles", {}), language),
                }
                for row in each.newest
            ],
        }
        for each in browse.partners()
    ]
    page = {"partners": cities, "may_harvest": access.may_harvest(request), "city": installation.city()}
    return render(request, "catalogue/partners.html", page)
