"""Who may do what, when: every cell of the table asked of the real pages, by everybody, in each state of a phase."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tandem.participation.domain.permissions import DUTIES
from tandem.participation.domain.phase import RULES, Action, PhaseKind, PhaseState, Who, admittable, refusal
from tandem.participation.models import (
    Comment,
    Contribution,
    Participant,
    PlanStatement,
    QueueItem,
)
from tandem.participation.services import allocating, opinions, statements, voting, voting_codes
from tandem.participation.services.participants import for_person
from tandem.participation.services.statements import Author
from tandem.participation.services.voting import Choice
from tests.participation.budgets import SETTINGS
from tests.participation.conftest import DAY, NOW, move
from tests.participation.test_surveys import GARDEN

pytestmark = pytest.mark.django_db
ONE_PAGE = (
    (Action.CONTRIBUTE, Action.CONTRIBUTE_LATE),
    (Action.SEE_RESULTS, Action.SEE_INTERIM_RESULTS),
)
"""Actions of which the state of the phase says which one it is that somebody does on a page."""
QUESTIONS = {"questions": [GARDEN], "smallest_count": 1}
CELLS = [
    (kind, action, state, everybody)
    for kind in PhaseKind
    for action, rule in RULES[kind].items()
    for state in PhaseState
    for everybody in ([False, True] if rule.chosen else [False])
]


class Asker:
    """Somebody who asks, with a browser, and with what is theirs in the phase.

    Attributes:
        code: An unused code from a letter, for those who take part with one.
    """

    def __init__(self, who: Who, phase, number: int, people) -> None:
        self.who, self.phase, self.number, self.client, self.code = who, phase, number, Client(), ""
        if who in {Who.ACCOUNT, Who.STAFF}:
            person = people(*(["participation:planner"] if who is Who.STAFF else []))
            self.client.force_login(person)
            self.participant = for_person(person)
        else:
            kind = "email" if who is Who.EMAIL else "guest"
            email = f"asker{number}@example.org" if kind == "email" else ""
            self.participant = Participant.objects.create(kind=kind, email=email, language="en")
            session = self.client.session
            session["participation_participant"] = str(self.participant.pk)
            session.save()
        if who is Who.CODE:
            office = people("participation:planner")
            self.code = voting_codes.make_codes(phase, 1, batch=f"b{number}", person=office, now=NOW)[0]

    def url(self, name: str, *more) -> str:
        """Return the address of a page of the phase."""
        return reverse(f"participation:{name}", args=[self.phase.process.slug, self.phase.number, *more])

    def post(self, name: str, *more, **values):
        """Post a form of the phase."""
        return self.client.post(self.url(name, *more), values)

    # --- what is asked of the pages -------------------------------------------------------------
    def read(self):
        return self.client.get(self.url("phase"))

    def contribute(self):
        if self.phase.phase_kind is PhaseKind.STATEMENTS:
            return self.post("statement_new", text=f"Statement {self.number}", token="t")
        if self.phase.phase_kind is PhaseKind.OPINION_MAP:
            return self.post("opinion_write", text=f"Statement {self.number}", anyway="yes")
        if self.phase.phase_kind is not PhaseKind.SURVEY:
            return self.post("idea_new", title=f"Idea {self.number}", text="Text", token="t", anyway="yes")
        if self.code:
            return self.post("survey_code", voting_code=self.code)
        return self.client.get(self.url("survey_answer"), {"question": "garden"})

    contribute_late = contribute

    def change_own(self):
        return self.post("idea_change", self.number, title="Changed", text="Changed")

    def withdraw_own(self):
        if self.phase.phase_kind is PhaseKind.STATEMENTS:
            own = PlanStatement.objects.get(participant=self.participant)
            return self.post("statement_withdraw", own.number)
        if self.phase.phase_kind is not PhaseKind.BUDGET_CHECK:
            return self.post("idea_withdraw", self.number)
        first = self.phase.process.phases.get(number=1)
        return self.client.post(
            reverse("participation:idea_withdraw", args=[first.process.slug, 1, self.number])
        )

    def comment(self):
        return self.post("idea_comment", self.number, text="A comment")

    def withdraw_comment(self):
        return self.post(
            "comment_withdraw", self.number, Comment.objects.get(participant=self.participant).pk
        )

    def support(self):
        return self.post("idea_support", self.number, wanted="yes")

    def _subject(self):
        if self.phase.phase_kind is PhaseKind.OPINION_MAP:
            return "poll-statement", self.phase.poll_statements.get(number=1).pk
        return "contribution", Contribution.objects.get(number=self.number).pk

    def report(self):
        address = reverse("participation:report", args=self._subject())
        return self.client.post(address, {"ground": "insult", "text": "Insulting."})

    def moderate(self):
        kind, key = self._subject()
        item, _made = QueueItem.objects.get_or_create(
            subject_kind=kind,
            subject_id=key,
            defaults={"process": self.phase.process, "cause": "notice", "opened_at": NOW},
        )
        return self.client.post(reverse("participation:queue_item", args=[item.pk]), {"measure": "keep"})

    def vote(self):
        if self.phase.phase_kind is PhaseKind.OPINION_MAP:
            return self.post("opinion_vote", statement="1", vote="agree")
        code = {"voting_code": self.code} if self.code else {}
        return self.post("vote_ballot", choice=[str(self.number)], step="cast", **code)

    def see_results(self):
        if self.phase.phase_kind.value.startswith("budget"):
            page = self.client.get(self.url("phase"))
            return page if page.context.get("told") else None
        if self.phase.phase_kind is PhaseKind.OPINION_MAP:
            return self.client.get(self.url("opinion_results"))
        return self.client.get(self.url("survey_results", "csv"))

    see_interim_results = see_results

    def record_paper(self):
        names = {
            PhaseKind.STATEMENTS: "statement_paper",
            PhaseKind.BUDGET_VOTE: "vote_paper",
            PhaseKind.OPINION_MAP: "opinion_paper",
            PhaseKind.SURVEY: "survey_paper",
        }
        return self.client.get(self.url(names.get(self.phase.phase_kind, "idea_paper")))

    def check(self):
        return self.post("proposal_check", self.number, feasible="yes", cost="100", note="Fine.")

    def weigh(self):
        return self.post("statement", PlanStatement.objects.first().number, step="begin")

    def reply(self):
        if self.phase.phase_kind is PhaseKind.STATEMENTS:
            return self.post("statements_reply")
        address = reverse("participation:answer", args=[Contribution.objects.get(number=self.number).pk])
        return self.client.post(address, {"status": "done", "texts_en": "Done.", "office": "Parks"})

    def publish_results(self):
        return self.post("vote_reckon", step="publish")


def fill(phase, asker: Asker) -> None:
    """Give somebody something of their own in a phase, as far as its kind has such a thing."""
    kind, number = phase.phase_kind, asker.number
    own = {"participant": asker.participant, "author_label": "A"}
    if kind is PhaseKind.STATEMENTS:
        given = {"uploads": [], "author": Author(), "received_at": NOW, "now": NOW, "language": "de"}
        statements.receive(phase, text=f"Own {number}", participant=asker.participant, **given)
    elif kind is PhaseKind.IDEAS or kind.value.startswith("budget"):
        row = Contribution.objects.create(
            process=phase.process,
            phase=phase.process.phases.get(number=1),
            kind="idea" if kind is PhaseKind.IDEAS else "proposal",
            number=number,
            title=f"Own {number}",
            text="Text",
            language="de",
            feasible=True,
            cost_cents=1_000,
            comment_count=1,
            **own,
        )
        Comment.objects.create(contribution=row, text="Own", **own)


def prepare(phase, office) -> None:
    """Let there be what everybody may act upon: a statement to vote on, a result that was published."""
    kind = phase.phase_kind
    if kind is PhaseKind.OPINION_MAP:
        opinions.add_statement(phase, "More trees", language="de", now=NOW, person=office)
    if kind in {PhaseKind.BUDGET_VOTE, PhaseKind.BUDGET_RESULT}:
        vote = phase.process.phases.get(number=3)
        vote.settings, vote.admitted = SETTINGS, ["code"]
        vote.save()
        move(vote, "open")
        code = voting_codes.make_codes(vote, 1, batch="all", person=office, now=NOW)[0]
        voting.cast(vote, Choice(("1",)), now=NOW, code=code)
        move(vote, "closed")
        allocating.reckon(vote, now=NOW)
        allocating.publish(vote, person=office, now=NOW)


def begin_alone(phase, state: PhaseState) -> None:
    """Move a phase; no other phase of its process is open."""
    move(phase, state)
    for each in phase.process.phases.exclude(pk=phase.pk):
        before = timedelta(days=-100) if each.number < phase.number else timedelta(days=100)
        each.opens_at, each.closes_at = NOW + before, NOW + before + DAY
        each.save()


def was_done(response) -> bool:
    """Return whether a page did what was asked of it, or showed it."""
    if response is None or response.status_code not in {200, 302}:
        return False
    return response.status_code == 200 or not response.url.startswith(reverse("account_login"))


def wanted_of(asker: Asker, action: Action, state: PhaseState, admitted) -> bool:
    """Return what the table says. What staff have no duty for, they do with their account like everybody."""
    who = Who.ACCOUNT if asker.who is Who.STAFF and action not in DUTIES else asker.who
    return refusal(action, kind=asker.phase.phase_kind, state=state, who=who, admitted=admitted) is None


@pytest.mark.parametrize(("kind", "action", "state", "everybody"), CELLS)
def test_pages_do_what_the_table_says(a_phase, person, kind, action, state, everybody):
    settings = {PhaseKind.BUDGET_VOTE: SETTINGS, PhaseKind.SURVEY: QUESTIONS}.get(kind, {})
    phase = a_phase(kind, settings=settings)
    if everybody:
        phase.admitted = sorted(admittable(kind))
        phase.save()
    ways = [each for each in Who if each is not Who.CODE or Who.CODE in admittable(kind)]
    askers = [Asker(who, phase, number, person) for number, who in enumerate(ways, 1)]
    for each in askers:
        fill(phase, each)
    prepare(phase, person("participation:planner"))
    phase.refresh_from_db()
    begin_alone(phase, state)
    admitted = phase.who_is_admitted
    same_page = next((pair for pair in ONE_PAGE if action in pair), (action,))
    wanted = {
        each.who: any(wanted_of(each, other, state, admitted) for other in same_page if other in RULES[kind])
        for each in askers
    }
    found = {each.who: was_done(getattr(each, action.replace("-", "_"))()) for each in askers}
    assert found == wanted, admitted


def test_every_action_is_in_the_table_of_some_kind():
    assert {action for rules in RULES.values() for action in rules} == set(Action)
