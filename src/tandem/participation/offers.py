"""What the room offers to the portal as a whole: a block of the home page, a layer of the map, names of actions."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.core.publication import Publication
from tandem.core.text import pick
from tandem.kit.blocks import BlockItem, HomeBlock
from tandem.kit.maps import Layer
from tandem.participation.models import Phase, Process, Project

SHOWN = 5
ACTIONS = {
    "participation.answer.give": _("Answered contributions"),
    "participation.ballot.record": _("Entered a paper ballot"),
    "participation.budget.publish": _("Published the result of a budget"),
    "participation.budget.reckon": _("Had the result of a budget reckoned"),
    "participation.budget.take-back": _("Took the result of a budget back"),
    "participation.codes.make": _("Made voting codes"),
    "participation.codes.revoke": _("Revoked voting codes"),
    "participation.document.add": _("Laid out a plan's document"),
    "participation.results.offer": _("Offered results to the catalogue"),
    "participation.file.add": _("Added a file to a project"),
    "participation.file.remove": _("Removed a file from a project"),
    "participation.milestone.remove": _("Removed a milestone"),
    "participation.milestone.set": _("Set a milestone"),
    "participation.moderation.decide": _("Decided in moderation"),
    "participation.news.post": _("Published news"),
    "participation.opinion.import": _("Brought Polis files in"),
    "participation.opinion.seed": _("Added a statement to an opinion map"),
    "participation.paper.record": _("Entered contributions from paper"),
    "participation.period.set": _("Set the period of a plan"),
    "participation.phase.change": _("Changed a phase"),
    "participation.process.begin": _("Began a process"),
    "participation.process.change": _("Changed a process"),
    "participation.process.discard": _("Discarded a process"),
    "participation.process.outcome": _("Published what became of a process"),
    "participation.process.publish": _("Published a process"),
    "participation.process.withdraw": _("Withdrew a process"),
    "participation.project.begin": _("Began a project"),
    "participation.project.change": _("Changed a project"),
    "participation.project.discard": _("Discarded a project"),
    "participation.project.publish": _("Published a project"),
    "participation.project.withdraw": _("Withdrew a project"),
    "participation.proposal.check": _("Checked a proposal"),
    "participation.statement.decide": _("Decided about statements"),
    "participation.statement.group": _("Looked for equal letters"),
    "participation.statement.record": _("Entered a statement"),
    "participation.statement.reopen": _("Took a decision on a statement back"),
    "participation.statement.reply": _("Replied to a statement"),
    "participation.statement.weigh": _("Weighed a statement"),
    "participation.survey.record": _("Entered a paper form"),
    "participation.survey.set": _("Changed a survey's questions"),
}


def public_projects() -> "QuerySet[Project, tuple[str, datetime]]":
    """Return (slug, when changed) of every public project."""
    rows = Project.objects.filter(status=Publication.PUBLISHED).order_by("slug")
    return rows.values_list("slug", "changed_at")


def public_processes() -> "QuerySet[Process, tuple[str, datetime]]":
    """Return (slug, when changed) of every public process."""
    rows = Process.objects.filter(status=Publication.PUBLISHED).order_by("slug")
    return rows.values_list("slug", "changed_at")


def home_blocks(language: str) -> list[HomeBlock]:
    """Return where one can have a say now; what closes first comes first."""
    now = timezone.now()
    rows = Phase.objects.filter(
        Q(closes_at__gt=now) | Q(closes_at=None),
        opens_at__lte=now,
        process__status=Publication.PUBLISHED,
        process__project__status=Publication.PUBLISHED,
    ).select_related("process")
    items = [_item(each, language) for each in rows.order_by("closes_at")[:SHOWN]]
    if not items:
        return []
    return [
        HomeBlock(
            "participation",
            gettext("Have a say now"),
            items=items,
            more_url=reverse("participation:processes"),
            more_label=gettext("Everything to take part in"),
        )
    ]


def _item(phase: Phase, language: str) -> BlockItem:
    until = ""
    if phase.until:
        day = formats.date_format(timezone.localtime(phase.until), "SHORT_DATE_FORMAT")
        until = gettext("until %(day)s") % {"day": day}
    title = pick(phase.process.titles, language, default=phase.process.slug)
    return BlockItem(title, reverse("participation:phase", args=[phase.process.slug, phase.number]), until)


def map_layers() -> list[Layer]:
    """Return the sites of projects as a layer, where there are any."""
    if not Project.objects.filter(status=Publication.PUBLISHED, latitude__isnull=False).exists():
        return []
    return [Layer("participation-sites", gettext("Projects"), reverse("participation:sites"), "areas")]
