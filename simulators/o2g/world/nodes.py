"""The nodes of the network (OXEs): their addresses, and whether O2G's CTI link to each is up."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

TABLE = Path(__file__).parent / "nodes.toml"


class CtiLink(StrEnum):
    """State of the CTI link to a node (CTILinkState)."""

    MAIN = "CONNECTED_MAIN"
    SECONDARY = "CONNECTED_SECONDARY"
    DOWN = "DISCONNECTED"


@dataclass(slots=True)
class Node:
    """A node: `main` and `secondary` are the addresses of its call servers; a node without a twin has no secondary."""

    id: str
    name: str
    fqdn: str
    main: str
    secondary: str | None
    version: str
    link: CtiLink = CtiLink.MAIN


def load_nodes() -> dict[str, Node]:
    """Give every node by its number, with all links up."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    nodes = (
        Node(str(n["id"]), n["name"], f"{n['name']}.{table['domain']}", n["main"], n.get("secondary"), n["version"])
        for n in table["nodes"]
    )
    return {node.id: node for node in nodes}
