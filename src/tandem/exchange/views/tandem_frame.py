"""What the pages of tandems share: who sees which tandem, its cities' names, its tabs, and forms that change it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from tandem.accounts.access import staff
from tandem.core.errors import TandemError
from tandem.core.text import pick
from tandem.exchange import access
from tandem.exchange import tandem_labels as labels
from tandem.exchange.domain.permissions import ALLOWED, ROOM, Duty
from tandem.exchange.domain.tandem import STEPS, State
from tandem.exchange.models import Tandem, TandemMember, Topic
from tandem.exchange.services import tandems
from tandem.kit.spoken import language, spoken

officers = staff(ROOM, *ALLOWED[Duty.MEET])
readers = staff(ROOM, *ALLOWED[Duty.SEE_DRAFTS])


def any_tandem(slug: str) -> Tandem:
    """Return a tandem with its members, for staff.

    Raises:
        Http404: There is none.
    """
    found = tandems.find(slug)
    if found is None:
        raise Http404
    return found


def visible_tandem(request: HttpRequest, slug: str) -> Tandem:
    """Return a tandem with its members, as far as the person who asks may see it.

    Raises:
        Http404: There is none, or it is not public and the person no member of staff.
    """
    found = any_tandem(slug)
    check_visible(request, found)
    return found


def any_topic(slug: str, pk: int) -> Topic:
    """Return a topic with its tandem and members, for staff.

    Raises:
        Http404: There is none of that number in that tandem.
    """
    known = Topic.objects.select_related("tandem").prefetch_related("tandem__members")
    found = known.filter(tandem__slug=slug, pk=pk).first()
    if found is None:
        raise Http404
    return found


def check_visible(request: HttpRequest, tandem: Tandem) -> None:
    """Do nothing where the person who asks may see a tandem.

    Raises:
        Http404: It is not public and the person no member of staff.
    """
    if not tandem.is_public and not access.may_see_drafts(request):
        raise Http404


def members_of(request: HttpRequest, tandem: Tandem) -> list[TandemMember]:
    """Return the stays of cities that the person may see; whether a city is asked to agree is for staff alone."""
    rows = sorted(tandem.members.all(), key=lambda each: each.pk)
    if access.may_see_drafts(request):
        return rows
    return [each for each in rows if each.consented_on is not None]


def present_of(request: HttpRequest, tandem: Tandem) -> list[str]:
    """Return the cities that are in a tandem, as far as the person may know."""
    return [each.city for each in members_of(request, tandem) if each.left_on is None]


def title_of(tandem: Tandem) -> str:
    """Return what a tandem is called."""
    return pick(tandem.titles, language(), default=tandem.slug)


def names_of(tandem: Tandem) -> dict[str, str]:
    """Return what the cities of a tandem are called, by id, those that have left included."""
    return {each.city: pick(each.names, language(), default=each.city) for each in tandem.members.all()}


def page_of(request: HttpRequest, tandem: Tandem) -> dict[str, Any]:
    """Return what every page of a tandem needs; no query."""
    state = State(tandem.state)
    return {
        "tandem": tandem,
        "tandem_title": title_of(tandem),
        "state_label": labels.STATE[state],
        "state_tone": labels.STATE_TONES[state],
        "tabs": _tabs(request, tandem),
        "may_meet": access.may_meet(request),
        "may_see_drafts": access.may_see_drafts(request),
        "steps": {each.value for each in STEPS[state]},
    }


def _tabs(request: HttpRequest, tandem: Tandem) -> list[tuple[str, str]]:
    entries = [
        (gettext("Overview"), "exchange:tandem"),
        (gettext("Learning"), "exchange:tandem_learning"),
        (gettext("Visits"), "exchange:tandem_visits"),
    ]
    if access.may_see_drafts(request):
        entries += [
            (gettext("Costs"), "exchange:tandem_costs"),
            (gettext("Report for whoever pays"), "exchange:tandem_report"),
        ]
    return [(text, reverse(name, args=[tandem.slug])) for text, name in entries]


# --- forms ----------------------------------------------------------------------------------------
def show_form(
    request: HttpRequest,
    form: Any,
    heading: str,
    *,
    back: str,
    trail: Sequence[tuple[str, str]] = (),
    template: str = "exchange/tandem_form.html",
    **more: Any,
) -> HttpResponse:
    """Show a page with one form.

    Args:
        back: Where "Not now" leads.
        trail: The way to the page: texts and addresses.
        template: Of the page.
    """
    page = {"form": form, "heading": heading, "back": back, "trail": trail, **more}
    return render(request, template, page, status=400 if form.errors else 200)


def take_form(
    request: HttpRequest,
    form: Any,
    save: Callable[[], object],
    heading: str,
    *,
    back: str,
    remove: Callable[[], object] | None = None,
    trail: Sequence[tuple[str, str]] = (),
    **more: Any,
) -> HttpResponse:
    """Show a page with one form, and do what was asked for by it.

    Args:
        save: Called where the form is valid; what it refuses stands above the form.
        remove: Called where the button "Remove" was pressed; without it there is none.
    """
    if remove is not None and request.POST.get("step") == "remove":
        return done(request, remove, gettext("It is removed."), back)
    if form.is_valid():
        try:
            save()
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            messages.success(request, gettext("It is saved."))
            return redirect(back)
    return show_form(request, form, heading, back=back, trail=trail, may_remove=remove is not None, **more)


def done(request: HttpRequest, act: Callable[[], object], said: str, back: str) -> HttpResponse:
    """Do something that a button asked for, say how it went, and go back."""
    try:
        act()
    except TandemError as error:
        messages.error(request, spoken(error.sentence))
    else:
        messages.success(request, said)
    return redirect(back)
