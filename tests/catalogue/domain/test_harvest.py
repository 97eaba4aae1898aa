"""What a harvest would do."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandem.catalogue.domain.description import DatasetDescription
from tandem.catalogue.domain.harvest import content_hash, plan_harvest

OURS = "https://hamm.example/id/"
THEIRS = "https://arezzo.example/id/"


def dataset(number: int, title: str = "Alberi") -> DatasetDescription:
    return DatasetDescription(iri=f"{THEIRS}{number}", titles={"it": title} if title else {})


def stored(*datasets: DatasetDescription) -> dict[str, str]:
    return {each.iri: content_hash(each) for each in datasets}


def plan(found, *, former=(), complete=True, doubtful=()):
    return plan_harvest(found, stored=stored(*former), ours=OURS, complete=complete, doubtful=doubtful)


def iris(changes):
    return [change.description.iri for change in changes]


def test_new_changed_same_and_gone_are_told_apart():
    found = [dataset(1), dataset(2, "Alberi, riveduto"), dataset(3)]

    done = plan(found, former=[dataset(2), dataset(3), dataset(4)])

    assert iris(done.create) == [f"{THEIRS}1"]
    assert iris(done.update) == [f"{THEIRS}2"]
    assert (done.unchanged, done.gone, done.findings) == ([f"{THEIRS}3"], [f"{THEIRS}4"], [])


def test_a_dataset_that_stands_twice_is_taken_once_and_told():
    done = plan([dataset(1), dataset(1, "another")])

    assert [change.description.titles for change in done.create] == [{"it": "Alberi"}]
    assert [(each.code, each.path) for each in done.findings] == [
        ("catalogue.harvest.duplicate", f"{THEIRS}1")
    ]


def test_our_own_does_not_come_back_as_a_partners():
    done = plan([DatasetDescription(iri=f"{OURS}1", titles={"de": "Bäume"})])

    assert (done.create, [each.code for each in done.findings]) == ([], ["catalogue.harvest.our-own"])


def test_a_dataset_without_a_title_is_told_and_what_was_stored_stays():
    done = plan([dataset(1, "")], former=[dataset(1)])

    assert (done.create, done.update, done.gone) == ([], [], [])
    assert [each.code for each in done.findings] == ["catalogue.harvest.no-title"]


def test_nothing_is_gone_where_reading_broke_off():
    assert plan([], former=[dataset(1)], complete=False).gone == []


def test_a_catalogue_that_is_suddenly_empty_takes_nothing_away():
    done = plan([], former=[dataset(1), dataset(2)])

    assert (done.gone, [each.code for each in done.findings]) == ([], ["catalogue.harvest.empty"])
    assert "the 2 taken over before were kept" in done.findings[0].message


def test_a_dataset_read_in_part_does_not_replace_the_whole_one():
    done = plan(
        [dataset(1, "half"), dataset(2, "half")], former=[dataset(1)], doubtful={f"{THEIRS}1", f"{THEIRS}2"}
    )

    assert (done.update, done.unchanged) == ([], [f"{THEIRS}1"])
    assert iris(done.create) == [f"{THEIRS}2"]
    assert [each.code for each in done.findings] == ["catalogue.harvest.kept"]


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


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    st.lists(st.builds(dataset, st.integers(0, 8), st.sampled_from(["", "a", "b"]))),
    st.sets(st.integers(0, 8)),
    st.booleans(),
)
def test_a_second_harvest_of_the_same_changes_nothing(found, former, complete):
    before = stored(*(dataset(number) for number in former))
    first = plan_harvest(found, stored=before, ours=OURS, complete=complete)
    after = {**before, **{c.description.iri: c.content_hash for c in (*first.create, *first.update)}}
    for iri in first.gone:
        del after[iri]

    second = plan_harvest(found, stored=after, ours=OURS, complete=complete)

    assert (second.create, second.update, second.gone) == ([], [], [])
