"""Rules of the catalogue: pure Python, no Django, no files, no clock."""
