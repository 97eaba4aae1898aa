"""The shared kernel: errors, findings, cities and references between rooms. Standard library only."""
