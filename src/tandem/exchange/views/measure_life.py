"""The officer's steps in the life of a measure: announce, review, publish, release, withdraw, discard."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.accounts.access import person_of, staff
from tandem.core.errors import TandemError
from tandem.exchange import labels
from tandem.exchange.access import own_or_404
from tandem.exchange.domain.bundle import BundleRefused
from tandem.exchange.domain.lifecycle import Status, lacking
from tandem.exchange.domain.permissions import ALLOWED, ROOM, Duty
from tandem.exchange.forms.measure_life import (
    AloneForm,
    AnnounceForm,
    NoteForm,
    ReleaseForm,
    SendBackForm,
    WithdrawForm,
)
from tandem.exchange.models import Measure
from tandem.exchange.services import measures, releasing
from tandem.exchange.views import gaps
from tandem.exchange.views.asking import form_page, typed
from tandem.exchange.views.measure_staff import officers, page_of
from tandem.kit.spoken import spoken

publishers = staff(ROOM, *ALLOWED[Duty.PUBLISH])
Text = str | Promise
Act = Callable[[HttpRequest, Measure, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a page asks before a step is done.

    Attributes:
        missing: What stands in the way.
    """

    heading: Text
    explanation: Text
    button: Text
    done: Text
    act: Act
    form: Any = None
    missing: tuple[Text, ...] = ()


def _ask(request: HttpRequest, measure: Measure, asked: _Asked) -> HttpResponse:
    """Show what will happen, and do it once the form is sent."""
    form = asked.form
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            asked.act(request, measure, form.cleaned_data if form else {})
        except TandemError as error:
            messages.error(request, said(error))
        else:
            messages.success(request, str(asked.done))
        is_gone = measure.pk is None
        return redirect("exchange:measure_work") if is_gone else redirect("exchange:measure", measure.slug)
    status = 400 if form is not None and form.errors else 200
    page = page_of(measure, asked=asked, form=form)
    return render(request, "exchange/measure_confirm.html", page, status=status)


def said(error: TandemError) -> str:
    """Return what an error says, with the names of fields as forms call them."""
    if isinstance(error, measures.Incomplete):
        names = ", ".join(_names(error.lacking))
        return gettext("Before everybody may see it, this is missing: %(names)s.") % {"names": names}
    if isinstance(error, BundleRefused):
        return " ".join(spoken(each.message) for each in error.findings)
    return spoken(error.sentence)


def _names(fields: Any) -> tuple[str, ...]:
    return tuple(str(labels.FIELDS[name]) for name in fields)


def _missing(measure: Measure) -> tuple[str, ...]:
    return _names(lacking(measures.card_of(measure)))


@officers
@form_page
def announce(request: HttpRequest, slug: str) -> HttpResponse:
    """Say to everybody that a measure is being prepared."""
    measure = own_or_404(slug)

    def act(request: HttpRequest, measure: Measure, given: dict[str, Any]) -> None:
        text = given["announcement"]
        measures.announce(measure, text, person=person_of(request), now=timezone.now())

    asked = _Asked(
        heading=_("Announce"),
        explanation=_("A measure need not be ready to be of interest. Its draft stays hidden."),
        button=_("Save"),
        done=_("It is saved."),
        act=act,
        form=AnnounceForm(typed(request), initial={"announcement": measure.announcement}),
    )
    return _ask(request, measure, asked)


@officers
@form_page
def submit(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a measure to be reviewed, with a note for whoever does."""
    measure = own_or_404(slug)

    def act(request: HttpRequest, measure: Measure, given: dict[str, Any]) -> None:
        measures.submit(measure, note=given["note"], person=person_of(request), now=timezone.now())

    asked = _Asked(
        heading=_("Give to review"),
        explanation=_("A colleague reads it and publishes it, or sends it back with a note."),
        button=_("Give it to review"),
        done=_("It is waiting to be reviewed."),
        act=act,
        form=NoteForm(typed(request)),
        missing=_missing(measure),
    )
    return _ask(request, measure, asked)


@publishers
@form_page
def send_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a measure back to its authors, with what is to be changed."""

    def act(request: HttpRequest, measure: Measure, given: dict[str, Any]) -> None:
        measures.send_back(measure, note=given["note"], person=person_of(request), now=timezone.now())

    asked = _Asked(
        heading=_("Send back"),
        explanation=_("It becomes a draft again, and your note stands in its history."),
        button=_("Send it back"),
        done=_("It is back with its authors."),
        act=act,
        form=SendBackForm(typed(request)),
    )
    return _ask(request, own_or_404(slug), asked)


@publishers
@form_page
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what will happen, and publish; whoever does it alone says why."""
    measure = own_or_404(slug)
    is_alone = measures.publishes_alone(measure, person_of(request))

    def act(request: HttpRequest, measure: Measure, given: dict[str, Any]) -> None:
        reason = given.get("note", "")
        measures.publish(measure, reason=reason, person=person_of(request), now=timezone.now())

    asked = _Asked(
        heading=_("Publish"),
        explanation=_(
            "Everybody sees the measure and finds it by searching. Give out a version afterwards, so that "
            "other cities can take it over. You can withdraw it later; its address will then say so."
        ),
        button=_("Publish now"),
        done=_("It is published. Give out a version when it is ready for other cities."),
        act=act,
        form=AloneForm(typed(request)) if is_alone else None,
        missing=_missing(measure),
    )
    return _ask(request, measure, asked)


@publishers
@form_page
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the reason, and withdraw."""

    def act(request: HttpRequest, measure: Measure, given: dict[str, Any]) -> None:
        measures.withdraw(measure, reason=given["reason"], person=person_of(request), now=timezone.now())

    asked = _Asked(
        heading=_("Withdraw"),
        explanation=_(
            "The measure can no longer be found, and its bundles no longer be fetched. Its address tells "
            "why. Cities that adopted it keep what they made."
        ),
        button=_("Withdraw now"),
        done=_("It is withdrawn. Its address says so from now on."),
        act=act,
        form=WithdrawForm(typed(request)),
    )
    return _ask(request, own_or_404(slug), asked)


@officers
@form_page
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once more, and delete a draft that was never public."""

    def act(request: HttpRequest, measure: Measure, given: dict[str, Any]) -> None:
        measures.discard(measure, person=person_of(request))

    asked = _Asked(
        heading=_("Discard"),
        explanation=_("The draft is deleted for good. It was never public."),
        button=_("Discard it"),
        done=_("The draft is gone."),
        act=act,
    )
    return _ask(request, own_or_404(slug), asked)


# --- release --------------------------------------------------------------------------------------
@publishers
@form_page
def release(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what is missing and which number fits, and give out a version."""
    measure = own_or_404(slug)
    problem, number = _proposal(measure)
    form = ReleaseForm(typed(request), initial={"number": number})
    if form.is_valid():
        give_out = partial(releasing.release, measure, **form.cleaned_data)
        try:
            version = give_out(person=person_of(request), now=timezone.now())
        except TandemError as error:
            form.add_error(None, said(error))
        else:
            text = gettext("Version %(number)s is out. Those who watch the measure get a mail.")
            messages.success(request, text % {"number": version.number})
            return redirect("exchange:measure", slug)
    card = measures.card_of(measure, measure.evidence.all())
    page = page_of(
        measure,
        form=form,
        problem=problem,
        is_public=measure.status == Status.PUBLISHED,
        gaps=gaps.shown(measure, measures.gaps_of(card)),
        stops=bool(releasing.blocking_gaps(card)),
        versions=measure.versions.all(),
    )
    return render(request, "exchange/measure_release.html", page, status=400 if form.errors else 200)


def _proposal(measure: Measure) -> tuple[str, str]:
    """Return what keeps the parts from being packed, or the number that the next version should have."""
    try:
        return "", str(releasing.next_number(measure, releasing.packed_parts(measure)))
    except releasing.PartCannotBePacked as error:
        return spoken(error.sentence), ""
