"""Matching cities: from what each needs and offers to pairs that are optimal, repeatable and explained."""
