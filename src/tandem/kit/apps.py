"""Django's view of this room."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The room as a Django application."""

    name = "tandem.kit"
    label = "kit"
    default_auto_field = "django.db.models.BigAutoField"
