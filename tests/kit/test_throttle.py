"""Limits on how often somebody may try something."""

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from tandem.kit.throttle import TooOften, client_key, count, forgive, refuse


@pytest.fixture(autouse=True)
def nothing_tried():
    cache.clear()
    yield
    cache.clear()


def try_often(times, who="a", most=3):
    for _each in range(times):
        count("code", who, most=most, seconds=60)


def test_as_many_as_allowed_and_not_one_more():
    try_often(3)
    with pytest.raises(TooOften):
        try_often(1)


def test_each_is_counted_for_themselves_and_for_each_thing():
    try_often(3)
    try_often(3, who="b")
    count("mail", "a", most=3, seconds=60)


def test_time_and_a_right_one_forgive():
    try_often(3)
    forgive("code", "a")
    try_often(3)
    cache.delete("throttle:code:a")  # what a cache does when the time is over
    try_often(3)


def test_refusing_counts_nothing_and_comes_before_the_guess():
    for _each in range(10):
        refuse("code", "a", most=3, seconds=60)
    try_often(3)
    with pytest.raises(TooOften) as refused:
        refuse("code", "a", most=3, seconds=1_800)
    assert refused.value.sentence.values == {"minutes": 30}


def test_the_key_tells_browsers_apart_and_no_address():
    def key(address):
        return client_key(RequestFactory().get("/", REMOTE_ADDR=address))

    assert key("192.0.2.1") == key("192.0.2.1") != key("192.0.2.2")
    assert "192.0.2" not in key("192.0.2.1")
