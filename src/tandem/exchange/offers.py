"""What the room offers to the portal as a whole: a block of the home page, the sitemap's rows, names of actions."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.exchange.domain.indicator_state import State
from tandem.exchange.domain.lifecycle import Status
from tandem.exchange.models import AdoptedIndicator, Measure, Round, Tandem
from tandem.exchange.services.browsing import city_name, title_of
from tandem.kit import installation
from tandem.kit.blocks import BlockItem, HomeBlock

SHOWN = 4
ACTIONS = {
    "exchange.measure.begin": _("Began a measure"),
    "exchange.measure.describe": _("Changed a measure"),
    "exchange.measure.announce": _("Announced a measure"),
    "exchange.measure.submit": _("Gave a measure to review"),
    "exchange.measure.send-back": _("Sent a measure back"),
    "exchange.measure.publish": _("Published a measure"),
    "exchange.measure.release": _("Gave out a version of a measure"),
    "exchange.measure.withdraw": _("Withdrew a measure"),
    "exchange.measure.discard": _("Discarded the draft of a measure"),
    "exchange.part.add": _("Added a part to a measure"),
    "exchange.part.move": _("Moved a part of a measure"),
    "exchange.part.remove": _("Took a part from a measure"),
    "exchange.evidence.add": _("Added evidence to a measure"),
    "exchange.evidence.remove": _("Took evidence from a measure"),
}


def public_measures() -> "QuerySet[Measure, tuple[str, datetime]]":
    """Return (slug, when changed) of every public measure of ours; a partner's are found at its origin."""
    rows = Measure.objects.filter(status=Status.PUBLISHED, city=installation.city().id)
    return rows.order_by("created_at", "id").values_list("slug", "changed_at")


def public_tandems() -> "QuerySet[Tandem, tuple[str, datetime]]":
    """Return (slug, when changed) of every public tandem."""
    rows = Tandem.objects.filter(is_public=True).order_by("slug")
    return rows.values_list("slug", "changed_at")


def public_indicators() -> "QuerySet[AdoptedIndicator, tuple[str, datetime]]":
    """Return (slug, when changed) of every live indicator."""
    rows = AdoptedIndicator.objects.filter(state=State.LIVE).order_by("slug")
    return rows.values_list("slug", "changed_at")


def public_rounds() -> "QuerySet[Round, tuple[str, datetime]]":
    """Return (slug, when changed) of every public round of matching."""
    rows = Round.objects.exclude(published_at=None).order_by("slug")
    return rows.values_list("slug", "changed_at")


def home_blocks(language: str) -> list[HomeBlock]:
    """Return which measures of ours and of the partners changed last."""
    rows = Measure.objects.filter(status=Status.PUBLISHED).order_by("-changed_at")[:SHOWN]
    items = [
        BlockItem(
            title_of(each, language),
            reverse("exchange:measure", args=[each.slug]),
            city_name(each.city, language),
            each.changed_at,
        )
        for each in rows
    ]
    if not items:
        return []
    title, more = gettext("Measures to learn from"), gettext("All measures")
    return [HomeBlock("measures", title, items=items, more_url=reverse("exchange:measures"), more_label=more)]
