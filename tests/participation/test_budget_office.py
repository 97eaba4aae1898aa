"""A budget, for the office: proposals checked, the rule set, codes printed, ballots from paper entered."""

import csv
import io
import re

import pytest
from openpyxl import Workbook, load_workbook

from tandem.accounts.models import AuditEntry
from tandem.participation.domain.phase import PhaseKind, PhaseNotOpen
from tandem.participation.models import CastBallot, Contribution, Phase, VoterEntry, VotingCode
from tandem.participation.services import checking, voting, voting_codes
from tandem.participation.services.voting import Choice, ResultPublic
from tests.participation.budgets import a_vote, add_proposal, codes, url
from tests.participation.conftest import DAY, NOW, move

pytestmark = pytest.mark.django_db


@pytest.fixture
def phase(a_phase):
    return a_vote(a_phase)


@pytest.fixture
def office(person):
    return person("participation:planner")


def csv_file(text, name="table.csv"):
    made = io.BytesIO(text.encode())
    made.name = name
    return made


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def actions():
    return list(AuditEntry.objects.order_by("at").values_list("action", flat=True))


# --- who may do what, and when ------------------------------------------------------------------
STATES = ("planned", "open", "closed")
OFFICE = [  # page, kind of phase, and what somebody with that role gets in each state
    ("vote_settings", "participation:planner", (200, 200, 200)),
    ("vote_settings", "participation:moderator", (403, 403, 403)),
    ("vote_settings", "", (403, 403, 403)),
    ("vote_codes", "participation:planner", (200, 200, 200)),
    ("vote_codes", "participation:moderator", (403, 403, 403)),
    ("vote_codes", "participation:reader", (403, 403, 403)),
    ("vote_paper", "participation:planner", (409, 200, 200)),
    ("vote_paper", "participation:moderator", (409, 200, 200)),
    ("vote_paper", "participation:reader", (403, 403, 403)),
    ("vote_paper", "", (403, 403, 403)),
]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("name", "role", "expected"), OFFICE)
def test_who_opens_which_page_when(signed_in, person, phase, name, role, expected, state):
    move(phase, state)
    client = signed_in(person(*([role] if role else [])))
    assert client.get(url(phase, name)).status_code == expected[STATES.index(state)]


@pytest.mark.parametrize("name", ["vote_settings", "vote_codes", "vote_paper"])
def test_who_is_not_signed_in_is_asked_to(page_client, phase, name):
    answer = page_client.get(url(phase, name))
    assert (answer.status_code, "sign-in" in answer.url) == (302, True)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("participation:planner", (409, 200, 409)),
        ("participation:moderator", (403, 403, 403)),
        ("", (403, 403, 403)),
    ],
)
@pytest.mark.parametrize("name", ["proposal_check", "proposal_table", "proposal_table_file"])
def test_who_checks_proposals_when(signed_in, person, a_phase, name, role, expected, state):
    phase = a_phase(PhaseKind.BUDGET_CHECK, state=state)
    add_proposal(phase, 1, "Bank")
    more = {"proposal_check": [1], "proposal_table_file": ["csv"]}.get(name, [])
    client = signed_in(person(*([role] if role else [])))
    assert client.get(url(phase, name, *more)).status_code == expected[STATES.index(state)]


# --- checking -----------------------------------------------------------------------------------
@pytest.fixture
def check_phase(a_phase):
    return a_phase(PhaseKind.BUDGET_CHECK)


@pytest.mark.parametrize(
    ("language", "typed", "shown"),
    [("de", "1250,50", "1.250,50 €"), ("it", "1250,50", "1.250,50 €"), ("en", "1250.50", "1,250.50 €")],
)
def test_the_office_checks_a_proposal_and_the_author_hears_of_it(
    signed_in, check_phase, office, by_email, language, typed, shown
):
    author = by_email("a@example.org")
    row = add_proposal(check_phase, 1, "Bank", participant=author)
    client = signed_in(office)
    page = f"/{language}/take-part/{check_phase.process.slug}/2/"
    assert client.get(f"{page}check/1/").status_code == 200
    client.post(f"{page}check/1/", {"feasible": "yes", "cost": typed, "note": "Gut"})
    row.refresh_from_db()
    assert (row.feasible, row.cost_cents, row.check_note) == (True, 125_050, "Gut")
    assert author.notifications.count() == 1
    assert shown in client.get(page).content.decode().replace("\xa0", " ")
    assert actions()[-1] == "participation.proposal.check"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"feasible": "yes"}, "Say what it costs."),
        ({"feasible": "yes", "cost": "0"}, "Say what it costs."),
        ({"feasible": "yes", "cost": "-5"}, "greater than or equal to 0"),
        ({"feasible": "yes", "cost": "viel"}, "Enter a number."),
        ({"feasible": "no"}, "Say why it cannot be done."),
        ({"note": "x"}, "This field is required."),
    ],
)
def test_a_check_is_complete_or_not_kept(signed_in, check_phase, office, given, said):
    row = add_proposal(check_phase, 1, "Bank")
    answer = signed_in(office).post(url(check_phase, "proposal_check", 1), given)
    row.refresh_from_db()
    assert (answer.status_code, said in answer.content.decode(), row.feasible) == (400, True, None)


def test_what_cannot_be_done_costs_nothing(signed_in, check_phase, office):
    row = add_proposal(check_phase, 1, "Bank", feasible=True, cost_cents=100)
    given = {"feasible": "no", "cost": "5", "note": "Leitung im Weg"}
    signed_in(office).post(url(check_phase, "proposal_check", 1), given)
    row.refresh_from_db()
    assert (row.feasible, row.cost_cents) == (False, None)


def test_nothing_is_checked_once_that_phase_has_closed(check_phase, office):
    row = add_proposal(check_phase, 1, "Bank")
    with pytest.raises(PhaseNotOpen):
        checking.check(
            row,
            feasible=True,
            cost_cents=1,
            note="",
            phase=check_phase,
            person=office,
            now=check_phase.closes_at,
        )


@pytest.mark.parametrize(
    ("state", "expected"), [("open", ["B"]), ("yes", ["A"]), ("no", ["C"]), ("", ["A", "B", "C"])]
)
def test_everybody_sees_what_was_found(page_client, check_phase, state, expected):
    add_proposal(check_phase, 1, "A", feasible=True, cost_cents=100)
    add_proposal(check_phase, 2, "B")
    add_proposal(check_phase, 3, "C", feasible=False, check_note="Geht nicht")
    add_proposal(check_phase, 4, "D", hidden_at=NOW)
    shown = page_client.get(url(check_phase, "phase"), {"state": state}).content.decode()
    assert re.findall(r'<th scope="row" lang="de"><a [^>]+>(\w)</a>', shown) == expected


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_a_table_goes_out_and_comes_back_filled(signed_in, check_phase, office, by_email, kind, language):
    for number, title in enumerate("ABC", 1):
        add_proposal(check_phase, number, title, participant=by_email(f"{title}@example.org"))
    client = signed_in(office)
    page = f"/{language}/take-part/{check_phase.process.slug}/2/check/table"
    heads, *rows = _rows_of(kind, body(client.get(f"{page}.{kind}")))
    assert [list(map(str, each[:2])) for each in rows] == [["1", "A"], ["2", "B"], ["3", "C"]]
    yes, no = {"de": ("ja", "nein"), "it": ("sì", "no"), "en": ("yes", "no")}[language]
    filled = [
        heads,
        [1, "A", yes, "1.250,50", ""],
        [2, "B", no, "", "Zu nah am Wasser"],
        [3, "C", "", "", ""],
    ]
    upload = _as_file(kind, filled)
    assert client.post(f"{page}/", {"file": upload}).status_code == 302
    found = Contribution.objects.order_by("number").values_list("feasible", "cost_cents", "check_note")
    assert list(found) == [(True, 125_050, ""), (False, None, "Zu nah am Wasser"), (None, None, "")]
    entries = AuditEntry.objects.filter(action="participation.proposal.check")
    assert entries.count() == 2
    client.post(f"{page}/", {"file": _as_file(kind, filled)})  # what is known already tells nobody again
    assert entries.count() == 2


def _rows_of(kind, content):
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def _as_file(kind, rows):
    if kind == "csv":
        return csv_file("\n".join(";".join(f'"{cell}"' for cell in row) for row in rows))
    book, made = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(made)
    made.seek(0)
    made.name = "table.xlsx"
    return made


def test_lines_that_cannot_be_used_are_told_and_the_others_kept(signed_in, check_phase, office):
    add_proposal(check_phase, 1, "A")
    add_proposal(check_phase, 2, "B")
    text = "Nr;machbar;Kosten;Hinweis\n1;ja;100;\n2;ja;;\n9;ja;100;\n2;vielleicht;1;"
    answer = signed_in(office).post(url(check_phase, "proposal_table"), {"file": csv_file(text)})
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert sorted(re.findall(r'finding-path">line (\d)', shown)) == ["3", "4", "5"]
    assert list(Contribution.objects.order_by("number").values_list("cost_cents", flat=True)) == [
        10_000,
        None,
    ]


def test_what_is_no_table_is_said(signed_in, check_phase, office):
    answer = signed_in(office).post(
        url(check_phase, "proposal_table"), {"file": csv_file("\0\0\0", "photo.png")}
    )
    assert (answer.status_code, "This file is no table" in answer.content.decode()) == (400, True)


# --- the rule -----------------------------------------------------------------------------------
RULE = {
    "budget": "50000.50",
    "vote_type": "cumulative",
    "most_choices": "4",
    "points": "7",
    "method": "greedy",
    "completion": "on",
    "codes_per_hour": "5",
}


def test_the_rule_is_set_before_the_vote_and_frozen_once_it_has_begun(signed_in, phase, office):
    client = signed_in(office)
    before = phase.settings
    assert client.post(url(phase, "vote_settings"), RULE).status_code == 409
    assert Phase.objects.get(pk=phase.pk).settings == before
    move(phase, "planned")
    assert client.post(url(phase, "vote_settings"), RULE).status_code == 302
    phase.refresh_from_db()
    assert phase.settings == {
        "budget_cents": 50_000_50,
        "vote_type": "cumulative",
        "most_choices": 4,
        "points": 7,
        "method": "greedy",
        "add_one": False,
        "completion": True,
        "codes_per_hour": 5,
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"budget": "0"}, "Say how much there is to spend."),
        ({"budget": ""}, "This field is required."),
        ({"vote_type": "ordinal"}, "Select a valid choice."),
        ({"method": "lottery"}, "Select a valid choice."),
        ({"points": "0"}, "greater than or equal to 1"),
        ({"codes_per_hour": "1000"}, "less than or equal to 100"),
    ],
)
def test_a_rule_that_is_none_is_not_kept(signed_in, phase, office, change, said):
    move(phase, "planned")
    answer = signed_in(office).post(url(phase, "vote_settings"), RULE | change)
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert Phase.objects.get(pk=phase.pk).settings["budget_cents"] == 100_000_00


@pytest.mark.parametrize(
    ("rule", "present", "absent"),
    [
        ({}, ["divided equally", "raised by one euro", "What is left then"], ["in the order"]),
        (
            {"add_one": False, "completion": False},
            ["divided equally"],
            ["raised by one euro", "What is left then"],
        ),
        ({"method": "most-votes"}, ["in the order of their votes"], ["divided equally"]),
        ({"method": "greedy"}, ["votes for each euro"], ["divided equally"]),
    ],
)
def test_the_rule_is_public_in_plain_words(page_client, a_phase, rule, present, absent):
    shown = page_client.get(url(a_vote(a_phase, **rule), "phase")).content.decode()
    assert [each in shown for each in (*present, *absent)] == [True] * len(present) + [False] * len(absent)


def test_staff_are_warned_where_somebody_could_vote_twice(signed_in, phase, office, person):
    assert "Somebody could vote twice" in signed_in(office).get(url(phase, "phase")).content.decode()
    assert "Somebody could vote twice" not in signed_in(person()).get(url(phase, "phase")).content.decode()
    phase.admitted = ["code"]
    phase.save()
    assert "Somebody could vote twice" not in signed_in(office).get(url(phase, "phase")).content.decode()


def test_nobody_can_choose_that_somebody_votes_twice(signed_in, phase, office):
    client, page = signed_in(office), url(phase, "phase_edit")
    day = phase.opens_at + 2 * DAY
    dates = {
        f"{name}_{part}": str(getattr(day, part))
        for name in ("opens_on", "last_day")
        for part in ("day", "month", "year")
    }
    refused = client.post(page, {**dates, "admitted": ["code", "account"]})
    assert (refused.status_code, "Somebody could vote twice" in refused.content.decode()) == (400, True)
    assert client.post(page, {**dates, "admitted": ["account", "email"]}).status_code == 302
    phase.refresh_from_db()
    assert phase.admitted == ["account", "email"]


# --- codes --------------------------------------------------------------------------------------
def codes_in(answer, kind):
    content = body(answer)
    if kind == "xlsx":
        rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
        return [row[0] for row in rows[1:]]
    return [line.split(",")[0] for line in content.decode("utf-8-sig").splitlines()[1:]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_codes_are_downloaded_once_and_kept_nowhere(signed_in, phase, office, kind):
    client = signed_in(office)
    given = {"count": "5", "batch": "south", "kind": kind, "step": "make"}
    answer = client.post(url(phase, "vote_codes"), given)
    made = codes_in(answer, kind)

    assert (len(set(made)), "no-store" in answer["Cache-Control"]) == (5, True)
    assert answer["Content-Disposition"].endswith(f'-south.{kind}"')
    assert not set(made) & set(VotingCode.objects.values_list("digest", flat=True))
    assert made[0] not in client.get(url(phase, "vote_codes")).content.decode()
    assert actions()[-1] == "participation.codes.make"
    voting.cast(phase, Choice(("1",)), now=NOW, code=made[0])
    again = client.post(url(phase, "vote_codes"), given)
    assert (again.status_code, "There are codes for “south” already." in again.content.decode()) == (
        400,
        True,
    )
    assert VotingCode.objects.count() == 5


def test_letters_come_as_a_document_with_a_page_each(signed_in, phase, office):
    given = {"count": "3", "batch": "south", "kind": "pdf", "step": "make"}
    answer = signed_in(office).post(url(phase, "vote_codes"), given)
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", answer.content)) == 3
    assert VotingCode.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"count": "0"}, "greater than or equal to 1"),
        ({"count": "200001"}, "less than or equal to 200000"),
        ({"count": "6000", "kind": "pdf"}, "A file holds 5000 letters at the most."),
        ({"batch": "a b"}, "valid “slug”"),
        ({"kind": "exe"}, "Select a valid choice."),
    ],
)
def test_wrong_wishes_for_codes_make_none(signed_in, phase, office, change, said):
    given = {"count": "5", "batch": "south", "kind": "csv", "step": "make"} | change
    answer = signed_in(office).post(url(phase, "vote_codes"), given)
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert VotingCode.objects.count() == 0


def test_no_codes_are_made_once_the_vote_is_over(signed_in, phase, office):
    move(phase, "closed")
    given = {"count": "5", "batch": "south", "kind": "csv", "step": "make"}
    assert signed_in(office).post(url(phase, "vote_codes"), given).status_code == 409
    assert VotingCode.objects.count() == 0


def test_unused_codes_of_a_batch_are_revoked_and_counted(signed_in, phase, office):
    made = codes(phase, office, 4)
    codes(phase, office, 2, batch="south")
    voting.cast(phase, Choice(("1",)), now=NOW, code=made[0])
    client = signed_in(office)
    client.post(url(phase, "vote_codes"), {"step": "revoke", "batch": "north"})
    assert list(voting_codes.counts(phase)) == [
        {"batch": "north", "made": 4, "used": 1, "revoked": 3, "unused": 0},
        {"batch": "south", "made": 2, "used": 0, "revoked": 0, "unused": 2},
    ]
    assert actions()[-1] == "participation.codes.revoke"
    assert "3 codes cannot be used any more." in client.get(url(phase, "vote_codes")).content.decode()


def test_codes_are_only_made_where_they_count(signed_in, a_phase, office):
    client = signed_in(office)
    assert client.get(url(a_phase(PhaseKind.IDEAS), "vote_codes")).status_code == 404
    assert client.get(url(a_phase(PhaseKind.SURVEY), "vote_codes")).status_code == 200
    assert client.get(url(a_phase(PhaseKind.SURVEY), "vote_settings")).status_code == 404


# --- paper --------------------------------------------------------------------------------------
def test_a_paper_ballot_counts_once_and_burns_its_code(signed_in, phase, person, office):
    code = codes(phase, office)[0]
    client = signed_in(person("participation:moderator"))
    ballot = {"sheet": "A-1", "choices": "1 3", "voting_code": code}
    assert client.post(url(phase, "vote_paper"), ballot).status_code == 302
    again = client.post(url(phase, "vote_paper"), ballot).content.decode()
    assert "entered already" in again
    other = client.post(url(phase, "vote_paper"), ballot | {"sheet": "A-2"}).content.decode()
    assert "has been cast" in other
    assert [(each.sheet, each.choices) for each in CastBallot.objects.all()] == [("A-1", ["1", "3"])]
    assert VoterEntry.objects.count() == 1
    assert actions()[-1] == "participation.ballot.record"


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ("1 x", "These are no numbers of proposals"),
        ("1:2 3", "Some proposals have points"),
        ("1:2", "There are no points in this vote."),
        ("1 2 3 4", "3 are possible"),
        ("9", "is not voted on"),
    ],
)
def test_a_paper_ballot_against_the_rule_is_not_counted(signed_in, phase, office, choices, said):
    given = {"sheet": "A-1", "choices": choices}
    answer = signed_in(office).post(url(phase, "vote_paper"), given)
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert CastBallot.objects.count() == 0


def test_a_wrong_code_on_paper_leaves_nothing_behind(phase, office):
    with pytest.raises(voting_codes.CodeUnknown):
        voting.record_paper(phase, Choice(("1",)), sheet="A-1", person=office, now=NOW, code="2345-6789-ABC3")
    assert (CastBallot.objects.count(), VoterEntry.objects.count()) == (0, 0)


TABLE = """Stimmzettel;Vorschläge;Code;Bemerkung
A-1;1 3;;
A-2;1,2;{code};knapp
A-3;9;;
;1;;
A-1;2;;
A-4;;;
A-5;2;2345-6789-ABC3;
"""


def test_a_table_of_paper_ballots_is_counted_line_by_line(signed_in, phase, office):
    text = TABLE.format(code=codes(phase, office)[0])
    client = signed_in(office)
    answer = client.post(url(phase, "vote_paper"), {"what": "table", "file": csv_file(text)})
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert sorted(re.findall(r'finding-path">line (\d)', shown)) == ["4", "5", "6", "7", "8"]
    assert "The column Bemerkung is not read." in shown
    assert "2 ballots are entered." in shown
    entered = {each.sheet: each.choices for each in CastBallot.objects.all()}
    assert entered == {"A-1": ["1", "3"], "A-2": ["1", "2"]}

    corrected = text.replace("A-3;9", "A-3;4")
    client.post(url(phase, "vote_paper"), {"what": "table", "file": csv_file(corrected)})
    assert sorted(each.sheet for each in CastBallot.objects.all()) == ["A-1", "A-2", "A-3"]


def test_no_paper_is_counted_before_the_vote_and_after_its_result(phase, office):
    move(phase, "planned")
    with pytest.raises(PhaseNotOpen):
        voting.record_paper(phase, Choice(("1",)), sheet="A", person=office, now=NOW)
    move(phase, "closed")
    voting.record_paper(phase, Choice(("1",)), sheet="A", person=office, now=NOW)
    phase.results_published_at = NOW
    with pytest.raises(ResultPublic):
        voting.record_paper(phase, Choice(("1",)), sheet="B", person=office, now=NOW)
    assert CastBallot.objects.count() == 1


@pytest.mark.parametrize("count", [1, 40])
def test_pages_take_few_queries(signed_in, a_phase, office, django_assert_max_num_queries, count):
    check, vote = a_phase(PhaseKind.BUDGET_CHECK), a_vote(a_phase)
    for number in range(10, 10 + count):
        add_proposal(check, number, f"Platz {number}")
        codes(vote, office, 1, batch=f"b{number}")
    client = signed_in(office)
    for page in (url(check, "phase"), url(vote, "vote_codes"), url(vote, "vote_paper")):
        with django_assert_max_num_queries(8):
            assert client.get(page).status_code == 200
