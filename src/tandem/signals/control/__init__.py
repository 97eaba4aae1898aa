"""Controllers: each asks for signal groups to be green; none of them can switch anything."""
