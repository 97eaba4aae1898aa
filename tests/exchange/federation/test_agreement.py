"""Two readers of three cities: whatever came when, lost, repeated or interrupted, they end up with the same."""

from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.feeds.event import Action
from tandem.exchange.domain.feeds.state import applied
from tests.exchange.federation.installations import Installation
from tests.exchange.federation.publishing import NOW, Gone, Publisher, trusting

CITIES = ["arezzo", "hamm", "pirna"]
LOST = ["", "head.json", "head.jws", "pages/00000001.jsonl", "pages/00000002.jsonl"]
cities = st.sampled_from(CITIES)
said = st.tuples(st.just("say"), cities, st.integers(0, 5), st.sampled_from(list(Action)), st.integers(1, 70))
visited = st.tuples(st.just("visit"), cities, st.integers(0, 1), st.sampled_from(LOST), st.booleans())


def losing(publisher: Publisher, lost: str):
    def fetch(path: str, most: int) -> bytes:
        if path == lost:
            raise Gone(path)
        return publisher.fetch(path, most)

    return fetch


@given(st.lists(said | visited, max_size=30))
def test_all_readers_agree_in_the_end(steps: list[tuple]):
    publishers = {city: Publisher(city) for city in CITIES}
    readers = [Installation("krefeld"), Installation("geestland")]
    for reader in readers:
        reader.trust = trusting(*publishers.values())
    for step, city, *rest in steps:
        publisher = publishers[city]
        if step == "say":
            name, action, times = rest
            for number in range(times):
                publisher.say((name + number) % 9, action if not number else Action.UPDATE)
            publisher.publish()
        else:
            reader, lost, stored = rest
            readers[reader].visit(city, losing(publisher, lost), NOW, stored=stored)
    for reader, order in zip(readers, (CITIES, CITIES[::-1]), strict=True):
        for city in order:
            publishers[city].publish()
            pages = len(publishers[city].events) // 100 + 1  # a visit takes some of them
            visits = (reader.visit(city, publishers[city].fetch, NOW) for _each in range(pages))
            assert any(visit.complete for visit in visits)

    truth = {city: applied({}, publisher.events) for city, publisher in publishers.items()}
    assert [reader.objects for reader in readers] == [truth, truth]
