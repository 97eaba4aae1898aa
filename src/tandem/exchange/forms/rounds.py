"""The form of a round of matching: what it says of itself, and its topics."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tandem.core.errors import InvalidInput
from tandem.core.text import pick
from tandem.exchange.models import Round
from tandem.exchange.services import round_topics
from tandem.kit.forms import Manners
from tandem.kit.spoken import language, spoken
from tandem.kit.translated import TranslatedTextField


class RoundForm(Manners, forms.Form):
    """What a round says of itself, and its topics."""

    titles = TranslatedTextField(required=True, label=_("Title"), max_length=120)
    abouts = TranslatedTextField(
        label=_("What it is about"),
        multiline=True,
        required=False,
        help_text=_("Who looks for partners, by when, and who decides."),
    )
    topics = forms.CharField(
        label=_("Topics, one a line"),
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "A short name, a colon, and the title in this page's language: heat: Protection from heat. Titles in "
            "other languages are entered on this page in those languages."
        ),
    )

    def __init__(self, *arguments: Any, known: Sequence[dict[str, Any]] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.known = known

    def clean_topics(self) -> list[dict[str, Any]]:
        """Return the topics.

        Raises:
            ValidationError: A line names none.
        """
        try:
            return round_topics.read_topics(self.cleaned_data["topics"], self.known, language())
        except InvalidInput as error:
            raise forms.ValidationError(spoken(error.sentence)) from error


def round_initial(row: Round) -> dict[str, Any]:
    """Return what the form begins with for a round."""
    lines = (f"{each['key']}: {pick(each['titles'], language(), default=each['key'])}" for each in row.topics)
    return {"titles": row.titles, "abouts": row.abouts, "topics": "\n".join(lines)}
