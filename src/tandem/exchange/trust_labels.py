"""What keys, feeds and decisions about them are called on pages, and what was done to them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tandem.exchange.domain.feeds.reading import Status

Labels = Mapping[str, str | Promise]
NEVER, SILENT = "never", "silent"
FEED: Labels = {
    NEVER: _("not visited yet"),
    SILENT: _("the last visit came to nothing"),
    Status.FOLLOWED: _("is followed"),
    Status.QUARANTINED: _("waits until its key is compared"),
    Status.STOPPED: _("stopped until somebody decides"),
}
FEED_TONES: Mapping[str, str] = {
    NEVER: "neutral",
    SILENT: "warning",
    Status.FOLLOWED: "success",
    Status.QUARANTINED: "warning",
    Status.STOPPED: "error",
}
HOW: Labels = {
    "meeting": _("At a meeting, face to face"),
    "call": _("On the telephone, at a number that we knew before"),
    "letter": _("By letter, or another way that is not this network"),
}
DECISIONS: Labels = {
    "go-on": _("Go on with what is known here"),
    "begin-anew": _("Believe what the city signs now, and read it from the beginning"),
    "stay": _("Leave it stopped"),
}
ACTIONS: Labels = {
    "exchange.key.see": _("Noted a partner's key to be compared"),
    "exchange.key.pin": _("Pinned a partner's key"),
    "exchange.key.revoke": _("Revoked a partner's key"),
    "exchange.key.change": _("Changed the city's own key"),
    "exchange.feed.stop": _("A partner's feed was stopped"),
    "exchange.feed.go-on": _("Went on with a partner's feed"),
    "exchange.feed.begin-anew": _("Began to read a partner's feed anew"),
    "exchange.feed.stay": _("Left a partner's feed stopped"),
}
