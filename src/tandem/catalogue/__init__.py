"""Open data: datasets, distributions, tables, harvest, search, quality."""
