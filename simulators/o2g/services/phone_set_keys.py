"""Phone set programming: programmable keys and soft keys (L74, L136)."""

from pydantic import BaseModel, ConfigDict

from simulators.o2g.services.phone_sets import set_of
from simulators.o2g.services.routing_requests import NUMBER
from simulators.o2g.wire.answers import NO_CONTENT, Answer, Json, bad_parameter, json_answer, not_expected, not_found
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.world.sets import Key, key_positions, soft_key_positions


class KeyRequest(BaseModel):
    """What a key is to call; its position must be that of the path (L74)."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    position: int
    number: str = ""
    mnemonic: str = ""
    locked: bool = False


@operation("GET", "/users/{loginName}/devices/{deviceId}/programmeableKeys")
def programmable_keys(request: Request) -> Answer:
    """List all programmable keys of a set, programmed or not."""
    _, device = set_of(request)
    keys = request.o2g.world.sets.of(device).keys
    return json_answer({"pkeys": [_written(p, keys.get(p, Key()), locked=True) for p in key_positions(device)]})


@operation("GET", "/users/{loginName}/devices/{deviceId}/programmedKeys")
def programmed_keys(request: Request) -> Answer:
    """List the keys of a set that something is programmed on."""
    keys = request.o2g.world.sets.of(set_of(request)[1]).keys
    return json_answer({"pkeys": [_written(position, key, locked=True) for position, key in sorted(keys.items())]})


@operation("PUT", "/users/{loginName}/devices/{deviceId}/programmeableKeys/{position}")
def set_programmable_key(request: Request) -> Answer:
    """Program a key, unless it is locked."""
    _, device = set_of(request)
    keys = request.o2g.world.sets.of(device).keys
    position = _position(request, key_positions(device))
    _unlocked(keys, position)
    _program(keys, position, _wanted(request, position))
    return NO_CONTENT


@operation("DELETE", "/users/{loginName}/devices/{deviceId}/programmeableKeys/{position}")
def erase_programmable_key(request: Request) -> Answer:
    """Erase a key, unless it is locked; erasing an empty one is harmless."""
    _, device = set_of(request)
    keys = request.o2g.world.sets.of(device).keys
    position = _position(request, key_positions(device))
    _unlocked(keys, position)
    keys.pop(position, None)
    return NO_CONTENT


@operation("GET", "/users/{loginName}/devices/{deviceId}/softKeys")
def soft_keys(request: Request) -> Answer:
    """List the soft keys that something is programmed on; `skeys` as the reference's table says (A87)."""
    keys = request.o2g.world.sets.of(set_of(request)[1]).soft_keys
    return json_answer({"skeys": [_written(position, key) for position, key in sorted(keys.items())]})


@operation("PUT", "/users/{loginName}/devices/{deviceId}/softKeys/{position}")
def set_soft_key(request: Request) -> Answer:
    """Program a soft key."""
    _, device = set_of(request)
    position = _position(request, soft_key_positions(device))
    _program(request.o2g.world.sets.of(device).soft_keys, position, _wanted(request, position))
    return NO_CONTENT


@operation("DELETE", "/users/{loginName}/devices/{deviceId}/softKeys/{position}")
def erase_soft_key(request: Request) -> Answer:
    """Erase a soft key; erasing an empty one is harmless."""
    _, device = set_of(request)
    position = _position(request, soft_key_positions(device))
    request.o2g.world.sets.of(device).soft_keys.pop(position, None)
    return NO_CONTENT


def _position(request: Request, there: range) -> int:
    text = request.values["position"]
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise bad_parameter("position is a number")
    if int(text) not in there:
        raise not_found("the set has no key at this position")
    return int(text)


def _wanted(request: Request, position: int) -> Key:
    wanted = request.read(KeyRequest)
    if wanted.position != position:
        raise bad_parameter("position in the body is not that of the path")
    if wanted.number and not NUMBER.fullmatch(wanted.number):
        raise bad_parameter("number: not a phone number")
    return Key(wanted.number, wanted.mnemonic, wanted.locked)


def _program(keys: dict[int, Key], position: int, key: Key) -> None:
    if key == Key():
        keys.pop(position, None)
    else:
        keys[position] = key


def _unlocked(keys: dict[int, Key], position: int) -> None:
    if position in keys and keys[position].locked:
        raise not_expected("the key is locked")


def _written(position: int, key: Key, *, locked: bool = False) -> Json:
    written: Json = {"position": position, "number": key.number, "mnemonic": key.mnemonic}
    return written | {"locked": key.locked} if locked else written
