"""Rows of people and tokens as messages, and back."""

from tzurot.account.tables import Person, Persona, ServiceToken
from tzurot.account.tokens import NewToken
from tzurot.account.v1 import admin_service_pb2, person_pb2, service_token_pb2
from tzurot.transport.subject import Caller
from tzurot.transport.wire import datetime_from, moment, moment_or_none, uuid_or_none


def person_to(person: Person, persona: Persona, subject: str) -> person_pb2.Person:
    """A person as its caller sees it."""
    return person_pb2.Person(
        id=str(person.id),
        subject=subject,
        persona=person_pb2.Persona(id=str(persona.id), name=persona.name),
        create_time=moment(person.create_time),
    )


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
