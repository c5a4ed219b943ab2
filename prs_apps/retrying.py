"""Retry of a form: makes the address that sends again what was typed, and keeps that until it is followed."""

import secrets

from flask import Request
from redis import RedisError
from werkzeug.exceptions import HTTPException

from prs.errors import PhoneError
from prs.links import LinkBuilder, parted, with_kept
from prs.request import RequestReader
from prs_apps.progress import Progress
from prs_apps.typed import TypedFields


class Retrying:
    """Makes it."""

    def __init__(self, reader: RequestReader, links: LinkBuilder, typed: TypedFields) -> None:
        """Take what requests are read with, what links are made with, and where what was typed is kept."""
        self._reader = reader
        self._links = links
        self._typed = typed

    def prepare(self, progress: Progress, asked: Request, error: Exception) -> bool:
        """Note in `progress` the address of Retry; False where it would lose what was typed, and is not offered.

        Kept is only what came with a link of this user's own, and within the pace of their server: who else sends
        forms would take memory from others. Whether O2G named the user in time does not matter.
        """
        try:
            token, name = parted(self._reader.read(asked).token)
            if name:
                return self._as_before(progress, name, error)
            fields = self._reader.fields(asked)
            if not fields.values:
                return True
            if isinstance(error, RedisError) or not progress.number:  # a Redis is not waited for a second time
                return False
            if self._links.made_for(token or "").number != progress.number:
                return False
            name = secrets.token_urlsafe(9)
            progress.retry = self._address(progress, name)
            return bool(progress.retry) and self._typed.keep(progress.number, name, fields)
        except (PhoneError, HTTPException, RedisError):
            return False

    def _as_before(self, progress: Progress, name: str, error: Exception) -> bool:
        """Offer what is kept already under its name; of a memory that is gone nobody knows whether it is."""
        progress.retry = self._address(progress, name)
        if not progress.retry or isinstance(error, RedisError):
            return False
        if progress.number:
            self._typed.extend(progress.number)
        return True

    def _address(self, progress: Progress, name: str) -> str:
        link, holder = progress.link, progress.holder
        address = self._links.address(link, holder) if link and holder else progress.again
        return with_kept(address, name)
