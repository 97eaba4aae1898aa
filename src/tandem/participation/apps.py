"""Django's view of this room."""

from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    """The room as a Django application."""

    name = "tandem.participation"
    label = "participation"
    default_auto_field = "django.db.models.BigAutoField"
