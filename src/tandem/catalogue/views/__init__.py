"""Pages of the catalogue: for everybody, for the staff, and for machines."""
