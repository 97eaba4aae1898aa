"""What can always be made anew from originals and the database: caches, indexes."""

from collections.abc import Callable

Progress = Callable[[float, str], None]
_makers: dict[str, Callable[[Progress], int]] = {}


def register(name: str, make: Callable[[Progress], int]) -> None:
    """Say how a derived thing is made; ``make`` returns how many pieces it has."""
    _makers[name] = make


def names() -> list[str]:
    """Return what can be rebuilt."""
    return list(_makers)


def rebuild(name: str, progress: Progress) -> int:
    """Make a derived thing anew."""
    return _makers[name](progress)
