"""Forms of tandems: what they are, cities, topics, the agenda."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.core.city import check_city_id
from tandem.core.errors import InvalidInput
from tandem.core.text import pick
from tandem.exchange import tandem_labels as labels
from tandem.exchange.domain.tandem import Code, PlayedPart, read_codes
from tandem.exchange.models import AgendaItem, TandemMember, Topic
from tandem.exchange.services.tandems import known_cities
from tandem.kit.forms import DatePartsField, Manners, field_of
from tandem.kit.spoken import language, spoken
from tandem.kit.translated import TranslatedTextField

OTHER, NOTHING = "other", ""
Choices = list[tuple[str, Any]]


def not_to_come(day: datetime.date) -> None:
    """Refuse a day that is still to come.

    Raises:
        ValidationError: It is.
    """
    if day > timezone.localdate():
        raise forms.ValidationError(gettext("This day is still to come. Give today or an earlier day."))


def city_choices(members: Iterable[TandemMember]) -> Choices:
    """Return the cities of a tandem, each once, those that have left included."""
    return list({each.city: pick(each.names, language(), default=each.city) for each in members}.items())


class TandemForm(Manners, forms.Form):
    """What a tandem says of itself."""

    titles = TranslatedTextField(required=True, label=_("Title"), max_length=120)
    aims = TranslatedTextField(
        label=_("Aims"),
        multiline=True,
        required=False,
        help_text=_("What the cities want to learn from each other, and why."),
    )


class EndForm(Manners, forms.Form):
    """The day on which a tandem ended."""

    on = DatePartsField(label=_("Ended on"), validators=[not_to_come])


# --- cities ---------------------------------------------------------------------------------------
class CityForm(Manners, forms.Form):
    """Which city is named as a member."""

    known = forms.ChoiceField(label=_("City"), widget=forms.RadioSelect)
    city = forms.CharField(
        label=_("Short name of another city"),
        required=False,
        max_length=60,
        help_text=_(
            "For a city without an installation: lower-case letters, digits and hyphens, such as venlo."
        ),
    )
    names = TranslatedTextField(label=_("Its name"), required=False, max_length=120)
    codes = forms.CharField(
        label=_("Its official codes, one a line"),
        required=False,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
        help_text=_(
            "Scheme, year and code: ISTAT 2019 051002. They tell places apart that have the same name."
        ),
    )
    contact_role = forms.CharField(label=_("Office that answers there"), required=False, max_length=200)
    joined_on = DatePartsField(label=_("Named as a member on"), validators=[not_to_come])

    def __init__(self, *arguments: Any, without: Iterable[str] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        gone = set(without)
        offered: Choices = [
            (city, pick(names, language(), default=city))
            for city, (names, _codes) in known_cities().items()
            if city not in gone
        ]
        field_of(self, "known", forms.ChoiceField).choices = [*offered, (OTHER, _("another city"))]

    def clean_codes(self) -> list[Code]:
        """Return the codes.

        Raises:
            ValidationError: A line names none.
        """
        try:
            return read_codes(self.cleaned_data["codes"])
        except InvalidInput as error:
            raise forms.ValidationError(spoken(error.sentence)) from error

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: Another city has no short name of the right form, no name, or that of a known one.
        """
        values = super().clean() or {}
        if values.get("known") == OTHER:
            self._check_other(values)
        return values

    def _check_other(self, values: dict[str, Any]) -> None:
        city = values.get("city", "")
        try:
            check_city_id(city)
        except InvalidInput:
            said = gettext("Use 2 to 60 lower-case letters, digits and hyphens, a letter first.")
            self.add_error("city", said)
        else:
            if city in known_cities():
                self.add_error("city", gettext("This city is in the list above. Choose it there."))
        if not values.get("names") and "names" not in self.errors:
            self.add_error("names", gettext("Enter a text in at least one language."))

    def member(self) -> dict[str, Any]:
        """Return what ``services.tandems.invite`` takes."""
        given = self.cleaned_data
        city = given["city"] if given["known"] == OTHER else given["known"]
        names, codes = (
            (given["names"], given["codes"]) if given["known"] == OTHER else known_cities()[given["known"]]
        )
        return {
            "city": city,
            "names": names,
            "codes": codes,
            "contact_role": given["contact_role"],
            "on": given["joined_on"],
        }


class ConsentForm(Manners, forms.Form):
    """The day on which a city agreed."""

    prefix = "consent"
    on = DatePartsField(
        label=_("Day on which the city agreed"),
        validators=[not_to_come],
        help_text=_("The day of the council's decision, of the signature or of the letter."),
    )


class LeaveForm(Manners, forms.Form):
    """The day on which a city left, and why."""

    prefix = "leave"
    on = DatePartsField(
        label=_("Left on"),
        validators=[not_to_come],
        help_text=_("The first day on which it is no member any more."),
    )
    because = TranslatedTextField(required=True, label=_("Why"), max_length=1_000)


class ContactForm(Manners, forms.Form):
    """Which office of a city answers."""

    prefix = "contact"
    contact_role = forms.CharField(label=_("Office that answers there"), required=False, max_length=200)


# --- topics and what is learnt --------------------------------------------------------------------
class TopicForm(Manners, forms.Form):
    """A topic, and who leads and who follows."""

    titles = TranslatedTextField(required=True, label=_("Topic"), max_length=150)

    def __init__(self, *arguments: Any, members: Iterable[TandemMember], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.cities = city_choices(each for each in members if each.left_on is None)
        choices: Choices = [
            (NOTHING, _("takes no part")),
            *((key.value, labels.PLAYED[key]) for key in PlayedPart),
        ]
        for city, name in self.cities:
            self.fields[f"part_{city}"] = forms.ChoiceField(
                label=name, choices=choices, required=False, widget=forms.RadioSelect
            )

    def parts_played(self) -> dict[str, str]:
        """Return who leads and who follows."""
        given = {city: self.cleaned_data[f"part_{city}"] for city, _name in self.cities}
        return {city: part for city, part in given.items() if part}


def topic_initial(topic: Topic) -> dict[str, Any]:
    """Return what the form begins with for a topic."""
    return {"titles": topic.titles, **{f"part_{city}": part for city, part in topic.parts_played.items()}}


class QuestionForm(Manners, forms.Form):
    """A question of the learning agenda."""

    questions = TranslatedTextField(required=True, label=_("Question"), max_length=500)
    due_on = DatePartsField(label=_("Answer wanted by"), required=False)
    lessons = TranslatedTextField(
        label=_("What was learnt"),
        required=False,
        multiline=True,
        help_text=_("Also what did not work: it spares others the same way."),
    )
    done_on = DatePartsField(label=_("Answered on"), required=False, validators=[not_to_come])

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: It is answered without a lesson.
        """
        values = super().clean() or {}
        if values.get("done_on") and not values.get("lessons"):
            self.add_error(
                "lessons", gettext("Say what was learnt, if only that there was nothing to learn.")
            )
        return values


def question_initial(item: AgendaItem) -> dict[str, Any]:
    """Return what the form begins with for a question."""
    return {name: getattr(item, name) for name in ("questions", "due_on", "lessons", "done_on")}
