"""How Sphinx builds the documentation; ``make docs``."""

from tandem import __version__

project = "Tandem"
author = "The Tandem developers"
copyright = author
release = version = __version__
extensions = ["myst_parser"]
myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Tandem"
html_show_sphinx = False
html_copy_source = False
