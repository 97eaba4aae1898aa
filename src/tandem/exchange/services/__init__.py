"""What people do with measures and tandems: one use case, one function, one transaction."""
