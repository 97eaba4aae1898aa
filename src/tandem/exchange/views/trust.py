"""Whom this city trusts: its own key, partners' keys and feeds, what waits, and what people decide."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.access import person_of, staff
from tandem.core.errors import TandemError
from tandem.core.findings import Finding
from tandem.core.text import pick
from tandem.exchange import access, tandem_labels
from tandem.exchange import trust_labels as labels
from tandem.exchange.adapters.signing import grouped
from tandem.exchange.domain.feeds.reading import Status
from tandem.exchange.domain.permissions import ALLOWED, ROOM, Duty
from tandem.exchange.domain.trust import Standing, UnknownKey
from tandem.exchange.forms.trust import DecideForm, KeyForm, PinForm, RevokeForm
from tandem.exchange.models import PartnerFeed, PartnerKey, WaitingBundle
from tandem.exchange.services import feed_decisions, feed_jobs, keys, partner_feeds, trust_overview, trusting
from tandem.exchange.services.browsing import city_name
from tandem.exchange.services.trust_overview import CityTrust
from tandem.exchange.views.asking import form_page, typed
from tandem.exchange.views.fingerprints import groups_of
from tandem.kit.spoken import language, spoken

trusted = staff(ROOM, *ALLOWED[Duty.TRUST])
Act = Callable[[dict[str, Any]], None]


# --- all ----------------------------------------------------------------------------------------
@trusted
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show our own key, what waits for a person, and how it stands with each partner."""
    found = trust_overview.overview()
    shown = [_city(each) for each in found.cities]
    page = {
        "groups": grouped(found.fingerprint).split(),
        "own": found.own,
        "cities": shown,
        "waiting": [each for each in shown if each["waits"]],
        "stopped": [each for each in shown if each["state"] == Status.STOPPED],
    }
    return render(request, "exchange/trust.html", page)


def _city(found: CityTrust) -> dict[str, Any]:
    state = _state(found.feed)
    standing = found.standing
    return {
        "trust": found,
        "name": city_name(found.city, language()),
        "state": state,
        "state_tone": labels.FEED_TONES[state],
        "state_label": labels.FEED[state],
        "key_tone": tandem_labels.KEY_TONES.get(standing or "", "neutral"),
        "key_label": tandem_labels.KEY[standing] if standing else gettext("no key yet"),
        "waits": bool(found.seen) and state != Status.STOPPED,
    }


def _state(feed: PartnerFeed | None) -> str:
    if feed is None or feed.visited_at is None:
        return labels.NEVER
    if feed.status == Status.FOLLOWED and feed.failures:
        return labels.SILENT
    return feed.status


# --- one ----------------------------------------------------------------------------------------
@trusted
@require_safe
def city(request: HttpRequest, city: str) -> HttpResponse:
    """Show a partner's keys with what they count for, its feed, and what was found in it."""
    found = _city_or_404(city)
    job = feed_jobs.job_of(city)
    page = {
        **_city(found),
        "city_keys": [_key(each) for each in found.keys],
        "findings": _findings(found),
        "doubtful": trust_overview.doubtful(found),
        "bundles": [_bundle(each) for each in trust_overview.waiting(city)],
        "may_adopt": access.may_adopt(request),
        "job": job,
        "progress_url": reverse("jobs:progress", args=[job.pk]) if job else "",
    }
    return render(request, "exchange/trust_city.html", page)


def _bundle(row: WaitingBundle) -> dict[str, Any]:
    return {"row": row, "title": pick(row.titles, language(), default=row.measure)}


def _findings(found: CityTrust) -> list[Finding]:
    """Return what was found, but for the key that waits: its finding would tell the end that people have to hear."""
    return [each for each in trust_overview.findings_of(found) if each.code != UnknownKey.code]


def _city_or_404(city: str) -> CityTrust:
    found = trust_overview.find(city)
    if found is None:
        raise Http404
    return found


def _key(row: PartnerKey) -> dict[str, Any]:
    """Return a key for a page."""
    return {
        "row": row,
        "groups": groups_of(row),
        "tone": tandem_labels.KEY_TONES.get(row.state, "neutral"),
        "label": tandem_labels.KEY[row.state],
        "successor": grouped(row.successor),
        "can_pin": row.state == Standing.SEEN,
        "can_revoke": row.state != Standing.REVOKED,
    }


@trusted
@require_POST
def visit(request: HttpRequest, city: str) -> HttpResponse:
    """Begin to visit a partner's feed in the background."""
    try:
        feed_jobs.start_visit(city, person=person_of(request))
    except partner_feeds.NoPartner as error:
        raise Http404 from error
    messages.success(request, gettext("The visit has begun."))
    return redirect("exchange:trust_city", city)


# --- decide -------------------------------------------------------------------------------------
def _ask(
    request: HttpRequest, template: str, city: str, form: Any, act: Act, done: str, **page: Any
) -> HttpResponse:
    """Show what will happen, and do it once the form is sent."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except TandemError as error:
            messages.error(request, spoken(error.sentence))
        else:
            messages.success(request, done)
        return redirect("exchange:trust_city", city)
    page |= {"form": form, "city_id": city, "name": city_name(city, language())}
    return render(request, f"exchange/{template}.html", page, status=400 if form.errors else 200)


def _key_or_404(city: str, pk: int, *states: Standing) -> PartnerKey:
    row = PartnerKey.objects.filter(city=city, pk=pk, state__in=states).first()
    if row is None:
        raise Http404
    return row


@trusted
@form_page
def pin(request: HttpRequest, city: str, pk: int) -> HttpResponse:
    """Compare a key with the partner, and pin it if it is the same."""
    row = _key_or_404(city, pk, Standing.SEEN)

    def act(given: dict[str, Any]) -> None:
        person = person_of(request)
        trusting.pin(city, row.fingerprint, how=given["how"], person=person, now=timezone.now())
        with suppress(partner_feeds.NoPartner):  # any more
            feed_jobs.start_visit(city, person=person)

    return _ask(
        request,
        "trust_pin",
        city,
        PinForm(typed(request), fingerprint=row.fingerprint),
        act,
        gettext("The key is pinned. The city's feed is being visited; what it signed counts."),
        own=grouped(keys.fingerprint()).split(),
        theirs=_key(row),
    )


@trusted
@form_page
def revoke(request: HttpRequest, city: str, pk: int) -> HttpResponse:
    """Let a key count for nothing any more."""
    row = _key_or_404(city, pk, Standing.SEEN, Standing.PINNED, Standing.RETIRED)

    def act(given: dict[str, Any]) -> None:
        trusting.revoke(
            city, row.fingerprint, reason=given["reason"], person=person_of(request), now=timezone.now()
        )

    done = gettext("The key is revoked. Nothing that it signs counts any more.")
    return _ask(request, "trust_revoke", city, RevokeForm(typed(request)), act, done, theirs=_key(row))


@trusted
@form_page
def add_key(request: HttpRequest, city: str) -> HttpResponse:
    """Note a key that a partner gave us in another way than with its feed."""
    _city_or_404(city)

    def act(given: dict[str, Any]) -> None:
        trusting.see(city, given["key"], person=person_of(request), now=timezone.now())

    done = gettext("The key is noted. Compare it with the partner before you pin it.")
    return _ask(request, "trust_key", city, KeyForm(typed(request)), act, done)


@trusted
@form_page
def decide(request: HttpRequest, city: str) -> HttpResponse:
    """Decide what to believe of a feed that was stopped."""
    found = _city_or_404(city)
    if found.feed is None or found.feed.status != Status.STOPPED:
        raise Http404

    def act(given: dict[str, Any]) -> None:
        by: dict[str, Any] = {"reason": given["reason"], "person": person_of(request)}
        match given["decision"]:
            case "go-on":
                feed_decisions.go_on(city, now=timezone.now(), **by)
            case "begin-anew":
                feed_decisions.begin_anew(city, now=timezone.now(), **by)
            case _:
                feed_decisions.stay_stopped(city, **by)

    return _ask(
        request,
        "trust_decide",
        city,
        DecideForm(typed(request)),
        act,
        gettext("Your decision is kept."),
        findings=_findings(found),
    )
