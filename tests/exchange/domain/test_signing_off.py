"""Who signs a part off, after what, and what may go live then."""

from dataclasses import replace

import pytest

from tandem.core.references import Reference
from tandem.exchange.domain.adoption import NoSuchPart, NotPossible, NotTheirs, PartGone, PartState, State
from tandem.exchange.domain.part_fields import sha256_of
from tandem.exchange.domain.signing_off import check_live, with_simulation
from tests.exchange.domain.adoption_making import FIELDS, NOW, SIGNAL, TABLE, adoption, part, signed

RESULT = Reference("urn:evaluation:1", "evaluation")


def test_a_part_is_signed_off_by_who_has_the_role():
    found = signed(adoption(part(TABLE)), TABLE).part(TABLE)

    assert found.state is PartState.SIGNED_OFF
    assert found.sign_off is not None
    assert (found.sign_off.by, found.sign_off.at, found.sign_off.note) == ("bruno", NOW, "As agreed.")
    assert found.sign_off.fields_sha256 == sha256_of(FIELDS)
    with pytest.raises(NotTheirs, match="takes the role office"):
        signed(adoption(part(TABLE)), TABLE, roles=("other-office",))
    assert signed(adoption(part(TABLE)), TABLE, by="anna").part(TABLE).state is PartState.SIGNED_OFF


def test_a_signal_is_simulated_as_it_is_then_signed_by_a_second_person():
    begun = adoption(part(SIGNAL))
    simulated = with_simulation(begun, SIGNAL, RESULT, fields=FIELDS)

    with pytest.raises(NotPossible, match="simulated first"):
        signed(begun, SIGNAL)
    with pytest.raises(NotPossible, match="Simulate it again"):
        signed(simulated, SIGNAL, fields={**FIELDS, "days": 29})
    with pytest.raises(NotTheirs, match="somebody else"):
        signed(simulated, SIGNAL, by="anna")
    with pytest.raises(NotTheirs, match="somebody else"):
        signed(simulated.with_part(replace(simulated.part(SIGNAL), made_by="bruno")), SIGNAL)
    assert signed(simulated, SIGNAL).part(SIGNAL).state is PartState.SIGNED_OFF


def test_a_new_simulation_voids_the_sign_off():
    found = signed(with_simulation(adoption(part(SIGNAL)), SIGNAL, RESULT, fields=FIELDS), SIGNAL)
    again = with_simulation(found, SIGNAL, RESULT, fields=FIELDS).part(SIGNAL)

    assert (again.state, again.sign_off) == (PartState.MADE, None)


@pytest.mark.parametrize(("state", "error"), [(PartState.LIVE, NotPossible), (PartState.GONE, PartGone)])
def test_what_is_live_or_gone_is_neither_signed_nor_simulated(state, error):
    found = adoption(part(TABLE, state=state))

    with pytest.raises(error):
        signed(found, TABLE)
    with pytest.raises(error):
        with_simulation(found, TABLE, RESULT, fields=FIELDS)


def test_a_part_that_is_not_there_is_not_signed():
    with pytest.raises(NoSuchPart, match="signal/other"):
        signed(adoption(part(TABLE)), "signal/other")


def test_an_adoption_goes_live_as_a_whole_and_as_it_was_signed():
    ready = signed(signed(adoption(part("catalogue/a"), part("catalogue/b")), "catalogue/a"), "catalogue/b")
    shown = {"catalogue/a": FIELDS, "catalogue/b": FIELDS}

    assert check_live(ready, shown, without=()) is State.LIVE
    assert check_live(ready, {**shown, "catalogue/a": None}, without=["catalogue/a"]) is State.LIVE
    with pytest.raises(PartGone, match="catalogue/a is gone"):
        check_live(ready, {**shown, "catalogue/a": None}, without=["catalogue/b"])
    with pytest.raises(NotPossible, match="catalogue/b was changed after it was signed off"):
        check_live(ready, {**shown, "catalogue/b": {}}, without=())
    with pytest.raises(NotPossible, match="catalogue/a is not signed off yet"):
        check_live(ready.with_part(part("catalogue/a")), shown, without=())
    with pytest.raises(NotPossible, match="nothing to put live"):
        check_live(ready, {}, without=())
    with pytest.raises(NotPossible, match="It was undone"):
        check_live(replace(ready, state=State.UNDONE), shown, without=())
