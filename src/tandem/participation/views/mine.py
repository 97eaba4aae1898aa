"""What is one's own: contributions, decisions, projects that one follows, settings, export, erasure."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tandem.participation import access, labels
from tandem.participation.forms.participants import NameForm
from tandem.participation.models import Follow
from tandem.participation.services import notifying, personal
from tandem.participation.views.guards import form_page


@never_cache
@form_page
def mine(request: HttpRequest) -> HttpResponse:
    """Show what is one's own; change the name that others see and how often mail comes."""
    known = access.participant(request)
    if known is None:
        return render(request, "participation/mine_nobody.html", {"next": request.path})
    form = NameForm(request.POST or None, initial={"name": known.name, "digest": known.digest})
    if form.is_valid():
        known.name, known.digest = form.cleaned_data["name"], form.cleaned_data["digest"]
        known.save(update_fields=["name", "digest"])
        messages.success(request, gettext("It is saved."))
        return redirect("participation:mine")
    contributions = known.contributions.select_related("process", "phase").order_by("-received_at")
    page = {
        "known": known,
        "form": form,
        "contributions": [
            (each, labels.STATUS[each.status], labels.STATUS_TONES[each.status]) for each in contributions
        ],
        "statements": known.statements.select_related("phase__process"),
        "decisions": known.decisions.all(),
        "follows": known.follows.select_related("project"),
        "has_account": known.person_id is not None,
    }
    return render(request, "participation/mine.html", page)


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Hand over everything that is known of somebody who takes part."""
    known = access.participant(request)
    if known is None:
        return redirect("participation:mine")
    headers = {"Content-Disposition": 'attachment; filename="my-participation.json"'}
    return JsonResponse(
        personal.export_participant(known),
        headers=headers,
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )


@never_cache
@form_page
def erase(request: HttpRequest) -> HttpResponse:
    """Erase somebody who takes part without an account; those with one erase the account."""
    known = access.participant(request)
    if known is None:
        return redirect("participation:mine")
    if known.person_id is not None:
        return redirect("accounts:erase_me")
    if request.method == "POST":
        personal.forget_participant(known)
        access.forget(request)
        messages.success(request, gettext("You are erased. What you wrote stays, without you."))
        return redirect("participation:processes")
    return render(request, "participation/erase.html", {"known": known})


# --- following ----------------------------------------------------------------------------------
@require_POST
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow a project; mail needs an address."""
    project = access.visible_project(request, slug)
    known = access.participant(request)
    if not request.user.is_authenticated and (known is None or not known.address):
        messages.info(request, gettext("Tell us an e-mail address first; then follow the project."))
        return redirect(f"{access.address_url()}?next={request.path.removesuffix('follow/')}")
    Follow.objects.get_or_create(project=project, participant=access.someone(request))
    messages.success(request, gettext("You follow this project. We write when there is news."))
    return redirect("participation:project", slug)


@require_POST
def unfollow(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow a project no longer."""
    project, known = access.visible_project(request, slug), access.participant(request)
    if known:
        Follow.objects.filter(project=project, participant=known).delete()
    messages.success(request, gettext("You do not follow this project any more."))
    return redirect("participation:project", slug)


@never_cache
@form_page
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Stop digests by the link in one; it works without signing in."""
    if request.method == "POST":
        done = notifying.stop(token)
        (messages.success if done else messages.error)(
            request, gettext("We send no more digests.") if done else gettext("This link is not complete.")
        )
        return redirect("participation:processes")
    return render(request, "participation/stop_mail.html")
