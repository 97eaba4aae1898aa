"""Opinion maps, for the office: statements to begin with, settings, votes from paper, Polis' files."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tandem.participation.adapters import polis
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import Participant, PollStatement, PollVote
from tandem.participation.services import opinion_files, opinions
from tests.participation.conftest import NOW, move
from tests.participation.test_opinions import fill, url

pytestmark = pytest.mark.django_db
SEED = {"step": "seed", "language": "de", "channel": "web"}


@pytest.fixture
def phase(a_phase):
    return a_phase(PhaseKind.OPINION_MAP)


@pytest.fixture
def office(signed_in, person):
    return signed_in(person("participation:planner"))


def post(client, phase, **sent):
    return client.post(url(phase, "opinion_settings"), sent)


# --- statements and settings --------------------------------------------------------------------
def test_a_planner_writes_the_first_statements(office, phase):
    settings = url(phase, "opinion_settings")
    for language in ("de", "it", "en"):
        assert office.get(settings.replace("/en/", f"/{language}/")).status_code == 200
    assert post(office, phase, **SEED, texts="Mehr  Bänke\n\nWeniger Lärm\nmehr bänke\n").status_code == 302
    rows = PollStatement.objects.values_list("number", "text", "state", "is_seed", "channel")
    assert list(rows) == [
        (1, "Mehr Bänke", "admitted", True, "web"),
        (2, "Weniger Lärm", "admitted", True, "web"),
    ]
    post(office, phase, **{**SEED, "channel": "phone"}, texts="Ein Brunnen")
    assert PollStatement.objects.filter(channel="phone", is_seed=False).count() == 1
    shown = office.get(url(phase, "opinion_settings"))
    assert [(each.number, str(label)) for each, _tone, label in shown.context["rows"]] == [
        (1, "is voted on"), (2, "is voted on"), (3, "is voted on"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "said"),
    [("x" * 141, "has 141 characters"), ("\n".join(map(str, range(101))), "101 statements")],
)
def test_too_long_or_too_many_statements_are_not_taken(office, phase, texts, said):
    refused = post(office, phase, **SEED, texts=texts)
    assert refused.status_code == 400
    assert said in refused.content.decode()
    assert PollStatement.objects.count() == 0


def test_a_statement_is_removed_until_somebody_votes_on_it(office, phase, by_email):
    post(office, phase, **SEED, texts="Eins\nZwei")
    opinions.vote(phase, 1, 1, participant=by_email("a@example.org"), now=NOW)
    for number in ("1", "2", "7", "x"):
        assert post(office, phase, step="remove", statement=number).status_code == 302
    assert [each.number for each in PollStatement.objects.all()] == [1]


def test_settings_are_kept_and_checked(office, phase):
    kept = {"step": "settings", "admit_first": "", "longest_text": "200", "smallest_group": "4"}
    assert post(office, phase, **kept).status_code == 302
    phase.refresh_from_db()
    assert phase.settings == {"admit_first": False, "longest_text": 200, "smallest_group": 4}
    assert post(office, phase, **{**kept, "smallest_group": "1"}).status_code == 400
    assert post(office, phase, **{**kept, "longest_text": "900"}).status_code == 400


# --- paper --------------------------------------------------------------------------------------
def test_a_paper_form_counts_once(signed_in, person, phase):
    fill(phase, 2, 4)
    client = signed_in(person("participation:moderator"))
    paper = url(phase, "opinion_paper")
    for language in ("de", "it", "en"):
        assert client.get(paper.replace("/en/", f"/{language}/")).status_code == 200
    form = {"sheet": "A7", "agree": "1, 3", "disagree": "2", "passed": ""}
    assert client.post(url(phase, "opinion_paper"), form).status_code == 302
    again = client.post(url(phase, "opinion_paper"), form)
    assert again.status_code == 400
    assert "Form A7 has been entered already" in again.content.decode()
    someone = phase.poll_sheets.get().participant
    assert sorted(someone.poll_votes.values_list("statement__number", "value")) == [(1, 1), (2, -1), (3, 1)]
    assert (someone.kind, Participant.objects.count()) == ("guest", 3)
    assert "1 paper form is entered." in client.get(url(phase, "opinion_paper")).content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"agree": "9"}, "There is no statement 9 to vote on."),
        ({"agree": "eins"}, "There is no statement eins to vote on."),
        ({"agree": "1 2", "disagree": "2"}, "Statement 2 is there twice."),
        ({"agree": ""}, "Enter the number of one statement at least."),
        ({"sheet": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_on_a_paper_form(office, phase, changed, said):
    fill(phase, 2, 4)
    refused = office.post(url(phase, "opinion_paper"), {"sheet": "1", "agree": "1", **changed})
    assert refused.status_code == 400
    assert said in refused.content.decode()
    assert phase.poll_sheets.count() == 0


@pytest.mark.parametrize(("state", "status"), [("planned", 409), ("open", 200), ("closed", 200)])
def test_paper_is_entered_once_it_has_begun(office, phase, state, status):
    move(phase, state)
    assert office.get(url(phase, "opinion_paper")).status_code == status


# --- Polis' files -------------------------------------------------------------------------------
def files_of(client, phase):
    archive = zipfile.ZipFile(io.BytesIO(client.get(url(phase, "opinion_export")).content))
    return {name: archive.read(name) for name in archive.namelist()}


def sent(files):
    names = ("comments", "votes")
    return {
        name: SimpleUploadedFile(f"{name}.csv", files[f"{name}.csv"])
        for name in names
        if f"{name}.csv" in files
    }


def people(files):
    """Return everybody's votes and, whatever the groups are called, with whom they are in one."""
    rows = polis.read_participants(files["participants-votes.csv"]).rows
    return [(each.id, each.votes, {one.id for one in rows if one.group == each.group}) for each in rows]


def test_polis_files_come_in_and_go_out_the_same(office, phase, a_phase):
    fill(phase, 10, 4)
    PollStatement.objects.filter(number=4).update(state="refused")
    files = files_of(office, phase)
    assert sorted(files) == ["comments.csv", "participants-votes.csv", "summary.csv", "votes.csv"]
    other = a_phase(PhaseKind.OPINION_MAP, state="planned")
    assert post(office, other, step="files", **sent(files)).status_code == 302
    again = files_of(office, other)
    assert again["comments.csv"] == files["comments.csv"]
    assert people(again) == people(files)
    assert [(each.statement, each.value) for each in polis.read_votes(again["votes.csv"]).rows] == [
        (each.statement, each.value) for each in polis.read_votes(files["votes.csv"]).rows
    ]
    assert PollVote.objects.filter(phase=other).count() == 30


def test_nobody_is_recognised_in_the_files(office, phase, by_email):
    someone = by_email("a@example.org")
    opinions.add_statement(phase, "Ein Brunnen", language="de", now=NOW, participant=someone)
    PollStatement.objects.update(state="admitted")
    text = b"".join(files_of(office, phase).values()).decode()
    for known in (str(someone.pk), someone.pk.hex, someone.email, someone.pseudonym):
        assert known not in text


def test_lines_that_cannot_be_used_are_listed_and_the_rest_comes_in(office, phase):
    comments = b"comment-id,comment-body\n0,Mehr B\xc3\xa4ume\n1,\n"
    votes = b"comment-id,voter-id,vote\n0,a,1\n0,b,7\n0,a,-1\n9,a,1\n"
    shown = post(office, phase, step="files", **sent({"comments.csv": comments, "votes.csv": votes}))
    assert shown.status_code == 200
    assert [each.path for each in shown.context["found"]] == ["3", "3"]
    assert list(PollVote.objects.values_list("statement__text", "value")) == [("Mehr Bäume", -1)]


def test_files_come_in_before_anybody_has_voted_only(office, phase):
    fill(phase, 2, 2)
    refused = post(office, phase, step="files", **sent({"comments.csv": b"comment-id,comment-body\n0,Neu\n"}))
    assert refused.status_code == 400
    assert PollStatement.objects.count() == 2
    with pytest.raises(opinions.HasVotes):
        opinion_files.bring_in(phase, [], [], language="de", person=None, now=NOW)


def test_another_file_is_refused(office, phase):
    refused = post(office, phase, step="files", **sent({"comments.csv": b"a,b\n1,2\n"}))
    assert refused.status_code == 400
    assert "comment-id" in refused.content.decode()


# --- who ----------------------------------------------------------------------------------------
PAGES = {
    "opinion_settings": {"planner"},
    "opinion_paper": {"planner", "moderator"},
    "opinion_export": {"planner", "moderator"},
}


@pytest.mark.parametrize("role", ["planner", "moderator", "reader", ""])
@pytest.mark.parametrize("name", PAGES)
def test_who_does_the_office_s_work(signed_in, person, phase, name, role):
    client = signed_in(person(*([f"participation:{role}"] if role else [])))
    assert (client.get(url(phase, name)).status_code == 403) == (role not in PAGES[name])
