"""A user as O2G describes one (User), in reads and in the events of who comes, changes and goes."""

from simulators.o2g.world.people import Person

Json = dict[str, object]


def user_record(person: Person) -> Json:
    """Describe a user; what a user does not have is left out."""
    record: Json = {
        "companyPhone": person.number,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "loginName": person.login,
        "nodeId": person.node,
        "devices": [
            {"type": device.kind, "id": device.id, "subType": device.station_type} for device in person.devices
        ],
    }
    if person.voicemail is not None:
        record["voicemail"] = {"number": person.voicemail[0], "type": person.voicemail[1]}
    if person.external_login is not None:
        record["externalLogin"] = person.external_login
    return record


def user_created(person: Person) -> Json:
    """Tell of a new user (OnUserCreated); it names nobody it is for, administrators get it."""
    return {"eventName": "OnUserCreated", "user": user_record(person)}


def user_changed(person: Person) -> Json:
    """Tell of a changed user (OnUserInfoChanged)."""
    return {"eventName": "OnUserInfoChanged", "loginName": person.login, "user": user_record(person)}


def user_deleted(person: Person) -> Json:
    """Tell of a user who is none any more (OnUserDeleted)."""
    return {"eventName": "OnUserDeleted", "loginName": person.login}


def subscriber_changed(person: Person) -> Json:
    """Tell that the OXE's object behind a user was changed (OnPbxObjectInstanceModified)."""
    return {
        "eventName": "OnPbxObjectInstanceModified",
        "objectName": "Subscriber",
        "objectId": person.number,
        "nodeId": person.node,
    }
