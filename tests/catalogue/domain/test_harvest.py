"""What a harvest would do."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandem.catalogue.domain.description import DatasetDescription
from tandem.catalogue.domain.harvest import Comparison, Found, content_hash
from tandem.catalogue.domain.harvest_rules import HarvestRules
from tandem.core.findings import Severity

EVERYTHING = HarvestRules()
OURS = "https://hamm.example/id/"
THEIRS = "https://arezzo.example/id/"


def dataset(number: int, title: str = "Alberi") -> DatasetDescription:
    return DatasetDescription(iri=f"{THEIRS}{number}", titles={"it": title} if title else {})


def stored(*datasets: DatasetDescription) -> dict[str, str]:
    return {each.iri: content_hash(each) for each in datasets}


def compare(*former, rules=EVERYTHING):
    return Comparison(stored=stored(*former), ours=OURS, rules=rules)


def plan(found, *, former=(), doubtful=(), elsewhere=(), rules=EVERYTHING):
    read = [Found(each, doubtful=each.iri in doubtful) for each in found]
    return compare(*former, rules=rules).plan(read, elsewhere=elsewhere)


def iris(changes):
    return [change.iri for change in changes]


def codes(findings):
    return [each.code.removeprefix("catalogue.harvest.") for each in findings]


def test_new_changed_same_and_gone_are_told_apart():
    comparison = compare(dataset(2), dataset(3), dataset(4))

    done = comparison.plan([Found(dataset(1)), Found(dataset(2, "Alberi, riveduto")), Found(dataset(3))])

    assert (iris(done.create), iris(done.update)) == ([f"{THEIRS}1"], [f"{THEIRS}2"])
    assert (iris(done.unchanged), done.findings) == ([f"{THEIRS}3"], [])
    assert comparison.gone(complete=True) == [f"{THEIRS}4"]


def test_a_dataset_that_stands_twice_is_taken_once_and_told():
    comparison = compare()

    done = comparison.plan([Found(dataset(1)), Found(dataset(1, "another"))])

    assert [change.found.description.titles for change in done.create] == [{"it": "Alberi"}]
    assert [(each.code, each.path) for each in done.findings] == [
        ("catalogue.harvest.duplicate", f"{THEIRS}1")
    ]
    assert (comparison.twice, comparison.clean) == (True, False)


def test_our_own_does_not_come_back_as_a_partners():
    done = plan([DatasetDescription(iri=f"{OURS}1", titles={"de": "Bäume"})])

    assert (done.create, codes(done.findings)) == ([], ["our-own"])


def test_what_another_source_has_brought_stays_with_it():
    done = plan([dataset(1), dataset(2)], elsewhere={f"{THEIRS}1"})

    assert (iris(done.create), codes(done.findings)) == ([f"{THEIRS}2"], ["elsewhere"])


def test_an_address_that_no_database_takes_is_told():
    done = plan([DatasetDescription(iri=f"{THEIRS}{'x' * 800}", titles={"it": "x"})])

    assert (done.create, codes(done.findings)) == ([], ["long-iri"])


def test_a_dataset_without_a_title_is_told_and_what_was_stored_stays():
    comparison = compare(dataset(1))

    done = comparison.plan([Found(dataset(1, ""))])

    assert (done.create, done.update, done.kept) == ([], [], [f"{THEIRS}1"])
    assert (codes(done.findings), comparison.gone(complete=True)) == (["no-title"], [])


def test_nothing_is_gone_where_reading_broke_off():
    assert compare(dataset(1)).gone(complete=False) == []


def test_a_catalogue_that_is_suddenly_empty_takes_nothing_away():
    comparison = compare(dataset(1), dataset(2))

    told = comparison.too_many(comparison.gone(complete=True))

    assert (told.code, told.severity) == ("catalogue.harvest.empty", Severity.ERROR)
    assert "the 2 taken over before were kept" in told.message


@pytest.mark.parametrize(("left", "stops"), [(7, False), (6, True), (1, True)])
def test_when_much_of_a_larger_catalogue_has_vanished_a_person_is_asked(left, stops):
    comparison = compare(*(dataset(number) for number in range(10)))
    comparison.plan([Found(dataset(number)) for number in range(left)])

    told = comparison.too_many(comparison.gone(complete=True))

    assert (told is not None) == stops


def test_from_a_small_catalogue_half_may_vanish():
    comparison = compare(dataset(1), dataset(2))
    comparison.plan([Found(dataset(1))])

    assert comparison.too_many(comparison.gone(complete=True)) is None


def test_a_dataset_read_in_part_does_not_replace_the_whole_one():
    done = plan(
        [dataset(1, "half"), dataset(2, "half")], former=[dataset(1)], doubtful={f"{THEIRS}1", f"{THEIRS}2"}
    )

    assert (done.update, done.kept, iris(done.create)) == ([], [f"{THEIRS}1"], [f"{THEIRS}2"])
    assert codes(done.findings) == ["kept"]


def test_a_dataset_that_could_not_be_read_at_all_is_not_gone():
    comparison = compare(dataset(1), dataset(2))

    assert comparison.keep([f"{THEIRS}1", f"{THEIRS}7"]) == [f"{THEIRS}1"]
    assert comparison.gone(complete=True) == [f"{THEIRS}2"]


def test_what_the_rules_do_not_want_is_left_out_and_goes_if_it_was_taken_before():
    comparison = compare(dataset(1), dataset(2), rules=HarvestRules(without=(f"{THEIRS}1",)))

    done = comparison.plan([Found(dataset(1)), Found(dataset(2))])

    assert (done.left_out, iris(done.unchanged)) == ([f"{THEIRS}1"], [f"{THEIRS}2"])
    assert comparison.gone(complete=True) == [f"{THEIRS}1"]


@pytest.mark.parametrize(
    "change", [{"titles": {"it": "x"}}, {"extra": ("<a:a> <b:b> <c:c> .",)}, {"issued": "2024"}]
)
def test_every_change_changes_the_hash(change):
    plain = {"iri": f"{THEIRS}1", "titles": {"it": "Alberi"}}

    assert content_hash(DatasetDescription(**plain)) != content_hash(
        DatasetDescription(**{**plain, **change})
    )


def test_the_order_of_languages_does_not_change_the_hash():
    one = DatasetDescription(iri="a:a", titles={"de": "x", "it": "y"})
    other = DatasetDescription(iri="a:a", titles={"it": "y", "de": "x"})

    assert content_hash(one) == content_hash(other)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.builds(dataset, st.integers(0, 8), st.sampled_from(["", "a", "b"]))),
    st.sets(st.integers(0, 8)),
    st.booleans(),
)
def test_a_second_harvest_of_the_same_changes_nothing(found, former, complete):
    after = stored(*(dataset(number) for number in former))

    def harvest():
        comparison = Comparison(stored=dict(after), ours=OURS, rules=EVERYTHING)
        done = comparison.plan([Found(each) for each in found])
        after.update({change.iri: change.content_hash for change in (*done.create, *done.update)})
        gone = comparison.gone(complete=complete)
        for iri in gone:
            del after[iri]
        return done, gone

    harvest()
    second, gone = harvest()

    assert (second.create, second.update, gone) == ([], [], [])
