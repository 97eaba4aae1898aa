"""What is done in the participation room: one use case, one function, one transaction."""
