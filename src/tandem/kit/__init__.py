"""Parts that every portal room shares: pages, forms, charts, maps, jobs, search, fetching."""
