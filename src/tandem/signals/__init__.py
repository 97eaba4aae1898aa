"""The signal-control engine: no web, no database, no Django."""
