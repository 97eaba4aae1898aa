"""The engineers' pages of the register: what is not public, register, describe, publish, the engine's token."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tandem.accounts.access import person_of, staff
from tandem.core.errors import TandemError
from tandem.core.publication import Publication
from tandem.junctions import access, labels
from tandem.junctions.domain.approval import FileState
from tandem.junctions.domain.permissions import ALLOWED, ROOM, Duty
from tandem.junctions.forms.junctions import JunctionForm, initial_of
from tandem.junctions.models import FileVersion, Junction
from tandem.junctions.services import open_data, register
from tandem.junctions.services.origins import origin_of
from tandem.junctions.views.register import title_of
from tandem.kit.installation import config
from tandem.kit.spoken import language, spoken

engineers = staff(ROOM, *ALLOWED[Duty.ENGINEER])
readers = staff(ROOM, *ALLOWED[Duty.SEE_DRAFTS])
FORM = require_http_methods(["GET", "HEAD", "POST"])


@readers
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Show the junctions that are not public, and the files that wait for approval."""
    drafts = Junction.objects.exclude(status=Publication.PUBLISHED)
    waiting = FileVersion.objects.filter(state=FileState.PROPOSED).select_related("junction", "proposed_by")
    page = {
        "drafts": [
            {
                "row": each,
                "title": title_of(each),
                "status_label": labels.PUBLICATION[each.status],
                "from": getattr(origin_of(each.origin, language()), "city", ""),
            }
            for each in drafts
        ],
        "waiting": [
            {
                "version": each,
                "title": title_of(each.junction),
                "mine": each.proposed_by_id == person_of(request).pk,
            }
            for each in waiting
        ],
        "may_engineer": access.may_engineer(request),
    }
    return render(request, "junctions/work.html", page)


def form_page(
    request: HttpRequest, junction: Junction | None, form: Any, heading: str, *, files: bool = False
) -> HttpResponse:
    """Show a form of the room.

    Args:
        files: Whether files go along with it.
    """
    page = {
        "junction": junction,
        "junction_title": title_of(junction) if junction else "",
        "form": form,
        "heading": heading,
        "files": files,
    }
    return render(request, "junctions/form.html", page, status=400 if form.errors else 200)


@engineers
@FORM
def new(request: HttpRequest) -> HttpResponse:
    """Register a junction."""
    form = JunctionForm(request.POST or None)
    if form.is_valid():
        made = register.begin(person=person_of(request), now=timezone.now(), **form.columns())
        messages.success(request, gettext("The junction is a draft. Upload its file, then publish its page."))
        return redirect("junctions:junction", made.slug)
    return form_page(request, None, form, gettext("Register a junction"))


@engineers
@FORM
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what a junction's page says."""
    junction = get_object_or_404(Junction, slug=slug)
    form = JunctionForm(request.POST or None, initial=initial_of(junction))
    if form.is_valid():
        register.change(junction, person=person_of(request), now=timezone.now(), **form.columns())
        messages.success(request, gettext("It is saved."))
        return redirect("junctions:junction", slug)
    return form_page(request, junction, form, gettext("Describe the junction"))


@engineers
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish or withdraw a junction's page, as the button says."""
    junction = get_object_or_404(Junction, slug=slug)
    act = register.withdraw if request.POST.get("step") == "withdraw" else register.publish
    try:
        act(junction, person=person_of(request), now=timezone.now())
    except TandemError as error:
        messages.error(request, spoken(error.sentence))
    else:
        done = gettext("It is public now.") if act is register.publish else gettext("It is no longer public.")
        messages.success(request, done)
    return redirect("junctions:junction", slug)


@engineers
@FORM
def engine(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how the junction's engine sends its state; make and revoke its token."""
    junction = get_object_or_404(Junction, slug=slug)
    token = ""
    if request.POST.get("step") == "revoke":
        register.revoke_token(junction, person=person_of(request))
        messages.success(request, gettext("The token is void. Nothing is received any more."))
        return redirect("junctions:engine", slug)
    if request.method == "POST":
        token = register.make_token(junction, person=person_of(request), now=timezone.now())
    page = {
        "junction": junction,
        "junction_title": title_of(junction),
        "token": token,
        "address": f"{config().server.url}{reverse('junctions:state', args=[slug])}",
    }
    return render(request, "junctions/engine.html", page)


@engineers
@require_POST
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer a junction's counts and evaluations to the catalogue."""
    junction = get_object_or_404(Junction, slug=slug)
    try:
        open_data.offer(junction, person=person_of(request), now=timezone.now())
    except TandemError as error:
        messages.error(request, spoken(error.sentence))
    else:
        messages.success(
            request, gettext("The catalogue has it. It is brought up to date every day from now on.")
        )
    return redirect("junctions:junction", slug)
