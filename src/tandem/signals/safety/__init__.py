"""The gate: the only maker of commands."""
