"""The quality of service, at its limits."""

import pytest

from tandem.signals.domain.summing_up.quality import service_quality


@pytest.mark.parametrize(
    ("kind", "wait_s", "longest_s", "letter"),
    [
        ("car", 20, 500, "A"),
        ("car", 20.1, 0, "B"),
        ("car", 70, 0, "D"),
        ("all", 900, 0, "E"),
        ("pedestrian", 0, 30, "A"),
        ("bicycle", 0, 85, "E"),
        ("bicycle", 0, 86, "F"),
    ],
)
def test_service_quality(kind, wait_s, longest_s, letter):
    assert service_quality(kind, wait_s=wait_s, longest_wait_s=longest_s) == letter
