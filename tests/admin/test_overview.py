"""The overview's own words: what is wrong at O2G, and when it may be right again."""

from pathlib import Path

from simulators.o2g.process import simulated_o2g
from tests.registry_house import registry_house


def test_credentials_that_O2G_refuses_are_told_with_the_time_of_the_next_try(tmp_path: Path) -> None:
    with simulated_o2g(users=20) as o2g, registry_house(tmp_path, o2g, o2g_password="Wrong-Secret-9") as house:
        house.phone("70000").open()
        session = next(fact for fact in house.wrong() if fact.name == "Session")
        assert session.value == "refused"
        assert "tried again in 5 min" in session.meaning
