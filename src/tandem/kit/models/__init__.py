"""Rows that every room shares: jobs, and what the search knows."""

from tandem.kit.models.jobs import Job, Periodic, WorkerBeat
from tandem.kit.models.search import SearchEntry

__all__ = ["Job", "Periodic", "SearchEntry", "WorkerBeat"]
