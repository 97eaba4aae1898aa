"""Forms of a measure's card, in a few steps."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.exchange import labels
from tandem.exchange.domain.card import Card, Contact, Cost, Grade, Replicability, Status, Tags
from tandem.exchange.forms.numbers import decimal_field
from tandem.kit.forms import Manners, field_of
from tandem.kit.translated import TranslatedTextField

LONGEST_TITLE, LONGEST_LINE, LONGEST_TEXT = 300, 400, 8_000
MOST_EUROS = 10**12


def with_others(
    before: Mapping[str, str], after: Mapping[str, str], asked: tuple[str, ...]
) -> dict[str, str]:
    """Return texts with those of languages that no form asks for."""
    return {**{code: text for code, text in before.items() if code not in asked}, **after}


class CardForm(Manners, forms.Form):
    """A step of a card.

    Attributes:
        texts: Fields of the card that are texts by language.
    """

    texts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: Any = None, *, card: Card) -> None:
        super().__init__(data, initial=self.initial_of(card))

    def initial_of(self, card: Card) -> dict[str, Any]:
        """Return what the form begins with."""
        return {name: getattr(card, name) for name in self.texts}

    def applied(self, card: Card) -> Card:
        """Return the card with what was typed, as far as it will do."""
        changed: dict[str, Any] = dict(self._texts(card))
        return replace(card, **changed)

    def _texts(self, card: Card) -> Iterator[tuple[str, dict[str, str]]]:
        for name in self.texts:
            if name in self.cleaned_data:
                asked = field_of(self, name, TranslatedTextField).languages
                yield name, with_others(getattr(card, name), self.cleaned_data[name], asked)


class WhatForm(CardForm):
    """What a measure is, and why."""

    texts = ("title", "summary", "need", "solution")

    title = TranslatedTextField(label=labels.FIELDS["title"], max_length=LONGEST_TITLE, required=True)
    summary = TranslatedTextField(
        label=labels.FIELDS["summary"],
        max_length=LONGEST_LINE,
        help_text=_("What is done, for whom. Lists show it."),
    )
    need = TranslatedTextField(
        label=labels.FIELDS["need"],
        multiline=True,
        max_length=LONGEST_TEXT,
        help_text=_("What was wrong before, and for whom."),
    )
    solution = TranslatedTextField(
        label=labels.FIELDS["solution"],
        multiline=True,
        max_length=LONGEST_TEXT,
        help_text=_("What was built, bought or agreed, and how it works."),
    )
    status = forms.ChoiceField(
        label=labels.FIELDS["status"], choices=[("", "–"), *labels.STATUS.items()], required=False
    )
    charter = forms.MultipleChoiceField(
        label=_("New Leipzig Charter"),
        choices=list(labels.CHARTER.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Dimensions and principles that the measure serves."),
    )
    sdg = forms.MultipleChoiceField(
        label=_("Goals of the United Nations"),
        choices=[(number, labels.tag(f"sdg-{number}")) for number in labels.SDG],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def initial_of(self, card: Card) -> dict[str, Any]:
        """Return what the form begins with."""
        tags = card.tags or Tags()
        return {
            **super().initial_of(card),
            "status": card.status.value if card.status else "",
            "charter": list(tags.charter),
            "sdg": [str(number) for number in tags.sdg],
        }

    def applied(self, card: Card) -> Card:
        """Return the card with what was typed."""
        given, tags = self.cleaned_data, card.tags or Tags()
        tags = replace(
            tags,
            charter=tuple(given.get("charter", tags.charter)),
            sdg=tuple(int(number) for number in given.get("sdg", tags.sdg)),
        )
        status = given.get("status")
        return replace(
            super().applied(card),
            status=Status(status) if status else None,
            tags=tags if tags != Tags() else None,
        )


def _euros(label: Any, hint: Any) -> forms.DecimalField:
    limits = {"min_value": 0, "max_value": MOST_EUROS}
    return decimal_field(label, decimal_places=2, required=False, help_text=hint, **limits)


class MeansForm(CardForm):
    """What a measure costs, and what it rests on."""

    texts = ("legal_basis",)

    one_off = _euros(_("Once"), _("Whole amount until it runs: 80,000"))
    yearly = _euros(_("Every year"), _("For as long as it runs."))
    currency = forms.RegexField(
        "^[A-Z]{3}$",
        label=_("Currency"),
        initial="EUR",
        max_length=3,
        error_messages={"invalid": _("Enter three capital letters, such as EUR.")},
    )
    covers = TranslatedTextField(label=_("What this pays for"), max_length=LONGEST_LINE, required=False)
    legal_basis = TranslatedTextField(
        label=labels.FIELDS["legal_basis"],
        multiline=True,
        max_length=LONGEST_TEXT,
        help_text=_("Laws, permissions, data protection, procurement: what another city has to settle."),
    )

    def initial_of(self, card: Card) -> dict[str, Any]:
        """Return what the form begins with."""
        cost = card.cost or Cost("EUR")
        return {
            **super().initial_of(card),
            "one_off": _units(cost.one_off_cents),
            "yearly": _units(cost.yearly_cents),
            "currency": cost.currency,
            "covers": cost.covers,
        }

    def applied(self, card: Card) -> Card:
        """Return the card with what was typed."""
        given, cost = self.cleaned_data, card.cost or Cost("EUR")
        cost = replace(
            cost,
            currency=given.get("currency") or cost.currency,
            one_off_cents=_cents(given.get("one_off")),
            yearly_cents=_cents(given.get("yearly")),
            covers=with_others(
                cost.covers, given.get("covers", {}), field_of(self, "covers", TranslatedTextField).languages
            ),
        )
        is_known = cost.one_off_cents is not None or cost.yearly_cents is not None or cost.covers
        return replace(super().applied(card), cost=cost if is_known else None)


def _units(cents: int | None) -> Decimal | None:
    if cents is None:
        return None
    return Decimal(cents // 100) if cents % 100 == 0 else Decimal(cents) / 100


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)


class IndicatorsForm(CardForm):
    """Nothing but the rows of indicators."""


LEVELS = [
    ("", _("not said yet")),
    ("0", _("0 · not yet")),
    ("1", _("1 · with great effort")),
    ("2", _("2 · with some work")),
    ("3", _("3 · with small changes")),
    ("4", _("4 · as it is")),
]
_ASKED: Mapping[str, Any] = {
    "technical": _("Which devices, interfaces and skills does it take?"),
    "data": _("Which data does it need, and has every city them?"),
    "market": _("Can others buy it, from whom, and how often has that been done?"),
    "acceptance": _("What do people think of it, and what did it take to win them?"),
    "regulation": _("Would other rules stand in the way elsewhere?"),
}


class LessonsForm(CardForm):
    """How ready a measure is for another city, in five dimensions."""

    def __init__(self, data: Any = None, *, card: Card) -> None:
        super().__init__(data, card=card)
        for name, title in labels.DIMENSIONS.items():
            self.fields[f"{name}_level"] = forms.ChoiceField(
                label=title, choices=LEVELS, required=False, help_text=_ASKED[name]
            )
            self.fields[f"{name}_why"] = TranslatedTextField(
                label=_("%(dimension)s: why?") % {"dimension": title},
                max_length=LONGEST_LINE,
                required=False,
            )

    def initial_of(self, card: Card) -> dict[str, Any]:
        """Return what the form begins with."""
        known = card.replicability or Replicability()
        grades = {name: getattr(known, name) for name in labels.DIMENSIONS}
        levels = {f"{name}_level": str(each.level) for name, each in grades.items() if each}
        return {**levels, **{f"{name}_why": each.why for name, each in grades.items() if each}}

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: A reason without a grade.
        """
        values = super().clean() or {}
        for name in labels.DIMENSIONS:
            if values.get(f"{name}_why") and not values.get(f"{name}_level"):
                self.add_error(f"{name}_level", gettext("Choose a grade for this reason."))
        return values

    def applied(self, card: Card) -> Card:
        """Return the card with what was typed."""
        known = card.replicability or Replicability()
        grades: dict[str, Any] = {name: self._grade(name, getattr(known, name)) for name in labels.DIMENSIONS}
        changed = replace(known, **grades)
        return replace(card, replicability=changed if changed != Replicability() else None)

    def _grade(self, name: str, before: Grade | None) -> Grade | None:
        level = self.cleaned_data.get(f"{name}_level")
        if not level:
            return None
        kept = before or Grade(0)
        asked = field_of(self, f"{name}_why", TranslatedTextField).languages
        why = with_others(kept.why, self.cleaned_data.get(f"{name}_why", {}), asked)
        return replace(kept, level=int(level), why=why)


class ContactForm(CardForm):
    """Whom to ask, and what others may do with it."""

    role = TranslatedTextField(
        label=_("Office that answers other cities"),
        max_length=150,
        help_text=_("A role, never a person: people change."),
    )
    mail = forms.EmailField(label=_("Its e-mail address"), required=False)
    licence = forms.ChoiceField(
        label=labels.FIELDS["licence"], choices=list(labels.LICENCES.items()), required=False
    )

    def __init__(self, data: Any = None, *, card: Card) -> None:
        super().__init__(data, card=card)
        if card.licence not in labels.LICENCES:
            own = [(card.licence, card.licence or "–")]
            field_of(self, "licence", forms.ChoiceField).choices = [*own, *labels.LICENCES.items()]

    def initial_of(self, card: Card) -> dict[str, Any]:
        """Return what the form begins with."""
        contact = card.contact or Contact()
        return {"role": contact.role, "mail": contact.mail, "licence": card.licence}

    def applied(self, card: Card) -> Card:
        """Return the card with what was typed."""
        given, contact = self.cleaned_data, card.contact or Contact()
        asked = field_of(self, "role", TranslatedTextField).languages
        contact = replace(
            contact,
            role=with_others(contact.role, given.get("role", {}), asked),
            mail=given.get("mail", contact.mail),
        )
        return replace(
            card,
            contact=contact if contact != Contact() else None,
            licence=given.get("licence", card.licence),
        )
