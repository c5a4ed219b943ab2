"""The seam between the administration and the phone side: what phones know of the registry."""

from typing import Protocol

from store.registered import RegisteredApplication
from store.standing import RegistryState, Standing


class PhoneApplications(Protocol):
    """The applications as phones have them."""

    def state(self) -> RegistryState:
        """Tell how what phones know stands to the registry."""

    def standings(self) -> tuple[Standing, ...]:
        """Tell of each registered application whether it works."""

    def built_in(self) -> tuple[str, ...]:
        """List the ids of the applications that come with Touchline."""

    def packages(self) -> tuple[str, ...]:
        """List the names of the packages that are installed."""

    def check(self, application: RegisteredApplication) -> tuple[str, ...]:
        """Tell in words what is wrong with an application here; nothing: it can be registered."""

    def look(self) -> object:
        """Look at the registry now, so that phones follow at once."""
