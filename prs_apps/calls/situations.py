"""A call among the user's others, seen from one of the user's sets: what decides what can be done with it."""

from dataclasses import dataclass

from services.calls_in_progress import CallAbility, CallInProgress, CallState, Participant, SetAbility
from services.parties import PartyKind

ENGAGED = {CallState.ACTIVE, CallState.RINGING_OUTGOING, CallState.RELEASING}
INSIDE = {PartyKind.USER, PartyKind.DEVICE, PartyKind.SERVICE}


@dataclass(frozen=True, slots=True)
class Situation:
    """A call, the user's `others`, and the set in whose hands the user is (`Device.id`)."""

    call: CallInProgress
    others: tuple[CallInProgress, ...]
    device: str

    def able(self, ability: CallAbility | SetAbility) -> bool:
        """Tell whether O2G states that this can be done; what it does not state cannot."""
        if isinstance(ability, CallAbility):
            return ability in (self.call.can or ())
        return any(ability in (leg.can or ()) for leg in self.call.legs)

    def set_for(self, ability: CallAbility | SetAbility) -> str:
        """Choose the user's set that shall do it: this one if it can, else one that can."""
        able = [leg.device for leg in self.call.legs if ability in (leg.can or ())]
        return able[0] if able and self.device not in able else self.device

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """The user's other sets, where the call is on none but those."""
        return () if self.device in self.call.devices else self.call.devices

    @property
    def conference(self) -> bool:
        """Whether more than one other takes part."""
        return len(self.call.participants) > 1

    @property
    def held(self) -> tuple[CallInProgress, ...]:
        """The user's other calls that are on hold."""
        return tuple(other for other in self.others if other.state is CallState.HELD)

    @property
    def active(self) -> tuple[CallInProgress, ...]:
        """The user's other calls in which they talk."""
        return tuple(other for other in self.others if other.state is CallState.ACTIVE)

    @property
    def engaged(self) -> tuple[CallInProgress, ...]:
        """The user's other calls that could be given up for this one."""
        return tuple(other for other in self.others if other.state in ENGAGED)

    @property
    def droppable(self) -> tuple[Participant, ...]:
        """Who can be sent out of the call."""
        return tuple(other for other in self.call.participants if other.id and other.droppable is not False)

    @property
    def from_outside(self) -> bool:
        """Whether an outsider called: O2G loses track of other calls when they are parked (L67)."""
        called = self.call.first_called
        parties = [other.party for other in self.call.participants]
        outside = bool(parties) and all(party is None or party.kind not in INSIDE for party in parties)
        return outside and not any(party and called and party.number == called.number for party in parties)
