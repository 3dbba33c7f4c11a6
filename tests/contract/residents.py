"""People who have one of everything: what rows name when they speak of somebody's own."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import UUID, uuid4

from google.protobuf.message import Message
from sqlalchemy import select, text

from tests.calling import Client, request_for
from tests.conftest import Served
from tzurot import clock
from tzurot.account import personas
from tzurot.account.moderation import Moderation, NewDenial
from tzurot.account.standing import DenialKind, Target
from tzurot.common.v1 import venue_pb2
from tzurot.formats.found import Document, Face, Lorebook, LoreEntry
from tzurot.memory import arrivals
from tzurot.memory.arrivals import Unclaimed
from tzurot.personality.characters import Characters
from tzurot.personality.knowledge import learning
from tzurot.personality.lorebooks.lorebooks import Lorebooks
from tzurot.personality.tables import Document as KnownDocument
from tzurot.personality.tables import Personality
from tzurot.personality.v1 import personality_pb2
from tzurot.personality.v1.personality_pb2 import PersonalityRef
from tzurot.session.v1.place_pb2 import Place
from tzurot.session.v1.utterance_pb2 import Greeting, Utterance
from tzurot.transport.subject import Caller
from tzurot.wallet.usage.usage_tables import ModelAttempt

OLD_IDS = tuple(f"old-{number}" for number in range(60))  # who took part in a group's memory

GIFT = {
    "platform": "local",
    "model": "gpt-4.1-mini",
    "cap_micros": 1_000_000,
    "member_cap_micros": 1_000,
}
"""What residents give to spaces that nobody talks in: each is called like the key that pays."""


@dataclass(frozen=True, slots=True)
class Ids:
    """Handles of one resource of each kind."""

    personality: str
    slug: str
    memory: str
    conversation: str
    turn: str
    message: str
    token: str
    lorebook: str
    entry: str
    document: str
    persona: str
    claim: str
    flow: str
    alias: str
    denial: str
    dream: str
    fact: str
    api_key: str
    attempt: str
    giving_key: str
    sponsor: str
    preset: str

    @classmethod
    def of_nothing(cls) -> "Ids":
        """Well-formed handles of things that do not exist."""
        return cls(str(uuid4()), f"nobody-{uuid4().hex[:12]}", *(str(uuid4()) for _ in range(20)))

    @property
    def all(self) -> Sequence[str]:
        """All handles."""
        return tuple(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who owns what `ids` name."""

    client: Client
    ids: Ids


def in_private(channel: str = "terminal") -> Place:
    """A place where nobody else listens."""
    return Place(platform="terminal", channel_id=channel, venue=venue_pb2.VENUE_DIRECT)


def in_channel() -> Place:
    """A channel that nobody else knows of."""
    return Place(
        platform="local",
        space_id="1",
        channel_id=uuid4().hex,
        venue=venue_pb2.VENUE_PUBLIC_CHANNEL,
    )


def saying(words: str, to: str, **fields: object) -> Message:
    """A Chat request: `words` in private, addressed to the character with id `to`."""
    return request_for(
        "Chat",
        place=in_private(),
        utterance=Utterance(text=words, speaker_name="Mira"),
        addressees=[PersonalityRef(id=to)],
        **fields,
    )


def greeting_of(personality_id: str) -> Message:
    """A Chat request that lets a character speak first: a turn that asks no model."""
    return request_for(
        "Chat",
        place=in_private(),
        greeting=Greeting(),
        addressees=[PersonalityRef(id=personality_id)],
    )


async def settle(client: Client, served: Served) -> Resident:
    """Give somebody a private character with an avatar, a book and a document, and the rest."""
    mark = uuid4().hex[:12]
    new = personality_pb2.Personality(name=f"Lilith {mark}", greeting="Who are you?")
    created = await client.call(
        "CreatePersonality", request_for("CreatePersonality", personality=new)
    )
    personality = created.personality
    giving_key, sponsor = await _give(served, client, mark)
    await _paint(served, personality.id)
    greeting = await client.call("Chat", greeting_of(personality.id))
    started = greeting[0].event
    bees = request_for("CreateMemory", personality_id=personality.id, text="I keep bees.")
    memory = (await client.call("CreateMemory", bees)).memory
    wanted = {"name": f"of {mark}", "scopes": ["memory.read"], "acts_for": ["local:*"]}
    token = await client.call(
        "CreateServiceToken", request_for("CreateServiceToken", service_token=wanted)
    )
    lorebook, document = await _teach(served, created.personality.id, mark)
    shown = await client.call("GetLorebook", request_for("GetLorebook", lorebook_id=lorebook))
    persona, claim = await _bring(served, client, created.personality.id, mark)
    ids = Ids(
        personality=personality.id,
        slug=personality.slug,
        memory=memory.id,
        conversation=started.started.conversation_id,
        turn=started.turn_id,
        message=greeting[-1].event.finished.message.id,
        token=token.service_token.id,
        lorebook=lorebook,
        entry=shown.lorebook.entries[0].id,
        document=document,
        persona=persona,
        claim=claim,
        flow=await _begin(client),
        alias=await _call_it(client, created.personality.id, mark),
        denial=await _deny(served, client, created.personality.id),
        dream=await _dream(served, memory.persona_id, created.personality.id),
        fact=await _tell(client, personality.id, mark),
        api_key=await _pay(client, mark),
        preset=await _prefer(client, mark),
        attempt=await _spend(served, memory.persona_id, created.personality.id),
        giving_key=giving_key,
        sponsor=sponsor,
    )
    return Resident(client, ids)


async def _tell(client: Client, personality_id: str, mark: str) -> str:
    """Let a character know something of somebody."""
    text = f"Mira keeps a diary of {mark}."
    request = request_for("CreateFact", personality_id=personality_id, text=text)
    return str((await client.call("CreateFact", request)).fact.id)


async def _pay(client: Client, mark: str) -> str:
    """A key of theirs, at a provider that no model speaks with."""
    wanted = {"provider": "API_KEY_PROVIDER_ELEVENLABS", "name": mark, "secret": f"sk_{mark}"}
    return str(
        (await client.call("CreateApiKey", request_for("CreateApiKey", **wanted))).api_key.id
    )


async def _give(served: Served, client: Client, mark: str) -> tuple[str, str]:
    """Another key that pays in a space, and for nothing of their own: no model speaks with it."""
    wanted = {"provider": "API_KEY_PROVIDER_OPENAI", "name": mark, "secret": f"sk-give-{mark}"}
    made = await client.call("CreateApiKey", request_for("CreateApiKey", **wanted))
    key_id = str(made.api_key.id)
    async with served.running.parts.database.transaction() as tx:
        kept = text("UPDATE api_keys SET model = '' WHERE id = :id")
        await tx.execute(kept, {"id": key_id})
    asked = GIFT | {"space_id": key_id, "api_key_id": key_id}
    return key_id, str(
        (await client.call("SponsorSpace", request_for("SponsorSpace", **asked))).sponsor.id
    )


async def _prefer(client: Client, mark: str) -> str:
    """A preset of theirs."""
    wanted = {"name": f"Warm {mark}", "parameters": {"temperature": 0.7}}
    made = await client.call("CreatePreset", request_for("CreatePreset", preset=wanted))
    return str(made.preset.id)


async def _spend(served: Served, persona_id: str, personality_id: str) -> str:
    """A model was asked for them: here without one."""
    attempt = ModelAttempt(
        id=clock.uuid7(),
        payer="server",
        provider="openrouter",
        model="big",
        purpose="chat",
        personality_id=UUID(personality_id),
        personality_name="Lilith",
        prompt_tokens=1,
        completion_tokens=1,
        cached_tokens=0,
        reasoning_tokens=0,
        estimated=False,
        latency_ms=1,
        outcome="answered",
        create_time=clock.now(),
    )
    whose = text("SELECT person_id FROM personas WHERE id = :id")
    async with served.running.parts.database.transaction() as tx:
        attempt.person_id = (await tx.scalars(whose, {"id": persona_id})).one()
        tx.add(attempt)
    return str(attempt.id)


async def _teach(served: Served, personality_id: str, mark: str) -> tuple[str, str]:
    """Books and documents come with imports: here without one."""
    book = Lorebook((LoreEntry(("harbor",), f"The harbor of {mark} is old."),), name=f"Town {mark}")
    story = Document(f"In {mark} the bells ring at night.", title="The Bells")
    database = served.running.parts.database
    lorebooks = Lorebooks(database, Characters(database))
    async with database.transaction() as tx:
        query = select(Personality.owner_id).where(Personality.id == UUID(personality_id))
        owner_id = (await tx.scalars(query)).one()
        assert owner_id
        lorebook_id, _ = await lorebooks.arrive(tx, owner_id, book)
        await lorebooks.use(tx, UUID(personality_id), lorebook_id)
        await learning.take_in(tx, UUID(personality_id), [story])
        known = select(KnownDocument.id).where(KnownDocument.personality_id == UUID(personality_id))
        return str(lorebook_id), str((await tx.scalars(known)).one())


async def _bring(served: Served, client: Client, personality_id: str, mark: str) -> tuple[str, str]:
    """Personas, and memories of old ids, come with imports too; one of the ids is claimed."""
    person = (await client.call("GetMe")).person
    face = Face(name=f"Face of {mark}", origin=f"test:{mark}", source=b"1")
    key = arrivals.key_of(UUID(personality_id), mark)
    memory = Unclaimed(key, OLD_IDS, f"{mark} met.", "", "Lilith", "42", "7", None)
    async with served.running.parts.database.transaction() as tx:
        await personas.arrive(tx, UUID(person.id), [face], None)
        await arrivals.keep_unclaimed(tx, UUID(personality_id), [memory])
    shown = (await client.call("ListPersonas")).personas
    claiming = request_for("CreateMemoryClaim", personality_id=personality_id, sender_id=OLD_IDS[0])
    return shown[-1].id, (await client.call("CreateMemoryClaim", claiming)).claim.id


async def _call_it(client: Client, personality_id: str, mark: str) -> str:
    """A name of their own for their character."""
    wanted = {"personality": {"id": personality_id}, "alias": f"Lil {mark}"}
    created = await client.call(
        "CreatePersonalityAlias", request_for("CreatePersonalityAlias", **wanted)
    )
    return created.alias.id


async def _deny(served: Served, client: Client, space_id: str) -> str:
    """A denial in a space that they moderate, which is called as their character."""
    person, nobody = (await client.call("GetMe")).person, UUID(int=0)
    scopes = frozenset({"channel.write"})
    moderator = Caller(UUID(person.id), nobody, str(client.subject), scopes, nobody)
    new = NewDenial(Target.SUBJECT, f"local:{uuid4().hex}", DenialKind.MUTE, "local", space_id)
    return str((await Moderation(served.running.parts.database).deny(moderator, new)).id)


async def _dream(served: Served, persona_id: str, personality_id: str) -> str:
    """What their character dreamt of them."""
    values = {"id": clock.uuid7(), "persona": persona_id, "personality": personality_id}
    async with served.running.parts.database.transaction() as tx:
        await tx.execute(
            text("INSERT INTO dreams VALUES (:persona, :personality, 'Bees.', :now, :id)"),
            values | {"now": clock.now()},
        )
    return str(values["id"])


async def _begin(client: Client) -> str:
    """A flow that asks for a file."""
    started = await client.call("StartFlow", request_for("StartFlow", path="character import"))
    return started.flow.id


async def _paint(served: Served, personality_id: str) -> None:
    """An avatar of two chunks, as large as no uploaded one of few pixels."""
    picture = personality_id.encode() * 3000  # about 105 KiB: two chunks
    values = {
        "sha": hashlib.sha256(picture).hexdigest(),
        "content": picture,
        "id": personality_id,
    }
    async with served.running.parts.database.transaction() as tx:
        await tx.execute(text("INSERT INTO avatars VALUES (:sha, 'image/png', :content)"), values)
        await tx.execute(
            text("UPDATE personalities SET avatar_sha256 = :sha WHERE id = :id"), values
        )
