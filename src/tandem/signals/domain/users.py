"""The kinds of road users, as observations number them."""

KIND_NAMES = ("car", "pedestrian", "bicycle", "bus", "tram")
CAR, PEDESTRIAN, BICYCLE, BUS, TRAM = range(5)
