"""Federation: signed, append-only feeds of plain files, and what a reader accepts of them."""
