"""What the states of adopted indicators are called on pages, and what was done to them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tandem.exchange.domain.indicator_part import Interval
from tandem.exchange.domain.indicator_state import State

Labels = Mapping[str, str | Promise]
STATE: Labels = {
    State.DRAFT: _("draft"),
    State.LIVE: _("live"),
    State.WITHDRAWN: _("withdrawn"),
}
STATE_TONES: Mapping[str, str] = {State.DRAFT: "neutral", State.LIVE: "success", State.WITHDRAWN: "warning"}
INTERVAL: Labels = {
    Interval.DAILY: _("every day"),
    Interval.WEEKLY: _("every week"),
    Interval.MONTHLY: _("every month"),
    Interval.QUARTERLY: _("every quarter"),
    Interval.YEARLY: _("every year"),
    Interval.IRREGULAR: _("now and then"),
}
ACTIONS: Labels = {
    "exchange.indicator.begin": _("Took an indicator over"),
    "exchange.indicator.describe": _("Changed an adopted indicator"),
    "exchange.indicator.discard": _("Discarded the draft of an adopted indicator"),
    "exchange.indicator.publish": _("Published an adopted indicator"),
    "exchange.indicator.withdraw": _("Withdrew an adopted indicator"),
    "exchange.indicator-value.add": _("Entered a value of an indicator"),
    "exchange.indicator-value.correct": _("Corrected a value of an indicator"),
    "exchange.indicator-value.remove": _("Removed a value of an indicator"),
    "exchange.indicator-value.upload": _("Uploaded values of an indicator"),
    "exchange.indicators.offer": _("Offered the indicators to the catalogue"),
}
