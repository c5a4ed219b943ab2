"""Texts that could not be sent, until their writer has found another number: in no link, as links are no secret."""

import secrets

from store.shared import Shared

DRAFT_SECONDS = 600


class Drafts:
    """Keeps texts for a while, for their writers only."""

    def __init__(self, shared: Shared) -> None:
        """Keep in `shared`, for all workers."""
        self._shared = shared

    def keep(self, login: str, text: str) -> str:
        """Keep a user's text, and give the name under which it is found."""
        name = secrets.token_urlsafe(6)
        self._shared.put(_key(login, name), text.encode(), DRAFT_SECONDS)
        return name

    def text(self, login: str, name: str) -> str:
        """Give a user's text; empty where there is none under this name any more."""
        kept = self._shared.get(_key(login, name)) if name else None
        return kept.decode() if kept else ""


def _key(login: str, name: str) -> str:
    return f"messages:draft:{login}:{name}"
