"""Forms of the participation room."""
