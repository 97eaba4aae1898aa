"""The city's policy file."""

import pytest

from tandem.signals.control.policy import DAY_MS, NotAPolicy, Policy, read_policy

SCHOOL = """
[weights]
car = 1
bicycle = 2.5

[waiting]
equity = 0.05
recall_s = 60

[[hours]]
name = "way to school"
days = ["mon", "tue"]
from = "07:30"
until = "08:15"
weights = { pedestrian = 4 }
"""


def test_a_policy_says_what_counts_when():
    policy = read_policy(SCHOOL)

    assert policy.weights == (1.0, 1.0, 2.5, 1.0, 1.0)
    assert (policy.equity, policy.recall_s, policy.stop_s) == (0.05, 60.0, Policy().stop_s)
    half_past_seven = (7 * 60 + 30) * 60_000
    assert policy.weights_at(half_past_seven - 1) == policy.weights
    assert policy.weights_at(half_past_seven) == (1.0, 4.0, 2.5, 1.0, 1.0)
    assert policy.weights_at(half_past_seven + 45 * 60_000) == policy.weights
    assert policy.weights_at(half_past_seven + DAY_MS) == (1.0, 4.0, 2.5, 1.0, 1.0)
    assert policy.weights_at(half_past_seven + 2 * DAY_MS) == policy.weights
    assert policy.weights_at(half_past_seven + 7 * DAY_MS) == (1.0, 4.0, 2.5, 1.0, 1.0)


def test_an_empty_file_is_the_default():
    assert read_policy("") == Policy()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("weights = ", "the file"),
        ("[wheights]\ncar = 1", "wheights"),
        ("[weights]\nlorry = 1", "weights.lorry"),
        ("[weights]\ncar = -1", "weights.car"),
        ("[weights]\ncar = nan", "weights.car"),
        ("[weights]\ncar = true", "weights.car"),
        ('[weights]\ncar = "much"', "weights.car"),
        ("[waiting]\nequality = 1", "waiting.equality"),
        ("[waiting]\nequity = inf", "waiting.equity"),
        ("[hours]\nfrom = 1", "hours"),
        ('[[hours]]\ndays = ["monday"]\nfrom = "07:00"\nuntil = "08:00"', "hours 1"),
        ('[[hours]]\nfrom = "07:00"\nuntil = "06:00"', "hours 1"),
        ('[[hours]]\nfrom = "7"\nuntil = "08:00"', "hours 1"),
        ('[[hours]]\nfrom = "07:00"\nuntil = "08:00"\nweights = { walker = 1 }', "hours 1.weights.walker"),
    ],
)
def test_what_is_wrong_is_named(text, place):
    with pytest.raises(NotAPolicy, match=rf"wrong at {place}:"):
        read_policy(text)
