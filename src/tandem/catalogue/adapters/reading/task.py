"""One file that is being read: where it lies, where the table goes, and whom to tell how far it is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tandem.catalogue.adapters.reading.refusals import Cancelled

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """A file that is being read.

    Attributes:
        source: The file as it came.
        head: Its first bytes; all of it where it is small.
        filename: What people call it.
        partial: Where a reader writes the Parquet table.
        work_dir: Folder for what is needed on the way.
        progress: Called with the share done (0 to 1) and a sentence.
        cancelled: Whether somebody asked to stop.
        part: The sheet, layer or file inside that is wanted; empty for the first that fits.
    """

    source: Path
    head: bytes
    filename: str
    partial: Path
    work_dir: Path
    progress: Progress
    cancelled: Callable[[], bool]
    part: str = ""

    def step(self, share: float, message: str) -> None:
        """Tell how far it is, between two steps of the work.

        Raises:
            Cancelled: Somebody asked to stop.
        """
        if self.cancelled():
            raise Cancelled(self.filename)
        self.progress(share, message)
