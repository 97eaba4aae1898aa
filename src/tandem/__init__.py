"""Tandem: the open city platform that partner cities run."""

__version__ = "0.1.0"
