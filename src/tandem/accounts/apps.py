"""Django's view of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tandem.kit.errors import register_error_texts


class AccountsConfig(AppConfig):
    """The room as a Django application."""

    name = "tandem.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what this room's errors are called in front of people."""
        register_error_texts(
            {
                "accounts.already-erased": _(
                    "This person was erased before. Nothing that identifies them is left."
                ),
                "accounts.already-invited": _("There is an open invitation to this address."),
                "accounts.email-taken": _("There is an account with this e-mail address already."),
                "accounts.invitation-closed": _(
                    "This invitation was accepted, withdrawn, or has expired. Ask for a new one."
                ),
                "accounts.invitation-unknown": _(
                    "This link is of no invitation. A newer mail may have replaced it."
                ),
                "accounts.invitation-wrong-account": _(
                    "This invitation is to another e-mail address. Sign in with the account of that address."
                ),
                "accounts.last-administrator": _(
                    "This is the last administrator. Make somebody else an administrator first."
                ),
                "accounts.mail-not-sent": _(
                    "Our mail server does not answer. Please try again in a few minutes."
                ),
                "accounts.own-account": _("You cannot shut your own account. Ask another administrator."),
                "accounts.token-unknown": _("This token is not in use. It may have been revoked before."),
                "accounts.unknown-role": _("There is no such role."),
            }
        )
