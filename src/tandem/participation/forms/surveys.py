"""Forms of surveys: the editor's, and one made for each question."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tandem.core.text import pick
from tandem.kit import installation
from tandem.kit.forms import Manners
from tandem.kit.translated import TranslatedTextField
from tandem.participation.domain.survey import END, QuestionKind

KINDS = {
    QuestionKind.SINGLE: _("one of several options"),
    QuestionKind.MULTIPLE: _("some of several options"),
    QuestionKind.SCALE: _("a step of a scale"),
    QuestionKind.NUMBER: _("a number"),
    QuestionKind.TEXT: _("a text"),
}
_BRANCH = re.compile(r"^\s*(?P<from>[^>]+?)\s*->\s*(?P<to>\S*)\s*$")
_RANGE = re.compile(r"^(-?\d+)\s*-\s*(-?\d+)$")


class QuestionForm(Manners, forms.Form):
    """One question of a survey."""

    kind = forms.ChoiceField(label=_("Kind of answer"), choices=list(KINDS.items()))
    titles = TranslatedTextField(label=_("Question"), max_length=300)
    hints = TranslatedTextField(label=_("Hint"), required=False, max_length=300)
    required = forms.BooleanField(label=_("It must be answered"), required=False)
    least = forms.FloatField(label=_("Smallest"), required=False, localize=True, widget=forms.TextInput)
    most = forms.FloatField(label=_("Largest"), required=False, localize=True, widget=forms.TextInput)
    branches = forms.CharField(
        label=_("Where answers lead"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "One a line: the number of an option or a range, an arrow, the id of a question: “2 -> garden”, "
            "“1-3 -> end”. Without it comes the next question."
        ),
    )

    def __init__(self, *arguments: Any, known: Sequence[Mapping[str, Any]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.known = known
        for code in installation.city().languages:
            self.fields[f"options_{code}"] = forms.CharField(
                label=gettext("Options (%(language)s), one a line") % {"language": code},
                required=False,
                widget=forms.Textarea({"rows": 4, "lang": code}),
            )

    def clean(self) -> dict[str, Any]:
        """Return the values, with ``options`` and ``branch_list`` as they are kept.

        Raises:
            ValidationError: Options differ between the languages, or a branch cannot be read.
        """
        values = super().clean() or {}
        lists = {code: _lines(values.get(f"options_{code}", "")) for code in installation.city().languages}
        filled = {code: names for code, names in lists.items() if names}
        count = max((len(each) for each in filled.values()), default=0)
        if any(len(each) != count for each in filled.values()):
            self.add_error(None, gettext("Name the same options in each language, in the same order."))
            count = 0
        values["options"] = [
            {"id": str(place + 1), "titles": {code: names[place] for code, names in filled.items()}}
            for place in range(count)
        ]
        values["branch_list"] = [self._branch(line, values) for line in _lines(values.get("branches", ""))]
        return values

    def _branch(self, line: str, values: Mapping[str, Any]) -> dict[str, Any]:
        found = _BRANCH.match(line)
        if not found:
            self.add_error("branches", gettext("This line cannot be read: %(line)s") % {"line": line})
            return {}
        to = END if found["to"].lower() in {"", "end", "ende", "fine"} else found["to"]
        span = _RANGE.match(found["from"])
        if span and values.get("kind") in {QuestionKind.SCALE, QuestionKind.NUMBER}:
            return {"to": to, "least": float(span[1]), "most": float(span[2])}
        return {"to": to, "options": [each.strip() for each in found["from"].split(",")]}

    def question(self, key: str) -> dict[str, Any]:
        """Return the question as it is kept.

        Args:
            key: Its id; empty for a new one.
        """
        given = self.cleaned_data
        names = ("kind", "titles", "hints", "required", "least", "most", "options")
        return {
            "id": key or _fresh_id(given["titles"], {each["id"] for each in self.known}),
            **{name: given[name] for name in names},
            "branches": given["branch_list"],
        }


def _lines(text: str) -> list[str]:
    return [line.strip()[:200] for line in text.splitlines() if line.strip()]


def _fresh_id(titles: Mapping[str, str], taken: set[str]) -> str:
    stem = slugify(next(iter(titles.values()), ""))[:30].strip("-") or "question"
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def question_initial(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the editor's form begins with."""
    options = {
        f"options_{code}": "\n".join(each["titles"].get(code, "") for each in kept.get("options", ()))
        for code in installation.city().languages
    }
    lines = [f"{_from(each)} -> {each['to'] or 'end'}" for each in kept.get("branches", ())]
    return {**kept, **options, "branches": "\n".join(lines)}


def _from(branch: Mapping[str, Any]) -> str:
    if branch.get("options"):
        return ", ".join(branch["options"])
    return f"{branch['least']:g}-{branch['most']:g}"


class AnswerForm(Manners, forms.Form):
    """Asks one question."""

    def __init__(self, *arguments: Any, kept: Mapping[str, Any], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["answer"] = _field(kept)


def _field(kept: Mapping[str, Any]) -> forms.Field:
    language = get_language() or "en"
    common: dict[str, Any] = {
        "label": pick(kept["titles"], language),
        "help_text": pick(kept.get("hints", {}), language),
        "required": kept.get("required", False),
    }
    choices = [(each["id"], pick(each["titles"], language)) for each in kept.get("options", ())]
    match QuestionKind(kept["kind"]):
        case QuestionKind.SINGLE:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        case QuestionKind.MULTIPLE:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
        case QuestionKind.SCALE:
            steps = range(int(kept["least"]), int(kept["most"]) + 1)
            choices = [(str(each), str(each)) for each in steps]
            return forms.TypedChoiceField(
                choices=choices, coerce=int, empty_value="", widget=forms.RadioSelect, **common
            )
        case QuestionKind.NUMBER:
            return forms.FloatField(
                min_value=kept.get("least"), max_value=kept.get("most"), localize=True,
                widget=forms.TextInput({"inputmode": "decimal"}), **common,
            )  # fmt: skip
        case _:
            longest = int(kept["most"]) if kept.get("most") else 4_000
            return forms.CharField(max_length=longest, widget=forms.Textarea({"rows": 5}), **common)


class SheetNumberForm(Manners, forms.Form):
    """The number of a paper form."""

    sheet = forms.CharField(label=_("Number of the paper form"), max_length=40)
