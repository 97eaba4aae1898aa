"""Whatever a sentence may name has a name, and the name is translated with the sentence."""

from collections.abc import Iterable, Mapping

import pytest

from tandem.core.text import Sentence
from tandem.exchange.domain import naming
from tandem.exchange.domain.adoption import Action
from tandem.exchange.domain.matching.consent import State
from tandem.exchange.domain.schemas import PART_KINDS
from tandem.exchange.domain.trust import Standing


@pytest.mark.parametrize(
    ("codes", "names"),
    [
        (Action, naming.ACTIONS),
        (PART_KINDS, naming.PART_KINDS),
        (State, naming.PROPOSALS),
        (set(Standing) - {Standing.SEEN}, naming.STANDINGS),
    ],
)
def test_everything_has_a_name(codes: Iterable[str], names: Mapping[str, Sentence]):
    assert set(codes) == set(names)


def test_what_is_not_known_is_called_by_its_code():
    assert naming.named("drone", naming.PART_KINDS) == "drone"
    assert naming.role_named("office") == "office"


def test_a_role_is_named_with_its_room():
    found = naming.role_named("junctions:traffic-engineer")

    assert found == "Traffic engineer (Junctions)"
    assert isinstance(found, Sentence)
    assert found.values == {"role": "Traffic engineer", "room": "Junctions"}
    assert {type(each) for each in found.values.values()} == {Sentence}
