"""Service tokens: what lets a client in, and for whom it may act."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tzurot import clock
from tzurot.account import store, subjects
from tzurot.account.subjects import Subject
from tzurot.account.tables import ServiceToken
from tzurot.errors import (
    InvalidField,
    RequestIdReused,
    ServiceTokenNotFound,
    SubjectDenied,
    TokenExpired,
    TokenInvalid,
)
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller

ALL_SCOPES = frozenset(
    {
        "account.read",
        "account.write",
        "admin",
        "channel.write",
        "flow.read",
        "flow.write",
        "memory.read",
        "memory.write",
        "personality.read",
        "personality.write",
        "session.chat",
        "session.read",
        "session.write",
        "skill.read",
        "wallet.read",
        "wallet.write",
    }
)

_SECRET_BYTES = 32  # of chance: a plain hash is enough, no guessing gets there
_USE_PRECISION = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewToken:
    """What a token is to be."""

    name: str
    scopes: frozenset[str]
    subject: str | None = None
    acts_for: tuple[str, ...] = ()
    expire_time: datetime | None = None
    creator_id: UUID | None = None
    request_id: UUID | None = None


class Tokens:
    """Creates, checks and revokes service tokens."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def authenticate(self, secret: str, named_subject: str | None) -> Caller:
        """Who calls with `secret` on behalf of `named_subject`; a new subject becomes a person.

        Raises:
            TokenInvalid, TokenExpired: the secret is no good.
            SubjectDenied: the token may not act for the subject, or names none of its own.
        """
        named = subjects.parse(named_subject) if named_subject else None
        async with self._database.reading() as tx:
            known = await store.find_token(tx, _hash(secret), named)
        if known is None:
            raise TokenInvalid
        now = clock.now()
        if known.expire_time and known.expire_time <= now:
            raise TokenExpired
        subject = _subject(known, named)
        if known.last_use_time is None or now - known.last_use_time > _USE_PRECISION:
            async with self._database.transaction() as tx:
                await store.mark_used(tx, known.token_id, now)
        person_id, persona_id = known.person_id, known.persona_id
        if person_id is None or persona_id is None:
            async with self._database.transaction() as tx:
                person_id, persona_id = await store.meet(tx, subject)
        return Caller(person_id, persona_id, subject, frozenset(known.scopes), known.token_id)

    async def create(self, new: NewToken) -> tuple[ServiceToken, str]:
        """Store a token; its secret is returned here and nowhere else, and empty for a repeat.

        Raises:
            InvalidField: there is no such scope.
            RequestIdReused: the request id made another token before.
        """
        if unknown := sorted(new.scopes - ALL_SCOPES):
            problem = f"has no scope {unknown[0][:40]}: there are {', '.join(sorted(ALL_SCOPES))}"
            raise InvalidField([("service_token.scopes", "scope.known", problem)])
        secret = f"tzu_{secrets.token_urlsafe(_SECRET_BYTES)}"
        token = ServiceToken(
            id=clock.uuid7(),
            name=new.name,
            secret_hash=_hash(secret),
            scopes=sorted(new.scopes),
            subject=new.subject,
            acts_for=list(new.acts_for),
            creator_id=new.creator_id,
            request_id=new.request_id,
            create_time=clock.now(),
            expire_time=new.expire_time,
        )
        async with self._database.transaction() as tx:
            if await store.add_token(tx, token):
                return token, secret
            if new.creator_id is None or new.request_id is None:
                raise RequestIdReused(new.request_id)
            first = await store.token_of_request(tx, new.creator_id, new.request_id)
        if _asked_for(first) != _asked_for(token):
            raise RequestIdReused(new.request_id)
        return first, ""

    async def list(self, after: UUID | None, limit: int) -> Sequence[ServiceToken]:
        """Tokens, newest first, revoked ones included."""
        async with self._database.transaction() as tx:
            return await store.tokens(tx, after, limit)

    async def revoke(self, token_id: UUID) -> None:
        """End a token at once.

        Raises:
            ServiceTokenNotFound: there is none with this id.
        """
        async with self._database.transaction() as tx:
            if not await store.revoke(tx, token_id, clock.now()):
                raise ServiceTokenNotFound(token_id)


def _asked_for(token: ServiceToken) -> tuple[object, ...]:
    return token.name, token.scopes, token.subject, token.acts_for, token.expire_time


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _subject(token: store.Known, named: Subject | None) -> Subject:
    if named is None:
        if token.subject is None:
            raise SubjectDenied("nobody")
        return Subject(token.subject)
    if named != token.subject and not subjects.allowed(named, token.acts_for):
        raise SubjectDenied(named)
    return named
