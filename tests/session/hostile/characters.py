"""The characters of the meadow: what they are written to be, what they know and remember."""

from dataclasses import replace
from uuid import UUID

from tests.session.bringing import learns, takes_up
from tests.session.hostile.scene import Canary, Card
from tests.session.stage import Person, Stage, ref
from tzurot import clock
from tzurot.formats.found import Document, Lorebook, LoreEntry
from tzurot.memory import arrivals
from tzurot.memory.arrivals import Arrival
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Venue
from tzurot_client.gen.tzurot.personality.v1 import (
    CustomField,
    Personality,
    PersonalityOverride,
    PromptRole,
    RegexScript,
    UpdatePersonalityOverrideRequest,
)

_SECRET = f" {Canary.LILITH}"
_DEEP = {"position": 4, "depth": 3, "role": 1}  # as a person's, before the last three messages
_QUOTED = {"position": 7, "outlet_name": "secret"}
_COPY = """INSERT INTO memories SELECT (jsonb_populate_record(m, jsonb_build_object(
        'id', gen_random_uuid(), 'personality_id', CAST(:new AS text),
        'persona_id', coalesce(nullif(:persona, ''), m.persona_id::text)))).*
    FROM memories m JOIN personas p ON p.id = m.persona_id
    WHERE m.personality_id = CAST(:old AS uuid) AND m.person_text <> :but
        AND (:of = '' OR p.person_id::text = :of)"""


async def lilith(stage: Stage, card: Card, mallory: Person) -> Personality:
    """A new character with this card, none of which is for strangers; Mallory has it otherwise."""
    who = await stage.character(
        card.name,
        nickname=card.nickname,
        definition_visible=False,
        system_prompt=card.system_prompt + _SECRET,
        description=f"{card.description}{_SECRET} {{{{setvar::secret::{Canary.LILITH}}}}}",
        traits=_SECRET,
        scenario=_SECRET,
        custom_fields=[CustomField(name=card.custom_field, text=_SECRET)],
        example_dialogues=card.examples + _SECRET,
        greeting=card.greeting,
        depth_prompt=card.depth_prompt + _SECRET,
        depth_prompt_depth=2,
        depth_prompt_role=PromptRole.USER,
        post_history_instructions=card.instructions + _SECRET,
        regex_scripts=[
            RegexScript(name=_SECRET, find="/hive/", replace=card.script, on_input=True)
        ],
    )
    entries = (
        LoreEntry((), card.lore + _SECRET, name=_SECRET, constant=True),
        LoreEntry((), card.lore_between_messages + _SECRET, constant=True, extensions=_DEEP),
        LoreEntry((), _SECRET, constant=True, extensions=_QUOTED),
    )
    await takes_up(stage, who, Lorebook(entries, name=_SECRET))
    await learns(stage, who, Document(card.document + _SECRET, title=card.document_title))
    own = PersonalityOverride(
        nickname=card.own_nickname,
        addition=card.own_addition,
        scenario=card.own_scenario,
        instructions=card.own_instructions,
    )
    request = UpdatePersonalityOverrideRequest(personality=ref(who), override=own)
    await mallory.client.override.update_personality_override(request)
    return who


async def kael(stage: Stage, name: str) -> Personality:
    """The other character, called like that; nothing of it is for strangers either."""
    fields = ("description", "traits", "system_prompt", "post_history_instructions", "scenario")
    secret = dict.fromkeys(fields, f"Play. {Canary.KAEL}")
    return await stage.character(name, definition_visible=False, **secret)


async def remembers_like(
    stage: Stage, old: Personality, new: Personality, *, but: str = "", of: str = "", by: str = ""
) -> None:
    """One character remembers what another does, `but` that, `of` one person, `by` a persona."""
    await stage.execute(_COPY, old=old.id, new=new.id, but=but, of=of, persona=by)


async def is_told_from_elsewhere(stage: Stage, who: Personality, persona: str, words: str) -> None:
    """A memory is imported."""
    parts, owner = stage.server.parts, Owner(UUID(persona), UUID(who.id))
    key = arrivals.key_of(owner.personality_id, words)
    said = Arrival(key, words, "", "Mallory", "Lilith", clock.now())
    coming = replace(said, venue=Venue.PUBLIC_CHANNEL, platform="local", channel_id="elsewhere")
    async with parts.database.transaction() as tx:
        await arrivals.remember(tx, owner, [coming], parts.jobs)
    await stage.indexed()
