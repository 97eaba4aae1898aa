"""Check digits by ISO 7064 MOD 97-10."""

from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.check_digits import check_digits, mod_97

BODIES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=30)


@given(BODIES)
def test_a_number_with_its_digits_has_the_remainder_one(body):
    digits = check_digits(body)

    assert len(digits) == 2
    assert mod_97(body + digits) == 1


def test_what_is_no_letter_or_digit_is_skipped():
    assert (mod_97("1-2 3"), mod_97("a"), mod_97("ä²"), mod_97("")) == (26, 10, 0, 0)
