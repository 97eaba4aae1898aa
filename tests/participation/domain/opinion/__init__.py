"""Tests of opinion groups."""
