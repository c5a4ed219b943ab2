"""What requests of call control carry."""

from pydantic import BaseModel, Field

NUMBER = r"^[+]?[0-9A-D*#\(\) ]{1,49}$"  # (L12)
NUMBER_OR_MAILBOX = r"^(VOICEMAIL|[+]?[0-9A-D*#\(\) ]{1,49})$"
HEXADECIMAL = r"^([0-9a-fA-F]{2}){1,32}$"
LONGEST_MESSAGE = 128  # (L114)


class AtSet(BaseModel):
    """The set with which something is done (AnswerRequest, HoldRequest, RetrieveRequest, AlternateRequest)."""

    deviceId: str = Field(min_length=1)


class MakeBasicCall(AtSet):
    """A call from a set to a number."""

    callee: str = Field(pattern=NUMBER)
    autoAnswer: bool = False


class AcdCall(BaseModel):
    """What concerns the call centre in a call."""

    supervisedTransfer: bool = False
    callToSupervisor: bool = False


class MakeCall(AtSet):
    """A call with all that it may carry; private and business calls exclude each other and data (L110, L111)."""

    callee: str | None = Field(default=None, pattern=NUMBER)
    autoAnswer: bool = False
    inhibitProgressTone: bool = False
    associatedData: str | None = None
    hexaBinaryAssociatedData: str | None = Field(default=None, pattern=HEXADECIMAL)
    pin: str | None = None
    secretCode: str | None = None
    businessCode: str | None = None
    callingNumber: str | None = Field(default=None, pattern=NUMBER)
    secretIdentity: bool = False
    acdCall: AcdCall | None = None


class AssociatedData(BaseModel):
    """Data for a call in progress (SendAssociatedDataRequest)."""

    deviceId: str | None = None
    associatedData: str | None = None
    hexaBinaryAssociatedData: str | None = Field(default=None, pattern=HEXADECIMAL)


class AccountInfo(BaseModel):
    """A transaction code: digits only (L115)."""

    deviceId: str | None = None
    accountInfo: str = Field(pattern=r"^[0-9]+$")


class Dtmf(AtSet):
    """Keys to send."""

    number: str = Field(pattern=r"^[0-9A-D*#]{1,50}$")


class OtherCall(BaseModel):
    """The held call in a transfer or conference."""

    heldCallRef: str = Field(min_length=1)


class Enquiry(AtSet):
    """The enquiry to give up (ReconnectRequest)."""

    enquiryCallRef: str = Field(min_length=1)


class BlindTransfer(BaseModel):
    """Where to."""

    transferTo: str = Field(pattern=NUMBER)
    anonymous: bool = False


class Redirect(BaseModel):
    """Where to; `VOICEMAIL` is the user's mailbox."""

    redirectTo: str = Field(pattern=NUMBER_OR_MAILBOX)
    anonymous: bool = False


class Park(BaseModel):
    """The set to park at; the own one where it is left out (A51, B43)."""

    parkTo: str | None = None


class UnPark(BaseModel):
    """Where the call waits: the reference names a set, ALE's clients a call (B26)."""

    unParkFrom: str | None = None
    heldCallRef: str | None = None


class PickUp(BaseModel):
    """Whose call; without a number one of the user's group (B43)."""

    otherCallRef: str | None = None
    otherPhoneNumber: str | None = None


class SwitchDevice(BaseModel):
    """The set on which to go on."""

    otherDeviceId: str = Field(min_length=1)


class DeskSharing(BaseModel):
    """The set to log on to."""

    dssDeviceNumber: str = Field(min_length=1)


class CallbackWanted(BaseModel):
    """Who is to call back."""

    callee: str = Field(pattern=NUMBER)


class Message(BaseModel):
    """A mini message."""

    recipient: str = Field(min_length=1)
    message: str = Field(max_length=LONGEST_MESSAGE)


class PilotQuery(BaseModel):
    """The profile of a call that may go to a pilot."""

    agentNumber: str | None = None
    priorityTransfer: bool = False
    supervisedTransfer: bool = False
