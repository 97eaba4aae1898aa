"""Student's t distribution: how far a mean of few runs may be from the mean of very many."""

import math
from functools import cache


def share_within(angle: float, degrees: int) -> float:
    """Return the share of Student's t distribution between -t and t, where t = tan(angle) · √degrees.

    A finite sum of positive terms, so it is exact to rounding for every number of degrees of freedom.

    Args:
        angle: In radians, 0 to π/2.
        degrees: Degrees of freedom, 1 or more.

    Source:
        Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 26.7.3 (odd) and 26.7.4 (even).

    >>> round(share_within(math.pi / 4, 1), 12), round(share_within(math.pi / 4, 2), 12)
    (0.5, 0.707106781187)
    """
    odd = degrees % 2
    cosine = math.cos(angle)
    term, total = cosine if odd else 1.0, 0.0
    for number in range(2 + odd, degrees + 1, 2):
        total += term
        term *= (number - 1) / number * cosine**2
    if odd:
        return 2 / math.pi * (angle + math.sin(angle) * total)
    return math.sin(angle) * total


@cache
def t_quantile(degrees: int, share: float = 0.95) -> float:
    """Return the t that holds a share of Student's distribution between -t and t.

    Args:
        degrees: Degrees of freedom, 1 or more.
        share: 0 up to, but without, 1.

    >>> round(t_quantile(1), 3), round(t_quantile(9), 3), round(t_quantile(999), 3)
    (12.706, 2.262, 1.962)
    """
    low, high = 0.0, math.pi / 2
    while low < (middle := (low + high) / 2) < high:
        if share_within(middle, degrees) < share:
            low = middle
        else:
            high = middle
    return math.tan(high) * math.sqrt(degrees)
