"""Maintenance: the state of the system for administrators; whether a licence is there, for anybody (A79, A80)."""

from datetime import date, datetime

from simulators.o2g.o2g import O2G
from simulators.o2g.rules.licences import LMS_MANAGEMENT, LMS_NAMES, MANAGEMENT, NAMES
from simulators.o2g.wire.answers import NO_CONTENT, Answer, Json, bad_parameter, json_answer, not_allowed
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.world.nodes import Node

VERSION = "2.7.004.000"
SERVICES = ("api-gateway", "eventing", "management", "mediation", "monitoring", "provisioning")
APPLICATION = "o2g-simulator"
HIGH_AVAILABILITY = "ROXE_HA"
UNLIMITED = 100_000  # what is told of a licence that the options do not limit
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def licence_date(when: date) -> str:
    """Write a date as licence files do; ALE's TypeScript client reads nothing else (B34)."""
    return f"{when.day:02d}-{MONTHS[when.month - 1]}-{when.year}"


@operation("GET", "/system/licenses")
def licence(request: Request) -> Answer:
    """Tell whether a licence is there: 204, else 403; asked in a session or out of one (L53)."""
    name = request.query.get("lic", "")
    if not name:
        raise bad_parameter("lic is missing")
    if _total(request.o2g, name) == 0:
        raise not_allowed("this licence is not there")
    return NO_CONTENT


@operation("GET", "/system/status")
def status(request: Request) -> Answer:
    """Show the system: addresses, services, nodes with their CTI links, licences; for administrators."""
    if not request.session.identity.admin:
        raise not_allowed("only an administrator may see the system's status")
    o2g = request.o2g
    people: dict[str, int] = {}
    for person in o2g.world.by_login.values():
        people[person.node] = people.get(person.node, 0) + 1
    fqdn = o2g.addresses.api.removeprefix("https://").rpartition(":")[0]
    body: Json = {
        "logicalAddress": {"fqdn": fqdn, "ip": "127.0.0.1"},
        "startDate": _date(o2g.started),
        "ha": o2g.instance > 1,
        "primary": fqdn,
        "primaryVersion": VERSION,
        "primaryServicesStatus": {
            "services": [{"name": name, "status": "Started", "mode": "Active"} for name in SERVICES]
        },
        "pbxs": [_node(o2g, node, people.get(node.id, 0)) for node in o2g.world.nodes.values()],
        "license": {"type": "LMS" if o2g.licences.lms else "FLEXLM", "currentServer": fqdn, "lics": _licences(o2g)},
        "configurationType": "FULL_SERVICES",
        "applicationId": APPLICATION,
        "subscriberFilter": "A4980",
    }
    return json_answer(body)


def _licences(o2g: O2G) -> list[Json]:
    expires = licence_date(o2g.licences_expire)
    subscribers = len(o2g.world.people)
    names = [name for name in (LMS_NAMES if o2g.licences.lms else NAMES) if _total(o2g, name)]
    return [
        {
            "name": name,
            "total": _total(o2g, name),
            # Of this licence the number of the OXEs' subscribers is shown, whoever uses it (004:8913).
            "currentUsed": subscribers if name in (MANAGEMENT, LMS_MANAGEMENT) else o2g.licences.used(name),
            "expiration": expires,
            "application": True,
        }
        for name in names
    ]


def _total(o2g: O2G, name: str) -> int:
    """Give how many there are of a licence; high availability is there only where the options name it."""
    if name not in (LMS_NAMES if o2g.licences.lms else NAMES):
        return 0
    total = o2g.licences.installed(name)
    if total is None:
        return 0 if name == HIGH_AVAILABILITY and o2g.instance == 1 else UNLIMITED
    return total


def _node(o2g: O2G, node: Node, people: int) -> Json:
    up = o2g.links.is_up(node.id)
    return {
        "name": node.name,
        "nodeId": int(node.id),
        "mainAddress": {"fqdn": node.fqdn, "ip": node.main},
        "secondaryAddress": {} if node.secondary is None else {"fqdn": f"{node.name}-2", "ip": node.secondary},
        "version": node.version,
        "connected": up,
        "loaded": True,
        "ctiLinkState": "CONNECTED_MAIN" if up else "DISCONNECTED",
        "secured": False,
        "monitoredUserNumber": people,
        "lmsConnectionStatus": False,
    }


def _date(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"
