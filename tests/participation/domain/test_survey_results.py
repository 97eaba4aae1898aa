"""Results of surveys, and what is hidden of them."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.survey import Branch, Question, QuestionKind
from tandem.participation.domain.survey_results import survey_results

SINGLE, MULTIPLE, SCALE, NUMBER, TEXT = QuestionKind
QUESTIONS = (
    Question("way", SINGLE, ("bike", "car", "bus"), branches=(Branch("why", frozenset({"bus"})),)),
    Question("wish", MULTIPLE, ("lanes", "trees"), otherwise="mark"),
    Question("why", TEXT),
    Question("mark", SCALE, least=1, most=3),
    Question("km", NUMBER),
)
RESPONSES = [
    {"way": "bike", "wish": ("lanes", "trees"), "mark": 3, "km": 2.5},
    {"way": "bike", "wish": ("lanes",), "mark": 2, "km": 4},
    {"way": "car", "mark": 3, "why": "not asked"},
    {"way": "bus", "why": "It rains.", "mark": 1},
]


def results(responses=RESPONSES, **more):
    return {each.id: each for each in survey_results(QUESTIONS, responses, **more)}


def test_counts_shares_median_and_mean():
    found = results()

    assert found["way"].counts == {"bike": 2, "car": 1, "bus": 1}
    assert found["way"].shares == {"bike": Fraction(1, 2), "car": Fraction(1, 4), "bus": Fraction(1, 4)}
    assert (found["wish"].asked, found["wish"].answered) == (3, 2)
    assert found["wish"].shares == {"lanes": Fraction(1), "trees": Fraction(1, 2)}
    assert (found["why"].asked, found["why"].answered, found["why"].counts) == (1, 1, {})
    assert found["mark"].counts == {"1": 1, "2": 1, "3": 2}
    assert (found["mark"].median, found["mark"].mean) == (Fraction(5, 2), Fraction(9, 4))
    assert (found["km"].median, found["km"].mean, found["km"].answered) == (
        Fraction(13, 4),
        Fraction(13, 4),
        2,
    )
    assert [each.hidden for each in found.values()] == [False] * 5


def test_nobody_answered():
    found = results([])

    assert (found["way"].counts, found["way"].shares, found["km"].median) == (
        {"bike": 0, "car": 0, "bus": 0},
        {},
        None,
    )


def many(bike, car, bus):
    return [{"way": way} for way, count in (("bike", bike), ("car", car), ("bus", bus)) for _ in range(count)]


def test_a_small_number_is_hidden_with_the_one_from_which_it_could_be_reckoned():
    way = results(many(20, 7, 2), hide_below=5)["way"]

    assert (way.counts, way.hidden, way.answered) == ({"bike": 20, "car": None, "bus": None}, True, 29)
    assert way.shares == {"bike": Fraction(20, 29), "car": None, "bus": None}


def test_two_small_numbers_hide_each_other_where_they_are_enough_together():
    assert results(many(20, 4, 2), hide_below=5)["way"].counts == {"bike": 20, "car": None, "bus": None}
    assert results(many(20, 1, 2), hide_below=5)["way"].counts == {"bike": None, "car": None, "bus": None}


def test_how_many_came_to_a_question_does_not_tell_what_is_hidden():
    found = results(many(20, 7, 2), hide_below=5)

    assert (found["why"].asked, found["why"].answered) == (None, None)  # the two who go by bus
    assert (found["wish"].asked, found["wish"].answered) == (None, None)  # all but them


def test_few_answers_hide_everything_about_a_question():
    mark = results([{"mark": 3}] * 3 + [{}] * 20, hide_below=5)["mark"]

    assert (mark.asked, mark.answered, mark.counts, mark.median, mark.mean) == (
        23,
        None,
        {"1": None, "2": None, "3": None},
        None,
        None,
    )


def test_of_several_options_almost_all_is_as_telling_as_almost_none():
    wish = results([{"wish": ("lanes", "trees")}] * 20 + [{"wish": ("lanes",)}] * 2, hide_below=5)["wish"]

    assert wish.counts == {"lanes": 22, "trees": None}


@given(
    st.lists(st.integers(0, 12), min_size=3, max_size=3),
    st.integers(0, 8),
)
def test_no_small_number_can_be_read_or_reckoned_from_a_single_choice(counts, hide_below):
    way = results(many(*counts), hide_below=hide_below)["way"]

    truth = dict(zip(("bike", "car", "bus"), counts, strict=True))
    shown = {key: count for key, count in way.counts.items() if count is not None}
    assert shown.items() <= truth.items()
    assert [count for count in shown.values() if 0 < count < hide_below] == []
    rest = sum(counts) - sum(shown.values())
    assert way.answered is None or rest == 0 or rest >= hide_below
