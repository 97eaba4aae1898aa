"""The outside of the catalogue: RDF, DuckDB, stored files."""
