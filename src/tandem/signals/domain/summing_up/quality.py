"""The quality of service, A to F."""

import math


def service_quality(kind: str, *, wait_s: float, longest_wait_s: float) -> str:
    """Return the quality of service, A to F.

    Vehicles are judged by their mean wait, pedestrians and cyclists by the longest one. Vehicles get no F, which
    stands for demand above capacity and not for a wait.

    Source: figures after HBS 2015 as generally known; to be checked before anybody relies on them.

    >>> service_quality("car", wait_s=12, longest_wait_s=60), service_quality("bicycle", wait_s=5, longest_wait_s=56)
    ('A', 'D')
    """
    if kind in {"pedestrian", "bicycle"}:
        limits, value = (30.0, 40.0, 55.0, 70.0, 85.0), longest_wait_s
    else:
        limits, value = (20.0, 35.0, 50.0, 70.0, math.inf), wait_s
    return next((letter for letter, limit in zip("ABCDE", limits, strict=True) if value <= limit), "F")
