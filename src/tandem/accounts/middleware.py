from tandem.kit.middleware import LimitBody


class SecondFactor(LimitBody):
    pass
