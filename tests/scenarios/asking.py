"""What a line of a scenario asks of the server, where Chat answers it."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from tests.scenarios.places import AGES
from tests.scenarios.props import Props
from tests.session.stage import Person, ref
from tzurot_client.gen.tzurot.common.v1 import FileHeader
from tzurot_client.gen.tzurot.session.v1 import (
    ChatRequest,
    Continuation,
    Greeting,
    Interjection,
    Place,
    Proxy,
    Reference,
    ReferenceKind,
    ReferenceState,
    Regeneration,
    Scene,
    UploadAttachmentRequest,
    Utterance,
)

Line = Mapping[str, Any]

VERBS = ("text", "greeted_by", "regenerates", "continues", "scene", "lets_speak")


async def request(line: Line, person: Person, props: Props) -> ChatRequest:
    """What the client sends for a line with one of `VERBS`."""
    place = props.places.at(line.get("where", "direct"), person)
    names = list[str]()
    match line:
        case {"text": _}:
            said, names = await _utterance(line, person, props), line.get("to", [])
            asked = ChatRequest(place=place, utterance=said)
        case {"greeted_by": name}:
            names = [name]
            greeting = Greeting(index=line.get("number", 0), speaker_name=person.name)
            asked = ChatRequest(place=place, greeting=greeting)
        case {"regenerates": name}:
            message, place = props.message(name), _where(line, name, place, props)
            again = Regeneration(message=message, speaker_name=person.name)
            asked = ChatRequest(place=place, regeneration=again)
        case {"continues": name}:
            message, place = props.message(name), _where(line, name, place, props)
            asked = ChatRequest(place=place, continuation=Continuation(message=message))
        case {"scene": scene}:
            names, limit = scene["characters"], scene.get("replies", 0)
            talk = Scene(reply_limit=limit, topic=scene.get("about", ""))
            asked = ChatRequest(place=place, scene=talk)
        case _:
            names = line["lets_speak"]
            asked = ChatRequest(place=place, interjection=Interjection())
    if ages := line.get("ages"):
        asked.place = replace(place, age_limit=AGES[ages])
    asked.request_id = str(uuid4())
    asked.addressees = [ref(props.characters[name]) for name in names]
    return asked


def _where(line: Line, message: str, place: Place, props: Props) -> Place:
    return place if "where" in line else props.place_of(message)


async def _utterance(line: Line, person: Person, props: Props) -> Utterance:
    proxy = line.get("in_the_name_of")
    return Utterance(
        text=line["text"],
        speaker_name=proxy["member"] if proxy else person.name,
        replied_to_message_id=line.get("replies_to", ""),
        platform_message_id=line.get("as", ""),
        references=[_reference(it, person, props) for it in line.get("refers_to", ())],
        attachment_ids=[
            await _upload(person, name, content)
            for name, content in line.get("attaches", {}).items()
        ],
        proxy=_proxy(proxy, person) if proxy else None,
    )


def _reference(said: Line, person: Person, props: Props) -> Reference:
    by = props.people.get(said.get("by", ""))
    place = props.places.at(said["in"], person) if "in" in said else Place()
    return Reference(
        kind=ReferenceKind[said["kind"].upper()],
        referrer_index=said["below"] - 1 if "below" in said else None,
        state=ReferenceState[said.get("state", "read").upper()],
        platform_message_id=uuid4().hex,
        channel_id=place.channel_id,
        age_limit=place.age_limit,
        author_subject=by.subject if by else "",
        author_name=said.get("by", ""),
        text=said.get("text", ""),
    )


def _proxy(said: Line, person: Person) -> Proxy:
    return Proxy(
        service="pluralkit",
        member_id=f"{said['member'].lower()}-{person.subject[-8:]}",
        member_name=said["member"],
        system_id=f"system-{person.subject[-8:]}",
        verified=said["verified"],
    )


async def _upload(person: Person, name: str, content: str) -> str:
    data = content.encode()
    header = FileHeader(name=name, size_bytes=len(data), sha256=hashlib.sha256(data).hexdigest())

    async def parts() -> AsyncIterator[UploadAttachmentRequest]:
        yield UploadAttachmentRequest(header=header)
        yield UploadAttachmentRequest(chunk=data)

    stored = (await person.client.message.upload_attachment(parts())).attachment
    assert stored
    return stored.id
