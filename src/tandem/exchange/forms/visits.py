"""Forms of visits: when and where, the programme, who comes, the report."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from tandem.exchange.domain.visit import Item, Participant, Span, TooLong, check_length
from tandem.exchange.forms.numbers import whole_field
from tandem.exchange.forms.tandems import city_choices
from tandem.exchange.models import TandemMember, Visit
from tandem.exchange.services.visits import span_of
from tandem.kit import installation
from tandem.kit.forms import DatePartsField, Manners, field_of
from tandem.kit.spoken import spoken
from tandem.kit.translated import TranslatedTextField

MIDNIGHT = datetime.time()
DAY = datetime.timedelta(days=1)


def _time(label: Any, **named: Any) -> forms.TimeField:
    widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": 5})
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=["%H:%M", "%H.%M"],
        widget=widget,
        error_messages={"invalid": _("Enter hours and minutes, such as 9:30.")},
        **named,
    )


class VisitForm(Manners, forms.Form):
    """When, where and why cities meet."""

    titles = TranslatedTextField(required=True, label=_("Title"), max_length=150)
    host = forms.ChoiceField(label=_("Host"))
    is_online = forms.BooleanField(label=_("It takes place online"), required=False)
    place = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=300,
        help_text=_("Building and street, or the address of the online meeting if everybody may know it."),
    )
    begins_on = DatePartsField(label=_("First day"))
    begins_at = _time(_("Begins at"), help_text=_("Such as 9:30. Without hours it takes whole days."))
    ends_on = DatePartsField(label=_("Last day"))
    ends_at = _time(_("Ends at"))
    when = TranslatedTextField(
        label=_("In words, if the days are not known"),
        required=False,
        max_length=100,
        help_text=_(
            "Such as “autumn 2022”. The days above then only put it in order, and no calendar shows it."
        ),
    )

    def __init__(self, *arguments: Any, members: Iterable[TandemMember], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field_of(self, "host", forms.ChoiceField).choices = city_choices(members)
        for code in installation.city().languages:
            english = get_language_info(code)["name"]
            name = gettext(english)
            self.fields[f"questions_{code}"] = forms.CharField(
                label=gettext("Guiding questions, one a line (%(language)s)") % {"language": name},
                required=False,
                widget=forms.Textarea({"rows": 4, "lang": code}),
            )

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: Half of the hours, an end before the beginning or too far from it, or unequal numbers of
                questions.
        """
        values = super().clean() or {}
        begins, ends = values.get("begins_at"), values.get("ends_at")
        if (begins is None) != (ends is None) and not {"begins_at", "ends_at"} & set(self.errors):
            self.add_error("ends_at", gettext("Enter both times, or neither."))
        elif values.get("begins_on") and values.get("ends_on"):
            self._check_span(values)
        if len({len(each) for each in self._questions(values).values()}) > 1:
            said = gettext("Write the same questions in each language, in the same order.")
            self.add_error(f"questions_{installation.city().languages[0]}", said)
        return values

    def _check_span(self, values: dict[str, Any]) -> None:
        first, last = (each.replace(tzinfo=None) for each in self._moments(values))
        try:
            check_length(Span(first, last, is_known=not values.get("when")))
        except TooLong as error:
            self.add_error("ends_on", spoken(error.sentence))
        if last <= first:
            self.add_error("ends_on", gettext("It ends before it begins."))

    def _moments(self, values: dict[str, Any]) -> tuple[datetime.datetime, datetime.datetime]:
        zone = ZoneInfo(installation.city().timezone)
        begins, ends = values.get("begins_at"), values.get("ends_at")
        last_day = values["ends_on"] + (DAY if begins is None else datetime.timedelta())
        return (
            datetime.datetime.combine(values["begins_on"], begins or MIDNIGHT, zone),
            datetime.datetime.combine(last_day, ends or MIDNIGHT, zone),
        )

    def _questions(self, values: dict[str, Any]) -> dict[str, list[str]]:
        lists = {
            code: [line.strip() for line in values.get(f"questions_{code}", "").splitlines() if line.strip()]
            for code in installation.city().languages
        }
        return {code: lines for code, lines in lists.items() if lines}

    def columns(self) -> dict[str, Any]:
        """Return the values by column of ``Visit``."""
        given = self.cleaned_data
        begins, ends = self._moments(given)
        by_language = self._questions(given)
        count = max((len(each) for each in by_language.values()), default=0)
        questions = [{code: lines[place] for code, lines in by_language.items()} for place in range(count)]
        own = {name: given[name] for name in ("titles", "host", "is_online", "place", "when")}
        return {**own, "begins_at": begins, "ends_at": ends, "questions": questions}


def visit_initial(visit: Visit) -> dict[str, Any]:
    """Return what the form begins with for a visit."""
    span = span_of(visit)
    whole = span.takes_whole_days
    questions = {
        f"questions_{code}": "\n".join(each.get(code, "") for each in visit.questions).strip()
        for code in installation.city().languages
    }
    own = {name: getattr(visit, name) for name in ("titles", "host", "is_online", "place", "when")}
    return {
        **own,
        **questions,
        "begins_on": span.begins.date(),
        "ends_on": span.last_day,
        "begins_at": None if whole else span.begins.time().isoformat("minutes"),
        "ends_at": None if whole else span.ends.time().isoformat("minutes"),
    }


class ItemForm(Manners, forms.Form):
    """A point of the programme."""

    titles = TranslatedTextField(required=True, label=_("What happens"), max_length=200)
    on = forms.TypedChoiceField(
        label=_("Day"), required=False, coerce=datetime.date.fromisoformat, empty_value=None
    )
    at = _time(_("Begins at"), help_text=_("Such as 9:30"))
    minutes = whole_field(_("How many minutes it takes"), required=False, min_value=1, max_value=1_440)
    place = forms.CharField(label=_("Place"), required=False, max_length=200)

    def __init__(self, *arguments: Any, days: Sequence[datetime.date], **named: Any) -> None:
        super().__init__(*arguments, **named)
        choices = [(each.isoformat(), date_format(each, "DATE_FORMAT")) for each in days]
        field_of(self, "on", forms.ChoiceField).choices = [("", _("not known")), *choices]

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: There is a time without a day.
        """
        values = super().clean() or {}
        if values.get("at") and not values.get("on") and "on" not in self.errors:
            self.add_error("on", gettext("A time needs its day."))
        return values

    def item(self, key: str) -> Item:
        """Return the point with that key."""
        return Item(key, **self.cleaned_data)


def item_initial(item: Item) -> dict[str, Any]:
    """Return what the form begins with for a point."""
    return {
        "titles": item.titles,
        "on": item.on.isoformat() if item.on else "",
        "at": item.at.isoformat("minutes") if item.at else "",
        "minutes": item.minutes,
        "place": item.place,
    }


class ParticipantForm(Manners, forms.Form):
    """Somebody who comes."""

    city = forms.ChoiceField(label=_("City"))
    role = forms.CharField(
        label=_("Role"), max_length=200, help_text=_("What the person does: head of traffic planning.")
    )
    name = forms.CharField(
        label=_("Name"), required=False, max_length=120, help_text=_("Usually city and role are enough.")
    )
    agreed = forms.BooleanField(
        label=_("The person has agreed that the name stands on this page."), required=False
    )

    def __init__(self, *arguments: Any, members: Iterable[TandemMember], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field_of(self, "city", forms.ChoiceField).choices = city_choices(members)

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: There is a name and no agreement.
        """
        values = super().clean() or {}
        if values.get("name") and not values.get("agreed"):
            said = gettext("Ask the person first, then tick this. Or leave the name out.")
            self.add_error("agreed", said)
        return values

    def participant(self, key: str, *, kept: Participant | None, today: datetime.date) -> Participant:
        """Return who comes. An agreement to the same name keeps its day.

        Args:
            kept: What was stored under the key.
        """
        given = self.cleaned_data
        agreed_on = today if given["name"] else None
        if kept is not None and given["name"] == kept.name and kept.agreed_on:
            agreed_on = kept.agreed_on
        return Participant(key, given["city"], given["role"], given["name"], agreed_on)


def participant_initial(who: Participant) -> dict[str, Any]:
    """Return what the form begins with for a participant."""
    return {"city": who.city, "role": who.role, "name": who.name, "agreed": bool(who.name)}


class VisitReportForm(Manners, forms.Form):
    """The report of a visit."""

    report = TranslatedTextField(
        required=True,
        label=_("Text of the report"),
        multiline=True,
        help_text=_("What was seen, what the guiding questions brought, what follows from it for whom."),
    )
    is_done = forms.BooleanField(
        label=_("The report is done. Everybody who sees the visit may read it."), required=False
    )
