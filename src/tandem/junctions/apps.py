"""Django's view of this room."""

from django.apps import AppConfig


class JunctionsConfig(AppConfig):
    """The room as a Django application."""

    name = "tandem.junctions"
    label = "junctions"
    default_auto_field = "django.db.models.BigAutoField"
