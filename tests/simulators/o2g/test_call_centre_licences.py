"""Call-centre agent: each operator takes a licence of its own (L41, L46)."""

import httpx

from simulators.o2g.process import simulated_o2g
from tests.simulators.o2g.call_centre import CLARA, ELLA, Desk, refusal
from tests.simulators.o2g.clients import session


def test_L46_an_operator_too_many_is_refused_until_a_licence_is_free() -> None:
    with simulated_o2g(users=20, options=("--licences", "ROXE_API_CONTACTCENTER_AGENT=1")) as o2g:

        def asks(client: httpx.Client, number: str) -> httpx.Response:
            return Desk(client, number).ask("GET", "state")

        with session(o2g, o2g.login, o2g.password) as admin:
            assert asks(admin, ELLA).status_code == 200
            assert refusal(asks(admin, CLARA)) == (403, "NOT_ALLOWED")
            assert asks(admin, ELLA).status_code == 200
        with session(o2g, o2g.login, o2g.password) as admin:
            assert asks(admin, CLARA).status_code == 200
