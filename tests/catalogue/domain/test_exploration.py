from dataclasses import dataclass
from datetime import date

import pytest

from tandem.catalogue.domain.exploration import BadQuery, Condition, Exploration, parse_exploration


@dataclass(frozen=True)
class Column:
    key: str
    name: str
    kind: str


COLUMNS = [Column("art", "Art", "text"), Column("hoehe_m", "Höhe (m)", "decimal"), Column("am", "am", "date")]


def parse(**parameters):
    return parse_exploration(
        {name.replace("__", "."): values for name, values in parameters.items()}, COLUMNS
    )


def test_nothing_asked_is_the_first_page():
    assert parse() == Exploration()


def test_conditions_take_the_columns_kind():
    found = parse(f__art=["Linde"], f__hoehe_m__min=["3,5"], f__am__max=["2024-05-31"]).conditions

    assert found == (
        Condition("art", "eq", "Linde", "f.art", "Linde"),
        Condition("hoehe_m", "gte", 3.5, "f.hoehe_m.min", "3,5"),
        Condition("am", "lte", date(2024, 5, 31), "f.am.max", "2024-05-31"),
    )


def test_several_values_of_one_column_are_alternatives():
    (found,) = parse(f__art=["Linde", "Eiche"]).conditions

    assert (found.op, found.value) == ("in", ["Linde", "Eiche"])


def test_empty_fields_of_a_form_ask_for_nothing():
    assert parse(f__art=[""], f__hoehe_m__min=["  "]).conditions == ()


def test_sort_page_and_group():
    found = parse(sort=["-hoehe_m"], page=["3"], by=["art"], measure=["hoehe_m"], function=["avg"])

    assert (found.sort, found.descending, found.offset) == ("hoehe_m", True, 100)
    assert (found.by, found.measure, found.function) == ("art", "hoehe_m", "avg")


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"f.hoehe": ["3"]}, "no column 'hoehe'"),
        ({"f.hoehe_m.near": ["3"]}, "no such comparison"),
        ({"f.hoehe_m.min": ["high"]}, "f.hoehe_m.min=high"),
        ({"f.am": ["31.5.2024"]}, "2024-05-31"),
        ({"sort": ["-wuchs"]}, "no column 'wuchs'"),
        ({"page": ["0"]}, "page=0"),
        ({"page": ["²"]}, "whole number"),
        ({"per_page": ["100000"]}, "1 to 1000"),
        ({"function": ["median"]}, "median"),
    ],
)
def test_the_impossible_is_told_by_name(parameters, said):
    with pytest.raises(BadQuery, match=said):
        parse_exploration(parameters, COLUMNS)
