"""Rules of the register of junctions: no Django, no I/O, no clock."""
