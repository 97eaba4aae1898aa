"""The picture of opinion groups: everything in its frame, outlines around their dots, shares that add up."""

from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.opinion_picture import HEIGHT, WIDTH, Picture, hull, picture, shares

NUMBERS = st.floats(-1_000, 1_000)
PLACES = st.lists(st.tuples(NUMBERS, NUMBERS, st.integers(1, 50), st.integers(-1, 3)), max_size=40)


@given(PLACES)
def test_everything_lies_in_the_frame(places):
    found = picture(places)
    assert all(0 <= each.x <= WIDTH and 0 <= each.y <= HEIGHT for each in found.dots)
    assert {each.group for each in found.outlines} == {group for *_place, group in places if group >= 0}


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), max_size=30))
def test_an_outline_holds_every_point(points):
    corners = hull(points)
    assert set(corners) <= set(points)
    if len(corners) > 2:
        for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
            assert all((bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0 for x, y in points)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_shares_add_up(agree, disagree, passed):
    seen = agree + disagree + passed
    found = shares(agree, disagree, seen)
    assert sum(found.values()) == (100 if seen else 0)
    assert all(abs(found[name] - 100 * count / max(seen, 1)) < 1 for name, count in
               (("agree", agree), ("disagree", disagree), ("pass", passed)))  # fmt: skip


def test_nobody_has_no_picture():
    assert picture([]) == Picture((), ())


def test_one_place_lies_in_the_middle():
    assert [(each.x, each.y) for each in picture([(3.0, 4.0, 2, 0)]).dots] == [(WIDTH / 2, HEIGHT / 2)]
