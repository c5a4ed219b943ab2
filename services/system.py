"""How O2G itself stands: version, its links to the nodes of the OXE, licences used and left."""

from dataclasses import dataclass
from typing import Annotated

from services.border import MaybeCount, MaybeFlag, MaybeText, OpenEnum, Reading, many, one, read
from services.calls import Call
from services.deadline import Deadline
from services.nodes import Link
from services.session import Session


class CtiLink(OpenEnum):
    """How O2G's telephony link to a node stands (CTILinkState)."""

    DISCONNECTED = "DISCONNECTED"
    MAIN = "CONNECTED_MAIN"
    SECONDARY = "CONNECTED_SECONDARY"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class OxeNode:
    """A node of the OXE as O2G sees it.

    Attributes:
        id: as `User.node` names it.
        name, version: as O2G tells; empty where it does not.
        link: the telephony link.
        loaded: whether O2G has read its users; None: it does not say.
        users: how many of its users O2G watches; None: it does not say.
    """

    id: str
    name: str
    version: str
    link: CtiLink
    loaded: bool | None
    users: int | None


@dataclass(frozen=True, slots=True)
class Licence:
    """A kind of licence: how many there are and are taken; None: O2G does not say. `expires` as O2G writes it (B34)."""

    name: str
    total: int | None
    used: int | None
    expires: str

    @property
    def left(self) -> int | None:
        """How many may still be taken."""
        return None if self.total is None or self.used is None else max(0, self.total - self.used)


@dataclass(frozen=True, slots=True)
class SystemStatus:
    """O2G as it sees itself. `licence_state` is told by a licence server (LMS) only; empty else."""

    version: str
    high_availability: bool | None
    nodes: tuple[OxeNode, ...]
    licence_state: str
    licences: tuple[Licence, ...]


class _Node(Reading):
    node_id: MaybeText = None
    name: MaybeText = None
    version: MaybeText = None
    cti_link_state: CtiLink = CtiLink.UNKNOWN
    loaded: MaybeFlag = None
    monitored_user_number: MaybeCount = None


class _Licence(Reading):
    name: MaybeText = None
    total: MaybeCount = None
    current_used: MaybeCount = None
    expiration: MaybeText = None


class _Licences(Reading):
    status: MaybeText = None
    lics: Annotated[tuple[_Licence, ...] | None, many(_Licence)] = None


class _Status(Reading):
    ha: MaybeFlag = None
    primary_version: MaybeText = None
    pbxs: Annotated[tuple[_Node, ...] | None, many(_Node)] = None
    license: Annotated[_Licences | None, one(_Licences)] = None


class System:
    """O2G's own state."""

    def __init__(self, session: Session) -> None:
        """Ask through the administrator's `session`."""
        self._session = session

    def status(self, deadline: Deadline) -> SystemStatus:
        """Tell it (GET /system/status; takes no licence, for administrators only).

        Raises:
            NotAllowed: Touchline's login is no administrator of O2G's.
            O2GError: O2G failed.
        """
        answer = self._session.call(Call("GET /system/status"), deadline)
        found = read(_Status, answer.body, "a system status")
        licences = found.license or _Licences()
        return SystemStatus(
            version=found.primary_version or "",
            high_availability=found.ha,
            nodes=tuple(_node(node) for node in found.pbxs or ()),
            licence_state=licences.status or "",
            licences=tuple(
                Licence(one.name or "", one.total, one.current_used, one.expiration or "")
                for one in licences.lics or ()
            ),
        )

    def links(self, deadline: Deadline) -> dict[str, Link]:
        """Tell O2G's link to each node whose state it knows; raises as `status` does."""
        stand = {CtiLink.DISCONNECTED: Link.DOWN, CtiLink.MAIN: Link.UP, CtiLink.SECONDARY: Link.UP}
        return {node.id: stand[node.link] for node in self.status(deadline).nodes if node.id and node.link in stand}


def _node(node: _Node) -> OxeNode:
    return OxeNode(
        id=node.node_id or "",
        name=node.name or "",
        version=node.version or "",
        link=node.cti_link_state,
        loaded=node.loaded,
        users=node.monitored_user_number,
    )
