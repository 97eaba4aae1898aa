"""Readers of files that hold a table, one module per kind of file, and what they share."""
