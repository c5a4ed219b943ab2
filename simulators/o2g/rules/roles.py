"""What only an administrator may do: a user's session is refused."""

from simulators.o2g.rules.sessions import Session
from simulators.o2g.wire.answers import not_allowed
from simulators.o2g.wire.operations import Operation

# Services of the reference whose operations are about the whole system rather than a user.
OF_ADMINISTRATORS = frozenset(
    {
        "User Management",
        "PBX management",
        "Analytics",
        "Call Center Management",
        "Call Center Real Time",
        "Call Center Statistics",
    }
)


def admit(operation: Operation, session: Session) -> None:
    """Let an administrator, or a user's own operations, pass.

    Raises:
        Refusal: 403 for a user's session.
    """
    if operation.service in OF_ADMINISTRATORS and not session.identity.admin:
        raise not_allowed("only an administrator may do this")
