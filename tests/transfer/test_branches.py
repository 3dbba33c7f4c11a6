"""Chats that move in with branches: what was said beside the chosen path does not come to mind."""

from sqlalchemy import text

from tests.conftest import Served
from tests.transfer.handing import mover, sample
from tests.transfer.library import BRANCH, FIRST, HEADER, jsonl


async def test_what_was_said_on_a_branch_is_not_recalled_until_it_is_chosen(
    served: Served,
) -> None:
    me = mover(served)
    marta = (await me.imports(sample("cards/tk_full_v2_card.json"))).personality
    whose = {"personality": {"id": marta.id}}
    branch = HEADER | {"chat_metadata": {"main_chat": "first"}}
    await me.imports(jsonl(HEADER, *FIRST).encode(), name="first.jsonl", **whose)
    await me.imports(jsonl(branch, *BRANCH).encode(), name="Branch #1.jsonl", **whose)
    query = text("SELECT person_text, dormant FROM memories WHERE personality_id = :id")
    async with served.running.parts.database.transaction() as tx:
        found = dict((await tx.execute(query, {"id": marta.id})).all())
    assert found == {
        "Do the bells ring?": False,
        "And at night?": False,
        "Who rings them?": True,
    }
