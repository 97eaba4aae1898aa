"""Migrations of the participation room."""
