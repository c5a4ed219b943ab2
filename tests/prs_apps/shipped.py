"""The applications that Touchline ships, found by what they are made of."""

from prs_apps.application import Application


def shipped() -> dict[str, type[Application]]:
    """Give the kinds of applications by their ids."""
    return {
        kind.manifest.id: kind
        for kind in _kinds(Application)
        if kind.__module__.startswith("prs_apps.") and hasattr(kind, "manifest")
    }


def _kinds(kind: type[Application]) -> set[type[Application]]:
    return {kind, *(below for one in kind.__subclasses__() for below in _kinds(one))}
