"""The result of a budget vote: reckoned, published, explained, and reckoned again by anybody."""

import re

import pytest

from tandem.accounts.models import AuditEntry
from tandem.kit import jobs
from tandem.kit.models import Job
from tandem.participation.adapters import pabulib
from tandem.participation.domain.budget.allocation import allocate
from tandem.participation.domain.budget.rule import Method, Rule, Utility
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import Allocation, CastBallot, Contribution, Phase
from tandem.participation.services import allocating, voting
from tandem.participation.services.allocating import IsPublic, NothingReckoned, NotYet
from tandem.participation.services.voting import Choice
from tests.participation.budgets import a_vote, add_proposal, codes, url
from tests.participation.conftest import NOW, move

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(person):
    return person("participation:planner")


def cast_all(phase, office, ballots):
    """Cast ballots with codes, then let the vote close."""
    made = codes(phase, office, len(ballots), batch=f"b{phase.pk}")
    for code, choice in zip(made, ballots, strict=True):
        voting.cast(phase, choice, now=NOW, code=code)
    move(phase, "closed")
    return phase


@pytest.fixture
def voted(a_phase, office):
    """Return a closed vote: of twelve, seven want bench and tree, five the bus for 60,000 €."""
    ballots = [Choice(("1", "2"))] * 7 + [Choice(("3",))] * 5
    return cast_all(a_vote(a_phase), office, ballots)


@pytest.fixture
def published(voted):
    allocating.reckon(voted, now=NOW)
    allocating.publish(voted, person=None, now=NOW)
    return voted


def actions():
    rows = AuditEntry.objects.filter(action__startswith="participation.budget.")
    return list(rows.order_by("at").values_list("action", flat=True))


# --- reckoning ----------------------------------------------------------------------------------
def test_nobody_sees_how_it_stands_while_it_is_open(signed_in, a_phase, office):
    phase = a_vote(a_phase)
    voting.cast(phase, Choice(("1",)), now=NOW, code=codes(phase, office)[0])
    client = signed_in(office)
    shown = client.get(url(phase, "phase")).content.decode()
    assert ("people voted" in shown, "For the office" in shown) == (False, False)
    assert client.post(url(phase, "vote_reckon"), {"step": "reckon"}).status_code == 409
    with pytest.raises(NotYet):
        allocating.reckon(phase, now=NOW)
    assert Job.objects.count() == 0


@pytest.mark.parametrize("step", ["reckon", "publish", "take-back"])
@pytest.mark.parametrize(
    ("role", "state", "expected"),
    [
        ("", "closed", 403),
        ("participation:moderator", "closed", 403),
        ("participation:reader", "closed", 403),
        ("participation:planner", "planned", 409),
        ("participation:planner", "open", 409),
        ("participation:planner", "closed", 302),
    ],
)
def test_who_reckons_and_publishes_when(signed_in, person, a_phase, role, state, expected, step):
    phase = a_vote(a_phase, state=state)
    client = signed_in(person(*([role] if role else [])))
    assert client.post(url(phase, "vote_reckon"), {"step": step}).status_code == expected


def test_the_result_is_reckoned_in_the_background_then_published(
    signed_in, page_client, voted, office, person
):
    client = signed_in(office)
    refused = client.post(url(voted, "vote_reckon"), {"step": "publish"}, follow=True)
    assert "Reckon the result first" in refused.content.decode()
    started = client.post(url(voted, "vote_reckon"), {"step": "reckon"})
    job = Job.objects.get()
    assert started.url.endswith(f"/jobs/{job.pk}/")
    jobs.run_here(job)
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.SUCCEEDED, {"winners": 2})
    assert "Only the city" in client.get(url(voted, "phase")).content.decode()

    signed_in(person())
    hidden = page_client.get(url(voted, "phase")).content.decode()
    assert ("The result is not public yet" in hidden, "Who paid" in hidden) == (True, False)
    for name, more in (("vote_election", []), ("vote_explained", [1])):
        assert page_client.get(url(voted, name, *more)).status_code == 404
    signed_in(office).post(url(voted, "vote_reckon"), {"step": "publish"})
    page_client.logout()
    assert page_client.get(url(voted, "vote_election")).status_code == 200
    assert actions() == ["participation.budget.reckon", "participation.budget.publish"]


def test_a_public_result_is_not_reckoned_anew_behind_peoples_backs(signed_in, published, office):
    with pytest.raises(IsPublic):
        allocating.reckon(published, now=NOW)
    client = signed_in(office)
    client.post(url(published, "vote_reckon"), {"step": "reckon"})
    assert Job.objects.count() == 0
    client.post(url(published, "vote_reckon"), {"step": "take-back"})
    assert Phase.objects.get(pk=published.pk).results_published_at is None
    client.post(url(published, "vote_reckon"), {"step": "reckon"})
    assert Job.objects.count() == 1


def test_without_ballots_and_without_a_result_there_is_nothing(a_phase):
    phase = a_vote(a_phase, state="closed")
    with pytest.raises(NotYet):
        allocating.reckon(phase, now=NOW)
    with pytest.raises(NothingReckoned):
        allocating.publish(phase, person=None, now=NOW)


def test_the_winners_are_those_of_the_published_rule(voted):
    """Each of the twelve has 8,333.33 €. Seven want bench and tree, both worth as much to them for their money; the
    tree is cheaper and comes first, at 30,000 / 7 = 4,285.71 € each. The bench needs 5,714.29 € more of each: shares
    are raised until they have it. The bus would need 12,000 € of each of its five, and by then costs too much.
    """
    kept = allocating.reckon(voted, now=NOW)
    assert kept.winners == ["2", "1"]
    assert kept.explanation["spent_cents"] == 70_000_00
    assert kept.explanation["voters"] == 12


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"method": "most-votes"}, ["2", "1"]),
        ({"method": "greedy"}, ["2", "1"]),
        ({"method": "equal-shares", "add_one": False, "completion": False}, ["2"]),
    ],
)
def test_each_rule_has_its_winners(a_phase, office, rule, expected):
    ballots = [Choice(("1", "2"))] * 7 + [Choice(("3",))] * 5
    phase = cast_all(a_vote(a_phase, **rule), office, ballots)
    assert allocating.reckon(phase, now=NOW).winners == expected


def test_the_greedy_method_goes_by_votes_for_the_money(a_phase, office):
    ballots = [Choice(("3",))] * 8 + [Choice(("1",))] * 7 + [Choice(("4",))] * 2
    phase = cast_all(a_vote(a_phase, method="greedy"), office, ballots)
    assert allocating.reckon(phase, now=NOW).winners == ["1", "3"]


def test_points_decide_where_points_were_given(a_phase, office):
    ballots = [Choice(("3", "1"), (9, 1))] * 5 + [Choice(("1",), (1,))] * 6
    phase = cast_all(a_vote(a_phase, vote_type="cumulative", method="most-votes"), office, ballots)
    kept = allocating.reckon(phase, now=NOW)
    assert kept.winners == ["3", "1"]
    assert [(each["proposal_id"], each["votes"]) for each in kept.explanation["won"]] == [
        ("3", 45),
        ("1", 11),
    ]


def test_equal_ones_are_ordered_by_number_and_not_as_words(a_phase, office):
    phase = a_vote(a_phase, method="most-votes", budget_cents=50_000)
    for number in (9, 10):
        add_proposal(phase, number, f"Platz {number}", feasible=True, cost_cents=50_000)
    cast_all(phase, office, [Choice(("10",)), Choice(("9",))])
    assert allocating.reckon(phase, now=NOW).winners == ["09"]


@pytest.mark.parametrize("change", [{"hidden_at": NOW}, {"withdrawn_at": NOW}])
def test_what_has_gone_since_cannot_win_and_the_ballots_count_with_the_rest(voted, change):
    Contribution.objects.filter(number=2).update(**change)
    kept = allocating.reckon(voted, now=NOW)
    assert "2" not in kept.winners
    assert (kept.explanation["voters"], kept.winners[0]) == (12, "1")


def test_paper_counts_as_much_as_the_web(voted, office):
    for number in range(20):
        voting.record_paper(voted, Choice(("3",)), sheet=f"A{number}", person=office, now=NOW)
    kept = allocating.reckon(voted, now=NOW)
    first = kept.explanation["won"][0]
    assert (first["proposal_id"], first["votes"]) == ("3", 25)
    assert CastBallot.objects.filter(channel="paper").count() == 20


# --- anybody can reckon it again ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "choices"),
    [
        ({}, lambda number: Choice((str(number % 4 + 1), str((number + 1) % 4 + 1)))),
        ({"vote_type": "choose-1"}, lambda number: Choice((str(number**2 % 4 + 1),))),
        (
            {"vote_type": "cumulative"},
            lambda number: Choice((str(number % 4 + 1), str((number + 2) % 4 + 1)), (number % 5 + 1, 3)),
        ),
    ],
)
def test_the_file_read_back_gives_the_same_winners(page_client, a_phase, office, rule, choices):
    phase = cast_all(a_vote(a_phase, **rule), office, [choices(number) for number in range(23)])
    kept = allocating.reckon(phase, now=NOW)
    allocating.publish(phase, person=None, now=NOW)
    answer = page_client.get(url(phase, "vote_election"))
    read = pabulib.read(answer.content)

    assert read.findings == []
    utility = Utility.POINTS if rule.get("vote_type") == "cumulative" else Utility.COST
    again = allocate(read.election, Rule(Method.EQUAL_SHARES, utility, add_one=True, completion=True))
    assert list(again.winners) == kept.winners
    assert read.official == set(kept.winners)
    assert read.file.about("rule") == "equalshares/add1"


# --- the pages ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "who_paid"),
    [("en", "7 supporters paid 4,285.71 € each."), ("de", "4.285,71"), ("it", "4.285,71")],
)
def test_the_page_says_who_paid_for_what(page_client, published, language, who_paid):
    for number in (3, 4):  # the phase of voting, once it has closed, and that of the result
        shown = page_client.get(f"/{language}/take-part/{published.process.slug}/{number}/").content.decode()
        assert who_paid in shown.replace("\xa0", " ")


def test_the_result_in_words_and_numbers(page_client, published):
    shown = page_client.get(url(published, "phase")).content.decode()
    figures = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", shown))
    assert figures["people voted"] == "12"
    assert (figures["to spend"], figures["spent"], figures["left"]) == ("100,000 €", "70,000 €", "30,000 €")
    assert re.findall(r'vote/proposals/(\d)/" lang="de">(\w+)<', shown) == [
        ("2", "Baum"),
        ("1", "Bank"),
        ("3", "Bus"),
        ("4", "Bad"),
    ]
    assert "Nobody voted for it." in shown
    assert "The most votes alone would have given the same winners." in shown


def test_the_rule_is_compared_with_a_count_of_the_most_votes(page_client, a_phase, office):
    """60 people in the centre agree on three things, 40 at the edge on one: the most votes would leave them nothing."""
    phase = a_vote(a_phase, budget_cents=100_000_00, most_choices=0)
    Contribution.objects.update(cost_cents=33_000_00)
    cast_all(phase, office, [Choice(("1", "2", "3"))] * 60 + [Choice(("4",))] * 40)
    allocating.reckon(phase, now=NOW)
    allocating.publish(phase, person=None, now=NOW)
    shown = page_client.get(url(phase, "phase")).content.decode()
    assert (
        "40 people would have got fewer of the proposals that they voted for, 0 as many and 60 more." in shown
    )
    assert "The most votes alone would have chosen: Bank, Baum, Bus." in shown


@pytest.mark.parametrize(
    ("key", "title", "said"),
    [
        (2, "Why “Baum” won", "7 supporters paid"),
        (3, "Why “Bus” did not win", "Its supporters had"),
        (4, "Why “Bad” did not win", "Nobody voted for it."),
    ],
)
def test_each_proposal_has_a_page_that_says_why(page_client, published, key, title, said):
    shown = page_client.get(url(published, "vote_explained", key)).content.decode()
    assert (f"<h1>{title}</h1>" in shown, said in shown) == (True, True)


@pytest.mark.parametrize("language", ["de", "it", "en"])
@pytest.mark.parametrize("key", [2, 3])
def test_these_pages_are_there_in_each_language(page_client, published, language, key):
    page = f"/{language}/take-part/{published.process.slug}/3/vote/proposals/{key}/"
    assert page_client.get(page).status_code == 200


def test_there_is_no_page_of_what_was_not_voted_on(page_client, published):
    assert page_client.get(url(published, "vote_explained", 9)).status_code == 404


def test_where_few_voted_nothing_tells_how(page_client, signed_in, a_phase, office):
    phase = cast_all(a_vote(a_phase), office, [Choice(("1",))] * 4)
    allocating.reckon(phase, now=NOW)
    allocating.publish(phase, person=None, now=NOW)
    shown = page_client.get(url(phase, "phase")).content.decode()
    told = [
        word in shown for word in ("Very few people voted", "Bank", "people voted</dt>", "paid", "votes</td>")
    ]
    assert told == [True, True, False, False, False]
    one = page_client.get(url(phase, "vote_explained", 1)).content.decode()
    assert ("So few people voted" in one, "Votes</dt>" in one) == (True, False)
    assert page_client.get(url(phase, "vote_election")).status_code == 404
    assert signed_in(office).get(url(phase, "vote_election")).status_code == 200


def test_small_groups_of_payers_are_not_counted_out(page_client, a_phase, office):
    ballots = [Choice(("2",))] * 6 + [Choice(("1", "2"))] * 3 + [Choice(("1",))] * 6
    phase = cast_all(a_vote(a_phase, add_one=False, completion=False), office, ballots)
    allocating.reckon(phase, now=NOW)
    allocating.publish(phase, person=None, now=NOW)
    payments = [each["payment"] for each in Allocation.objects.get().explanation["won"] if each["payment"]]
    small = [each for one in payments for each in (one["all_they_had"], one["nothing"]) if 0 < each < 5]
    shown = page_client.get(url(phase, "phase")).content.decode()
    assert small == [3]
    assert re.findall(r"A few had [\w ]+", shown) == ["A few had less left and gave all of it"]


def test_a_phase_of_results_without_a_vote_is_none(page_client, published):
    published.process.phases.filter(kind=PhaseKind.BUDGET_VOTE).update(kind=PhaseKind.IDEAS)
    assert page_client.get(f"/en/take-part/{published.process.slug}/4/").status_code == 404


@pytest.mark.parametrize("count", [0, 60])
def test_pages_take_few_queries(page_client, a_phase, office, django_assert_max_num_queries, count):
    phase = a_vote(a_phase)
    for number in range(5, 5 + count):
        add_proposal(phase, number, f"Platz {number}", feasible=True, cost_cents=100_00 * number)
    ballots = [Choice((str(number % (4 + count) + 1),)) for number in range(12)]
    cast_all(phase, office, ballots)
    allocating.reckon(phase, now=NOW)
    allocating.publish(phase, person=None, now=NOW)
    result = f"/en/take-part/{phase.process.slug}/4/"
    for page in (url(phase, "phase"), result, url(phase, "vote_explained", 1), url(phase, "vote_election")):
        with django_assert_max_num_queries(4):
            assert page_client.get(page).status_code == 200
