"""An O2G that says anything: each service answers with values of the types that it promises, made of hostile text.

For pages thousands at a time; everything else in tests speaks to the O2G simulator.
"""

import dataclasses
import enum
import inspect
import random
import threading
import types
import typing
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from services import errors
from services.o2g import O2G
from services.session import O2GState
from services.users import Device, DeviceKind, User, VoicemailBox, VoicemailKind

MOST = 12  # values of a list, or of a set, of which some are the same
SMALL = (0, 1, 2, 5, 37, 100, 3601, 2**31)
REFUSALS = tuple(
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.O2GError) and kind is not errors.UnreadableAnswer
)


class Anything:
    """Makes values of any type out of some texts; the same seed makes the same ones."""

    def __init__(self, seed: int, texts: Sequence[str]) -> None:
        self._random = random.Random(seed)
        self._texts = texts
        self._lock = threading.Lock()

    def of(self, kind: Any) -> Any:
        """Make a value."""
        with self._lock:
            return self._make(kind)

    def one_of(self, *values: Any) -> Any:
        """Choose one of some values."""
        with self._lock:
            return self._random.choice(values)

    def now_and_then(self, share: float) -> bool:
        with self._lock:
            return self._random.random() < share

    def _make(self, kind: Any) -> Any:
        chance = self._random
        origin, inside = typing.get_origin(kind), typing.get_args(kind)
        if origin is typing.Annotated:
            return self._make(inside[0])
        if origin in (typing.Union, types.UnionType):
            return self._make(chance.choice(inside))
        if origin is tuple:
            kinds = [inside[0]] * chance.randint(0, MOST) if inside[-1] is Ellipsis else inside
            return tuple(self._make(one) for one in kinds)
        if origin is frozenset:
            return frozenset(self._make(inside[0]) for _ in range(chance.randint(0, MOST)))
        if isinstance(origin, type) and dataclasses.is_dataclass(origin):
            fields = typing.get_type_hints(origin, include_extras=True)
            known = dict(zip(origin.__parameters__, inside, strict=True))  # type: ignore[attr-defined]
            return origin(**{name: self._make(known.get(hint, hint)) for name, hint in fields.items()})
        if origin is typing.Literal:
            return chance.choice(inside)
        if origin is dict or kind is dict:
            return {self._make(inside[0]): self._make(inside[1]) for _ in range(chance.randint(0, 3))} if inside else {}
        return self._plain(kind)

    def _plain(self, kind: Any) -> Any:
        chance = self._random
        simple: dict[Any, Callable[[], Any]] = {
            str: lambda: chance.choice(self._texts),
            bool: lambda: chance.random() < 0.5,
            int: lambda: chance.choice(SMALL),
            float: lambda: float(chance.choice(SMALL)),
            bytes: lambda: b"RIFF" + chance.randbytes(8),
            type(None): lambda: None,
            datetime: lambda: datetime(2026, 3, 4, tzinfo=UTC) + timedelta(seconds=chance.randint(-(10**9), 10**6)),
            timedelta: lambda: timedelta(seconds=chance.choice(SMALL[:7])),
        }
        if kind in simple:
            return simple[kind]()
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return chance.choice(list(kind))
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            hints = typing.get_type_hints(kind, include_extras=True)
            return kind(**{f.name: self._make(hints[f.name]) for f in dataclasses.fields(kind) if f.init})
        if isinstance(kind, type) and issubclass(kind, errors.O2GError):
            return chance.choice(REFUSALS)()
        if isinstance(kind, type):
            return AnyService(kind, self)
        raise TypeError(f"how is a {kind} made?")


class AnyService:
    """A service, or what one gives out: its methods answer with anything of their types, or refuse.

    Tables of the applications hold methods of the services' classes: what those call inside answers likewise.
    """

    def __init__(self, kind: type, anything: "Anything | Mood") -> None:
        self.any_kind = kind
        self.any_mood = anything if isinstance(anything, Mood) else Mood(anything)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        member = inspect.getattr_static(self.any_kind, name, None)
        if isinstance(member, property):
            return self.any_value(name, typing.get_type_hints(member.fget).get("return"))
        if member is None:
            told = typing.get_type_hints(self.any_kind) | typing.get_type_hints(
                inspect.getattr_static(self.any_kind, "__init__")
            )
            return self.any_value(name, told.get(name) or told.get(name.removeprefix("_"), str))
        return self.any_method(getattr(self.any_kind, name))

    def any_value(self, name: str, kind: Any) -> Any:
        made = self.any_mood.made
        if (id(self), name) not in made:
            made[id(self), name] = self.any_mood.anything.of(kind)
        return made[id(self), name]

    def any_method(self, method: Callable[..., Any]) -> Callable[..., Any]:
        hints = typing.get_type_hints(method)

        def answer(*given: Any, **named: Any) -> Any:
            if self.any_mood.anything.now_and_then(self.any_mood.refusing):
                raise self.any_mood.refusal or self.any_mood.anything.of(_ONE_OF_REFUSALS)()
            arguments = inspect.signature(method).bind(self, *given, **named).arguments
            for argument in arguments.values():
                if inspect.isfunction(argument) or inspect.ismethod(argument):
                    self.any_listener(argument)
            return self.any_mood.anything.of(hints["return"])

        return answer

    def any_listener(self, listener: Callable[..., Any]) -> None:
        """Tell who wants to hear of something on the way, such as a search's progress."""
        hints = [hint for name, hint in typing.get_type_hints(listener).items() if name != "return"]
        listener(*(self.any_mood.anything.of(hint) for hint in hints))


@dataclasses.dataclass
class Mood:
    """What is said at the moment, and how often it is refused."""

    anything: Anything
    refusing: float = 0.0
    refusal: errors.O2GError | None = None
    made: dict[tuple[int, str], Any] = dataclasses.field(default_factory=dict)


_ONE_OF_REFUSALS = typing.Literal[REFUSALS]  # type: ignore[valid-type]


class SaysAnything:
    """Stands where `services.o2g.O2G` stands; `begin` starts it anew, for another user."""

    def __init__(self, real: O2G) -> None:
        """Offer what `real` offers; it is never asked."""
        self.mood = Mood(Anything(0, ("",)))
        self._real = real
        for service, kind in vars(real).items():
            if not service.startswith("_"):
                setattr(self, service, AnyService(type(kind), self.mood))

    def begin(
        self,
        anything: Anything,
        *,
        number: str,
        station_type: str,
        language: str,
        refusing: float,
        name: tuple[str, str],
    ) -> None:
        self.mood.anything, self.mood.refusing, self.mood.refusal = anything, refusing, None
        self.mood.made.clear()
        voicemail = VoicemailBox(number, anything.of(VoicemailKind)) if anything.now_and_then(0.7) else None
        desk_phone = Device(number, DeviceKind.DESKPHONE, station_type, None)
        shared_set = Device(f"5{number}", DeviceKind.DESKPHONE, station_type, None)
        mobile = Device(f"9{number}", DeviceKind.MOBILE, None, anything.of(str))
        sets = anything.one_of((desk_phone,), (desk_phone,), (desk_phone, mobile), (shared_set,), ())
        user = User(f"oxe{number}", number, *name, "1", sets, voicemail)
        vars(self)["users"].__dict__.update(
            by_number=lambda _number, deadline: user, language=lambda login, deadline: language
        )

    def refuse(self, refusal: errors.O2GError) -> None:
        """Answer everything so."""
        self.mood.refusing, self.mood.refusal = 1.0, refusal

    def state(self) -> O2GState:
        return self._real.state()

    def close(self) -> None:
        """Nothing is open."""
