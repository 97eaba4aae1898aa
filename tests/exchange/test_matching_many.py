"""Matching with 300 cities: lists in pages, few queries however many there are, quick enough to be waited for."""

import time
from typing import Any

import pytest
from django.urls import reverse

from tandem.exchange.examples.tandems import PROGRAMME
from tandem.exchange.models import Round, RoundProposal
from tandem.exchange.services import rounds
from tests.exchange.matching_making import BY, a_round, made_up, proposed, published

pytestmark = pytest.mark.django_db
OFFICER = "exchange:exchange-officer"
MOST_QUERIES = 8


def addresses(row: Round, *, officer: bool) -> list[str]:
    def url(name: str, *more: Any) -> str:
        return reverse(f"exchange:{name}", args=[row.slug, *more])

    pair = row.results.first().pairs.first()
    found = [reverse("exchange:rounds"), url("round")]
    found += [url(name, 1) for name in ("result", "result_cities", "result_blocking", "result_compared")]
    found.append(url("result_pair", 1, pair.one, pair.other))
    if officer:
        city, proposal = row.cities.first().city, row.proposals.first().pk
        names = (
            "cities",
            "file",
            "check",
            "consent",
            "history",
            "describe",
            "city_new",
            "take_file",
            "rules",
        )
        found += [url(f"round_{name}") for name in names]
        found += [url("round_city", city), url("round_leave", city), url("round_answer", proposal)]
        found += [url("result_what_if", 1), url("result_look_up", 1)]
        found.append(f"{url('result', 1)}?q=Stadt&page=2")
    return found


@pytest.mark.parametrize("count", [2, 60])
@pytest.mark.parametrize("who", ["stranger", "officer"])
def test_pages_take_few_queries_whatever_there_is(
    page_client, client_as, django_assert_max_num_queries, count, who
):
    row = a_round(PROGRAMME[:2] if count == 2 else made_up(count))
    for number in range(count // 30):
        a_round(title=f"Round {number}")
    published(row)
    client = page_client if who == "stranger" else client_as(OFFICER)
    for address in addresses(row, officer=who == "officer"):
        client.get(address)
        with django_assert_max_num_queries(MOST_QUERIES):
            assert (address, client.get(address).status_code) == (address, 200)


def test_three_hundred_cities_are_matched_shown_and_proposed(client_as, django_assert_max_num_queries):
    row = a_round(made_up(300, capacity=2))
    result = proposed(row)
    counts = result.summary["counts"]
    assert (counts["cities"], RoundProposal.objects.count()) == (300, counts["proposed"])
    assert result.summary["points"] == result.summary["bound"]
    row.refresh_from_db()
    rounds.finish(row, **BY)
    client = client_as(OFFICER)
    seconds = {}
    for address in addresses(row, officer=True):
        begun = time.process_time()
        with django_assert_max_num_queries(MOST_QUERIES + 1):  # the first of a session reads one row more
            assert client.get(address).status_code == 200
        seconds[address] = time.process_time() - begun
    slow = {address: taken for address, taken in seconds.items() if taken > 2}
    assert slow == {}
