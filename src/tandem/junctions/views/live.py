"""The live page, its events, and the receiver of a running engine's state."""

import gzip
import json
import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tandem.core.errors import TandemError
from tandem.junctions import access, labels
from tandem.junctions.domain.live import GroupShown, State
from tandem.junctions.domain.picture import Served, served
from tandem.junctions.services import files, gates, live
from tandem.junctions.services.gates import Gate
from tandem.junctions.views import drawing
from tandem.junctions.views.register import title_of
from tandem.kit import throttle
from tandem.kit.errors import error_json
from tandem.kit.open_to_all import open_to_all
from tandem.kit.spoken import language

RETRY_MS = 1_000
_rendered: dict[tuple[str, str], tuple[str, str]] = {}


# --- watching -----------------------------------------------------------------------------------
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a junction's engine does now. Without a script it loads itself anew, unless ``still`` is asked."""
    junction = access.visible_junction(request, slug)
    version = files.approved(junction)
    stamp, shown = _shown(gates.of(slug), timezone.now())
    values = {
        "junction": junction,
        "junction_title": title_of(junction),
        "shown": shown,
        "stamp": stamp,
        "version": version,
        "is_public": junction.status == "published",
        "may_engineer": access.may_engineer(request),
        "still": "still" in request.GET,
    }
    answer = render(request, "junctions/live.html", values)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_safe
def events(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer a browser's EventSource: the newest state, unless it has it, and when to ask again.

    The answer ends at once, so that a watcher holds no thread; the browser comes back by itself after a second. What
    is sent is made once for all watchers of a language.
    """
    gate = _gate(request, slug)
    stamp, shown = _shown(gate, timezone.now())
    lines = [f"retry: {RETRY_MS}"]
    if request.headers.get("Last-Event-ID") != stamp:
        lines += [f"id: {stamp}", "event: state", f"data: {json.dumps(shown)}"]
    body, packed = "\n".join(lines) + "\n\n", "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(_packed(body) if packed else body, content_type="text/event-stream; charset=utf-8")
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@lru_cache(maxsize=32)
def _packed(body: str) -> bytes:
    """Return an answer compressed; once for all who get the same, in which nothing is secret."""
    return gzip.compress(body.encode(), compresslevel=6, mtime=0)


def _gate(request: HttpRequest, slug: str) -> Gate:
    gate = gates.of(slug)
    if not gate.is_public:
        access.visible_junction(request, slug)
    return gate


def _shown(gate: Gate, now: datetime) -> tuple[str, str]:
    """Return what tells this view from the last one, and the view; made once for each state and language."""
    standing = live.standing(gate.slug, now=now)
    stamp, name = f"{standing.stamp}-{gate.version}", (gate.slug, language())
    known = _rendered.get(name)
    if known is not None and known[0] == stamp:
        return known
    latest = standing.latest
    values: dict[str, Any] = {"silent": standing.silent, "last_at": latest.received_at if latest else None}
    if latest is not None and gate.version:
        values |= _view_of(latest.state, latest.received_at, gate)
    _rendered[name] = (stamp, render_to_string("junctions/parts/live.html", values).strip())
    return _rendered[name]


def _view_of(state: State, received_at: datetime, gate: Gate) -> dict[str, Any]:
    serves = _serves(gate.junction_id, gate.version)
    decision = replace(state.decision, stage=drawing.short(state.decision.stage, state.junction))
    return {
        "groups": [_group(each, state, serves.get(each.id, ())) for each in state.groups],
        "source": labels.SOURCE[state.source],
        "follows_plan": state.source != "controller",
        "sentences": decision.sentences(),
        "is_trouble": decision.is_trouble,
        "people": [(labels.ROAD_USER[kind], number) for kind, number in decision.people.items()],
        "passed": [(labels.ROAD_USER[kind], number) for kind, number in state.running.by_kind.items()],
        "simulation": state.simulation,
        "simulated_minute": state.simulation.minute(state.at_s) if state.simulation else 0,
        "passed_since": received_at - timedelta(seconds=state.at_s - state.running.from_s),
    }


@lru_cache(maxsize=256)
def _serves(junction_id: UUID | None, number: int) -> dict[str, tuple[Served, ...]]:
    """Return what the groups of a version serve; a version never changes, so it is read once."""
    described = files.described(files.version_of(junction_id, number)) if junction_id else None
    return served(described) if described else {}


@dataclass(frozen=True, slots=True)
class _Group:
    """A signal group on the live page.

    Attributes:
        look: Class of its lamp.
        next: When it is likely to change, in words.
    """

    id: str
    ways: str
    kind: str | Promise
    look: str
    shows: str | Promise
    gives_way: bool
    since_s: int
    next: str


def _group(group: GroupShown, state: State, ways: tuple[Served, ...]) -> _Group:
    return _Group(
        drawing.short(group.id, state.junction),
        drawing.ways(ways),
        labels.GROUP_KIND[group.kind],
        group.shows,
        labels.SHOWS[group.shows],
        group.gives_way,
        max(math.floor(state.at_s - group.since_s), 0),
        _forecast(group),
    )


def _forecast(group: GroupShown) -> str:
    """Return when a group changes: the least, the likely and the longest time, as far as they are known."""
    if not group.to or group.soonest_s is None:
        return ""
    soonest, likely, latest = (
        None if each is None else max(math.ceil(each), 0)
        for each in (group.soonest_s, group.likely_s, group.latest_s)
    )
    values = {"to": labels.SHOWS[group.to], "soonest": soonest, "likely": likely, "latest": latest}
    if likely is None and latest is None:
        return gettext("%(to)s in %(soonest)s s at the earliest") % values
    if latest is None:
        return gettext("%(to)s in %(soonest)s s at the earliest, likely in %(likely)s s") % values
    if likely is None:
        return gettext("%(to)s in %(soonest)s to %(latest)s s") % values
    return gettext("%(to)s in %(soonest)s to %(latest)s s, likely in %(likely)s s") % values


# --- receiving ----------------------------------------------------------------------------------
@csrf_exempt
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def state(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Take a running engine's message in (POST, with the junction's token); show the last one (GET)."""
    return _receive(request, slug) if request.method == "POST" else _last(request, slug)


def _receive(request: HttpRequest, slug: str) -> HttpResponse:
    body = request.read(live.MOST_BYTES + 1)
    if len(body) > live.MOST_BYTES:
        message = f"The message is larger than {live.MOST_BYTES} bytes. Nothing of it was kept."
        return error_json("junctions.live.too-large", message, status=413)
    _scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    sender = throttle.client_key(request)
    try:
        live.receive(slug, body, token=token.strip(), sender=sender, now=timezone.now())
    except throttle.TooOften as error:
        return error_json(error.code, str(error), status=429)
    except TandemError as error:
        return error_json(error.code, str(error), status=error.http_status)
    return HttpResponse(status=204)


def _last(request: HttpRequest, slug: str) -> HttpResponse:
    gate = _gate(request, slug)
    standing = live.standing(slug, now=timezone.now())
    tag = f'"{standing.stamp}-{gate.version}"'
    answer: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        latest = standing.latest
        answer = JsonResponse(
            {
                "junction": slug,
                "silent": standing.silent,
                "received_at": latest.received_at.isoformat() if latest else None,
                "state": latest.state.as_json() if latest and gate.version else None,
            },
            json_dumps_params={"ensure_ascii": False},
        )
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "no-cache"
    return answer
