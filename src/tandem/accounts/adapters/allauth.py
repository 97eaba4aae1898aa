"""Our manners for django-allauth: languages, addresses, words, and what may not happen."""

from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tandem.accounts.adapters import mail
from tandem.accounts.models import Person
from tandem.kit.installation import config
from tandem.kit.navigation import staff_tools

_LINKS = ("activate_url", "password_reset_url", "signup_url")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks about accounts."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is shut."),
        "email_password_mismatch": _(
            "E-mail address and password do not match. Check both; capital letters count in the password."
        ),
        "email_taken": _("There is an account with this e-mail address already."),
        "duplicate_email": _("This is your e-mail address already."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _(
            "This code is not right. Codes change every 30 seconds; enter the one shown now."
        ),
        "same_as_current": _("This is your e-mail address already."),
        "too_many_login_attempts": _("That was tried too often. Please wait five minutes, then try again."),
        "rate_limited": _("That was tried too often. Please wait a few minutes, then try again."),
        "invalid_password_reset": _("This link has been used before or is too old."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Return whether anybody may make an account."""
        return config().accounts.sign_up

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: BaseForm, commit: bool = True
    ) -> AbstractBaseUser:
        """Save who signed up, with their display name and the language of the page."""
        assert isinstance(user, Person)  # noqa: S101 - narrows the type
        user.name = form.cleaned_data.get("name", "")
        user.language = get_language() or config().city.languages[0]
        saved: AbstractBaseUser = super().save_user(request, user, form, commit=commit)
        return saved

    def send_account_already_exists_mail(self, email: str) -> None:
        """Write to somebody who signs up though they have an account, taking as long as a sign-up takes."""
        Person().set_password("as slow as making an account")
        super().send_account_already_exists_mail(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail in the person's language, its links on the portal's public address.

        Raises:
            MailNotSent: The mail server did not take it.
        """
        person = context.get("user") or self._whose(email)
        language = person.language if person else get_language() or config().city.languages[0]
        links = {name: public_url(context[name], language) for name in _LINKS if name in context}
        shown = {
            name: value for name, value in context.items() if name not in {"request", "ip", "user_agent"}
        }
        mail.send(template_prefix, email, language=language, context={**shown, **links})

    @staticmethod
    def _whose(email: str) -> Person | None:
        return Person.objects.filter(email=email.lower()).first()

    def is_safe_url(self, url: str) -> bool:
        """Return whether one may be sent on to ``url``: only within the portal."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where signing in leads: staff to their first list of work, others to the home page."""
        tools = staff_tools(request)
        return resolve_url(tools[0].url_name if tools else "home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Return where a changed password leads."""
        return resolve_url("accounts:me")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Return where signing out leads."""
        return resolve_url("home")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:  # noqa: ARG002
        """Return where a confirmed address leads: to one's account, or to signing in."""
        return resolve_url("accounts:me" if self.request.user.is_authenticated else "account_login")


def public_url(url: str, language: str) -> str:
    """Return an address of the portal on its public host, in another language.

    Mail must not repeat the host that a request claimed to come to.
    """
    translated = urlsplit(translate_url(url, language))
    server = urlsplit(config().server.url)
    return urlunsplit((server.scheme, server.netloc, translated.path, translated.query, ""))
