"""What is edited or deleted on a platform changes in all that came of it, and is found nowhere."""

from uuid import uuid4

import pytest

from tests.session.stage import Person, Stage
from tests.session.test_conversation_deleting import tables_with
from tests.session.tree import Tree, shown
from tzurot_client.gen.tzurot.memory.v1 import SearchMemoriesRequest
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import DeleteMessageRequest, EditMessageRequest

OLD, NEW = "quagga", "okapi"
DERIVED = {"messages", "memories", "traces", "channel_lines", "facts"}

# As the job writes one that learns: whether it does is tried elsewhere, and wants a model.
LEARN = """
    WITH learnt AS (
        INSERT INTO facts (id, persona_id, personality_id, text, entity, state, origin, fictional,
            venue, platform, channel_id, age_restricted, valid_from, embedding, create_time)
        SELECT CAST(:id AS uuid), persona_id, personality_id, :text, '', 'current', 'learnt', false,
            venue, platform, channel_id, false, now(), '[1,0]', now()
        FROM memories WHERE position(:about IN person_text) > 0
        RETURNING id
    )
    INSERT INTO fact_sources (fact_id, memory_id, outdated)
    SELECT learnt.id, memories.id, false FROM learnt, memories
    WHERE position(:about IN person_text) > 0
"""


@pytest.fixture
def tree(stage: Stage, ada: Person, lilith: Personality) -> Tree:
    return Tree(stage, ada, lilith, stage.channel())


async def found(tree: Tree, query: str) -> list[str]:
    """What a search finds, by vector and text."""
    request = SearchMemoriesRequest(query=query, personality_id=tree.character.id)
    hits = (await tree.who.client.memory.search_memories(request)).hits
    return [hit.memory.utterances[0].text for hit in hits if hit.memory]


async def where(stage: Stage, words: str) -> set[str]:
    return {table.removeprefix("public.") for table in await tables_with(stage, words)}


async def test_an_edit_and_a_deletion_follow_everywhere(stage: Stage, tree: Tree) -> None:
    await tree.says(f"My pet is a {OLD}.", "How lovely!", shown_as="11")
    await tree.says("And yours?", "I have none.", shown_as="12")
    stage.model.script("Hm.")
    mira = await stage.character("Mira")
    await tree.who.asks("Whose pet is it?", mira, place=tree.here)
    await stage.indexed()
    learn = {"id": str(uuid4()), "text": f"Ada has a {OLD}.", "about": OLD}
    await stage.execute(LEARN, **learn)
    assert await where(stage, OLD) >= DERIVED
    assert await found(tree, f"the {OLD}") == [f"My pet is a {OLD}.", "And yours?"]

    message = shown(tree.here, "11")
    edit = EditMessageRequest(message=message, text=f"My pet is an {NEW}.")
    await tree.who.client.message.edit_message(edit)
    await stage.indexed()
    assert await where(stage, OLD) == set(), "with the words goes what was learnt of them"
    assert await where(stage, NEW) >= DERIVED - {"facts", "traces"}
    assert (await found(tree, f"the {NEW}"))[0] == f"My pet is an {NEW}."
    await tree.says("What is my pet?", f"An {NEW}.", shown_as="13")
    assert f"My pet is an {NEW}." in str(stage.asked[-1].said)

    await stage.execute(LEARN, **{**learn, "text": f"Ada has an {NEW}.", "about": NEW})
    assert await where(stage, NEW) >= DERIVED
    await tree.deletes(f"An {NEW}.")
    gone = await tree.who.client.message.delete_message(DeleteMessageRequest(message=message))
    await stage.indexed()
    assert (gone.deleted_message_count, gone.deleted_memory_count) == (1, 1)
    assert await where(stage, NEW) == set()
    assert f"My pet is an {NEW}." not in await found(tree, f"the {NEW}")
    assert await tree.path() == [
        *("How lovely!", "And yours?", "I have none.", "What is my pet?"),
    ]
