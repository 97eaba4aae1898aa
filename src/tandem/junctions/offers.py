"""What the room offers to the portal as a whole: a layer of the map, pages for search engines, names of actions."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.core.publication import Publication
from tandem.junctions.models import Junction
from tandem.kit.maps import Layer

ACTIONS = {
    "junctions.counts.offer": _("Offered a junction's counts to the catalogue"),
    "junctions.evaluation.add": _("Added an evaluation of a junction"),
    "junctions.file.approve": _("Approved a junction file"),
    "junctions.file.propose": _("Proposed a junction file for approval"),
    "junctions.file.send-back": _("Sent a junction file back"),
    "junctions.file.take-back": _("Took the proposal of a junction file back"),
    "junctions.file.upload": _("Uploaded a junction file"),
    "junctions.file.withdraw": _("Withdrew the approval of a junction file"),
    "junctions.junction.begin": _("Registered a junction"),
    "junctions.junction.change": _("Changed a junction's page"),
    "junctions.junction.publish": _("Published a junction's page"),
    "junctions.junction.withdraw": _("Withdrew a junction's page"),
    "junctions.token.make": _("Made a token for a junction's engine"),
    "junctions.token.revoke": _("Revoked the token of a junction's engine"),
}


def public_junctions() -> "QuerySet[Junction, tuple[str, datetime]]":
    """Return (slug, when changed) of every public junction."""
    rows = Junction.objects.filter(status=Publication.PUBLISHED).order_by("slug")
    return rows.values_list("slug", "changed_at")


def map_layers() -> list[Layer]:
    """Return the junctions as a layer, where there are any with a place."""
    if not Junction.objects.filter(status=Publication.PUBLISHED, latitude__isnull=False).exists():
        return []
    return [Layer("junctions", gettext("Junctions"), reverse("junctions:places"))]
