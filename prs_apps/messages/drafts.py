"""Texts that could not be sent, until their writer has found another number: in no link, as links are no secret."""

import json
import secrets

from store.sealed import Sealed

DRAFT_SECONDS = 600


class Drafts:
    """Keeps texts for a while, sealed, for their writers only."""

    def __init__(self, sealed: Sealed) -> None:
        """Keep them there, for all workers."""
        self._sealed = sealed

    def keep(self, login: str, text: str) -> str:
        """Keep a user's text, and give the name under which it is found."""
        name = secrets.token_urlsafe(9)
        self._sealed.put(_key(name), json.dumps([login, text]), DRAFT_SECONDS)
        return name

    def text(self, login: str, name: str) -> str:
        """Give a user's text; empty where there is none under this name any more, or it is another user's."""
        kept = self._sealed.get(_key(name)) if name else None
        writer, text = json.loads(kept) if kept else ("", "")
        return str(text) if writer == login else ""


def _key(name: str) -> str:
    return f"messages:draft:{name}"
