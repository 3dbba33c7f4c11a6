"""Whatever people do with a conversation, its tree stays one: tried with chance."""

import random

import pytest

from tests.session.stage import Stage
from tests.session.tree import Tree
from tzurot_client import TzurotError
from tzurot_client.gen.tzurot.common.v1 import ErrorReason

_DOINGS = ("says", "regenerates", "chooses", "branches", "deletes", "adds", "edits", "resets")
_REFUSALS = {ErrorReason.MESSAGE_NOT_FOUND, ErrorReason.OTHERS_FOLLOWED}


@pytest.mark.parametrize("seed", range(3))
async def test_the_tree_stays_one_and_memories_follow_it(stage: Stage, seed: int) -> None:
    chance, meadow = random.Random(seed), stage.channel()  # noqa: S311 - chance that repeats
    lilith = await stage.character("Lilith")
    ada = Tree(stage, stage.person("Ada"), lilith, meadow)
    bob = Tree(stage, stage.person("Bob"), lilith, meadow)
    await ada.says("0", "0!")
    await bob.says("1", "1!")
    for number in range(2, 26):
        who, other = (ada, bob) if chance.random() < 0.85 else (bob, ada)
        others = await _of(other)
        doing = chance.choices(_DOINGS, (6, 4, 4, 3, 2, 2, 1, 0.5))[0]
        try:
            await _do(who, doing, str(number), chance)
        except TzurotError as refused:
            assert refused.reason in _REFUSALS, doing
        await _keeps_its_rules(ada)
        kept = await _of(other)
        assert doing == "resets" or kept == others, doing


async def _do(who: Tree, doing: str, words: str, chance: random.Random) -> None:
    if doing == "says":
        await who.says(words, f"{words}!")
        return
    if doing == "resets":
        await who.who.resets(who.conversation_id)
        return
    mine = [row for row in await who.rows() if str(row.person_id) == await _person(who)]
    if doing == "regenerates":
        mine = [row for row in mine if row.author == "personality"]
    if not mine:
        return
    about = chance.choice(mine).text
    match doing:
        case "regenerates":
            await who.regenerates(about, f"{words}?")
        case "adds":
            await who.adds(about, f"{words}~")
        case "edits":
            await who.edits(about, f"{words}*")
        case _:
            await getattr(who, doing)(about)


async def _keeps_its_rules(tree: Tree) -> None:
    rows = await tree.rows()
    by_id = {row.id: row for row in rows}
    for row in rows:
        parent = by_id[row.parent_id] if row.parent_id else None
        assert not (row.chosen and parent) or parent.chosen, "nothing is chosen off the path"
        assert parent is None or parent.epoch == row.epoch
    places = [(row.epoch, row.parent_id) for row in rows if row.chosen]
    assert len(places) == len(set(places)), "one of alternatives is chosen at most"
    await _ends_at_its_head(tree)
    wrong = await tree.stage.rows(_WRONG, id=tree.conversation_id)
    assert not wrong, "a memory sleeps exactly off the path"


async def _ends_at_its_head(tree: Tree) -> None:
    ((epoch, head),) = await tree.stage.rows(
        "SELECT epoch, head_message_id FROM conversations WHERE id = :id", id=tree.conversation_id
    )
    chosen = {row.parent_id: row for row in await tree.rows() if row.chosen and row.epoch == epoch}
    last = None
    for _ in range(len(chosen)):
        last = chosen[last].id
    assert last == head


async def _of(tree: Tree) -> list[tuple[object, ...]]:
    """What is somebody's: their messages on the path, and what is remembered of them."""
    person_id = await _person(tree)
    said = [(row.text, row.chosen) for row in await tree.rows() if str(row.person_id) == person_id]
    return [*said, *await tree.awake(), *await tree.asleep()]


async def _person(tree: Tree) -> str:
    query = "SELECT person_id FROM identities WHERE subject = :subject"
    ((person_id,),) = await tree.stage.rows(query, subject=tree.who.subject)
    return str(person_id)


_WRONG = """
    SELECT m.id FROM memories m LEFT JOIN turns t ON t.id = m.turn_id
        LEFT JOIN messages reply ON reply.id = t.reply_message_id
        JOIN messages said ON said.id = m.message_id
    WHERE said.conversation_id = :id AND m.dormant = coalesce(reply.chosen, said.chosen)
"""
