"""The composition root: settings, addresses, wiring, home, city map, search across rooms."""
