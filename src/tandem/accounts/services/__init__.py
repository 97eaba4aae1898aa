"""What can be done with accounts: one use case, one function, one transaction."""
