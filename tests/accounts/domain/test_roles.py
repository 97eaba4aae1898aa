import pytest

from tandem.accounts.domain.roles import ADMINISTRATOR, ALL_ROLES, ROOMS, Role, RoomRole, UnknownRole, allows


@pytest.mark.parametrize("role", ALL_ROLES, ids=str)
def test_a_role_is_read_from_its_text(role):
    assert RoomRole.parse(str(role)) == role


@pytest.mark.parametrize(
    "text",
    ["", "catalogue", "catalogue:", "catalogue:administrator", "site:editor", "attic:reader", ":reader"],
)
def test_other_texts_are_no_roles(text):
    with pytest.raises(UnknownRole, match="is no role"):
        RoomRole.parse(text)


def test_a_role_of_another_room_cannot_be_made():
    with pytest.raises(UnknownRole, match="junctions:publisher"):
        RoomRole("junctions", Role.PUBLISHER)


# who × what: reading and publishing data, moderating, signal plans, exchange, anything in a room, the site
ASKED = [
    ("catalogue", ("reader", "editor", "publisher")),
    ("catalogue", ("publisher",)),
    ("participation", ("moderator", "planner")),
    ("junctions", ("traffic-engineer",)),
    ("exchange", ()),
    ("site", ("administrator",)),
]
TABLE = {
    (): (0, 0, 0, 0, 0, 0),
    ("catalogue:reader",): (1, 0, 0, 0, 0, 0),
    ("catalogue:editor",): (1, 0, 0, 0, 0, 0),
    ("catalogue:publisher",): (1, 1, 0, 0, 0, 0),
    ("participation:reader",): (0, 0, 0, 0, 0, 0),
    ("participation:moderator",): (0, 0, 1, 0, 0, 0),
    ("participation:planner",): (0, 0, 1, 0, 0, 0),
    ("junctions:reader",): (0, 0, 0, 0, 0, 0),
    ("junctions:traffic-engineer",): (0, 0, 0, 1, 0, 0),
    ("exchange:reader",): (0, 0, 0, 0, 1, 0),
    ("exchange:exchange-officer",): (0, 0, 0, 0, 1, 0),
    ("catalogue:publisher", "junctions:traffic-engineer"): (1, 1, 0, 1, 0, 0),
    ("site:administrator",): (1, 1, 1, 1, 1, 1),
}
CASES = [
    pytest.param(
        held, room, roles, bool(expected), id=f"{'+'.join(held) or 'nothing'} as {room}:{'/'.join(roles)}"
    )
    for held, row in TABLE.items()
    for (room, roles), expected in zip(ASKED, row, strict=True)
]


@pytest.mark.parametrize(("held", "room", "roles", "expected"), CASES)
def test_what_roles_allow(held, room, roles, expected):
    assert allows([RoomRole.parse(each) for each in held], room, roles) is expected


def test_the_table_has_every_role():
    assert {each for held in TABLE for each in held} == {str(role) for role in ALL_ROLES}


def test_only_the_site_has_an_administrator():
    assert [room for room, roles in ROOMS.items() if ADMINISTRATOR.role in roles] == ["site"]
