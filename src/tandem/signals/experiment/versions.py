"""The versions that a run's numbers depend on."""

import platform
from importlib import metadata

from tandem import __version__

PACKAGES = ("libsumo", "numpy", "numba")


def versions() -> dict[str, str]:
    """Return the versions of Tandem, Python and the packages that are installed, by name."""
    found = {"tandem": __version__, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
