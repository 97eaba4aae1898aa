"""Lists ask the database as often for thirty as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from tandem.accounts.domain.roles import RoomRole
from tandem.accounts.services.audit import record
from tandem.accounts.services.invitations import invite
from tandem.accounts.services.tokens import create_token
from tests.accounts.people import client_of, somebody

pytestmark = pytest.mark.django_db


def person(number, owner):
    somebody("catalogue:editor", "exchange:reader")


def invitation(number, owner):
    roles = [RoomRole.parse("catalogue:editor")]
    invite(f"i{number}@example.org", roles=roles, language="de", actor=somebody(), now=timezone.now())


def entry(number, owner):
    record(somebody(), "accounts.role.grant", somebody().uri, {"role": "catalogue:editor"})


def token(number, owner):
    create_token(owner, f"token {number}", actor=None)


@pytest.mark.parametrize(
    ("name", "make", "most"),
    [
        ("accounts:people", person, 8),
        ("accounts:invitations", invitation, 7),
        ("accounts:audit", entry, 10),
        ("accounts:tokens", token, 6),
    ],
)
def test_thirty_take_as_many_queries_as_one(name, make, most, mailoutbox):
    owner = somebody("site:administrator")
    client = client_of(owner)
    counts = []
    for numbers in (range(1), range(1, 30)):
        for number in numbers:
            make(number, owner)
        with (
            override("de"),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            assert client.get(reverse(name)).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= most, [query["sql"] for query in queries.captured_queries]


def test_more_than_a_page_of_people_is_paged_and_searched():
    administrator = client_of(somebody("site:administrator", name="Zoe"))
    for number in range(55):
        somebody(name=f"Somebody n{number:02}n")
    with override("en"):
        first = administrator.get(reverse("accounts:people"))
        second = administrator.get(reverse("accounts:people"), {"page": 2})
        found = administrator.get(reverse("accounts:people"), {"q": "some n07n"})
        staff = administrator.get(reverse("accounts:people"), {"staff": "on"})
        none = administrator.get(reverse("accounts:people"), {"q": "nobody at all"})

    assert [len(page.context["rows"]) for page in (first, second, found, staff, none)] == [50, 6, 1, 1, 0]


def test_templates_know_the_person_by_one_query_at_most(django_assert_num_queries, rf):
    from django.contrib.auth.models import AnonymousUser

    from tandem.accounts.context import person as context_of
    from tandem.accounts.models import Person

    request = rf.get("/")
    request.user = Person.objects.get(pk=somebody("catalogue:editor").pk)
    with django_assert_num_queries(0):
        known = context_of(request)
        assert known["person"].name == request.user.name
    with django_assert_num_queries(1):
        assert known["staff"].is_staff
        assert not known["staff"].is_administrator
    request.user = AnonymousUser()
    with django_assert_num_queries(0):
        assert not context_of(request)["person"]
        assert not context_of(request)["staff"].is_staff
