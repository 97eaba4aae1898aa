"""Pages of invitations: the administrators' list, and the page that the link in the mail leads to."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tandem.accounts.access import allowed, confirmed, person_of
from tandem.accounts.adapters.mail import MailNotSent
from tandem.accounts.domain.invitation import may_be_sent_again
from tandem.accounts.domain.permissions import Action
from tandem.accounts.domain.roles import RoomRole
from tandem.accounts.forms import AcceptForm, InvitationForm, posted
from tandem.accounts.labels import STATE_LABELS, RolesByRoom, roles_by_room
from tandem.accounts.models import Invitation, Person
from tandem.accounts.services import invitations

PER_PAGE = 50


@allowed(Action.INVITE)
@never_cache
def list_invitations(request: HttpRequest) -> HttpResponse:
    """List invitations with their states."""
    now = timezone.now()
    page = Paginator(invitations.list_invitations(), PER_PAGE).get_page(request.GET.get("page"))
    rows = []
    for each in page:
        state = invitations.state_of(each, now=now)
        rows.append(
            {
                "invitation": each,
                "state": state,
                "state_label": STATE_LABELS[state],
                "roles": _roles(each),
                "may_be_sent_again": may_be_sent_again(state),
            }
        )
    return render(request, "accounts/invitations.html", {"page": page, "rows": rows})


@allowed(Action.INVITE)
@never_cache
@confirmed
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody."""
    form = InvitationForm(posted(request), initial={"language": get_language()})
    if form.is_valid() and _invited(request, form):
        return redirect("accounts:invitations")
    return render(request, "accounts/invite.html", {"form": form})


def _invited(request: HttpRequest, form: InvitationForm) -> bool:
    given = {name: form.cleaned_data[name] for name in ("email", "name", "language", "roles")}
    try:
        invitation = invitations.invite(**given, actor=person_of(request), now=timezone.now())
    except invitations.AlreadyInvited:
        form.add_error(
            "email", _("There is an open invitation to this address. Send it again, or withdraw it first.")
        )
        return False
    except MailNotSent:
        messages.error(
            request, _("The invitation is kept, but its mail could not be sent. Try to send it again later.")
        )
        return True
    messages.success(request, _("The invitation to %(email)s is sent.") % {"email": invitation.email})
    return True


@allowed(Action.INVITE)
@require_POST
def send_again(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Send an invitation again, with a new link."""
    invitation = get_object_or_404(Invitation, pk=invitation_id)
    invitations.send_again(invitation, actor=person_of(request), now=timezone.now())
    messages.success(
        request,
        _("A new link is sent to %(email)s. The former one does not work any more.")
        % {"email": invitation.email},
    )
    return redirect("accounts:invitations")


@allowed(Action.INVITE)
@require_POST
def withdraw(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Withdraw an invitation."""
    invitation = get_object_or_404(Invitation, pk=invitation_id)
    invitations.withdraw(invitation, actor=person_of(request), now=timezone.now())
    messages.success(request, _("The invitation to %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("accounts:invitations")


@sensitive_post_parameters("password1", "password2")
@never_cache
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Show the invitation that a mail's link is of, and take the answer."""
    found = invitations.find(key, now=timezone.now())
    account = invitations.account_for(found)
    page: dict[str, Any] = {"invitation": found, "account": account, "roles": _roles(found)}
    if account is not None and account == request.user:
        return _accept(request, key, page)
    if account is not None or request.user.is_authenticated:
        return render(request, "accounts/invitation_elsewhere.html", page)
    return _accept_as_new(request, key, found, page)


def _accept(request: HttpRequest, key: str, page: dict[str, Any]) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/invitation.html", page)
    invitations.accept(key, person_of(request), now=timezone.now())
    messages.success(request, _("The invitation is accepted. Your new roles are in force."))
    return redirect("accounts:me")


def _accept_as_new(request: HttpRequest, key: str, found: Invitation, page: dict[str, Any]) -> HttpResponse:
    form = AcceptForm(posted(request), email=found.email, initial={"name": found.name})
    if not form.is_valid():
        return render(request, "accounts/invitation.html", {**page, "form": form})
    given = form.cleaned_data
    person = invitations.accept_as_new(
        key, name=given["name"], password=given["password1"], now=timezone.now()
    )
    _sign_in(request, person)
    messages.success(request, _("Your account is made, and you are signed in."))
    return redirect("accounts:me")


def _sign_in(request: HttpRequest, person: Person) -> None:
    get_adapter(request).login(request, person)


def _roles(found: Invitation) -> RolesByRoom:
    return roles_by_room(RoomRole.parse(text) for text in found.roles)
