"""Participatory budgets: from ballots and a rule to an allocation that explains itself."""
