"""Make the made-up example files again, byte for byte.

Run it as ``python -m tandem.catalogue.examples.generate [FOLDER]``; without a folder, in place.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from tandem.catalogue.examples import arezzo_files, hamm_files

MADE_UP = {"hamm": hamm_files.FILES, "arezzo": arezzo_files.FILES}


def made_up_files() -> Iterator[tuple[str, bytes]]:
    """Yield every made-up file: its path below the folder of the examples, and its bytes."""
    for city_id, files in MADE_UP.items():
        for name, make in files.items():
            yield f"{city_id}/{name}", make()


def write_files(folder: Path) -> None:
    """Write every made-up file below ``folder``."""
    for path, content in made_up_files():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


if __name__ == "__main__":
    write_files(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
