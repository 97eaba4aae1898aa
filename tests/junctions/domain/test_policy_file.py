"""A policy as it travels: whatever the engine takes, and nothing that is something else."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.junctions.domain import policy_file
from tandem.junctions.domain.policy_file import check_policy
from tandem.signals.control import policy
from tandem.signals.control.policy import NotAPolicy, Policy, read_policy

WHOLE = """\
[weights]
car = 1
bicycle = 1.5
[waiting]
equity = 0.04
stop_s = 4
recall_s = 90
box_s = 10
[[hours]]
name = "way to school"
days = ["mon", "tue"]
from = "07:30"
until = "08:15"
weights = { pedestrian = 3, tram = 80 }
[[hours]]
from = "8:00"
until = "24:00"
"""


def test_the_names_are_the_engines_own():
    waiting = {*Policy.__dataclass_fields__} - {"weights", "hours"}

    assert (set(policy_file.KINDS), policy_file.DAYS, set(policy_file.WAITING)) == (
        set(policy.KINDS),
        tuple(policy.DAYS),
        waiting,
    )


def test_a_whole_policy_is_one_here_and_there():
    assert read_policy(WHOLE).recall_s == 90
    assert check_policy(WHOLE.encode(), 10_000) == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("[weights]\nlorry = 2", "/weights/lorry"),
        ("[weights]\ncar = -1", "/weights/car"),
        ("[weights]\ncar = true", "/weights/car"),
        ("[weights]\ncar = nan", "/weights/car"),
        ("[music]\nloud = 1", "/music"),
        ("[waiting]\nequity = 'much'", "/waiting/equity"),
        ("weights = 3", "/weights"),
        ("hours = 3", "/hours"),
        ("[[hours]]\nfrom = '07:00'", "/hours/0/until"),
        ("[[hours]]\nfrom = 'dawn'\nuntil = '08:00'", "/hours/0/from"),
        ("[[hours]]\nfrom = '07:00'\nuntil = '08:00'\ndays = ['someday']", "/hours/0/days/0"),
        ("[[hours]]\nfrom = '07:00'\nuntil = '08:00'\nname = '<b>'", "/hours/0/name"),
        ("no toml", ""),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, path: str):
    assert [each.path for each in check_policy(text.encode(), 10_000)] == [path]


def test_what_is_too_large_or_no_text_is_refused():
    assert [each.code for each in check_policy(b"#" * 11, 10)] == ["core.part.too-much"]
    assert [each.code for each in check_policy(b"\xff", 10)] == ["core.part.not-a-policy"]


NUMBERS = st.integers(-2, 10_001) | st.floats(0, 10_000)
NAMES = st.sampled_from([*policy_file.KINDS, "lorry", *policy_file.WAITING])


@given(st.sampled_from(["weights", "waiting", "other"]), st.dictionaries(NAMES, NUMBERS, max_size=4))
def test_what_passes_here_the_engine_takes(table: str, values: dict[str, float]):
    text = f"[{table}]\n" + "".join(f"{name} = {value!r}\n" for name, value in values.items())
    if not check_policy(text.encode(), 10_000):
        read_policy(text)
    else:
        with pytest.raises(NotAPolicy):
            read_policy(text)


def test_the_example_scenarios_policy_passes():
    text = (files("tandem.signals") / "scenarios" / "hamm" / "scenario.toml").read_text("utf-8")
    lines = text[text.index("[policy.weights]") : text.index("# Each flow")].replace("policy.", "")

    assert check_policy(lines.encode(), 10_000) == []
