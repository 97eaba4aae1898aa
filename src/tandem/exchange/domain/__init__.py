"""Rules of the exchange: cards, bundles, adoption, matching, federation. No Django, no I/O, no clock."""
