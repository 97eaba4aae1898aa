"""The outside: archives, signatures, crates, documents, solvers, other cities' feeds."""
