from ipaddress import ip_network

import pytest

from prs.caller import CallerPolicy
from prs.errors import CallerUnproven


def test_the_right_secret_opens() -> None:
    CallerPolicy(secret="s" * 20, certificate=False).prove({}, "s" * 20)


@pytest.mark.parametrize("secret", [None, "", "s", "S" * 20, "s" * 21, "é" * 20])
def test_a_wrong_secret_does_not(secret: str | None) -> None:
    with pytest.raises(CallerUnproven):
        CallerPolicy(secret="s" * 20, certificate=False).prove({}, secret)


def test_the_secret_alone_does_not_open_where_a_certificate_is_asked_for() -> None:
    with pytest.raises(CallerUnproven):
        CallerPolicy(secret="s" * 20, certificate=True).prove({"gunicorn.socket": object()}, "s" * 20)


def test_nothing_configured_opens_to_nobody() -> None:
    with pytest.raises(CallerUnproven):
        CallerPolicy(secret=None, certificate=False).prove({}, "")


NETWORK = (ip_network("192.0.2.0/28"), ip_network("2001:db8::/64"))


@pytest.mark.parametrize("address", ["192.0.2.1", "192.0.2.15", "::ffff:192.0.2.3", "2001:db8::77"])
def test_a_caller_of_the_network_is_let_in(address: str) -> None:
    policy = CallerPolicy(secret=None, certificate=False, networks=NETWORK)
    assert policy.prove({"REMOTE_ADDR": address}, None).within(NETWORK)


@pytest.mark.parametrize("address", ["192.0.2.16", "2001:db8:1::77", "", "localhost", "192.0.2.1, 192.0.2.16"])
def test_a_caller_of_another_network_is_not(address: str) -> None:
    policy = CallerPolicy(secret=None, certificate=False, networks=NETWORK)
    with pytest.raises(CallerUnproven):
        policy.prove({"REMOTE_ADDR": address}, None)


def test_the_network_alone_does_not_open_where_a_secret_is_asked_for() -> None:
    policy = CallerPolicy(secret="s" * 20, certificate=False, networks=NETWORK)
    with pytest.raises(CallerUnproven):
        policy.prove({"REMOTE_ADDR": "192.0.2.1"}, "wrong")
    policy.prove({"REMOTE_ADDR": "192.0.2.1"}, "s" * 20)
    with pytest.raises(CallerUnproven):
        policy.prove({"REMOTE_ADDR": "192.0.2.99"}, "s" * 20)


def test_a_policy_that_is_printed_keeps_its_secret() -> None:
    assert "hush" not in repr(CallerPolicy(secret="hush" * 5, certificate=False))
