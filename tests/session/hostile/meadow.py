"""A channel where everything that can reach a prompt does, played with whatever a scene says.

Mallory says something where Ada talked before with Lilith, who answers, and with Kael. Nobody here
may read their definitions. What Mallory must not learn has a word of its own: `Canary`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import grpc.aio

from tests.calling import Client
from tests.fakes.provider import Call, Reply, Request
from tests.personality.test_pictures import file_of, halves
from tests.session.hostile import characters
from tests.session.hostile.parsing import Prompt, parsed
from tests.session.hostile.reading import of_character, of_conversation, of_turn
from tests.session.hostile.scene import HIVES, Canary, Card, Scene
from tests.session.stage import Person, Stage, Told, ref
from tests.session.test_attachments import brought
from tests.session.test_referring import reference
from tzurot.account import personas
from tzurot.formats.found import Face
from tzurot_client.gen.tzurot.account.v1 import GetMeRequest
from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import ChatRequest, Greeting, Place, Proxy, Utterance
from tzurot_client.gen.tzurot.session.v1 import Scene as Talk

ASKED = "⟦asked⟧"  # ends what the person says
_PICTURE = file_of(halves(8, 8), "PNG")
_MEMBER = "pluralkit:luna"
_FACE = """UPDATE personas SET name = :name, description = :about, pronouns = :pronouns,
    private = false WHERE is_default AND person_id = CAST(:me AS uuid)"""
_PERSONA = """SELECT id::text FROM personas
    WHERE person_id = CAST(:me AS uuid) AND origin = :origin"""
_UNSAID = """WITH gone AS (
        DELETE FROM turns WHERE id = CAST(:turn AS uuid) RETURNING conversation_id
    ) UPDATE conversations SET head_message_id = CAST(:head AS uuid)
    FROM gone WHERE id = gone.conversation_id"""
_SHOWN = "UPDATE attachments SET description = :words WHERE id = CAST(:id AS uuid)"


@dataclass(frozen=True, slots=True)
class Played:
    """A scene as it went."""

    own: tuple[str, ...]
    """What Lilith is called."""
    asked: tuple[Request, ...]
    """What the provider was sent for Lilith's answer to Mallory."""
    others: Request
    """The same for Kael's to Ada."""
    read: Mapping[str, bytes]
    """What Mallory can read afterwards, by the call."""

    @property
    def prompt(self) -> Prompt:
        """The last prompt, in pieces."""
        return parsed(self.asked[-1].messages, self.own)


@dataclass(frozen=True, slots=True)
class Before:
    """What was said in a channel before Mallory says something."""

    place: Place
    greeted: Told
    others: Request
    """What Kael's model was sent for what he answered Ada."""
    head_id: str
    """The last message of it."""


@dataclass(slots=True)
class Meadow:
    """See the module; make one with `Meadow.laid`."""

    stage: Stage
    mallory: Person
    ada: Person
    reader: Client
    """Mallory's, too."""
    ids: dict[str, str] = field(default_factory=dict[str, str])
    """Of people, by their names."""
    liliths: dict[Card, Personality] = field(default_factory=dict[Card, Personality])
    kaels: dict[str, Personality] = field(default_factory=dict[str, Personality])
    before: dict[Scene, Before] = field(default_factory=dict[Scene, Before])
    usual: dict[Scene, Played] = field(default_factory=dict[Scene, Played])
    read: set[str] = field(default_factory=set[str])
    """The characters of which all was read."""

    @classmethod
    async def laid(cls, stage: Stage, channel: grpc.aio.Channel) -> "Meadow":
        """With all that nobody is to learn, said by real people in real turns."""
        mallory, ada = stage.person("Mallory"), stage.person("Ada")
        meadow = cls(stage, mallory, ada, Client(channel, stage.server.token, mallory.subject))
        for person in (mallory, ada):
            me = (await person.client.account.get_me(GetMeRequest())).person
            assert me
            meadow.ids[person.name] = me.id
        stage.model.answer = lambda _: Card().memorys_answer
        lilith = meadow.liliths[Card()] = await characters.lilith(stage, Card(), mallory)
        shore, den = stage.channel(), stage.channel(Venue.PRIVATE_CHANNEL)
        await mallory.asks(HIVES, lilith, place=shore)
        await mallory.asks(f"My bees live near {Canary.DIRECT}.", lilith)
        await mallory.asks(f"My bees live in {Canary.DEN}.", lilith, place=den)
        await mallory.asks(f"My bees live by {Canary.OTHER}.", await meadow.kael(), place=shore)
        await ada.asks(f"My bees live under {Canary.NEIGHBOR}.", lilith, place=stage.channel())
        alone = ada.saying("", lilith)
        words = f"My bees live behind {Canary.NEIGHBOR_ALONE}."
        alone.utterance = Utterance(text=words, platform_message_id="ada-alone")
        await ada.sends(alone)
        await meadow._has_a_member(lilith)
        await stage.indexed()
        return meadow

    @property
    def known(self) -> dict[str, str]:
        """What an attacker knows, by how an input names it."""
        return {
            "{neighbor}": self.ids["Ada"],
            "{neighbor message}": "ada-alone",
            "{neighbor's direct}": self.ada.direct.channel_id,
        }

    async def usually(self, scene: Scene) -> Played:
        """How a harmless scene goes, played once."""
        if scene not in self.usual:
            self.usual[scene] = await self.plays(scene)
        return self.usual[scene]

    async def plays(self, scene: Scene) -> Played:
        """Let everybody say what they say in it; afterwards Mallory has said nothing there."""
        stage = self.stage
        stage.model.reset()
        lilith, kael = await self.lilith(scene.card), await self.kael(scene.other_characters_name)
        await self._shows_itself(scene)
        if scene.before not in self.before:
            self.before[scene.before] = await self._talked_before(scene, kael, lilith)
        before = self.before[scene.before]
        stage.asked.clear()
        if scene.what_is_looked_up:
            stage.model.script(Reply(calls=[Call("memory_search", scene.what_is_looked_up)]))
        stage.model.script("I see.")
        ask = self._topic if scene.topic else self._utterance
        (told, *_) = await self.mallory.sends(await ask(scene, before.place, lilith, kael))
        assert told.how == "STOP", told.why
        own = tuple(filter(None, (scene.card.own_nickname, lilith.nickname, lilith.name)))
        asked = tuple(stage.asked)
        read = {"Chat": f"{before.greeted} {told}".encode()}
        read |= await self._read(told, lilith, kael)
        await stage.execute(_UNSAID, turn=told.turn_id, head=before.head_id)
        return Played(own, asked, before.others, read)

    async def lilith(self, card: Card) -> Personality:
        """The character with this card, which remembers what the usual one does."""
        if card not in self.liliths:
            stage, first = self.stage, self.liliths[Card()]
            who = self.liliths[card] = await characters.lilith(stage, card, self.mallory)
            remembered = (card.memory, card.memorys_answer) == (HIVES, Card().memorys_answer)
            but = "" if remembered else HIVES
            await characters.remembers_like(stage, first, who, but=but)
            if not remembered:
                stage.model.script(card.memorys_answer)
                await self.mallory.asks(card.memory, who, place=stage.channel())
                await stage.indexed()
            if card.memory_from_elsewhere:
                persona, words = await self._persona(), card.memory_from_elsewhere
                await characters.is_told_from_elsewhere(stage, who, persona, words)
        return self.liliths[card]

    async def kael(self, name: str = "Kael") -> Personality:
        """The other character, called like that."""
        if name not in self.kaels:
            self.kaels[name] = await characters.kael(self.stage, name)
        return self.kaels[name]

    async def _shows_itself(self, scene: Scene) -> None:
        about, me = scene.persona_description, self.ids["Mallory"]
        face = {"name": scene.persona_name, "about": about, "pronouns": scene.pronouns}
        await self.stage.execute(_FACE, me=me, **face)

    async def _talked_before(self, scene: Scene, kael: Personality, lilith: Personality) -> Before:
        """Lilith greets Mallory, then Ada talks with both characters."""
        place = self.stage.channel(Venue.PRIVATE_CHANNEL)
        place.channel_id = scene.channel or place.channel_id
        greeting = ChatRequest(place=place, greeting=Greeting(), addressees=[ref(lilith)])
        (greeted,) = await self.mallory.sends(greeting)
        self.stage.asked.clear()
        self.stage.model.script(scene.other_characters_reply, scene.reply)
        request = self.ada.saying("", kael, lilith, place=place)
        words, name = scene.neighbor_words, scene.neighbor_name
        request.utterance = Utterance(text=words, speaker_name=name)
        told = await self.ada.sends(request)
        assert [it.how for it in told] == ["STOP", "STOP"]
        kaels, _ = self.stage.asked
        assert told[-1].finished.message
        return Before(place, greeted, kaels, told[-1].finished.message.id)

    async def _topic(self, scene: Scene, place: Place, *who: Personality) -> ChatRequest:
        talk = Talk(reply_limit=1, topic=f"{scene.topic} {ASKED}")
        return ChatRequest(place=place, scene=talk, addressees=[ref(it) for it in who])

    async def _utterance(
        self, scene: Scene, place: Place, lilith: Personality, _: Personality
    ) -> ChatRequest:
        request = self.mallory.saying("", lilith, place=place)
        found = reference(scene.reference_text, scene.reference_id)
        found.author_name = scene.reference_author
        picture = await brought(self.mallory, _PICTURE, scene.picture_name)
        await self.stage.execute(_SHOWN, words=scene.picture_description, id=picture.id)
        file = await brought(self.mallory, scene.file_text.encode(), scene.file_name)
        request.utterance = Utterance(
            text=f"{scene.said} {ASKED}",
            speaker_name=scene.member_name or scene.speaker_name,
            references=[found],
            attachment_ids=[picture.id, file.id],
            proxy=_proxy(scene.member_name) if scene.member_name else None,
        )
        return request

    async def _read(
        self, told: Told, lilith: Personality, kael: Personality
    ) -> Mapping[str, bytes]:
        found = await of_turn(self.reader, told)
        if lilith.id not in self.read:
            found |= await of_conversation(self.reader, told)
        for name, who in (("Lilith", lilith), ("Kael", kael)):
            if who.id not in self.read:
                self.read.add(who.id)
                found |= await of_character(self.reader, name, who)
        return found

    async def _persona(self, origin: str = "") -> str:
        ((persona,),) = await self.stage.rows(_PERSONA, me=self.ids["Mallory"], origin=origin)
        return str(persona)

    async def _has_a_member(self, lilith: Personality) -> None:
        """Mallory speaks as Luna, too, who is remembered for the same."""
        me = self.ids["Mallory"]
        luna = Face("Luna", "", "Likes honey.", "they", private=False, origin=_MEMBER)
        async with self.stage.server.parts.database.transaction() as tx:
            await personas.arrive(tx, UUID(me), [luna], None)
        by = await self._persona(_MEMBER)
        await characters.remembers_like(self.stage, lilith, lilith, of=me, by=by)


def _proxy(member: str) -> Proxy:
    service, _, member_id = _MEMBER.partition(":")
    return Proxy(service, member_id, member, "exmpl", verified=True)
