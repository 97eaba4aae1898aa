"""What people tell the city about the portal."""

from typing import ClassVar

from django.db import models


class Feedback(models.Model):
    """A message about the portal: a barrier, a mistake, praise. Kept without an address of its sender's machine."""

    page = models.CharField(max_length=500, blank=True)
    message = models.TextField()
    mail = models.EmailField(blank=True)
    language = models.CharField(max_length=2)
    sent_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d} {self.page}"

    @property
    def is_own_page(self) -> bool:
        """True where the page is an address of this portal, which can be linked to."""
        return self.page.startswith("/") and not self.page.startswith(("//", "/\\"))
