"""Forms of the whole portal."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from tandem.kit.forms import Manners
from tandem.site.models import Feedback


class FeedbackForm(Manners, forms.ModelForm):  # type: ignore[type-arg]
    """A message about the portal. The field ``website`` is for machines alone: people do not see it."""

    website = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Feedback
        fields: ClassVar = ["message", "page", "mail"]
        labels: ClassVar = {
            "message": _("Your message"),
            "page": _("Which page is it about?"),
            "mail": _("Your e-mail address"),
        }
        help_texts: ClassVar = {
            "message": _("What is hard to use, wrong or missing?"),
            "mail": _("Only if you want an answer."),
        }
        widgets: ClassVar = {"message": forms.Textarea(attrs={"rows": 6, "maxlength": 5000})}

    def is_from_machine(self) -> bool:
        """Return whether something filled the field in that people do not see."""
        values: dict[str, Any] = self.cleaned_data
        return bool(values.get("website"))
