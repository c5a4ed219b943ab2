"""The call centre as tests see it: operators of the cast, each with what they may ask O2G and what they hear."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

CLARA, DAVID, ELLA, FRANK = "70002", "70003", "70004", "70005"
SALES, SUPPORT, RECEPTION, COMPLAINTS = "61001", "61002", "61003", "61004"
OTHER_SUPERVISOR = "70105"  # of node 1, in a world of 300 people with seed 1
AGENT_OF_ANOTHER_NODE = "70070"
NOT_AN_OPERATOR = "70000"
SEAT = "51001"

NOT_EXPECTED, NOT_ALLOWED, BAD_PARAMETER = (403, "NOT_EXPECTED"), (403, "NOT_ALLOWED"), (400, "BAD_PARAMETER")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """One operator's place: requests are made in an administrator's session, for this operator."""

    client: httpx.Client
    number: str

    @property
    def login(self) -> str:
        return f"oxe{self.number}"

    def ask(self, method: str, what: str, body: object = None, **query: str) -> httpx.Response:
        params = {"loginName": self.login, **query}
        return self.client.request(method, f"/acd/agent/{what}", params=params, json=body)

    def do(self, what: str, body: object = None) -> None:
        answer = self.ask("POST", what, body)
        assert answer.status_code == 204, f"{what}: {answer.status_code} {answer.text}"
        assert answer.content == b""

    def log_on(self, group: str | None = None, device: str | None = None, **more: object) -> None:
        body = {"proAcdDeviceNumber": device or self.number, **more}
        self.do("logon", body if group is None else {**body, "pgGroupNumber": group})

    def state(self) -> Json:
        state: Json = self.ask("GET", "state").raise_for_status().json()
        return state

    def config(self) -> Json:
        config: Json = self.ask("GET", "config").raise_for_status().json()
        return config


DeskOf = Callable[[str], Desk]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Give status and O2G's type of error."""
    body = answer.json()
    assert {"httpStatus", "code", "helpMessage", "type", "innerMessage", "canRetry"} <= body.keys()
    return answer.status_code, body["type"]
