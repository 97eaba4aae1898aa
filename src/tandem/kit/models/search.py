"""What the search knows. Each process's index follows this table by its revision."""

from typing import ClassVar

from django.db import models


class SearchEntry(models.Model):
    """One document, or the memory that it was removed (``document`` is null)."""

    uri = models.CharField(max_length=700, unique=True)
    revision = models.BigIntegerField(db_index=True)
    document = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar = ["revision"]

    def __str__(self) -> str:
        return self.uri
