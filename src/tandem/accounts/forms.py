"""Forms of accounts: our own, and allauth's in our words."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, ClassVar, cast

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from tandem.accounts.domain.roles import ROOMS, RoomRole
from tandem.accounts.labels import action_label, action_room_label, role_label, room_label
from tandem.accounts.models import Person
from tandem.kit.forms import Manners, field_of

Text = Any  # a text, or one that is translated when it is shown
EMAIL = _("E-mail address")
PASSWORD = _("Password")
NEW_PASSWORD = _("New password")
AGAIN = _("The same password again")
LONG_ENOUGH = _("At least 12 characters. A few unrelated words are easy to remember and hard to guess.")
NAME_HINT = _("How others see you here. You may use a name of your choice.")
CODE_HINT = _("The six digits that your authenticator app shows now.")


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, which may be nothing at all; None where nothing is to be taken."""
    return request.POST if request.method == "POST" else None


class OurWords(Manners):
    """An allauth form with our labels and hints, and without placeholders.

    Attributes:
        words: Label and hint by the field's name.
    """

    words: ClassVar[dict[str, tuple[Text, Text]]] = {}

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]


class SignInForm(OurWords, account.LoginForm):  # type: ignore[misc]
    """Asks for what one signs in with."""

    words: ClassVar = {"login": (EMAIL, ""), "password": (PASSWORD, "")}


class SignUpForm(OurWords, account.SignupForm):  # type: ignore[misc]
    """Asks for what an account needs. One more field is a trap for programs that fill in everything."""

    field_order: ClassVar[list[str]] = ["email", "name", "password1", "password2", "website"]
    words: ClassVar = {
        "email": (EMAIL, _("We send a link to it, to see that it is yours.")),
        "password1": (PASSWORD, LONG_ENOUGH),
        "password2": (AGAIN, ""),
        "website": (_("Leave this field empty"), ""),
    }
    name = forms.CharField(label=_("Display name"), max_length=100, required=False, help_text=NAME_HINT)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["name"].widget.attrs["autocomplete"] = "nickname"
        self.fields["website"].widget = forms.TextInput({"tabindex": "-1", "autocomplete": "off"})

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        """The fields that people fill in."""
        return [bound for bound in self.visible_fields() if bound.name != "website"]


class ReauthenticateForm(OurWords, account.ReauthenticateForm):  # type: ignore[misc]
    """Asks for the password once more."""

    words: ClassVar = {"password": (PASSWORD, "")}


class ChangeEmailForm(OurWords, account.AddEmailForm):  # type: ignore[misc]
    """Asks for another address."""

    words: ClassVar = {
        "email": (
            _("New e-mail address"),
            _("We send a link to it. Until you open it, the old address stays."),
        )
    }


class ChangePasswordForm(OurWords, account.ChangePasswordForm):  # type: ignore[misc]
    """Asks for the old password and a new one."""

    words: ClassVar = {
        "oldpassword": (_("Current password"), ""),
        "password1": (NEW_PASSWORD, LONG_ENOUGH),
        "password2": (AGAIN, ""),
    }


class SetPasswordForm(OurWords, account.SetPasswordForm):  # type: ignore[misc]
    """Asks for a first password."""

    words: ClassVar = {"password1": (NEW_PASSWORD, LONG_ENOUGH), "password2": (AGAIN, "")}


class ForgottenForm(OurWords, account.ResetPasswordForm):  # type: ignore[misc]
    """Asks where to send the link for a new password."""

    words: ClassVar = {"email": (EMAIL, _("The one that you sign in with."))}


class NewPasswordForm(OurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """Asks for a new password after the link."""

    words: ClassVar = {"password1": (NEW_PASSWORD, LONG_ENOUGH), "password2": (AGAIN, "")}


class _CodeManners(OurWords):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["code"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "one-time-code"})  # type: ignore[attr-defined]


class CodeForm(_CodeManners, mfa.AuthenticateForm):  # type: ignore[misc]
    """Asks for the second factor when one signs in."""

    words: ClassVar = {
        "code": (_("Code"), _("The six digits that your authenticator app shows now, or a recovery code."))
    }


class CodeAgainForm(_CodeManners, mfa.ReauthenticateForm):  # type: ignore[misc]
    """Asks for the second factor once more."""

    words: ClassVar = CodeForm.words


class ActivateForm(_CodeManners, totp.ActivateTOTPForm):  # type: ignore[misc]
    """Asks for the first code of a new second factor."""

    words: ClassVar = {"code": (_("Code"), CODE_HINT)}


class ProfileForm(Manners, forms.ModelForm):  # type: ignore[type-arg]
    """Asks what the person is called and which language they read."""

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = ["name", "language"]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["name"].label, self.fields["name"].help_text = _("Display name"), NAME_HINT
        self.fields["language"] = _language_field(_("The language of the mail that we send you."))


def _language_field(hint: Text) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, help_text=hint)


class TokenForm(Manners, forms.Form):
    """Asks for a token's name."""

    name = forms.CharField(
        label=_("Name of the token"),
        max_length=100,
        help_text=_("What it is for, such as: nightly upload of the counters."),
    )


class EraseForm(Manners, forms.Form):
    """Asks for the password before everything goes."""

    password = forms.CharField(
        label=PASSWORD, strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )

    def __init__(self, *arguments: Any, person: Person, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._person = person

    def clean_password(self) -> str:
        """Return the password, if it is the person's."""
        password: str = self.cleaned_data["password"]
        if not self._person.check_password(password):
            raise forms.ValidationError(_("This is not your password."), code="incorrect-password")
        return password


class ErasePersonForm(Manners, forms.Form):
    """Asks an administrator to write the address of whom they erase."""

    email = forms.EmailField(label=EMAIL, help_text=_("Write the person's e-mail address to confirm."))

    def __init__(self, *arguments: Any, person: Person, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        self._person = person

    def clean_email(self) -> str:
        """Return the address, if it is the person's."""
        email: str = self.cleaned_data["email"].lower()
        if email != self._person.email:
            raise forms.ValidationError(_("This is not the person's e-mail address."), code="other-email")
        return email


class RolesForm(Manners, forms.Form):
    """Asks for roles, room by room; ``cleaned_data["roles"]`` holds them all as values."""

    def __init__(self, *arguments: Any, held: Iterable[RoomRole] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        chosen = {str(role) for role in held}
        for room in ROOMS:
            self.fields[f"roles_{room}"] = _roles_field(room, chosen)

    @property
    def role_fields(self) -> list[forms.BoundField]:
        """One field per room."""
        return [self[f"roles_{room}"] for room in ROOMS]

    def clean(self) -> dict[str, Any]:
        """Gather the roles of all rooms."""
        cleaned: dict[str, Any] = super().clean() or {}
        texts = [text for room in ROOMS for text in cleaned.get(f"roles_{room}", ())]
        return {**cleaned, "roles": [RoomRole.parse(text) for text in texts]}


def _roles_field(room: str, chosen: set[str]) -> forms.MultipleChoiceField:
    offered = [RoomRole(room, role) for role in ROOMS[room]]
    return forms.MultipleChoiceField(
        label=cast("str", room_label(room)),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(str(each), role_label(each.role)) for each in offered],
        initial=[str(each) for each in offered if str(each) in chosen],
    )


class InvitationForm(RolesForm):
    """Asks whom to invite as what."""

    email = forms.EmailField(label=EMAIL)
    name = forms.CharField(
        label=_("Name"), max_length=100, required=False, help_text=_("For the greeting in the mail.")
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["language"] = _language_field(_("The language of the mail and of the new account."))


class AcceptForm(Manners, forms.Form):
    """Asks an invited person for what their new account needs."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("How your colleagues and others see you here.")
    )
    password1 = forms.CharField(
        label=PASSWORD,
        strip=False,
        help_text=LONG_ENOUGH,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=AGAIN, strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, *arguments: Any, email: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self._email = email

    def clean(self) -> dict[str, Any]:
        """Check that the passwords are the same, and good enough."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))
        elif first:
            self._check_strength(first, name=cleaned.get("name", ""))
        return cleaned

    def _check_strength(self, password: str, *, name: str) -> None:
        try:
            password_validation.validate_password(password, Person(email=self._email, name=name))
        except forms.ValidationError as error:
            self.add_error("password1", error)


class AuditFilterForm(Manners, forms.Form):
    """Asks which entries of the audit trail to show."""

    person = forms.CharField(
        label=_("Person"),
        required=False,
        max_length=200,
        help_text=_("Part of a name, an e-mail address, or a pseudonym."),
    )
    action = forms.ChoiceField(label=_("Action"), required=False)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *arguments: Any, actions: Iterable[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field_of(self, "action", forms.ChoiceField).choices = [("", _("All actions")), *_by_room(actions)]
        for name in ("since", "until"):
            field_of(self, name, forms.DateField).input_formats = ["%Y-%m-%d"]


def _by_room(actions: Iterable[str]) -> list[tuple[Text, list[tuple[str, Text]]]]:
    """Return actions as choices, in groups that begin with all actions of a room."""
    groups = groupby(sorted(actions), key=lambda action: action.partition(".")[0])
    return [
        (
            action_room_label(room),
            [(room, _("All of these")), *((each, action_label(each)) for each in found)],
        )
        for room, found in groups
    ]


class PeopleFilterForm(Manners, forms.Form):
    """Asks which people to show."""

    q = forms.CharField(label=_("Name or e-mail address"), required=False, max_length=200)
    staff = forms.BooleanField(label=_("Only people with roles"), required=False)
