"""Texts in several languages as one form field. The model's side is a plain ``JSONField``."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from tandem.kit.installation import city


class TranslatedTextWidget(forms.MultiWidget):
    """One input for each language, with the language's name above it."""

    template_name = "kit/widgets/translated.html"
    use_fieldset = True

    def __init__(
        self,
        languages: Sequence[str],
        *,
        required_languages: Sequence[str] = (),
        multiline: bool = False,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        self.languages, self.required_languages = tuple(languages), tuple(required_languages)
        kind = forms.Textarea if multiline else forms.TextInput
        size = {"rows": 6} if multiline else {}
        super().__init__({code: kind({"lang": code, **size}) for code in self.languages}, attrs)

    def decompress(self, value: Mapping[str, str] | None) -> list[str]:
        """Return the text of each language, in the widget's order."""
        return [(value or {}).get(code, "") for code in self.languages]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the widget's context, each input with its label."""
        if isinstance(value, Mapping):
            value = self.decompress(value)
        context = super().get_context(name, value, attrs)
        labels = [
            (_language_name(code), code in self.required_languages, subwidget)
            for code, subwidget in zip(self.languages, context["widget"]["subwidgets"], strict=True)
        ]
        context["parts"], context["some_required"] = labels, bool(self.required_languages)
        return context


class TranslatedTextField(forms.MultiValueField):
    """A text in several languages, as a dict from language to text without empty ones.

    Args:
        languages: Languages to ask for; without it those of the city.
        required_languages: Languages that must not be empty. Without it a required field wants
            a text in any one language.
        multiline: True for long texts.
        max_length: Longest text of one language, in characters.
    """

    default_error_messages = {
        "required": _("Enter a text in at least one language."),
        "required_language": _("Enter the text in %(language)s."),
    }

    def __init__(
        self,
        *,
        languages: Sequence[str] | None = None,
        required_languages: Sequence[str] = (),
        multiline: bool = False,
        max_length: int | None = None,
        **named: Any,
    ) -> None:
        self.languages = tuple(languages or city().languages)
        self.required_languages = tuple(required_languages)
        widget = TranslatedTextWidget(
            self.languages, required_languages=self.required_languages, multiline=multiline
        )
        named.setdefault("widget", widget)
        named.setdefault("required", bool(required_languages))
        parts = [forms.CharField(required=False, max_length=max_length) for _code in self.languages]
        super().__init__(fields=parts, require_all_fields=False, **named)

    def clean(self, value: Any) -> dict[str, str]:
        """Return the texts by language.

        Raises:
            ValidationError: A required language is empty, or a text is too long.
        """
        texts: dict[str, str] = super().clean(value) or {}
        missing = [code for code in self.required_languages if code not in texts]
        if missing:
            raise ValidationError(
                [
                    ValidationError(
                        self.error_messages["required_language"],
                        code="required_language",
                        params={"language": _language_name(code)},
                    )
                    for code in missing
                ]
            )
        return texts

    def compress(self, data_list: list[str]) -> dict[str, str]:
        """Return the texts that are not empty, by language."""
        return {code: text for code, text in zip(self.languages, data_list, strict=False) if text}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return True where any language's text differs."""
        before = {code: text for code, text in (initial or {}).items() if text}
        return before != self.compress([str(text or "").strip() for text in data or ()])


def _language_name(code: str) -> str:
    return gettext(get_language_info(code)["name"])
