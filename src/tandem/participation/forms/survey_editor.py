"""Forms of the survey's editor: a question, and where its answers lead."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import get_language, get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from tandem.core.text import pick
from tandem.kit import installation
from tandem.kit.forms import Manners
from tandem.kit.translated import TranslatedTextField
from tandem.participation.domain.survey import CHOOSING, COUNTING, END, QuestionKind

KINDS = {
    QuestionKind.SINGLE: _("one of several options"),
    QuestionKind.MULTIPLE: _("some of several options"),
    QuestionKind.SCALE: _("a step of a scale"),
    QuestionKind.NUMBER: _("a number"),
    QuestionKind.TEXT: _("a text"),
}
MOST_STEPS = 20
LONGEST_OPTION = 200
RANGES = 3
_NEXT, _END = "", ":end"  # no question's id has a colon


def _number(label: Any, **named: Any) -> forms.FloatField:
    digits = forms.TextInput({"inputmode": "decimal"})
    return forms.FloatField(label=label, required=False, localize=True, widget=digits, **named)


class QuestionForm(Manners, forms.Form):
    """One question of a survey.

    Args:
        known: The questions that there are.
        frozen: Whether people may have answered: then only texts can be corrected.
        kept: The question as it is, where it is not new.
    """

    kind = forms.ChoiceField(label=_("Kind of answer"), choices=list(KINDS.items()), widget=forms.RadioSelect)
    titles = TranslatedTextField(label=_("Question"), max_length=300, required=True)
    hints = TranslatedTextField(label=_("Hint"), required=False, max_length=300)
    required = forms.BooleanField(label=_("It must be answered"), required=False)
    least = _number(
        _("Smallest"),
        help_text=_(
            "The first step of a scale or the smallest number; of several options or a text, how many options or "
            "characters there must be."
        ),
    )
    most = _number(_("Largest"), help_text=_("The same at the other end; empty for no limit."))
    least_titles = TranslatedTextField(
        label=_("What the first step of the scale means"), required=False, max_length=60
    )
    most_titles = TranslatedTextField(
        label=_("What the last step of the scale means"), required=False, max_length=60
    )

    def __init__(
        self,
        *arguments: Any,
        known: Sequence[Mapping[str, Any]],
        frozen: bool = False,
        kept: Mapping[str, Any] | None = None,
        **named: Any,
    ) -> None:
        super().__init__(*arguments, initial=question_initial(kept) if kept else {}, **named)
        self.known, self.kept, self.frozen = known, kept or {}, frozen
        names = {code: str(name) for code, name in _language_names()}
        for code, name in names.items():
            self.fields[f"options_{code}"] = forms.CharField(
                label=gettext("Options in %(language)s, one a line") % {"language": name},
                required=False,
                widget=forms.Textarea({"rows": 4, "lang": code}),
            )
        for name in ("kind", "required", "least", "most") if frozen else ():
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """Return the values, with ``options`` as they are kept.

        Raises:
            ValidationError: Options differ between the languages, or what the kind needs is missing.
        """
        values = super().clean() or {}
        values["options"] = self._options(values)
        if values.get("kind") == QuestionKind.SCALE:
            self._check_scale(values)
        if values.get("kind") in CHOOSING and len(values["options"]) < 2 and not self.errors:
            self.add_error(f"options_{_codes()[0]}", gettext("Name two options or more."))
        return values

    def _options(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        if values.get("kind") not in CHOOSING:
            return []
        lists = {code: _lines(values.get(f"options_{code}", "")) for code in _codes()}
        filled = {code: names for code, names in lists.items() if names}
        count = max(map(len, filled.values()), default=0)
        for code, names in filled.items():
            if len(names) != count or len(set(names)) != count:
                text = gettext(
                    "Name the same options in each language, in the same order, each of them once."
                )
                self.add_error(f"options_{code}", text)
        before = [each["id"] for each in self.kept.get("options", ())]
        if self.frozen and count != len(before):
            self.add_error(
                None, gettext("The survey has begun: no option can be added or taken away any more.")
            )
        if self.errors:
            return []
        ids = before if self.frozen else [str(place + 1) for place in range(count)]
        return [
            {"id": key, "titles": {code: names[place] for code, names in filled.items()}}
            for place, key in enumerate(ids)
        ]

    def _check_scale(self, values: Mapping[str, Any]) -> None:
        least, most = values.get("least"), values.get("most")
        if least is None or most is None:
            self.add_error(
                "most" if most is None else "least", gettext("A scale needs two ends, such as 1 and 5.")
            )
        elif least != int(least) or most != int(most) or not 0 < most - least < MOST_STEPS:
            text = gettext(
                "A scale goes from one whole number to a larger one, in %(most)s steps at the most."
            )
            self.add_error("most", text % {"most": MOST_STEPS})

    def question(self) -> dict[str, Any]:
        """Return the question as it is kept; where its answers lead stays as it was."""
        given = self.cleaned_data
        names = (
            "kind",
            "titles",
            "hints",
            "required",
            "least",
            "most",
            "options",
            "least_titles",
            "most_titles",
        )
        made = {name: given[name] for name in names}
        key = self.kept.get("id") or _fresh_id(given["titles"], {each["id"] for each in self.known})
        same_kind = self.kept.get("kind") == given["kind"]
        ways = {
            name: self.kept[name] for name in ("branches", "otherwise") if same_kind and name in self.kept
        }
        return {"id": key, **made, **ways}


def _codes() -> Sequence[str]:
    return installation.city().languages


def _language_names() -> list[tuple[str, str]]:
    return [(code, gettext(get_language_info(code)["name"])) for code in _codes()]


def _lines(text: str) -> list[str]:
    return [line.strip()[:LONGEST_OPTION] for line in text.splitlines() if line.strip()]


def _fresh_id(titles: Mapping[str, str], taken: set[str]) -> str:
    stem = slugify(next(iter(titles.values()), ""))[:30].strip("-") or "question"
    number, key = 1, stem
    while key in taken | {"new"}:
        number += 1
        key = f"{stem}-{number}"
    return key


def question_initial(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the editor's form begins with."""
    options = {
        f"options_{code}": "\n".join(each["titles"].get(code, "") for each in kept.get("options", ()))
        for code in _codes()
    }
    return {**kept, **options}


class WaysForm(Manners, forms.Form):
    """Where the answers to a question lead: to the next question, to another one, or to the end.

    Args:
        kept: The question.
        questions: All of them, in their order.
    """

    def __init__(
        self, *arguments: Any, kept: Mapping[str, Any], questions: Sequence[Mapping[str, Any]], **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self.kept, language = kept, get_language() or "en"
        at = [each["id"] for each in questions].index(kept["id"])
        self.choices = [
            (_NEXT, gettext("to the next question")),
            *((each["id"], pick(each["titles"], language)) for each in questions[at + 1 :]),
            (_END, gettext("to the end of the survey")),
        ]
        if kept["kind"] in CHOOSING:
            self._ask_for_options(language)
        elif kept["kind"] in COUNTING:
            self._ask_for_ranges()
        otherwise = kept.get("otherwise")
        self._ask(
            "otherwise",
            gettext("Everything else, and no answer"),
            _NEXT if otherwise is None else otherwise or _END,
        )

    def _ask(self, name: str, label: str, to: str) -> None:
        known = [key for key, _title in self.choices]
        initial = to if to in known else _NEXT
        self.fields[name] = forms.ChoiceField(
            label=label, choices=self.choices, required=False, initial=initial
        )

    def _ask_for_options(self, language: str) -> None:
        to = {
            key: each["to"] or _END
            for each in self.kept.get("branches", ())
            for key in each.get("options", ())
        }
        for each in self.kept.get("options", ()):
            label = gettext("“%(option)s” leads") % {"option": pick(each["titles"], language)}
            self._ask(f"to_{each['id']}", label, to.get(each["id"], _NEXT))

    def _ask_for_ranges(self) -> None:
        known = list(self.kept.get("branches", ()))[:RANGES]
        known += [{}] * (RANGES - len(known))
        for place, each in enumerate(known, start=1):
            numbers = {"number": place}
            self.fields[f"least_{place}"] = _number(
                gettext("Range %(number)s: from") % numbers, initial=each.get("least")
            )
            self.fields[f"most_{place}"] = _number(
                gettext("Range %(number)s: to") % numbers, initial=each.get("most")
            )
            to = _NEXT if "to" not in each else each["to"] or _END
            self._ask(f"to_{place}", gettext("Range %(number)s leads") % numbers, to)

    def ways(self) -> dict[str, Any]:
        """Return ``branches`` and ``otherwise`` as they are kept."""
        given = self.cleaned_data
        otherwise = given["otherwise"]
        return {
            "branches": [each for each in self._branches() if each],
            "otherwise": None if otherwise == _NEXT else _target(otherwise),
        }

    def _branches(self) -> list[dict[str, Any]]:
        given = self.cleaned_data
        if self.kept["kind"] in CHOOSING:
            ids = [each["id"] for each in self.kept.get("options", ())]
            return [
                {"to": _target(given[f"to_{key}"]), "options": [key]} if given[f"to_{key}"] else {}
                for key in ids
            ]
        if self.kept["kind"] not in COUNTING:
            return []
        return [
            {
                "to": _target(given[f"to_{place}"]),
                "least": given[f"least_{place}"],
                "most": given[f"most_{place}"],
            }
            if given[f"to_{place}"]
            else {}
            for place in range(1, RANGES + 1)
        ]


def _target(chosen: str) -> str:
    return END if chosen == _END else chosen
