"""Measures for everybody: all of them, one with everything about it, its bundles, its persistent address."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from tandem.accounts.access import person_of, signed_in
from tandem.accounts.models import Person
from tandem.core.text import pick
from tandem.exchange import access, labels
from tandem.exchange.domain.adoption import STANDING
from tandem.exchange.domain.card import Card, Cost
from tandem.exchange.domain.lifecycle import UNSEEN, Status, Step, may_discard, possible_steps
from tandem.exchange.models import Measure, MeasureVersion
from tandem.exchange.services import adoptions, browsing, keys, part_outlines, watching
from tandem.exchange.services.browsing import Whole, city_name
from tandem.exchange.services.stored import opened
from tandem.exchange.views.adopters import adopters
from tandem.exchange.views.asking import form_page
from tandem.kit import installation
from tandem.kit.identifiers import see_other
from tandem.kit.numbers import euros, figure, typed_number
from tandem.kit.open_to_all import open_to_all
from tandem.kit.spoken import language

LONGEST_QUERY = 200
JSON = "application/json"


# --- all ----------------------------------------------------------------------------------------
@require_safe
def measure_list(request: HttpRequest) -> HttpResponse:
    """Show the measures that fit a search, and those that are being prepared."""
    chosen = {name: request.GET.getlist(name) for name in browsing.FACETS if request.GET.get(name)}
    query = "".join(each for each in request.GET.get("q", "") if each.isprintable()).strip()[:LONGEST_QUERY]
    number = max(1, typed_number(request.GET.get("page", ""), otherwise=1))
    found = browsing.search_measures(query, language=language(), chosen=chosen, page=number)
    is_whole = not (query or chosen) and found.number == 1
    page = {
        "query": query,
        "found": found,
        "rows": [_row(each) for each in found.rows],
        "announced": [_row(each) for each in browsing.announced()] if is_whole else [],
        "facets": [_facet(request.GET, name, found.facets[name], chosen) for name in browsing.FACETS],
        "selected": [
            (_value_label(name, value), _query(request.GET, name, value, add=False))
            for name, values in chosen.items()
            for value in values
        ],
        "may_describe": access.may_describe(request),
        "may_see_drafts": access.may_see_drafts(request),
        "may_trust": access.may_trust(request),
    }
    return render(request, "exchange/measures.html", page)


def _row(row: browsing.Row) -> dict[str, Any]:
    card = row.card
    return {
        "row": row,
        "card": card,
        "url": reverse("exchange:measure", args=[row.measure.slug]),
        "city": city_name(row.measure.city, language()),
        "status": _status(card),
        "cost": cost_text(card.cost),
    }


def _status(card: Card) -> tuple[str, Any] | None:
    if card.status is None:
        return None
    return labels.STATUS_TONES[card.status.value], labels.STATUS[card.status.value]


def cost_text(cost: Cost | None) -> str:
    """Return what a measure costs in a few words; empty where nobody knows."""
    if cost is None:
        return ""
    once = amount(cost.one_off_cents, cost.currency) if cost.one_off_cents is not None else ""
    yearly = ""
    if cost.yearly_cents is not None:
        yearly = gettext("%(amount)s every year") % {"amount": amount(cost.yearly_cents, cost.currency)}
    return ", ".join(filter(None, (once, yearly)))


def amount(cents: int, currency: str) -> str:
    """Return an amount of money."""
    if currency == "EUR":
        return euros(cents)
    return f"{figure(cents / 100, decimals=0 if cents % 100 == 0 else 2)} {currency}"


def _facet(
    query: QueryDict, name: str, counts: list[tuple[str, int]], chosen: Mapping[str, list[str]]
) -> dict[str, Any]:
    titles = {
        "status": labels.FIELDS["status"],
        "tag": labels.FIELDS["tags"],
        "city": gettext("City"),
        "parts": gettext("Executable parts"),
    }
    options = [
        {
            "label": _value_label(name, value),
            "count": count,
            "url": _query(query, name, value, add=value not in chosen.get(name, [])),
            "selected": value in chosen.get(name, []),
        }
        for value, count in counts
    ]
    return {"title": titles[name], "options": options if len(options) > 1 or name in chosen else []}


def _value_label(name: str, value: str) -> str:
    match name:
        case "status":
            return str(labels.STATUS.get(value, value))
        case "tag":
            return labels.tag(value)
        case "city":
            return city_name(value, language())
    return gettext("with parts to put to use") if value == "yes" else gettext("description only")


def _query(query: QueryDict, name: str, value: str, *, add: bool) -> str:
    """Return the query string with a value of a facet more or less, from its first page."""
    changed = query.copy()
    changed.pop("page", None)
    kept = [each for each in query.getlist(name) if each != value]
    changed.setlist(name, [*kept, value] if add else kept)
    return f"?{changed.urlencode()}"


@signed_in
@require_safe
def watched(request: HttpRequest) -> HttpResponse:
    """Show what the person who asks watches."""
    rows = browsing.watched_by(person_of(request))
    return render(request, "exchange/measures_watched.html", {"rows": [_row(each) for each in rows]})


# --- one ----------------------------------------------------------------------------------------
@require_safe
def measure(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a measure: need, solution, what it brought, what it took; or that it is being prepared, or gone."""
    person = request.user if isinstance(request.user, Person) else None
    found = access.check_visible(request, browsing.find(slug, person))
    staff = access.may_see_drafts(request)
    if found.status == Status.WITHDRAWN and not staff:
        page = {"measure": found, "title": found.card["title"]}
        return render(request, "exchange/measure_withdrawn.html", page, status=410)
    if Status(found.status) in UNSEEN and not staff:
        page = {"measure": found, "title": found.card["title"], "is_watched": found.is_watched}
        return render(request, "exchange/measure_announced.html", page)
    return render(request, "exchange/measure.html", _page(request, browsing.whole(found), staff=staff))


def _page(request: HttpRequest, found: Whole, *, staff: bool) -> dict[str, Any]:
    one, card = found.measure, found.card
    ours = access.is_ours(one)
    newest = found.versions[0] if found.versions else None
    return {
        "measure": one,
        "card": card,
        "is_ours": ours,
        "city": city_name(one.city, language()),
        "status": _status(card),
        "publication": labels.PUBLICATION[one.status],
        "cost": cost_text(card.cost),
        "staff_needed": card.staff,
        "measured": [_measured(each) for each in found.measured],
        "reports": found.reports,
        "grades": list(_grades(card)),
        "tags": list(_tags(card)),
        "licence": labels.LICENCES.get(card.licence, card.licence),
        "origins": [(each, city_name(each.city, language())) for each in card.is_based_on],
        "parts": [_part(each) for each in part_outlines.shown(newest.parts)] if newest else [],
        "attached": list(one.parts.all()) if staff and ours and not newest else [],
        "kinds": labels.KINDS,
        "newest": newest,
        "versions": [_version(one, each) for each in found.versions],
        "adopters": adopters(found.receipts, card, language()),
        "fingerprint": keys.fingerprint() if ours and newest else "",
        "is_watched": found.is_watched,
        "is_public": one.status == Status.PUBLISHED,
        "is_announced": access.is_announced(one),
        "json_url": f"{browsing.public_address(one)}.json" if ours else "",
        "may_see_drafts": staff,
        "adoption": _adoption(found) if staff and not ours else None,
        "may_adopt": not ours and bool(newest) and access.may_adopt(request),
        "may_describe": ours and access.may_describe(request),
        "steps": _steps(one) if ours and access.may_publish(request) else {},
    }


def _adoption(found: Whole) -> dict[str, Any] | None:
    """Return what this city made of a partner's measure: its newest adoption, and whether a newer version is there."""
    row = adoptions.of_measure(found.measure.pk)
    if row is None:
        return None
    newer = adoptions.newer_versions(row, found.versions)
    stands = row.state in STANDING
    return {
        "row": row,
        "state": labels.ADOPTION[row.state],
        "stands": stands,
        "newer": newer[0].number if newer and stands else "",
    }


def _steps(one: Measure) -> dict[str, bool]:
    possible = {step.value.replace("-", "_"): True for step in possible_steps(Status(one.status))}
    was_published = one.published_at is not None
    return {**possible, "discard": may_discard(Status(one.status), was_published=was_published)}


def _measured(row: browsing.Measured) -> dict[str, Any]:
    indicator = row.indicator
    return {
        "row": row,
        "better": labels.BETTER[indicator.better],
        "target": figure(indicator.target) if indicator.target is not None else "",
        "city": city_name(row.city, language()) if row.city else "",
        "first": figure(row.first.value) if row.first else "",
        "last": figure(row.last.value) if row.last else "",
    }


def _grades(card: Card) -> Iterator[dict[str, Any]]:
    for name, title in labels.DIMENSIONS.items():
        grade = getattr(card.replicability, name, None)
        if grade:
            yield {"title": title, "level": grade.level, "why": grade.why}


def _tags(card: Card) -> Iterator[tuple[str, str]]:
    values = [*card.tags.charter, *(f"sdg-{number}" for number in card.tags.sdg)] if card.tags else []
    for value in values:
        yield labels.tag(value), f"{reverse('exchange:measures')}?tag={value}"


def _part(part: part_outlines.PartShown) -> dict[str, Any]:
    return {"part": part, "kind": labels.KINDS.get(part.kind, part.kind)}


def _version(one: Measure, version: MeasureVersion) -> dict[str, Any]:
    ours = reverse("exchange:measure_bundle", args=[one.slug, version.number])
    return {
        "version": version,
        "url": ours if version.stored else version.address,
        "filename": f"{one.slug}-{version.number}.zip",
    }


# --- bundles ------------------------------------------------------------------------------------
@require_safe
def bundle(request: HttpRequest, slug: str, number: str) -> HttpResponse | FileResponse:
    """Return the bundle of a version, byte for byte. A version never changes."""
    version = get_object_or_404(
        MeasureVersion.objects.select_related("measure"), measure__slug=slug, number=number
    )
    return _bundle(request, version)


@open_to_all
@require_safe
def bundle_by_id(request: HttpRequest, pk: UUID, number: str) -> HttpResponse | FileResponse:
    """Return the bundle of a version at an address that never changes."""
    version = get_object_or_404(MeasureVersion.objects.select_related("measure"), measure=pk, number=number)
    return _bundle(request, version)


def _bundle(request: HttpRequest, version: MeasureVersion) -> HttpResponse | FileResponse:
    one = access.check_visible(request, version.measure)
    if one.status == Status.WITHDRAWN:
        reason = pick(one.withdrawn_because, language())
        return HttpResponse(reason, status=410, content_type="text/plain; charset=utf-8")
    if not version.stored or (one.status != Status.PUBLISHED and not access.may_see_drafts(request)):
        raise Http404
    response = FileResponse(
        opened(version.stored),
        as_attachment=True,
        filename=f"{one.slug}-{version.number}.zip",
        content_type="application/zip",
    )
    response["ETag"] = f'"{version.sha256}"'
    response["Last-Modified"] = http_date(version.released_at.timestamp())
    response["X-Content-Type-Options"] = "nosniff"
    return response


# --- the persistent address ---------------------------------------------------------------------
def _ours_or_404(pk: UUID) -> Any:
    found = Measure.objects.filter(pk=pk, city=installation.city().id).first()
    if found is None:
        raise Http404
    return found


@open_to_all
@require_safe
@vary_on_headers("Accept")
def identifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a measure's persistent address: people get its page, machines its card."""
    one = access.check_visible(request, _ours_or_404(pk))
    wanted = request.get_preferred_type(["text/html", JSON, "application/ld+json"])
    if wanted in {JSON, "application/ld+json"} and Status(one.status) not in UNSEEN:
        return HttpResponse(status=303, headers={"Location": f"{browsing.public_address(one)}.json"})
    return see_other("exchange:measure", one.slug)


@open_to_all
@require_safe
def as_json(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return what machines read of a public measure of ours, or that it was withdrawn, and why."""
    one = _ours_or_404(pk)
    if Status(one.status) in UNSEEN:
        raise Http404
    if one.status == Status.WITHDRAWN:
        return _json(browsing.withdrawn_json(one), status=410)
    one.is_watched = False
    return _json(browsing.as_json(browsing.whole(one)))


def _json(values: Mapping[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(values, status=status, json_dumps_params={"ensure_ascii": False, "indent": 2})


# --- watching -----------------------------------------------------------------------------------
@signed_in
@form_page
def watch(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the person who asks hear of new versions, or no more, as the button says."""
    one = access.check_visible(request, browsing.find(slug))
    if one.status == Status.WITHDRAWN:
        raise Http404
    if request.method == "POST" and request.POST.get("step") == Step.BEGIN:
        watching.watch(one, person_of(request), now=timezone.now())
    elif request.method == "POST":
        watching.stop(one, person_of(request))
    return redirect("exchange:measure", slug)
