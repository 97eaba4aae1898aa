"""Pages about one's own account."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tandem.accounts.access import confirmed, person_of, signed_in
from tandem.accounts.forms import EraseForm, ProfileForm, TokenForm, posted
from tandem.accounts.labels import roles_by_room
from tandem.accounts.services import data_protection, people, second_factor, tokens
from tandem.accounts.services.roles import LastAdministrator, roles_of
from tandem.kit.installation import config


@signed_in
@never_cache
def me(request: HttpRequest) -> HttpResponse:
    """Show one's own account."""
    page = {
        "roles": roles_by_room(roles_of(person_of(request))),
        "has_second_factor": second_factor.has_second_factor(person_of(request)),
        "second_factor_missing": second_factor.is_missing(person_of(request)),
        "tokens_in_use": person_of(request).tokens.filter(revoked_at=None).count(),
    }
    return render(request, "accounts/me.html", page)


@signed_in
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """Change one's name and language."""
    form = ProfileForm(posted(request), instance=person_of(request))
    if form.is_valid():
        people.change_profile(person_of(request), **form.cleaned_data)
        messages.success(request, _("Your name and language are saved."))
        return redirect("accounts:me")
    return render(request, "accounts/profile.html", {"form": form})


@signed_in
@never_cache
def explain_second_factor(request: HttpRequest) -> HttpResponse:
    """Explain the second factor, and lead to setting it up."""
    page = {
        "has_second_factor": second_factor.has_second_factor(person_of(request)),
        "second_factor_missing": second_factor.is_missing(person_of(request)),
        "is_needed": config().accounts.staff_second_factor and bool(roles_of(person_of(request))),
    }
    return render(request, "accounts/second_factor.html", page)


@signed_in
@never_cache
@confirmed
def my_tokens(request: HttpRequest) -> HttpResponse:
    """List one's tokens, and make a new one. Its secret is in this one answer only."""
    form, secret = TokenForm(posted(request)), ""
    if form.is_valid():
        _token, secret = tokens.create_token(
            person_of(request), form.cleaned_data["name"], actor=person_of(request)
        )
        form = TokenForm()
    page = {"form": form, "secret": secret, "tokens": person_of(request).tokens.filter(revoked_at=None)}
    return render(request, "accounts/tokens.html", page)


@signed_in
@require_POST
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Make one of one's tokens worthless."""
    tokens.revoke_token(person_of(request), token_id, actor=person_of(request))
    messages.success(request, _("The token is revoked. Programs that use it are refused from now on."))
    return redirect("accounts:tokens")


@signed_in
@never_cache
@confirmed
def my_data(request: HttpRequest) -> HttpResponse:
    """Say what an export holds; hand it over when asked."""
    if request.method != "POST":
        return render(request, "accounts/data.html")
    now = timezone.localtime()
    headers = {"Content-Disposition": f'attachment; filename="my-data-{now:%Y-%m-%d}.zip"'}
    return HttpResponse(
        data_protection.export_zip(person_of(request), now=now),
        content_type="application/zip",
        headers=headers,
    )


@sensitive_post_parameters("password")
@signed_in
@never_cache
def erase_me(request: HttpRequest) -> HttpResponse:
    """Erase one's own account, after the password."""
    form = EraseForm(posted(request), person=person_of(request))
    if form.is_valid():
        try:
            data_protection.erase(person_of(request), actor=person_of(request), now=timezone.now())
        except LastAdministrator:
            form.add_error(
                None, _("You are the last administrator. Make somebody else an administrator first.")
            )
        else:
            logout(request)
            messages.success(request, _("Your account is erased. Nothing that identifies you is left."))
            return redirect("home")
    return render(request, "accounts/erase_me.html", {"form": form})
