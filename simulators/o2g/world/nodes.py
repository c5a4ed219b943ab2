"""The nodes of the network (OXEs): names, addresses, versions."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent / "nodes.toml"
STATIONS = Path(__file__).parent / "stations.toml"
OTHER_VOICE_MAILS = frozenset({"60035", "60099"})  # a 4635 and an external one, which are on no node


@dataclass(frozen=True, slots=True)
class Node:
    """A node: `main` and `secondary` are the addresses of its call servers; a node without a twin has no secondary.
    `voicemail` is the number of its 4645."""

    id: str
    name: str
    fqdn: str
    main: str
    secondary: str | None
    version: str
    voicemail: str


def load_nodes() -> dict[str, Node]:
    """Give every node by its number."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    stations = tomllib.loads(STATIONS.read_text(encoding="utf-8"))
    voicemails = {str(row["id"]): row["voicemail"] for row in stations["nodes"]}
    return {node.id: node for node in (_node(row, table["domain"], voicemails) for row in table["nodes"])}


def _node(row: dict[str, Any], domain: str, voicemails: dict[str, str]) -> Node:
    number, name = str(row["id"]), row["name"]
    fqdn = f"{name}.{domain}"
    return Node(number, name, fqdn, row["main"], row.get("secondary"), row["version"], voicemails[number])
