"""What people do with junctions: one use case, one function, one transaction."""
