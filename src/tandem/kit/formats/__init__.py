"""Formats of dates and numbers by language; Django finds them by FORMAT_MODULE_PATH."""
