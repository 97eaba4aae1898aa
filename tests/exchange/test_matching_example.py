"""The example round: the programme's tandems, Sofia leaving, and everything that is made up labelled as such."""

import pytest

from tandem.exchange.examples import matching_round
from tandem.exchange.examples.tandems import TANDEMS
from tandem.exchange.models import Round, RoundResult
from tandem.exchange.services import round_matching
from tests.exchange.tandem_making import NOW

pytestmark = pytest.mark.django_db
MADE_UP = {"de": "erfunden", "it": "inventati", "en": "made up"}
UPPER_RHINE = ("basel", "freiburg", "mulhouse")


@pytest.fixture
def row() -> Round:
    assert matching_round.load(now=NOW) == 1
    return Round.objects.get()


def proposals(row: Round) -> dict[tuple[str, ...], str]:
    return {tuple(each.cities): each.state for each in row.proposals.all()}


def test_it_is_made_once(row: Round):
    assert matching_round.load(now=NOW) == 0
    assert (row.is_example, row.published_at, row.finished_at) == (True, NOW, NOW)


def test_the_tandems_of_the_programme_came_out_and_were_agreed_to(row: Round):
    assert proposals(row) == {
        **dict.fromkeys(TANDEMS, "agreed"),
        UPPER_RHINE: "agreed",
        ("basel", "freiburg"): "withdrawn",
        ("krefeld", "venlo"): "proposed",
    }


def test_what_changes_when_sofia_leaves_is_in_the_second_result(row: Round):
    first, second = RoundResult.objects.order_by("number")
    assert (first.kind, second.kind, second.summary["left"]) == ("match", "rematch", "sofia")
    assert {tuple(each["cities"]): each["kind"] for each in second.summary["changes"]} == {
        **{each: "kept" for each in TANDEMS if "sofia" not in each},
        UPPER_RHINE: "kept",
        ("krefeld", "sofia"): "ended",
        ("krefeld", "venlo"): "new",
    }


def test_its_results_come_out_again_from_what_is_stored(row: Round):
    assert [round_matching.repeat(each) for each in RoundResult.objects.all()] == [True, True]


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_every_public_page_says_that_it_is_made_up(row: Round, page_client, language):
    base = f"/{language}/matching/{row.slug}/"
    pages = [
        "",
        *(
            f"results/{number}/{each}"
            for number in (1, 2)
            for each in ("", "cities/", "rather/", "compared/")
        ),
    ]
    pages += ["results/1/pairs/arezzo/hamm/", "results/2/pairs/krefeld/venlo/"]
    for each in pages:
        answer = page_client.get(base + each)
        assert (each, answer.status_code, MADE_UP[language] in answer.content.decode()) == (each, 200, True)
