"""Citizen participation: projects, phases, contributions, budgets, opinions."""
