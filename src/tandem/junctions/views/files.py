"""The pages of junction files: every version with its findings and its steps, uploading, deciding."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.findings import count_by_severity
from tandem.junctions import access, labels
from tandem.junctions.domain.approval import Action, FileState, ReasonMissing
from tandem.junctions.forms.junctions import FileForm, ReasonForm
from tandem.junctions.models import FileVersion, Junction
from tandem.junctions.services import files
from tandem.junctions.views import drawing
from tandem.junctions.views.register import title_of
from tandem.junctions.views.staff import FORM, engineers, form_page, readers
from tandem.kit.spoken import spoken

MOST_CHANGES = 100
BUTTONS: dict[Action, str | Promise] = {
    Action.PROPOSE: gettext_lazy("Propose for approval"),
    Action.TAKE_BACK: gettext_lazy("Take the proposal back"),
    Action.APPROVE: gettext_lazy("Approve"),
    Action.SEND_BACK: gettext_lazy("Send back"),
    Action.WITHDRAW: gettext_lazy("Withdraw the approval"),
}


@readers
@require_safe
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Show every version of a junction's file."""
    junction = get_object_or_404(Junction, slug=slug)
    rows = junction.versions.select_related("uploaded_by").defer("text")
    page = {
        "junction": junction,
        "junction_title": title_of(junction),
        "versions": [_row(each) for each in rows],
        "may_engineer": access.may_engineer(request),
    }
    return render(request, "junctions/versions.html", page)


def _row(version: FileVersion) -> dict[str, Any]:
    counts = {severity.value: count for severity, count in count_by_severity(version.found).items()}
    return {"version": version, "counts": counts, **_state(version)}


def _state(version: FileVersion) -> dict[str, Any]:
    return {"state_label": labels.FILE_STATE[version.state], "state_tone": labels.FILE_TONE[version.state]}


@engineers
@FORM
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload a version of a junction's file."""
    junction = get_object_or_404(Junction, slug=slug)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = files.receive(
                junction,
                given["file"].read(files.LARGEST_BYTES + 1),
                policy=given["policy"].read(files.LARGEST_POLICY_BYTES + 1) if given["policy"] else b"",
                note=given["note"],
                person=person_of(request),
                now=timezone.now(),
            )
        except files.NotAPolicy as error:
            form.add_error("policy", spoken(error.sentence))
        except TandemError as error:
            form.add_error("file", spoken(error.sentence))
        else:
            messages.success(
                request, gettext("The file is kept as version %(number)s.") % {"number": made.number}
            )
            return redirect("junctions:version", slug, made.number)
    return form_page(request, junction, form, gettext("Upload a junction file"), files=True)


def _version(slug: str, number: int) -> FileVersion:
    found = (
        FileVersion.objects.select_related("junction", "uploaded_by", "proposed_by")
        .filter(junction__slug=slug, number=number)
        .first()
    )
    if found is None:
        raise Http404
    return found


@readers
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a version: what the check finds, what it changes, who did what with it. Take a decision about it."""
    found = _version(slug, number)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _decided(request, found, form):
        return redirect("junctions:version", slug, number)
    changes = files.changes(found) if number > 1 else None
    described = files.described(found)
    page = {
        "junction": found.junction,
        "junction_title": title_of(found.junction),
        "version": found,
        **_state(found),
        "found": found.found,
        "has_before": number > 1,
        "changes": _changes(changes),
        "more_changes": max(len(changes or ()) - MOST_CHANGES, 0),
        "picture": drawing.picture(described) if described else None,
        "steps": [(labels.STEP[each.action], each) for each in found.steps.select_related("by")],
        "buttons": [(each.value, BUTTONS[each]) for each in access.possible(request, found)],
        "waits_for_another": found.state == FileState.PROPOSED and found.proposed_by == request.user,
        "form": form,
    }
    return render(request, "junctions/version.html", page, status=400 if form.errors else 200)


def _decided(request: HttpRequest, version: FileVersion, form: ReasonForm) -> bool:
    """Carry out what the button says; put what is in the way into the form."""
    try:
        action = Action(request.POST.get("step", ""))
    except ValueError:
        raise Http404 from None
    if not access.may_engineer(request):
        form.add_error(None, gettext("Only engineers decide about junction files."))
        return False
    try:
        files.decide(
            version,
            action,
            person=person_of(request),
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
    except ReasonMissing as error:
        form.add_error("reason", spoken(error.sentence))
        return False
    except TandemError as error:
        form.add_error(None, spoken(error.sentence))
        return False
    messages.success(request, gettext("It is done: %(what)s.") % {"what": labels.STEP[action]})
    return True


def _changes(changes: Any) -> list[dict[str, Any]] | None:
    if changes is None:
        return None
    return [
        {
            "path": each.path,
            "says": each.says,
            "tone": labels.CHANGE_TONE[each.kind],
            "label": labels.CHANGE[each.kind],
        }
        for each in changes[:MOST_CHANGES]
    ]


@require_safe
def download(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give a version's file away: the approved one to everybody, the others to staff."""
    found = _to_give_away(request, slug, number)
    return _given_away(found.text, f"{slug}-{number}.junction.json", "application/json")


@require_safe
def policy(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give the policy of a version away, to whom its file is given."""
    found = _to_give_away(request, slug, number)
    if not found.policy:
        raise Http404
    return _given_away(found.policy, f"{slug}-{number}.policy.toml", "application/toml")


def _to_give_away(request: HttpRequest, slug: str, number: int) -> FileVersion:
    access.visible_junction(request, slug)
    found = _version(slug, number)
    if found.state != FileState.APPROVED and not access.may_see_drafts(request):
        raise Http404
    return found


def _given_away(content: str, filename: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
