"""Comparing controllers: runs, statistics, reports."""
