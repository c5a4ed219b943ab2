"""A request, as the functions that answer operations see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from simulators.o2g.o2g import O2G
from simulators.o2g.rules.sessions import Session
from simulators.o2g.wire.answers import bad_parameter, not_allowed, not_found
from simulators.o2g.world.people import Person

Body = TypeVar("Body", bound=BaseModel)


@dataclass(slots=True)
class Request:
    """One request to the REST API; `values` are the variables of its path, `session` the one of its cookie."""

    o2g: O2G
    method: str
    path: str
    query: dict[str, str]
    cookie: str | None
    authorization: str
    body: bytes
    values: dict[str, str] = field(default_factory=dict)
    opened: Session | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        """The session; every operation but authentication has one when it is asked."""
        assert self.opened is not None  # noqa: S101  (the border has checked)
        return self.opened

    def read(self, model: type[Body]) -> Body:
        """Read the body; unknown keys are ignored, as O2G ignores them.

        Raises:
            Refusal: 400, for what is no JSON object of that shape.
        """
        try:
            data: Any = orjson.loads(self.body) if self.body.strip() else {}
        except orjson.JSONDecodeError as error:
            raise bad_parameter("the body is not JSON") from error
        try:
            return model.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "body"
            raise bad_parameter(f"{where}: {first['msg']}") from error

    def subject(self) -> Person:
        """Give the user whom a request is about: a user's session speaks for its user whatever `loginName` says, an
        administrator's for whom `loginName` names.

        Raises:
            Refusal: 400 where an administrator names nobody, 404 for somebody unknown.
        """
        own = self.session.identity.person
        if own is not None:
            return own
        login = self.query.get("loginName", "")
        if not login:
            raise bad_parameter("loginName is mandatory in an administrator's session")
        return self.person(login)

    def person(self, login: str) -> Person:
        """Find a user by login name.

        Raises:
            Refusal: 404 for somebody unknown, 403 where a user asks about somebody else.
        """
        own = self.session.identity.person
        if own is not None and own.login != login:
            raise not_allowed("a user's session speaks for its user only")
        person = self.o2g.world.by_login.get(login)
        if person is None:
            raise not_found(f"no user {login[:40]}")
        return person
