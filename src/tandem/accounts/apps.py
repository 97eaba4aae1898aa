"""Django's view of this room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room as a Django application."""

    name = "tandem.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
