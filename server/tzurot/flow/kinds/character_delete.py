"""`character delete`: what goes with a character, and a phrase to type."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.flow.drawing import CLOSE
from tzurot.flow.kind import Answers, At, Kind, Step
from tzurot.flow.kinds import choosing, naming, phrases, telling
from tzurot.flow.views import Action, Choice, Item, State, View
from tzurot.memory.browsing import Memories
from tzurot.personality.characters import Characters
from tzurot.session.conversations import Conversations
from tzurot.transport.subject import Caller


class CharacterDelete(Kind):
    """Deletes after its phrase was typed."""

    path = "character delete"
    summary = "Delete one of your characters, and all that goes with it."
    arguments = (choosing.NEEDED_CHARACTER,)

    def __init__(
        self, characters: Characters, memories: Memories, conversations: Conversations
    ) -> None:
        self._characters = characters
        self._memories = memories
        self._conversations = conversations

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The person's own characters."""
        return await choosing.offered_if(self._characters, who, typed, lambda it: it.owns)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The question, about a character that is the person's own."""
        meant = await choosing.meant(self._characters, who, arguments["character"])
        own = await choosing.owned(self._characters, who, meant.id)
        return Step("confirm", {"personality_id": str(own.id)})

    async def view(self, who: Caller, at: At) -> View:
        """What would be gone; afterwards that it is."""
        if at.step == "done":
            return View(f"{at.draft['name']} is gone", "And all that went with it.")
        own = await choosing.owned(self._characters, who, UUID(at.draft["personality_id"]))
        name = await naming.told(self._characters, who, own)
        phrase = phrases.to_delete(own.name)
        return View(
            title=f"Delete {name}?",
            body=f"This cannot be undone. To delete it and all of this, type `{phrase}`.",
            fields=(phrases.asked(phrase),),
            items=await self._goes_with(own.id),
            actions=(Action(CLOSE, "Cancel"), phrases.deleting()),
            mark=own.name,
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Delete, if the phrase is right."""
        own = await choosing.owned(self._characters, who, UUID(at.draft["personality_id"]))
        phrases.require(answers, phrases.to_delete(own.name))
        name = await naming.told(self._characters, who, own)
        await self._memories.forget_personality(
            await self._characters.delete(who.person_id, own.id)
        )
        return Step("done", {"name": name}, State.DONE)

    async def _goes_with(self, personality_id: UUID) -> tuple[Item, ...]:
        conversations = await self._conversations.count(personality_id)
        memories, personas = await self._memories.reach(personality_id)
        return (
            Item(telling.count(conversations, "conversation"), "with all that was said in them"),
            Item(
                telling.count(memories, "memory", "memories"),
                f"of {telling.count(personas, 'persona')}" if memories else "",
            ),
            Item("Its description, its picture and the file that it came from"),
        )
