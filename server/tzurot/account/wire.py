"""Rows of people and tokens as messages, and back."""

import json
from collections.abc import Sequence
from uuid import UUID

from tzurot import clock
from tzurot.account.personas import Position
from tzurot.account.tables import Person, Persona, ProxyTag, ServiceToken
from tzurot.account.tokens import NewToken
from tzurot.account.v1 import admin_service_pb2, person_pb2, service_token_pb2
from tzurot.transport.subject import Caller
from tzurot.transport.wire import datetime_from, moment, moment_or_none, text_of, uuid_or_none


def person_to(
    person: Person,
    subject: str,
    persona: person_pb2.Persona | None,
    front: person_pb2.Persona | None,
) -> person_pb2.Person:
    """A person as its caller sees it. A front that has ended is none any more."""
    until = person.front_expire_time
    holds = front is not None and (until is None or until > clock.now())
    return person_pb2.Person(
        id=str(person.id),
        subject=subject,
        persona=persona,
        create_time=moment(person.create_time),
        adult_time=moment_or_none(person.adult_time),
        front=front if holds else None,
        front_expire_time=moment_or_none(until if holds else None),
        time_zone=person.time_zone,
    )


def persona_to(persona: Persona, tags: Sequence[ProxyTag]) -> person_pb2.Persona:
    """A persona as its person sees it."""
    return person_pb2.Persona(
        id=str(persona.id),
        name=persona.name,
        display_name=persona.display_name,
        description=persona.description,
        pronouns=persona.pronouns,
        birthday=persona.birthday,
        proxy_tags=[person_pb2.ProxyTag(prefix=tag.prefix, suffix=tag.suffix) for tag in tags],
        is_default=persona.is_default,
        personality_id=text_of(persona.personality_id),
        create_time=moment(persona.create_time),
    )


def position_to(persona: Persona) -> str:
    """Where a persona stands in the list's order."""
    return json.dumps([persona.is_default, persona.name, str(persona.id)])


def position_from(position: str) -> Position:
    """The same, read back from a page token.

    Raises:
        ValueError: it is none.
    """
    is_default, name, persona_id = json.loads(position)
    return Position(bool(is_default), str(name), UUID(str(persona_id)))


def token_to(token: ServiceToken) -> service_token_pb2.ServiceToken:
    """A token without anything secret."""
    return service_token_pb2.ServiceToken(
        id=str(token.id),
        name=token.name,
        scopes=token.scopes,
        subject=token.subject or "",
        acts_for=token.acts_for,
        create_time=moment(token.create_time),
        last_use_time=moment_or_none(token.last_use_time),
        revoke_time=moment_or_none(token.revoke_time),
        expire_time=moment_or_none(token.expire_time),
    )


def new_token_from(
    request: admin_service_pb2.CreateServiceTokenRequest, creator: Caller
) -> NewToken:
    """What a request wants a token to be."""
    token = request.service_token
    expires = token.HasField("expire_time")
    return NewToken(
        name=token.name,
        scopes=frozenset(token.scopes),
        subject=token.subject or None,
        acts_for=tuple(token.acts_for),
        expire_time=datetime_from(token.expire_time) if expires else None,
        creator_id=creator.person_id,
        request_id=uuid_or_none(request.request_id),
    )
