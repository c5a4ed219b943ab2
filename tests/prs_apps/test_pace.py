import pytest

from prs.errors import TooOften
from prs_apps.pace import Pace
from store.rates import Rates


def test_a_user_gets_so_many_screens_and_then_still_the_menu() -> None:
    pace = Pace(Rates(), user=3, server=0)
    for _ in range(3):
        pace.of_user("anna", menu=False)
    with pytest.raises(TooOften):
        pace.of_user("anna", menu=False)
    pace.of_user("anna", menu=True)
    pace.of_user("ben", menu=False)


def test_a_presentation_server_gets_so_many_screens_and_then_still_menus() -> None:
    pace = Pace(Rates(), user=0, server=3)
    for _ in range(3):
        pace.of_server("192.0.2.1", menu=False)
    with pytest.raises(TooOften):
        pace.of_server("192.0.2.1", menu=False)
    pace.of_server("192.0.2.1", menu=True)
    pace.of_server("192.0.2.2", menu=False)


def test_menus_have_an_end_too() -> None:
    pace = Pace(Rates(), user=3, server=0)
    for _ in range(3):
        pace.of_user("anna", menu=True)
    with pytest.raises(TooOften):
        pace.of_user("anna", menu=True)


def test_without_an_allowance_nobody_is_counted() -> None:
    pace = Pace(Rates(), user=0, server=0)
    for _ in range(1000):
        pace.of_user("anna", menu=False)
        pace.of_server("192.0.2.1", menu=False)
