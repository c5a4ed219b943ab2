"""Phones of the simulated company, used through an administrator's session."""

from typing import Any

import httpx

Json = dict[str, Any]


class Phone:
    """One user's phone; what it does is asked of O2G."""

    def __init__(self, admin: httpx.Client, number: str) -> None:
        self.number = number
        self.login = f"oxe{number}"
        self._client = admin

    def call(self, number: str, **more: object) -> str:
        """Call a number, which rings at once; give the call's reference."""
        body = {"deviceId": self.number, "callee": number, "autoAnswer": True, **more}
        reference: str = self.post("/telephony/calls", body).raise_for_status().json()
        return reference

    def talk(self, other: "Phone") -> str:
        """Call another phone, which answers."""
        reference = self.call(other.number)
        other.done(reference, "answer", deviceId=other.number)
        return reference

    def does(self, reference: str, what: str, **body: object) -> httpx.Response:
        """Ask for a service on a call."""
        return self.post(f"/telephony/calls/{reference}/{what}", body)

    def done(self, reference: str, what: str, **body: object) -> None:
        """Ask for a service on a call, which O2G does."""
        answer = self.does(reference, what, **body)
        assert answer.status_code == 204, answer.text

    def calls(self) -> dict[str, Json]:
        """Give the calls that the user sees, by reference."""
        return {call["callRef"]: call for call in self.get("/telephony/calls")["calls"]}

    def state(self, reference: str) -> str:
        """Give the state of a call on this side; empty where the user takes no part."""
        call = self.calls().get(reference)
        return "" if call is None else call["callData"]["state"]

    def others(self, reference: str) -> set[str]:
        """Give the numbers of who else takes part."""
        return {one["participantId"] for one in self.calls()[reference]["participants"]}

    def can(self, reference: str) -> set[str]:
        """Give what can be done with a call."""
        return {name for name, able in self.calls()[reference]["callData"]["capabilities"].items() if able}

    def leg_can(self, reference: str) -> set[str]:
        """Give what can be done with the call's first leg."""
        return {name for name, able in self.calls()[reference]["legs"][0]["capabilities"].items() if able}

    def log(self, **query: str | int) -> list[Json]:
        """Give the user's records, newest first."""
        records: list[Json] = self.get("/comlog/records", **query)["comHistoryRecords"]
        return records

    def summary(self) -> Json:
        return self.get("/eventSummary")

    def get(self, path: str, **query: str | int) -> Json:
        answer = self._client.get(path, params={"loginName": self.login, **query})
        assert answer.status_code == 200, answer.text
        body: Json = answer.json()
        return body

    def post(self, path: str, body: object = None, **query: str) -> httpx.Response:
        return self._client.post(path, params={"loginName": self.login, **query}, json=body)

    def request(self, method: str, path: str, body: object = None, **query: str | int) -> httpx.Response:
        return self._client.request(method, path, params={"loginName": self.login, **query}, json=body)


def why(answer: httpx.Response) -> tuple[int, str, str]:
    """Give the status, type and cause of a telephony error."""
    told = answer.json()["telephony"]
    return answer.status_code, told["errorType"], told["errorCause"]
