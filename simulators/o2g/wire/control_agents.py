"""The control interface's part about the call centre: who works there, their states, help; O2G tells of each change."""

from collections.abc import Iterable
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulators.o2g.events.agents import agent_config, agent_state
from simulators.o2g.o2g import O2G
from simulators.o2g.wire.control_desk import told
from simulators.o2g.world.agents import Agent, MainState, SubState
from simulators.o2g.world.call_centre import CallCentreRefusal
from simulators.o2g.world.operators import Group, groups_of_node

RESTING = frozenset(SubState) - {SubState.READY, SubState.OUT_OF_PG, SubState.BUSY, SubState.WITHDRAW}


class StateWanted(BaseModel):
    """A state to put an operator into, whatever the rules; what is not named stays or is the usual.

    `mainState` UNKNOWN or ERROR is what O2G shows then, until another state is set. BUSY lasts until another state is
    set, as if the operator talked with somebody unseen.
    """

    model_config = ConfigDict(extra="forbid")

    mainState: MainState = MainState.LOG_ON
    subState: SubState | None = None
    proAcdDeviceNumber: str | None = None
    pgNumber: str | None = None
    withdrawReason: int | None = Field(default=None, ge=1, le=9)

    @model_validator(mode="after")
    def _only_at_work(self) -> "StateWanted":
        if self.mainState is not MainState.LOG_ON and self.subState is not None:
            raise ValueError("only LOG_ON has a subState")
        return self


class CallWanted(BaseModel):
    """Who calls a processing group: a directory number."""

    model_config = ConfigDict(extra="forbid")

    caller: str


def agent_routes(o2g: O2G) -> Iterable[web.RouteDef]:
    """Give the routes of this part, to add to the control interface."""
    desk = _Desk(o2g)
    return [
        web.get("/simulator/agents", desk.agents),
        web.get("/simulator/agents/{number}", desk.show),
        web.put("/simulator/agents/{number}/state", desk.set_state),
        web.post("/simulator/agents/{number}/supervisorHelp", desk.ask_help),
        web.delete("/simulator/agents/{number}/supervisorHelp", desk.end_help),
        web.get("/simulator/processingGroups", desk.groups),
        web.post("/simulator/processingGroups/{number}/calls", desk.distribute),
    ]


class _Desk:
    def __init__(self, o2g: O2G) -> None:
        self._world = o2g.world

    async def agents(self, request: web.Request) -> web.Response:
        limit = int(request.query.get("limit", "100"))
        operators = [operator for operator, _ in zip(self._world.call_centre.operators(), range(limit), strict=False)]
        return told({"agents": [self._shown(self._world.call_centre.agent(o.person)) for o in operators]})

    async def show(self, request: web.Request) -> web.Response:
        return told(self._shown(self._agent(request)))

    async def set_state(self, request: web.Request) -> web.Response:
        agent, wanted = self._agent(request), StateWanted.model_validate_json(await request.read() or b"{}")
        try:
            self._put(agent, wanted)
        except CallCentreRefusal as refused:
            return told({"error": str(refused)}, 400)
        return told(self._shown(agent))

    async def ask_help(self, request: web.Request) -> web.Response:
        agent = self._agent(request)
        try:
            supervisor = self._world.supervision.ask_help(agent)
        except CallCentreRefusal as refused:
            return told({"error": str(refused)}, 409)
        return told({"supervisor": supervisor.number}, 201)

    async def end_help(self, request: web.Request) -> web.Response:
        try:
            self._world.supervision.end_help(self._agent(request), request.query.get("other"))
        except CallCentreRefusal as refused:
            return told({"error": str(refused)}, 409)
        return told({})

    async def groups(self, request: web.Request) -> web.Response:
        nodes = sorted({operator.person.node for operator in self._world.call_centre.operators()})
        return told({"processingGroups": [_group(group) for node in nodes for group in groups_of_node(node)]})

    async def distribute(self, request: web.Request) -> web.Response:
        caller = self._world.by_number.get(CallWanted.model_validate_json(await request.read()).caller)
        if caller is None:
            raise KeyError("directory number")
        agent = self._world.call_centre.who_is_ready(request.match_info["number"])
        if agent is None or agent.operator.person is caller:
            return told({"error": "no agent of this processing group is ready"}, 409)
        device = caller.devices[0].id if caller.devices else caller.number
        call = self._world.calls.place(caller, device, agent.number, at_once=True)
        self._world.call_centre.distributed(call.reference)
        return told({"callRef": call.reference, "agent": agent.number}, 201)

    def _put(self, agent: Agent, wanted: StateWanted) -> None:
        centre = self._world.call_centre
        agent.trouble = None
        if agent.in_call:
            agent.in_call = False
            centre.idle(agent)
        if wanted.mainState is MainState.LOG_OFF:
            centre.take_away(agent)
            return
        if wanted.mainState is not MainState.LOG_ON:
            agent.trouble = wanted.mainState
            centre.tell(agent)
            return
        centre.put(
            agent, wanted.proAcdDeviceNumber, wanted.pgNumber, in_group=wanted.subState is not SubState.OUT_OF_PG
        )
        if wanted.subState in RESTING:
            agent.rest(wanted.subState)
        elif wanted.subState is SubState.BUSY:
            agent.in_call = True
        elif wanted.subState is not None:
            agent.serve(withdrawn=wanted.subState is SubState.WITHDRAW, reason=wanted.withdrawReason)
        centre.tell(agent)

    def _shown(self, agent: Agent) -> dict[str, Any]:
        supervision = self._world.supervision
        asked, heard, intrusion = (
            supervision.asked_by(agent),
            supervision.heard_by(agent),
            supervision.intrusion_of(agent),
        )
        return {
            "number": agent.number,
            "loginName": agent.operator.person.login,
            "nodeId": agent.operator.person.node,
            "config": agent_config(agent),
            "state": agent_state(agent),
            "helpAskedOf": asked.number if asked else None,
            "listensTo": heard.number if heard else None,
            "intrusion": {"agent": intrusion.agent.number, "mode": intrusion.mode} if intrusion else None,
        }

    def _agent(self, request: web.Request) -> Agent:
        try:
            return self._world.call_centre.agent_of_number(request.match_info["number"])
        except CallCentreRefusal as refused:
            raise KeyError("operator") from refused


def _group(group: Group) -> dict[str, Any]:
    return {
        "number": group.number,
        "name": group.name,
        "nodeId": group.node,
        "wrapUpSeconds": group.wrap_up_seconds,
        "pauseSeconds": group.pause_seconds,
        "withdrawReasons": list(group.reasons),
    }
