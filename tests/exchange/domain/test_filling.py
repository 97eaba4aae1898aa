"""Inputs in fields: one rule, and nothing else is touched."""

from hypothesis import given
from hypothesis import strategies as st

from tandem.core.part_values import MARK, filled
from tandem.core.parts import Input, Part
from tandem.exchange.domain.filling import check_placeholders, filled_part, needed, placeholders

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text().filter(lambda key: key != MARK), inner)
    ),
    max_leaves=8,
)
PUBLISHER, MAIL = Input("publisher"), Input("mail")


@given(VALUES)
def test_what_asks_for_nothing_stays_as_it_is(value):
    assert filled(value, {"publisher": "Comune"}) == value
    assert list(placeholders(value)) == []


@given(VALUES, VALUES)
def test_what_is_filled_in_is_found_where_it_was_asked_for(value, answer):
    asks = {"deep": [value, {"a/b": {MARK: "publisher"}}]}

    assert list(placeholders(asks)) == [("/deep/1/a~1b", "publisher")]
    assert filled(asks, {"publisher": answer}) == {"deep": [value, {"a/b": answer}]}
    assert list(placeholders(filled(asks, {"publisher": answer}))) == []


def test_texts_are_never_searched():
    fields = {"note": '{"$input": "publisher"} {publisher} $publisher', MARK + "s": "publisher"}

    assert filled(fields, {"publisher": "Comune"}) == fields


def test_nothing_filled_in_is_null_and_what_is_written_wrongly_too():
    fields = {"a": {MARK: "mail"}, "b": {MARK: "publisher", "more": 1}, "c": {MARK: ["publisher"]}}
    part = Part("catalogue", "trees", {}, fields)

    assert filled_part(part, {"publisher": "Comune"}).fields == {"a": None, "b": None, "c": None}
    assert [(each.code, each.path) for each in check_placeholders([part], [MAIL])] == [
        ("exchange.adoption.bad-placeholder", "catalogue/trees#/b"),
        ("exchange.adoption.bad-placeholder", "catalogue/trees#/c"),
    ]
    assert len(check_placeholders([part], [PUBLISHER])) == 3


def test_a_part_needs_its_own_inputs_and_those_that_its_fields_ask_for():
    own = Part("catalogue", "trees", {}, {"contact": {MARK: "mail"}}, inputs=[PUBLISHER])
    other = Part("participation", "ideas", {}, {}, inputs=[MAIL, PUBLISHER, Input("days")])
    declared = [*own.inputs, *other.inputs]

    assert needed([own], declared) == [PUBLISHER, MAIL]
    assert needed([], declared) == []
