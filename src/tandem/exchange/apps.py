"""Django's view of this room."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The room as a Django application."""

    name = "tandem.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
