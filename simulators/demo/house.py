"""The whole house, started and stopped together: O2G simulator, Touchline, and, where wanted, the phone page."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

from simulators.demo.certificates import Certificates, make_certificates
from simulators.demo.touchline import Touchline, free_port, settings_for, touchline
from simulators.o2g.process import RunningO2G, simulated_o2g
from simulators.phone.process import phone

SHOWN_PEOPLE = 60  # in the phone page's selector; any other number can be typed


@dataclass(frozen=True, slots=True)
class DemoHouse:
    """What runs: Touchline, the O2G behind it, the address of the phone page (empty without one), and what they use."""

    o2g: RunningO2G
    touchline: Touchline
    phone: str
    certificates: Certificates
    settings: Mapping[str, str]


@contextmanager
def demo_house(
    *,
    users: int = 200,
    seed: int = 1,
    o2g_options: Sequence[str] = (),
    ports: tuple[int, int, int] = (0, 0, 0),
    with_phone: bool = False,
    settings: Mapping[str, str] | None = None,
    log: IO[bytes] | None = None,
) -> Iterator[DemoHouse]:
    """Run a house until the context ends.

    Args:
        users, seed: of the O2G simulator's world.
        o2g_options: further words of the simulator's command line.
        ports: of the O2G simulator, Touchline and the phone page; 0 for any free one.
        with_phone: whether to serve the phone page, too.
        settings: further `TOUCHLINE_*` settings.
        log: where Touchline's log goes; None: nowhere.
    """
    o2g_port, touchline_port, phone_port = ports
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="touchline-demo-")))
        made = make_certificates(folder)
        o2g = stack.enter_context(
            simulated_o2g(
                users=users,
                seed=seed,
                port=o2g_port,
                certificate=(made.server_cert, made.server_key, made.ca),
                options=o2g_options,
            )
        )
        chosen = settings_for(o2g.url, o2g.login, o2g.password, made.ca, made) | dict(settings or {})
        server = stack.enter_context(touchline(chosen, touchline_port or free_port(), log=log))
        page = ""
        if with_phone:
            people = folder / "people.json"
            people.write_text(json.dumps(_people(o2g)), encoding="utf-8")
            page = stack.enter_context(
                phone(
                    server.url,
                    ca=made.ca,
                    client_cert=made.prs_cert,
                    client_key=made.prs_key,
                    secret=server.secret,
                    people=people,
                    port=phone_port,
                )
            )
        yield DemoHouse(o2g, server, page, made, chosen)


def _people(o2g: RunningO2G) -> list[dict[str, str]]:
    """Ask the simulator who there is, for the phone page's selector: one entry for each desk phone."""
    people = httpx.get(f"{o2g.control}/people", params={"limit": SHOWN_PEOPLE}).json()["people"]
    return [
        {
            "number": person["number"],
            "name": " ".join(filter(None, (person["firstName"], person["lastName"]))),
            "set": device["id"],
            "station_type": device["subType"],
            "language": person["language"],
        }
        for person in people
        for device in person["devices"]
        if device["type"] == "DESKPHONE"
    ]
