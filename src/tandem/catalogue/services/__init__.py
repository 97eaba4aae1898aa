"""What people do with the catalogue: one use case, one function, one transaction."""
