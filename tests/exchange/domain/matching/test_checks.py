"""What is wrong with profiles: every finding with its path, and none where nothing is wrong."""

from dataclasses import replace

import pytest

from tandem.core.findings import Severity
from tandem.exchange.domain.matching.checks import check
from tandem.exchange.domain.matching.profiles import Call, Entry, NoGo
from tandem.exchange.examples.tandems import PROGRAMME, TANDEMS, UPPER_RHINE, VENLO
from tests.exchange.domain.matching import slow

GOOD = slow.city("hamm", needs={"air": 5}, offers={"traffic": 4})
OTHER = slow.city("arezzo", needs={"traffic": 4}, offers={"air": 3})
TEXT = {"en": "An example."}


def found(city, *, call=None, others=(OTHER,)):
    return [
        (each.severity.value, each.code.removeprefix("exchange.matching."), each.path)
        for each in check([city, *others], call or Call())
    ]


def test_good_profiles_have_no_findings():
    assert found(GOOD) == []
    assert check([*PROGRAMME, VENLO, *UPPER_RHINE], Call(tandems=TANDEMS)) == []


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"id": "Hamm"}, "bad-id", "Hamm"),
        ({"names": {}}, "no-name", "hamm/names"),
        ({"country": "Germany"}, "bad-country", "hamm/country"),
        ({"languages": ()}, "no-language", "hamm/languages"),
        ({"languages": ("deutsch",)}, "bad-language", "hamm/languages/deutsch"),
        ({"population": 0}, "bad-population", "hamm/population"),
        ({"population": 10**9}, "bad-population", "hamm/population"),
        ({"kind": 0}, "bad-kind", "hamm/kind"),
        ({"capacity": -1}, "bad-capacity", "hamm/capacity"),
        ({"needs": (Entry("air", 6, TEXT),)}, "bad-weight", "hamm/needs/air"),
        ({"offers": (Entry("air", 1, TEXT),)}, "leads-and-follows", "hamm/offers/air"),
        ({"offers": (Entry("", 1, TEXT),)}, "no-topic", "hamm/offers/"),
        ({"no_gos": (NoGo("arezzo", " "),)}, "no-reason", "hamm/no_gos/arezzo"),
        ({"no_gos": (NoGo("hamm", "It is us."),)}, "itself", "hamm/no_gos/hamm"),
    ],
)
def test_an_error_is_found_at_its_place(change, code, path):
    assert ("error", code, path) in found(replace(GOOD, **change))
    assert len([each for each in found(replace(GOOD, **change)) if each[0] == "error"]) == 1


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"needs": ()}, "one-sided", "hamm/needs"),
        ({"offers": (Entry("traffic", 4),)}, "no-sentence", "hamm/offers/traffic"),
        ({"agreed_with": ("arezzo",)}, "agreed-alone", "hamm/agreed_with/arezzo"),
        ({"no_gos": (NoGo("sofia", "Too far."),)}, "unknown-city", "hamm/no_gos/sofia"),
    ],
)
def test_a_warning_does_not_keep_a_city_out(change, code, path):
    assert found(replace(GOOD, **change)) == [("warning", code, path)]


def test_a_topic_and_a_city_may_be_there_once():
    twice = (Entry("air", 5, TEXT), Entry("air", 4, TEXT))

    assert found(replace(GOOD, needs=twice)) == [("error", "topic-twice", "hamm/needs/air")] * 2
    assert found(GOOD, others=(OTHER, GOOD)) == [("error", "twice", "hamm")]


def test_agreements_and_no_gos_must_not_contradict_each_other():
    unwilling = replace(GOOD, agreed_with=("arezzo",), no_gos=(NoGo("arezzo", "No."),))
    agreed = replace(OTHER, agreed_with=("hamm",))

    assert found(unwilling, others=(agreed,)) == [("error", "agreed-and-unwanted", "hamm/agreed_with/arezzo")]
    assert found(replace(unwilling, agreed_with=()), call=Call(tandems=(("arezzo", "hamm"),))) == [
        ("error", "agreed-and-unwanted", "call/tandems/arezzo-hamm")
    ]


def test_tandems_that_stand_need_places_and_cities_that_take_part():
    third = slow.city("sofia", needs={"air": 1}, offers={"heat": 1})
    both = Call(tandems=(("arezzo", "hamm"), ("hamm", "sofia")))

    assert found(GOOD, call=both, others=(OTHER, third)) == [("error", "no-place", "hamm/capacity")]
    assert found(GOOD, call=both) == [
        ("error", "bad-tandem", "call/tandems/hamm-sofia"),
        ("error", "no-place", "hamm/capacity"),
    ]
    assert found(GOOD, call=Call(tandems=(("hamm",),))) == [("error", "bad-tandem", "call/tandems/hamm")]


def test_an_agreement_with_a_city_that_has_left_is_only_mentioned():
    left = replace(OTHER, agreed_with=("hamm",), active=False)

    assert found(replace(GOOD, agreed_with=("arezzo",)), others=(left,)) == [
        ("warning", "not-active", "hamm/agreed_with/arezzo")
    ]


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (Call(one_sided_percent=101), "call/one_sided_percent"),
        (Call(size_percent=60, kind_percent=40), "call/kind_percent"),
        (Call(largest=1), "call/largest"),
        (Call(time_limit_s=0), "call/time_limit_s"),
    ],
)
def test_a_call_is_checked_too(call, path):
    findings = check([GOOD, OTHER], call)

    assert [(each.severity, each.path) for each in findings] == [(Severity.ERROR, path)]
