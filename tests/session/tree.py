"""A conversation as its person changes it: replies given again, alternatives, branches.

tree = Tree(stage, ada, lilith)
await tree.says("Hi!", "Hello.")
await tree.regenerates("Hello.", "Good evening.")
assert await tree.path() == ["Hi!", "Good evening."]
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.fakes.provider import Refusal, Reply
from tests.session.stage import Person, Stage, Told
from tzurot.session.tables import Message as Row
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    AddAlternativeRequest,
    BranchConversationRequest,
    ChatRequest,
    ChooseMessageRequest,
    Continuation,
    DeleteMessageRequest,
    DeleteMessageResponse,
    EditMessageRequest,
    GetMessageRequest,
    ListAlternativesRequest,
    Message,
    MessageRef,
    Place,
    PlatformMessage,
    Regeneration,
    ReportDeliveryRequest,
    RestoreConversationRequest,
    Utterance,
)

_IN_SIGHT = """
    WITH RECURSIVE path AS (
        SELECT m.id, m.parent_id, m.text, m.epoch, 0 AS depth
        FROM conversations c JOIN messages m ON m.id = c.head_message_id
        WHERE c.id = CAST(:id AS uuid) AND m.chosen AND m.epoch = c.epoch
      UNION ALL
        SELECT m.id, m.parent_id, m.text, m.epoch, path.depth + 1
        FROM path JOIN messages m ON m.id = path.parent_id AND m.chosen AND m.epoch = path.epoch
    )
    SELECT text FROM path ORDER BY depth DESC
"""


def shown(place: Place, message_id: str) -> MessageRef:
    """A message as a platform names it."""
    return MessageRef(
        platform_message=PlatformMessage(
            platform=place.platform, channel_id=place.channel_id, message_id=message_id
        )
    )


@dataclass(slots=True)
class Tree:
    """One person's conversation with one character. Messages are named by their words."""

    stage: Stage
    who: Person
    character: Personality
    place: Place | None = None
    conversation_id: str = ""

    @property
    def here(self) -> Place:
        return self.place or self.who.direct

    async def says(self, words: str, reply: str, shown_as: str = "") -> Told:
        """Say something that is answered."""
        self.stage.model.script(reply)
        request = self.who.saying(words, self.character, place=self.here)
        request.utterance = Utterance(
            text=words, speaker_name=self.who.name, platform_message_id=shown_as
        )
        (told,) = await self.who.sends(request)
        self.conversation_id = told.conversation_id
        return told

    def again(self, message_id: str, *, goes_on: bool = False) -> ChatRequest:
        """The request for another reply in place of one."""
        ref = MessageRef(id=message_id)
        if goes_on:
            return ChatRequest(place=self.here, continuation=Continuation(message=ref))
        return ChatRequest(place=self.here, regeneration=Regeneration(message=ref))

    async def regenerates(self, words: str, reply: str | Reply | Refusal) -> Told:
        """Have a reply given again."""
        self.stage.model.script(reply)
        (told,) = await self.who.sends(self.again(await self.id_of(words)))
        return told

    async def goes_on(self, words: str, reply: str | Reply) -> Told:
        """Have a reply go on."""
        self.stage.model.script(reply)
        (told,) = await self.who.sends(self.again(await self.id_of(words), goes_on=True))
        return told

    async def rows(self) -> Sequence[Row]:
        """All messages, oldest first."""
        return await self.stage.messages(self.conversation_id)

    async def path(self) -> list[str]:
        """The words of the chosen path, from its root; it is the only one, and ends at the head."""
        chosen = {row.parent_id: row for row in await self.rows() if row.chosen}
        assert len(chosen) == sum(row.chosen for row in await self.rows())
        path: list[str] = []
        at = None
        while row := chosen.get(at):
            path.append(row.text)
            at = row.id
        assert len(path) == len(chosen)
        ((head,),) = await self.stage.rows(
            "SELECT head_message_id FROM conversations WHERE id = :id", id=self.conversation_id
        )
        assert head == at
        return path

    async def in_sight(self) -> list[str]:
        """The words of the path that ends at the head, from its first message on."""
        rows = await self.stage.rows(_IN_SIGHT, id=self.conversation_id)
        return [str(text) for (text,) in rows]

    async def resets(self) -> None:
        await self.who.resets(self.conversation_id)

    async def restores(self) -> None:
        """Take back the last reset."""
        request = RestoreConversationRequest(conversation_id=self.conversation_id)
        await self.who.client.history.restore_conversation(request)

    async def id_of(self, words: str) -> str:
        """The id of the oldest message that says this."""
        return next(str(row.id) for row in await self.rows() if row.text == words)

    async def ref(self, words: str) -> MessageRef:
        return MessageRef(id=await self.id_of(words))

    async def get(self, ref: MessageRef) -> Message:
        found = (await self.who.client.message.get_message(GetMessageRequest(message=ref))).message
        assert found
        return found

    async def alternatives(self, words: str) -> list[str]:
        request = ListAlternativesRequest(message=await self.ref(words))
        found = await self.who.client.message.list_alternatives(request)
        return [it.text for it in found.messages]

    async def edits(self, words: str, new: str) -> Message:
        request = EditMessageRequest(message=await self.ref(words), text=new)
        edited = (await self.who.client.message.edit_message(request)).message
        assert edited
        return edited

    async def adds(self, words: str, new: str) -> Message:
        request = AddAlternativeRequest(message=await self.ref(words), text=new)
        added = (await self.who.client.message.add_alternative(request)).message
        assert added
        return added

    async def chooses(self, words: str) -> None:
        request = ChooseMessageRequest(message=await self.ref(words))
        await self.who.client.message.choose_message(request)

    async def branches(self, words: str) -> None:
        request = BranchConversationRequest(message=await self.ref(words))
        await self.who.client.message.branch_conversation(request)

    async def deletes(self, words: str) -> DeleteMessageResponse:
        request = DeleteMessageRequest(message=await self.ref(words))
        return await self.who.client.message.delete_message(request)

    async def awake(self) -> list[tuple[str, str]]:
        """What is remembered and can come to mind: what each side said."""
        return await self._remembered(dormant=False)

    async def asleep(self) -> list[tuple[str, str]]:
        """What is remembered of what is not on the chosen path."""
        return await self._remembered(dormant=True)

    async def _remembered(self, *, dormant: bool) -> list[tuple[str, str]]:
        rows = await self.stage.rows(
            """SELECT person_text, personality_text FROM memories JOIN personas p
            ON p.id = persona_id JOIN identities i ON i.person_id = p.person_id
            WHERE i.subject = :subject AND memories.personality_id = CAST(:who AS uuid)
            AND dormant = :dormant ORDER BY memories.id""",
            subject=self.who.subject,
            who=self.character.id,
            dormant=dormant,
        )
        return [(str(said), str(answered)) for said, answered in rows]

    async def lines(self) -> list[str]:
        """What others can see of the place."""
        rows = await self.stage.rows(
            "SELECT text FROM channel_lines WHERE channel_id = :channel ORDER BY id",
            channel=self.here.channel_id,
        )
        return [str(text) for (text,) in rows]

    async def shows(self, told: Told, *message_ids: str) -> None:
        """Tell which messages of the platform show a reply."""
        request = ReportDeliveryRequest(
            turn_id=told.turn_id, platform_message_ids=list(message_ids)
        )
        await self.who.client.session.report_delivery(request)
