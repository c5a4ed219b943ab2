"""Phone set programming: a user's sets, their padlock, camp-on, associate, PIN and remote extension."""

from typing import Annotated

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from simulators.o2g.services.routing import change_routing
from simulators.o2g.services.routing_requests import NUMBER
from simulators.o2g.wire.answers import NO_CONTENT, Answer, Json, bad_parameter, json_answer, not_found
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.world.people import Device, Person
from simulators.o2g.world.routing import Routing
from simulators.o2g.world.sets import PIN_DIGITS, Pin, SetState, prefix

REMOTE_EXTENSION = "Remote_Extension"
CONTROLS = {
    "PIN_Category": "PIN_Category",
    "PIN_Restricted_To_Owner_Set": "PIN_Restricted_To_Owner_Set",
    "PIN_Universal_Access": "PIN_Universal_Access",
    "PIN_Group_Control": "PIN_Group_Control",
    "PIN_By_Group": "PIN_Group_Control",  # as ALE's TypeScript client calls it (B37)
}


class Associate(BaseModel):
    """The number of an associate; ALE's TypeScript client calls it `associate` (B36). Empty: none."""

    number: str = Field(validation_alias=AliasChoices("number", "associate"))


class PinRequest(BaseModel):
    """A PIN; texts are taken for the boolean and the number (A89)."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    Pin_Number: Annotated[str, Field(pattern=rf"^[0-9]{{{PIN_DIGITS}}}$")] | None = None
    With_Secret_Code: bool | None = None
    Pin_Type_Of_Control: str | None = None
    Pin_Group: Annotated[int, Field(ge=0)] | None = None


def set_of(request: Request) -> tuple[Person, Device]:
    """Find the user and the set of a request's path.

    Raises:
        Refusal: 404 for a user or a set that is not there, 403 for somebody else's.
    """
    person = request.person(request.values["loginName"])
    wanted = request.values["deviceId"]
    device = next((device for device in person.devices if device.id == wanted), None)
    if device is None:
        raise not_found("the user has no such set")
    return person, device


def programmed(request: Request) -> SetState:
    """Give what is programmed on the set of a request's path."""
    return request.o2g.world.sets.of(set_of(request)[1])


@operation("GET", "/users/{loginName}/devices")
def devices(request: Request) -> Answer:
    """List a user's sets."""
    person = request.person(request.values["loginName"])
    return json_answer({"devices": [_written(device) for device in person.devices]})


@operation("GET", "/users/{loginName}/devices/{deviceId}")
def show(request: Request) -> Answer:
    """Show one set of a user."""
    return json_answer(_written(set_of(request)[1]))


@operation("GET", "/users/{loginName}/devices/{deviceId}/dynamicState")
def dynamic_state(request: Request) -> Answer:
    """Show padlock, camp-on and associate."""
    state = programmed(request)
    body: Json = {"lock": state.lock, "campon": state.camp_on}
    if state.associate is not None:
        body["associate"] = state.associate
    return json_answer(body)


@operation("PUT", "/users/{loginName}/devices/{deviceId}/lock")
def lock(request: Request) -> Answer:
    """Set or take away the padlock."""
    programmed(request).lock = _activate(request)
    return NO_CONTENT


@operation("PUT", "/users/{loginName}/devices/{deviceId}/campon")
def camp_on(request: Request) -> Answer:
    """Allow or forbid camp-on."""
    programmed(request).camp_on = _activate(request)
    return NO_CONTENT


@operation("PUT", "/users/{loginName}/devices/{deviceId}/associate")
def associate(request: Request) -> Answer:
    """Set the associate, or none with an empty number."""
    person, device = set_of(request)
    number = request.read(Associate).number
    if number and not NUMBER.fullmatch(number):
        raise bad_parameter("number: not a phone number")
    if number in (person.number, device.id):
        raise bad_parameter("number: a set is not its own associate")
    request.o2g.world.sets.of(device).associate = number or None
    return NO_CONTENT


@operation("GET", "/users/{loginName}/devices/{deviceId}/pin")
def show_pin(request: Request) -> Answer:
    """Show the PIN."""
    pin = programmed(request).pin
    return json_answer(
        {
            "Pin_Number": pin.number,
            "With_Secret_Code": pin.with_secret_code,
            "Pin_Type_Of_Control": pin.control,
            "Pin_Group": pin.group,
        }
    )


@operation("PUT", "/users/{loginName}/devices/{deviceId}/pin")
def set_pin(request: Request) -> Answer:
    """Change the PIN; what is not named stays."""
    state = programmed(request)
    wanted = request.read(PinRequest)
    before = state.pin
    control = before.control if wanted.Pin_Type_Of_Control is None else CONTROLS.get(wanted.Pin_Type_Of_Control)
    if control is None:
        raise bad_parameter(f"Pin_Type_Of_Control is one of {', '.join(CONTROLS)}")
    state.pin = Pin(
        before.number if wanted.Pin_Number is None else wanted.Pin_Number,
        before.with_secret_code if wanted.With_Secret_Code is None else wanted.With_Secret_Code,
        control,
        before.group if wanted.Pin_Group is None else wanted.Pin_Group,
    )
    return NO_CONTENT


@operation("GET", "/users/{loginName}/devices/{deviceId}/REActiveState")
def remote_extension_state(request: Request) -> Answer:
    """Tell whether the remote extension rings; `active` as the reference's table says (A86)."""
    person = _remote_extension(request)
    return json_answer({"active": request.o2g.world.routing.of(person).remote_extension})


@operation("PUT", "/users/{loginName}/devices/{deviceId}/REActive")
def switch_remote_extension(request: Request) -> Answer:
    """Switch the remote extension on or off; routing shows it, too."""
    person, active = _remote_extension(request), _activate(request)

    def change(routing: Routing) -> None:
        routing.remote_extension = active

    change_routing(request.o2g, person, change)
    return NO_CONTENT


@operation("GET", "/users/{loginName}/devices/{deviceId}/addons")
def addons(request: Request) -> Answer:
    """List the key modules beside a set."""
    return json_answer({"addonTypes": list(programmed(request).addons)})


@operation("GET", "/users/{loginName}/prefixes")
def show_prefix(request: Request) -> Answer:
    """Tell the digits of a prefix of the user's node; type and value are compared letter by letter (L136)."""
    request.person(request.values["loginName"])
    kind, value = request.query.get("type"), request.query.get("value")
    if not kind or not value:
        raise bad_parameter("type and value are mandatory")
    number = prefix(kind, value)
    if number is None:
        raise not_found("no such prefix")
    return json_answer({"value": value, "number": number})


def _written(device: Device) -> Json:
    return {"type": device.kind, "id": device.id, "subType": device.station_type}


def _activate(request: Request) -> bool:
    wanted = request.query.get("activate", "").lower()
    if wanted not in ("true", "false"):
        raise bad_parameter("activate is true or false")
    return wanted == "true"


def _remote_extension(request: Request) -> Person:
    person, device = set_of(request)
    if device.station_type != REMOTE_EXTENSION:
        raise bad_parameter("the set is no remote extension")
    return person
