"""PBX management: nodes, their model and their objects, to be read; changing them is not simulated."""

from urllib.parse import unquote

from simulators.o2g.services.pbx_filters import read_filter
from simulators.o2g.wire.answers import Answer, Json, json_answer, not_found
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.world.nodes import Node
from simulators.o2g.world.pbx_objects import Attribute, Instance, Kind, kinds

READ_ONLY: Json = {"create": False, "delete": False, "set": False, "get": True}
ROOT = Kind(
    "Node",
    "Network_Node_Number",
    tuple(
        Attribute(name, "OctetString", "", "30", (), name == "Network_Node_Number", False, False)
        for name in ("Network_Node_Number", "@Software_Version", "Node_Name")
    ),
    (),
    ("Resynchro",),
)


@operation("GET", "/pbxs")
def nodes(request: Request) -> Answer:
    """List the nodes; needs no licence (L78)."""
    return json_answer({"nodeIds": list(request.o2g.world.nodes)})


@operation("GET", "/pbxs/{nodeId}")
def show_node(request: Request) -> Answer:
    """Show a node."""
    node = _node(request)
    return json_answer({"nodeId": int(node.id), "fqdn": node.fqdn})


@operation("GET", "/pbxs/{nodeId}/instances")
def root(request: Request) -> Answer:
    """Show a node's own object."""
    node = _node(request)
    values = request.o2g.world.pbx_objects.node_values(node)
    attributes = [{"name": name, "value": value} for name, value in values.items()]
    names = [kind.name for kind in kinds()]
    return json_answer(
        {"objectName": ROOT.name, "attributes": attributes, "objectNames": names, **READ_ONLY, "otherActions": []}
    )


@operation("GET", "/pbxs/{nodeId}/instances/{objectName}")
def instances(request: Request) -> Answer:
    """List the objects of a kind, by `objectIds` as the reference's table says (A108); filtered, with attributes."""
    node, path = _node(request), _path(request, "objectName")
    kind = request.o2g.world.pbx_objects.kind(path)
    found = request.o2g.world.pbx_objects.instances(node, path)
    if kind is None or found is None:
        raise not_found("no such object")
    wanted = request.query.get("filter", "")
    if wanted:
        found = filter(read_filter(wanted, kind), found)
    chosen = list(found)
    body: Json = {"objectName": kind.name, "objectIds": [instance.id for instance in chosen]}
    names = _attributes_wanted(request)
    if names:
        body["objects"] = [{"objectId": i.id, "attributes": _values(i, kind, names)} for i in chosen]
    return json_answer(body)


@operation("GET", "/pbxs/{nodeId}/instances/{objectNameobjectId}")
def show_instance(request: Request) -> Answer:
    """Show one object, all of it or some attributes; its path has as many parts as it takes (A106)."""
    node, path = _node(request), _path(request, "objectNameobjectId")
    kind = request.o2g.world.pbx_objects.kind(path[:-1])
    found = request.o2g.world.pbx_objects.instance(node, path)
    if kind is None or found is None:
        raise not_found("no such object")
    return json_answer(
        {
            "objectName": kind.name,
            "objectId": found.id,
            "attributes": _values(found, kind, _attributes_wanted(request)),
            "objectNames": [part.name for part in kind.parts],
            **READ_ONLY,
            "otherActions": [],
        }
    )


@operation("GET", "/pbxs/{nodeId}/model")
def model(request: Request) -> Answer:
    """Show all kinds of objects of a node."""
    _node(request)
    return json_answer({**_model(ROOT), "objects": [_model(kind) for kind in kinds()], "hidden": True})


@operation("GET", "/pbxs/{nodeId}/model/{objectName}")
def model_of(request: Request) -> Answer:
    """Show a kind of object, wherever it stands in the model."""
    _node(request)
    wanted = unquote(request.values["objectName"])
    found = ROOT if wanted == ROOT.name else _find(kinds(), wanted)
    if found is None:
        raise not_found("no such object in the model")
    return json_answer(_model(found))


def _node(request: Request) -> Node:
    node = request.o2g.world.nodes.get(request.values["nodeId"])
    if node is None:
        raise not_found("no such node")
    return node


def _path(request: Request, name: str) -> list[str]:
    return [unquote(part) for part in request.values[name].split("/")]


def _attributes_wanted(request: Request) -> list[str]:
    return [name.strip() for name in request.query.get("attributes", "").split(",") if name.strip()]


def _values(instance: Instance, kind: Kind, names: list[str]) -> list[Json]:
    every = [attribute.name for attribute in kind.attributes]
    chosen = [name for name in every if not names or name in names]
    return [{"name": name, "value": instance.value(name)} for name in chosen]


def _find(among: tuple[Kind, ...], name: str) -> Kind | None:
    for kind in among:
        found = kind if kind.name == name else _find(kind.parts, name)
        if found is not None:
            return found
    return None


def _model(kind: Kind) -> Json:
    return {
        "objectName": kind.name,
        "attributes": [_attribute(attribute) for attribute in kind.attributes],
        "objects": [_model(part) for part in kind.parts],
        "hidden": False,
        **READ_ONLY,
        "otherActions": list(kind.actions),
    }


def _attribute(attribute: Attribute) -> Json:
    written: Json = {
        "name": attribute.name,
        "mandatory": attribute.mandatory,
        "typeValue": attribute.type,
        "multiValue": attribute.multiple,
        "allowedValues": list(attribute.allowed),
        # The reference writes the one, ALE's clients read the other (A107).
        "defautValue": attribute.default,
        "defaultValue": attribute.default,
        "filtering": attribute.filtering,
    }
    if attribute.length is not None:
        written["lengthValue"] = attribute.length
    return written
