"""Pages of the junctions."""
