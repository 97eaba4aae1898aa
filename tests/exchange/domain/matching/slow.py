"""The best pairs by trying all choices, and profiles to try them on."""

from collections import Counter

from hypothesis import strategies as st

from tandem.exchange.domain.matching.profiles import CityProfile, Entry, NoGo

TOPICS = ("air", "buses", "cycling", "data")


def choices(keys, places):
    """Return every choice of pairs in which no city is in more pairs than it has places."""
    if not keys:
        return [()]
    (one, other), *rest = keys
    found = choices(rest, places)
    if places[one] and places[other]:
        left = {**places, one: places[one] - 1, other: places[other] - 1}
        found = found + [((one, other), *each) for each in choices(rest, left)]
    return found


def best(points, places, unserved, lot):
    """Return the pairs that are best by points, then cities with a partner, then the sum of lots."""

    def worth(choice):
        partners = Counter(name for pair in choice for name in pair)
        served = sum(name in partners for name in unserved)
        return sum(points[each] for each in choice), served, sum(lot(each) for each in choice)

    return max(choices(sorted(points), places), key=worth)


def entries(**weights):
    return tuple(Entry(topic, weight, {"en": "An example."}) for topic, weight in weights.items())


def city(name, *, needs=(), offers=(), country="IT", languages=("en",), capacity=1, **more):
    """Return a profile with what matters to a test."""
    return CityProfile(
        id=name,
        names={"en": name.title()},
        country=country,
        languages=languages,
        population=more.pop("population", 100_000),
        kind=more.pop("kind", 1),
        capacity=capacity,
        needs=entries(**dict(needs)),
        offers=entries(**dict(offers)),
        **more,
    )


@st.composite
def profiles(draw, *, most=6):
    """Draw up to six cities that may have anything to learn from each other, or nothing."""
    names = [f"city-{number}" for number in range(draw(st.integers(2, most)))]
    return tuple(draw(_profiles(name, names)) for name in names)


@st.composite
def _profiles(draw, name, names):
    topics = draw(st.permutations(TOPICS))
    cut = draw(st.integers(1, 3))
    weights = {topic: draw(st.integers(1, 5)) for topic in topics}
    others = [each for each in names if each != name]
    unwanted = draw(st.lists(st.sampled_from(others), max_size=1))
    return city(
        name,
        needs={topic: weights[topic] for topic in topics[:cut]},
        offers={topic: weights[topic] for topic in topics[cut:]},
        country=draw(st.sampled_from(["DE", "IT", "RO"])),
        languages=draw(st.sampled_from([("en",), ("it", "en"), ("de",), ("de", "en")])),
        capacity=draw(st.integers(1, 2)),
        population=draw(st.sampled_from([40_000, 100_000, 1_000_000])),
        kind=draw(st.integers(1, 3)),
        no_gos=tuple(NoGo(each, "No reason of interest here.") for each in unwanted),
    )
