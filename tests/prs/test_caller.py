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
