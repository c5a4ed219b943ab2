"""What O2G tells of the call centre: the representations that reads and events share."""

from collections.abc import Callable
from typing import Any

from simulators.o2g.world.agents import Agent
from simulators.o2g.world.world import World

Json = dict[str, Any]


def agent_state(agent: Agent) -> Json:
    """Describe what an operator does now (AgentState); the names are the table's (A93 to A95, B39)."""
    state = agent.state()
    shown: Json = {
        "mainState": state.main,
        "subState": state.sub,
        "proAcdDeviceNumber": state.device,
        "pgNumber": state.group,
        "withdrawReason": state.reason,
        "withdrawn": state.starts_withdrawn or None,
    }
    return {name: value for name, value in shown.items() if value is not None}


def agent_skills(agent: Agent) -> Json:
    """Describe an operator's skills (AgentSkills)."""
    return {"skills": [{"number": s.number, "level": s.level, "active": s.active} for s in agent.skills]}


def agent_config(agent: Agent) -> Json:
    """Describe how an operator is set up (AgentConfig); what is not so is left out where the table allows."""
    operator = agent.operator
    groups: Json = {"groups": list(operator.groups)}
    if operator.preferred is not None:
        groups["preferred"] = operator.preferred
    config: Json = {
        "type": operator.type,
        "processingGroups": groups,
        "skills": agent_skills(agent),
        "selfAssign": operator.self_assign,
        "headset": agent.headset,
        "multiline": operator.multiline,
    }
    if operator.fixed_set is not None:
        config["proacd"] = operator.fixed_set
    if operator.supervises:
        config["help"] = operator.help
    return config


def state_event(agent: Agent) -> Json:
    """Tell an operator's state (OnAgentStateChanged)."""
    login = agent.operator.person.login
    return {"eventName": "OnAgentStateChanged", "loginName": login, "state": agent_state(agent)}


def skills_event(agent: Agent) -> Json:
    """Tell all skills of an operator (OnAgentSkillChanged); the object of the reference, not a bare list (B35)."""
    login = agent.operator.person.login
    return {"eventName": "OnAgentSkillChanged", "loginName": login, "skills": agent_skills(agent)}


def help_events(agent: Agent, supervisor: Agent, asked: bool) -> tuple[Json, Json]:
    """Tell both that help is asked for or no longer; each is given the other's number (A101)."""
    name = "OnSupervisorHelpRequested" if asked else "OnSupervisorHelpCancelled"
    return (
        {"eventName": name, "loginName": agent.operator.person.login, "agentNumber": supervisor.number},
        {"eventName": name, "loginName": supervisor.operator.person.login, "agentNumber": agent.number},
    )


def tell_call_centre(world: World, publish: Callable[[Json], None]) -> None:
    """Publish from now on what happens in the call centre."""

    def tell_both(agent: Agent, supervisor: Agent, asked: bool) -> None:
        for event in help_events(agent, supervisor, asked):
            publish(event)

    world.call_centre.on_state = lambda agent: publish(state_event(agent))
    world.call_centre.on_skills = lambda agent: publish(skills_event(agent))
    world.supervision.on_help = tell_both
