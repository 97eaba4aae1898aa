"""Matching as a whole: the programme's cities, who leaves, and what holds for any profiles."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.exchange.adapters.optimise import lot
from tandem.exchange.domain.matching.changes import ChangeKind, NotTaking
from tandem.exchange.domain.matching.checks import InvalidProfiles
from tandem.exchange.domain.matching.explain import Cause
from tandem.exchange.domain.matching.profiles import Call, pairs_of
from tandem.exchange.examples.tandems import PROGRAMME, TANDEMS, UPPER_RHINE, VENLO
from tandem.exchange.services.matching import match, rematch
from tests.exchange.domain.matching import slow

STANDING = Call(tandems=TANDEMS)


# --- the programme, with profiles that are made up ------------------------------------------------
def test_the_six_tandems_of_the_programme_come_out():
    matching = match(PROGRAMME, Call())

    assert matching.outcome.pairs == TANDEMS
    assert matching.points == matching.optimum.bound
    assert matching.optimum.decided
    assert matching.blocking == ()
    assert matching.joinings == ()


def test_a_pair_says_why():
    reasons = {each.cities: each for each in match(PROGRAMME, Call()).reasons}

    assert [str(each) for each in reasons["arezzo", "hamm"].says] == [
        "Arezzo needs traffic-signals (5 of 5); Hamm offers it (5 of 5).",
        "Arezzo needs open-data (4 of 5); Hamm offers it (3 of 5).",
        "Hamm needs air (4 of 5); Arezzo offers it (5 of 5).",
        "Hamm needs old-town (2 of 5); Arezzo offers it (3 of 5).",
        "Both work in en.",
    ]


def test_a_city_sees_who_else_it_could_have_gained_from_and_why_not():
    hamm = match(PROGRAMME, Call()).cities["hamm"]

    assert hamm.partners == ("arezzo",)
    assert [(each.city_id, each.cause) for each in hamm.missed] == [
        ("sofia", Cause.OTHER_GAINS_MORE),
        ("pirna", Cause.FILTER),
    ]
    assert [str(each) for each in hamm.missed[1].says] == [
        "Both are in DE; the call asks for two.",
        "Hamm offers nothing that Pirna needs; only one of the two would gain.",
    ]


def test_sofia_leaves_and_krefeld_may_join_others():
    again = rematch(PROGRAMME, STANDING, "sofia")

    kinds = {each.cities: each.kind for each in again.changes}
    kept = {each: ChangeKind.KEPT for each in TANDEMS if "sofia" not in each}
    assert kinds == {**kept, ("krefeld", "sofia"): ChangeKind.ENDED, ("krefeld",): ChangeKind.ALONE}
    assert [(each.city_id, each.to) for each in again.matching.joinings] == [("krefeld", ("arezzo", "hamm"))]


def test_krefeld_goes_on_with_venlo():
    again = rematch((*PROGRAMME, VENLO), STANDING, "sofia")

    assert again.matching.outcome.pairs == (("krefeld", "venlo"),)
    new = [str(each.says) for each in again.changes if each.kind is ChangeKind.NEW]
    assert new == ["Krefeld, Venlo are proposed to each other."]


def test_a_tandem_that_is_let_go_may_come_out_again():
    again = rematch(PROGRAMME, STANDING, "sofia", let_go=[("arezzo", "hamm")])

    assert again.matching.outcome.pairs == (("arezzo", "hamm"),)
    assert ("arezzo", "hamm") not in again.matching.outcome.market.tandems


def test_a_tandem_that_is_let_go_may_be_broken_for_more_points():
    # aa stands with bb, which is worth little; cc, which was with dd, now is free and worth more
    cities = (
        slow.city("aa", country="DE", needs={"air": 5, "buses": 1}, offers={"data": 5}),
        slow.city("bb", country="RO", needs={"data": 1, "trams": 5}, offers={"buses": 1}),
        slow.city("cc", country="IT", needs={"data": 5}, offers={"air": 5}),
        slow.city("dd", country="FR", needs={"air": 1}, offers={"data": 1}),
    )
    call = Call(tandems=(("aa", "bb"), ("cc", "dd")))

    kept, free = rematch(cities, call, "dd"), rematch(cities, call, "dd", let_go=[("aa", "bb")])

    assert (kept.matching.outcome.pairs, free.matching.outcome.pairs) == ((), (("aa", "cc"),))
    assert {each.cities: each.kind for each in free.changes} == {
        ("aa", "bb"): ChangeKind.LET_GO,
        ("cc", "dd"): ChangeKind.ENDED,
        ("aa", "cc"): ChangeKind.NEW,
        ("bb",): ChangeKind.ALONE,
    }


def test_a_tandem_of_three_goes_on_with_two():
    rhine = ("basel", "freiburg", "mulhouse")

    again = rematch(UPPER_RHINE, Call(tandems=(rhine,)), "mulhouse")

    assert [(each.kind, each.cities) for each in again.changes] == [
        (ChangeKind.SMALLER, ("basel", "freiburg"))
    ]
    assert again.matching.outcome.pairs == ()


def test_whoever_is_not_there_cannot_leave():
    with pytest.raises(NotTaking, match="No city hamburg"):
        rematch(PROGRAMME, STANDING, "hamburg")


def test_invalid_profiles_are_refused_with_all_findings():
    wrong = (replace(PROGRAMME[0], population=0), replace(PROGRAMME[1], kind=4))

    with pytest.raises(InvalidProfiles, match="2 errors") as caught:
        match(wrong, Call())

    assert [each.path for each in caught.value.findings] == ["krefeld/kind", "sofia/population"]


# --- any profiles ---------------------------------------------------------------------------------
@given(slow.profiles(), st.sampled_from([0, 25]), st.booleans())
def test_no_choice_of_pairs_is_better(profiles, one_sided, abroad):
    call = Call(one_sided_percent=one_sided, different_countries=abroad)

    matching = match(profiles, call)

    every = matching.outcome.market
    eligible, places = every.eligible(), every.places()
    assert matching.outcome.pairs == tuple(slow.best(eligible, places, tuple(every.cities), lot))
    assert matching.optimum.optimal


@settings(max_examples=50)
@given(slow.profiles(), st.randoms())
def test_the_order_of_profiles_changes_nothing(profiles, chance):
    shuffled = list(profiles)
    chance.shuffle(shuffled)

    assert match(shuffled, Call()) == match(profiles, Call())


@given(slow.profiles(), st.data())
def test_what_stands_is_kept_and_takes_places(profiles, data):
    names = [each.id for each in profiles]
    tandem = tuple(sorted(data.draw(st.lists(st.sampled_from(names), min_size=2, max_size=3, unique=True))))
    friendly = tuple(replace(each, no_gos=()) for each in profiles)

    matching = match(friendly, Call(tandems=(tandem,)))

    taken = Counter(name for each in (*matching.outcome.pairs, tandem) for name in each)
    assert all(taken[each.id] <= each.capacity for each in friendly)
    assert not set(pairs_of(tandem)) & set(matching.outcome.pairs)


@settings(max_examples=50)
@given(slow.profiles())
def test_nobody_is_left_without_a_word(profiles):
    matching = match(profiles, Call())

    partnered = {name for each in matching.outcome.pairs for name in each}
    for name, reasons in matching.cities.items():
        assert bool(reasons.alone) == (name not in partnered)
        assert all(missed.says and missed.gain > 0 for missed in reasons.missed)


@given(slow.profiles())
def test_cities_that_both_say_they_agreed_are_not_proposed_to_others(profiles):
    one, other = (replace(each, no_gos=(), capacity=1) for each in profiles[:2])
    agreed = (replace(one, agreed_with=(other.id,)), replace(other, agreed_with=(one.id,)))

    matching = match((*agreed, *profiles[2:]), Call())

    assert matching.outcome.market.tandems == ((one.id, other.id),)
    assert not {one.id, other.id} & {name for each in matching.outcome.pairs for name in each}
