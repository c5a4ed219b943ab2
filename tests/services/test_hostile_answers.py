"""Every reading of telephony, sets and agents takes whatever O2G answers: a result or UnreadableAnswer."""

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agent import Agents
from services.callbacks import Callbacks
from services.calls import Call
from services.calls_in_progress import CallsInProgress
from services.deadline import Deadline
from services.errors import UnreadableAnswer
from services.hunting_groups import Hunting
from services.mini_messages import MiniMessages
from services.own_set import OwnSet
from services.phone_set import PhoneSet
from services.set_keys import SetKeys
from services.wire import Answer
from tests.services.test_border import ANYTHING

KEYS = [
    "calls",
    "callRef",
    "callData",
    "state",
    "capabilities",
    "recordState",
    "anonymous",
    "initialCalled",
    "lastRedirecting",
    "acdCallData",
    "pilotNumber",
    "associateData",
    "legs",
    "deviceId",
    "participants",
    "participantId",
    "identity",
    "id",
    "phoneNumber",
    "firstName",
    "lastName",
    "type",
    "main",
    "undroppable",
    "deviceCapabilities",
    "userState",
    "callbacks",
    "callbackId",
    "partyInfo",
    "sender",
    "date",
    "dateTime",
    "message",
    "hgList",
    "currentHg",
    "logon",
    "lock",
    "campon",
    "associate",
    "active",
    "activate",
    "Pin_Number",
    "With_Secret_Code",
    "Pin_Type_Of_Control",
    "Pin_Group",
    "pkeys",
    "skeys",
    "softkeys",
    "position",
    "number",
    "mnemonic",
    "locked",
    "proacd",
    "processingGroups",
    "preferred",
    "groups",
    "skills",
    "level",
    "selfAssign",
    "headset",
    "mainState",
    "subState",
    "proAcdDeviceNumber",
    "pgNumber",
    "withdrawReason",
    "withdrawn",
    "reasons",
    "index",
    "label",
    "hold",
    "merge",
]
VALUES = st.sampled_from(["ACTIVE", "LOG_ON", "IDLE", "true", "7", "", "\ud800", "\u202e", "2024-03-05T14:05:06Z"])
SHAPED = st.recursive(
    ANYTHING | VALUES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=8),
    max_leaves=30,
)
OWN = OwnSet("oxe1000", "1000")
SOON = Deadline.after(3600)


class Answering:
    """In a session's place: answers each call with the same body."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def opened(self, deadline: Deadline, user: str | None = None) -> None:
        """As if logged in."""

    def call(self, call: Call, deadline: Deadline, only_in: int | None = None, lane: int = 0) -> Answer:
        return Answer(200, httpx.Headers(), self.body)


READINGS: dict[str, Callable[[Any], object]] = {
    "calls": lambda s: CallsInProgress(s).of("oxe1000", SOON),
    "telephony_state": lambda s: CallsInProgress(s).state("oxe1000", SOON),
    "call": lambda s: CallsInProgress(s).one("oxe1000", "1", SOON),
    "callbacks": lambda s: Callbacks(s).of("oxe1000", SOON),
    "mini_message": lambda s: MiniMessages(s).read_next("oxe1000", lambda _: None, SOON),
    "hunting_groups": lambda s: Hunting(s).groups("oxe1000", SOON),
    "hunting_status": lambda s: Hunting(s).logged_on("oxe1000", SOON),
    "set_state": lambda s: PhoneSet(s).state(OWN, SOON),
    "remote_extension": lambda s: PhoneSet(s).remote_extension(OWN, SOON),
    "pin": lambda s: PhoneSet(s).pin(OWN, SOON),
    "keys": lambda s: SetKeys(s).programmable(OWN, SOON),
    "soft_keys": lambda s: SetKeys(s).soft_keys(OWN, SOON),
    "agent_config": lambda s: Agents(s).config("oxe1000", SOON),
    "agent_state": lambda s: Agents(s).state("oxe1000", SOON),
    "withdraw_reasons": lambda s: Agents(s).withdraw_reasons("oxe1000", "1", SOON),
}


def texts(found: object) -> Iterator[str]:
    """Give every text in what was read."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, tuple | frozenset):
        for item in found:
            yield from texts(item)
    elif is_dataclass(found):
        for field in fields(found):
            yield from texts(getattr(found, field.name))


@pytest.mark.parametrize("name", list(READINGS))
@given(body=st.binary() | SHAPED.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_answered_is_read_or_unreadable(name: str, body: bytes) -> None:
    try:
        found = READINGS[name](Answering(body))
    except UnreadableAnswer:
        return
    for text in texts(found):
        text.encode()  # no lone surrogate came through: a screen can be written of it
