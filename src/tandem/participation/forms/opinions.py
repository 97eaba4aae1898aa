"""Forms of the opinion map."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from tandem.kit import installation
from tandem.kit.forms import Manners
from tandem.participation.domain.opinion.votes import AGREE, DISAGREE, PASS
from tandem.participation.domain.phase_settings import OpinionSettings

SHORTEST, LONGEST = 40, 300
MOST_LINES = 100
SEED, PAPER, PHONE, COUNTER = "web", "paper", "phone", "counter"


class PollStatementForm(Manners, forms.Form):
    """Asks for a short statement.

    Args:
        longest: In characters.
    """

    text = forms.CharField(label=_("Your statement"), widget=forms.Textarea({"rows": 3}))

    def __init__(self, *arguments: Any, longest: int, **named: Any) -> None:
        super().__init__(*arguments, **named)
        hint = gettext("One thought that one can agree with or not, in %(most)s characters at the most.")
        self.fields["text"].help_text = hint % {"most": longest}


def _whole(label: Any, least: int, most: int, **named: Any) -> forms.IntegerField:
    digits = forms.TextInput({"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, widget=digits, **named)


class OpinionSettingsForm(Manners, forms.Form):
    """What can be set in an opinion map."""

    admit_first = forms.BooleanField(
        label=_("New statements wait until somebody admits them"), required=False
    )
    longest_text = _whole(_("Longest statement, in characters"), SHORTEST, LONGEST)
    smallest_group = _whole(
        _("Smallest number of people that is shown"),
        3,
        100,
        help_text=_("No smaller group is described, and no vote of fewer people is counted out."),
    )

    def settings(self) -> dict[str, Any]:
        """Return what is kept with the phase."""
        return OpinionSettings(**self.cleaned_data).as_json()


class SeedForm(Manners, forms.Form):
    """Statements that staff enter: the city's own, or those that came in another way than on the Internet."""

    texts = forms.CharField(
        label=_("Statements, one a line"),
        widget=forms.Textarea({"rows": 6}),
        help_text=_("They are voted on at once. Good ones say one thing, and people can disagree with them."),
    )
    language = forms.ChoiceField(label=_("Their language"))
    channel = forms.ChoiceField(
        label=_("Whose they are"),
        choices=[
            (SEED, _("the city's, to begin with")),
            (PAPER, _("somebody's, on paper")),
            (PHONE, _("somebody's, by telephone")),
            (COUNTER, _("somebody's, at the counter")),
        ],
        widget=forms.RadioSelect,
        initial=SEED,
    )

    def __init__(self, *arguments: Any, longest: int, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.longest = longest
        languages = installation.city().languages
        names = [(code, gettext(get_language_info(code)["name"])) for code in languages]
        self.fields["language"] = forms.ChoiceField(
            label=_("Their language"), choices=names, initial=languages[0]
        )

    def clean_texts(self) -> list[str]:
        """Return the statements.

        Raises:
            ValidationError: One is too long, or there are too many.
        """
        lines = [" ".join(line.split()) for line in self.cleaned_data["texts"].splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            text = gettext("These are %(count)s statements; %(most)s are possible at a time.")
            raise forms.ValidationError(text % {"count": len(lines), "most": MOST_LINES})
        for line in lines:
            if len(line) > self.longest:
                text = gettext("“%(start)s …” has %(count)s characters; %(most)s are possible.")
                said = {"start": line[:40], "count": len(line), "most": self.longest}
                raise forms.ValidationError(text % said)
        return lines


class PolisForm(Manners, forms.Form):
    """Files of a Polis export."""

    comments = forms.FileField(label=_("comments.csv"))
    votes = forms.FileField(
        label=_("votes.csv"), required=False, help_text=_("Without it the statements alone come in.")
    )


def _numbers(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=4_000)


class PaperVotesForm(Manners, forms.Form):
    """A form with votes that came on paper.

    Args:
        known: The numbers of the statements that are voted on.
    """

    sheet = forms.CharField(label=_("Number of the paper form"), max_length=40)
    agree = _numbers(_("Numbers of the statements agreed with"))
    disagree = _numbers(_("Numbers of the statements disagreed with"))
    passed = _numbers(_("Numbers of the statements passed on"))

    def __init__(self, *arguments: Any, known: Sequence[int], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.known = set(known)
        self.fields["agree"].help_text = gettext("For example: 3 8 12")

    def clean(self) -> dict[str, Any]:
        """Return the values, with ``votes`` by the number of the statement.

        Raises:
            ValidationError: A number is none of a statement, or stands there twice; or there is none.
        """
        values = super().clean() or {}
        votes: dict[int, int] = {}
        for name, value in (("agree", AGREE), ("disagree", DISAGREE), ("passed", PASS)):
            for word in re.split(r"[\s,;]+", values.get(name, "").strip()):
                self._take(votes, name, word, value)
        if not votes and not self.errors:
            self.add_error("agree", gettext("Enter the number of one statement at least."))
        values["votes"] = votes
        return values

    def _take(self, votes: dict[int, int], name: str, word: str, value: int) -> None:
        if not word:
            return
        number = int(word) if word.isdecimal() and len(word) < 7 else None
        if number not in self.known:
            self.add_error(
                name, gettext("There is no statement %(number)s to vote on.") % {"number": word[:20]}
            )
        elif number in votes:
            self.add_error(name, gettext("Statement %(number)s is there twice.") % {"number": number})
        else:
            votes[number] = value
