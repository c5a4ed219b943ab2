"""Who counts as one address, and when it holds as many connections as it may."""

from ipaddress import ip_network

import pytest

from households import Client, Households

OFFICE: Client = ("192.0.2.7", 50001)


@pytest.fixture
def households() -> Households:
    return Households(2, (ip_network("10.9.0.0/16"),))


def test_an_address_that_holds_as_many_as_it_may_is_full_until_one_leaves(households: Households) -> None:
    households.enter(OFFICE)
    assert not households.are_full_for(OFFICE)
    households.enter(("192.0.2.7", 50002))
    assert households.are_full_for(("192.0.2.7", 50003))
    assert not households.are_full_for(("192.0.2.8", 50003))
    households.leave(OFFICE)
    assert not households.are_full_for(OFFICE)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:0:7::1", "2001:db8:0:7:ffff::2", True),  # one machine has all of a /64
        ("2001:db8:0:7::1", "2001:db8:0:8::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
    ],
)
def test_who_counts_as_one_address(households: Households, one: str, other: str, same: bool) -> None:
    for port in (50001, 50002):
        households.enter((one, port, 0, 0))
    assert households.are_full_for((other, 50003, 0, 0)) is same


@pytest.mark.parametrize("proxy", ["10.9.3.4", "::ffff:10.9.3.4"])
def test_a_reverse_proxy_may_hold_any_number(households: Households, proxy: str) -> None:
    for port in range(50001, 50101):
        households.enter((proxy, port))
    assert not households.are_full_for((proxy, 50200))
