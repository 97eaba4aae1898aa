"""Fields of the describing forms: terms by name, addresses line by line, agents. All work without JavaScript."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import AgentDescription, sort_key
from tandem.core.text import pick

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|^`\\]+", re.IGNORECASE)
MOST_OPTIONS = 2_000  # of a list of our own records; further ones are found by their address
EMPTY_ROWS = 2
Terms = vocabulary.Vocabulary[Any]


def term_name(term: vocabulary.Term) -> str:
    """Return a term's name in the page's language."""
    return pick(term.names, get_language() or "en")


def records_as_terms(rows: Iterable[tuple[str, Mapping[str, str]]]) -> Terms:
    """Return records, as (IRI, titles), so that they can be chosen by title."""
    terms = (vocabulary.Term(iri, iri, dict(titles) or {"und": iri}) for iri, titles in rows)
    return vocabulary.Vocabulary(terms, scheme="")


def _shown(terms: Terms, value: str) -> str:
    term = terms.by_iri(value) if value else None
    return term_name(term) if term else value


def _meant(terms: Terms, text: str) -> str:
    """Return the IRI that a name, a code or an address means; empty for an empty text.

    Raises:
        ValidationError: It means none; the error suggests what is alike.
    """
    text = text.strip()
    found = terms.by_text(text) if text else None
    if found is not None:
        return str(found.iri)
    if not text or ADDRESS.fullmatch(text):
        return text
    alike = difflib.get_close_matches(text, [term_name(term) for term in terms], n=3, cutoff=0.7)
    message = gettext("“%(text)s” is not in the list.") % {"text": text}
    if alike:
        message += " " + gettext("Did you mean: %(names)s?") % {"names": ", ".join(alike)}
    raise ValidationError(message, code="unknown")


class TermWidget(forms.TextInput):
    """A text field that offers the names of a list; the browser searches it while one types."""

    template_name = "catalogue/widgets/term.html"

    def __init__(self, terms: Terms, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.terms = terms

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the widget's context with the names to choose from."""
        context = super().get_context(name, value, attrs)
        return {**context, "terms": _names(self.terms)}


def _names(terms: Terms) -> list[str]:
    return sorted(term_name(term) for term in terms.terms[:MOST_OPTIONS])


class TermField(forms.CharField):
    """One term of a vocabulary, by name. Its value is the term's IRI; other addresses are taken as they are."""

    def __init__(self, terms: Terms, **named: Any) -> None:
        super().__init__(widget=TermWidget(terms), **named)
        self.terms = terms

    def prepare_value(self, value: Any) -> Any:
        """Return the term's name for its IRI; what was typed stays as it is."""
        return _shown(self.terms, value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        """Return the term's IRI, or empty.

        Raises:
            ValidationError: There is no such term.
        """
        return _meant(self.terms, str(super().clean(value) or ""))


class TermsWidget(forms.Widget):
    """Text fields, one for each term and some more, that offer the names of one list."""

    template_name = "catalogue/widgets/terms.html"
    use_fieldset = True

    def __init__(self, terms: Terms, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.terms = terms

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:  # noqa: ARG002
        """Return what stands in all rows."""
        found = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [found] if isinstance(found, str) else list(found or [])

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002
        """Return True where the form did not have the field."""
        return name not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the widget's context, each row with its label."""
        context = super().get_context(name, None, attrs)
        base = context["widget"]["attrs"].get("id", f"id_{name}")
        rows = [*(each for each in value or [] if each), *[""] * EMPTY_ROWS]
        context["terms"] = _names(self.terms)
        context["parts"] = [
            {
                "id": f"{base}_{number}" if number else base,
                "value": text,
                "label": gettext("Entry %(number)s") % {"number": number + 1},
            }
            for number, text in enumerate(rows)
        ]
        return context


class TermsField(forms.Field):
    """Several terms of a vocabulary, by name. Its value is a list of IRIs."""

    def __init__(self, terms: Terms, **named: Any) -> None:
        super().__init__(widget=TermsWidget(terms), **named)
        self.terms = terms

    def prepare_value(self, value: Any) -> list[str]:
        """Return the terms' names for their IRIs; what was typed stays as it is."""
        return [_shown(self.terms, str(each)) for each in value or []]

    def clean(self, value: Any) -> list[str]:
        """Return the terms' IRIs, each once.

        Raises:
            ValidationError: There is no such term.
        """
        found, problems = [], []
        for text in super().clean(value) or []:
            try:
                found.append(_meant(self.terms, str(text)))
            except ValidationError as error:
                problems.append(error)
        if problems:
            raise ValidationError(problems)
        return list(dict.fromkeys(filter(None, found)))


class LinesField(forms.CharField):
    """Several texts, one a line. Its value is a list."""

    def __init__(self, **named: Any) -> None:
        named.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        super().__init__(**named)

    def prepare_value(self, value: Any) -> Any:
        """Return the lines as a text."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        """Return the lines that are not empty, each once."""
        lines = (line.strip() for line in str(super().clean(value) or "").splitlines())
        return list(dict.fromkeys(filter(None, lines)))


class AddressesField(LinesField):
    """Several web addresses, one a line. Its value is a list."""

    def clean(self, value: Any) -> list[str]:
        """Return the addresses.

        Raises:
            ValidationError: A line is no address; the error says which.
        """
        found = super().clean(value)
        wrong = [line for line in found if not ADDRESS.fullmatch(line)]
        if wrong:
            raise ValidationError(
                [
                    gettext("“%(line)s” is no address. It begins with https:// and has no spaces.")
                    % {"line": line}
                    for line in wrong
                ]
            )
        return found


class MediaTypeField(forms.CharField):
    """An IANA media type; its value is the IRI."""

    def prepare_value(self, value: Any) -> Any:
        """Return the type without the beginning of the IRI."""
        return value.removeprefix(f"{vocabulary.IANA}/") if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        """Return the IRI, or empty.

        Raises:
            ValidationError: It does not look like ``text/csv``.
        """
        text = str(super().clean(value) or "").strip().removeprefix(f"{vocabulary.IANA}/").lower()
        if text and not re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", text):
            raise ValidationError(_("A media type looks like this: text/csv."), code="invalid")
        return vocabulary.media_type_iri(text)


def agent_key(agent: AgentDescription) -> str:
    """Return what tells an agent apart in a form: its IRI, or all that is said of it."""
    return agent.iri or sort_key(agent)


class AgentChoice:
    """What the two fields for agents share: choices by name, values as descriptions."""

    def __init__(self, agents: Sequence[AgentDescription], **named: Any) -> None:
        self.agents = {agent_key(each): each for each in agents}
        language = get_language() or "en"
        options = [(key, pick(each.names, language, default=each.iri)) for key, each in self.agents.items()]
        super().__init__(choices=self.with_empty(options), **named)  # type: ignore[call-arg]

    @staticmethod
    def with_empty(options: list[tuple[str, str]]) -> list[tuple[str, Any]]:
        """Return the options as they are."""
        return list(options)


class AgentField(AgentChoice, forms.ChoiceField):
    """One agent; its value is the description, or None."""

    @staticmethod
    def with_empty(options: list[tuple[str, str]]) -> list[tuple[str, Any]]:
        """Return the options with one for nobody before them."""
        return [("", _("(not said)")), *options]

    def prepare_value(self, value: Any) -> Any:
        """Return the key of a description."""
        return agent_key(value) if isinstance(value, AgentDescription) else value

    def clean(self, value: Any) -> AgentDescription | None:
        """Return the description of the agent that was chosen."""
        return self.agents.get(super().clean(value))


class AgentsField(AgentChoice, forms.MultipleChoiceField):
    """Several agents; its value is their descriptions."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        """Return the keys of descriptions."""
        return [agent_key(each) if isinstance(each, AgentDescription) else each for each in value or []]

    def clean(self, value: Any) -> list[AgentDescription]:
        """Return the descriptions of the agents that were chosen."""
        return [self.agents[key] for key in super().clean(value)]
