"""Show errors: a page for people, one JSON shape for programs."""

from tandem.kit.middleware import LimitBody


class ShowErrors(LimitBody):
    pass
