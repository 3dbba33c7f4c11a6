"""Whose memories a person looks at: which characters remember, which of their personas spoke.

All of them are the person's, whoever of them speaks now and whatever they share. So are those that
a character has of them that they may not see any more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tzurot.account import personas
from tzurot.account.personas import Personas
from tzurot.errors import PersonalityNotFound, PersonaNotFound
from tzurot.flow.kind import Argument
from tzurot.flow.kinds import choosing, naming, telling
from tzurot.flow.kinds.memory_choices import Selection
from tzurot.flow.views import MAX_CHOICES, Action, Asks, Choice, Field, line
from tzurot.memory.graph.graphs import Graphs
from tzurot.memory.graph.stats import OfPersonality
from tzurot.personality.characters import Label
from tzurot.session.rooms import Rooms
from tzurot.transport.subject import Caller

PERSONA = Argument("persona", "Only of this persona of yours.", completes=True)
ARGUMENTS = (choosing.CHARACTER, PERSONA)

_PERSONAS = 200  # that are looked through for a name


@dataclass(frozen=True, slots=True)
class Owners:
    """Finds the personas and the characters that are meant, and offers them to be chosen."""

    personas: Personas
    graphs: Graphs
    rooms: Rooms

    async def selected(self, who: Caller, given: Mapping[str, str]) -> Selection:
        """What a flow was started with.

        Raises:
            PersonalityNotFound, PersonaNotFound: what is named is not there.
        """
        character = persona = ""
        if "character" in given:
            character = str(await self._meant(who, given["character"]))
        if "persona" in given:
            folded = given["persona"].casefold()
            mine = await self.personas.list(who.person_id, after=None, limit=_PERSONAS)
            found = [
                str(it.id)
                for it, _ in mine
                if folded in (str(it.id), it.name.casefold(), it.display_name.casefold())
            ]
            if not found:
                raise PersonaNotFound(given["persona"][:80])
            persona = found[0]
        return Selection.of_arguments(given, character, persona)

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """Personas of theirs; or the characters that they see, and then others that remember."""
        folded = typed.casefold()
        if key == PERSONA.key:
            return [it for it in await self._personas(who) if folded in it.label.casefold()]
        seen = await choosing.offered(self.rooms.characters, who, typed)
        slugs = {it.description for it in seen}
        others = [
            Choice(label.slug, naming.listed(label), _memories(found))
            for found, label in await self._remembering(await self.all_of(who))
            if label.slug not in slugs and folded in f"{label.name} {label.slug}".casefold()
        ]
        return [*seen, *others][:MAX_CHOICES]

    async def heard(self, who: Caller, selection: Selection) -> Sequence[UUID]:
        """The personas whose memories are meant.

        Raises:
            PersonaNotFound: the chosen one is gone.
        """
        mine = await self.all_of(who)
        if not selection.persona:
            return mine
        chosen = UUID(selection.persona)
        if chosen not in mine:
            raise PersonaNotFound(chosen)
        return (chosen,)

    async def all_of(self, who: Caller) -> tuple[UUID, ...]:
        """Every persona of the person; the usual one comes first."""
        async with self.rooms.database.reading() as tx:
            others = await personas.others(tx, who.person_id, who.persona_id)
        return (who.persona_id, *others)

    async def fields(
        self, who: Caller, selection: Selection, heard: Collection[UUID]
    ) -> tuple[Field, ...]:
        """What a form asks: the character, and the persona if the person has several."""
        fields = [await self._character(selection, heard)]
        choices = await self._personas(who)
        if len(choices) > 1:
            described = "Nothing chosen: all of yours."
            values = (selection.persona,) if selection.persona else ()
            offered = _offered(choices, selection.persona)
            fields.append(Field("persona", "Persona", Asks.CHOICE, described, values, offered))
        return tuple(fields)

    async def labels(self, personality_ids: Collection[UUID]) -> dict[UUID, Label]:
        """What characters that remember the person are called."""
        async with self.rooms.database.reading() as tx:
            return await self.rooms.characters.labels(tx, personality_ids)

    async def called(self, who: Caller, selection: Selection) -> str:
        """The character's name, as a text tells it; empty for all.

        Raises:
            PersonalityNotFound: it is gone.
        """
        personality_id = selection.personality_id
        if personality_id is None:
            return ""
        labels = await self.labels([personality_id])
        if personality_id not in labels:
            raise PersonalityNotFound(personality_id)
        return await naming.called(
            self.rooms.characters, who, personality_id, labels[personality_id]
        )

    async def _meant(self, who: Caller, named: str) -> UUID:
        """The character that is meant: one that the person sees, or one that remembers them."""
        try:
            return (await choosing.meant(self.rooms.characters, who, named)).id
        except PersonalityNotFound:
            folded = named.casefold()
            for found, label in await self._remembering(await self.all_of(who)):
                if folded in (label.slug, label.name.casefold(), str(found.personality_id)):
                    return found.personality_id
            raise

    async def _remembering(self, heard: Collection[UUID]) -> list[tuple[OfPersonality, Label]]:
        """The characters that remember, those that do most first, and what they are called."""
        found = await self.graphs.remembering(heard)
        labels = await self.labels([it.personality_id for it in found])
        return [(it, labels[it.personality_id]) for it in found if it.personality_id in labels]

    async def _character(self, selection: Selection, heard: Collection[UUID]) -> Field:
        """Offers those that remember most; one that was named otherwise is among them."""
        offered = [
            Choice(str(it.personality_id), naming.listed(label), _memories(it))
            for it, label in await self._remembering(heard)
        ]
        chosen = selection.personality_id
        if chosen and selection.character not in {it.value for it in offered}:
            labels = await self.labels([chosen])
            offered += [Choice(selection.character, naming.listed(it)) for it in labels.values()]
        return Field(
            "character",
            "Character",
            Asks.CHOICE,
            "Nothing chosen: all that remember you.",
            (selection.character,) if chosen else (),
            _offered(offered, selection.character),
        )

    async def _personas(self, who: Caller) -> tuple[Choice, ...]:
        """All of the person's, the usual one first."""
        found = await self.personas.list(who.person_id, after=None, limit=_PERSONAS)
        return tuple(
            Choice(
                str(it.id),
                f"{line(personas.called(it), 80)}{' (the usual one)' if it.is_default else ''}",
            )
            for it, _ in found
        )


def whose(fields: Sequence[Field]) -> Action:
    """Choose character and persona."""
    return Action("whose", "Whose", asks=tuple(field.key for field in fields))


def _offered(choices: Sequence[Choice], chosen: str) -> tuple[Choice, ...]:
    """As many as a form holds; what is chosen is among them."""
    if chosen in {it.value for it in choices[:MAX_CHOICES]}:
        return tuple(choices[:MAX_CHOICES])
    kept = [it for it in choices if it.value == chosen]
    return (*choices[: MAX_CHOICES - len(kept)], *kept)


def _memories(found: OfPersonality) -> str:
    return telling.count(found.memory_count, "memory", "memories")
