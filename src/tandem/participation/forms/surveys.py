"""Forms of surveys for those who answer: one made for each question."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tandem.core.findings import Severity
from tandem.core.text import pick
from tandem.kit.forms import Manners
from tandem.kit.spoken import spoken
from tandem.participation.domain.survey import Question, QuestionKind, check_answers
from tandem.participation.services import surveys

LONGEST_TEXT = 4_000


class AnswersForm(Manners, forms.Form):
    """Asks some questions: each is a field of its own, by its id.

    Args:
        questions: As they are kept.
        optional: Whether all may stay empty, as on paper.
    """

    prefix = "answer"

    def __init__(
        self, *arguments: Any, questions: Iterable[Mapping[str, Any]], optional: bool = False, **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self.questions: dict[str, Question] = {}
        for kept in questions:
            question = surveys.question_of({**kept, "branches": (), "otherwise": None})
            self.questions[question.id] = question
            self.fields[question.id] = _field(kept, question, required=question.required and not optional)

    def clean(self) -> dict[str, Any]:
        """Return the answers by question, None where there is none.

        Raises:
            ValidationError: One does not fit its question.
        """
        values = super().clean() or {}
        for key, given in list(values.items()):
            values[key] = None if given in ("", []) else tuple(given) if isinstance(given, list) else given
            if values[key] is not None:
                self._check(key, values[key])
        return values

    def _check(self, key: str, answer: Any) -> None:
        for each in check_answers([self.questions[key]], {key: answer}).findings:
            if each.severity is Severity.ERROR and key not in self.errors:
                self.add_error(key, spoken(each.message))


def _field(kept: Mapping[str, Any], question: Question, *, required: bool) -> forms.Field:
    language = get_language() or "en"
    common: dict[str, Any] = {
        "label": pick(kept["titles"], language),
        "help_text": pick(kept.get("hints", {}), language),
        "required": required,
        "error_messages": {"required": _("Please answer this question.")},
    }
    names = [(each["id"], pick(each["titles"], language)) for each in kept.get("options", ())]
    nothing = [] if required else [("", gettext("no answer"))]
    match question.kind:
        case QuestionKind.SINGLE:
            return forms.ChoiceField(choices=names + nothing, widget=forms.RadioSelect, **common)
        case QuestionKind.MULTIPLE:
            return forms.MultipleChoiceField(choices=names, widget=forms.CheckboxSelectMultiple, **common)
        case QuestionKind.SCALE:
            return forms.TypedChoiceField(
                choices=surveys.steps(kept, language) + nothing,
                coerce=int,
                empty_value=None,
                widget=forms.RadioSelect,
                **common,
            )
        case QuestionKind.NUMBER:
            digits = forms.TextInput({"inputmode": "decimal"})
            return forms.FloatField(localize=True, widget=digits, **common)
        case _:
            longest = int(question.most or LONGEST_TEXT)
            return forms.CharField(max_length=longest, widget=forms.Textarea({"rows": 5}), **common)


class SheetNumberForm(Manners, forms.Form):
    """The number of a paper form."""

    sheet = forms.CharField(label=_("Number of the paper form"), max_length=40)
