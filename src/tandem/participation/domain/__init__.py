"""Rules of participation: pure Python, no Django, no files, no clock."""
