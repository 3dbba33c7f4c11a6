"""What falls out of sight is told in short, as long as it exists."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence

import pytest

from tests.fakes.provider import Ending, Gate, Refusal, Reply, Request
from tests.session.incognito.modes import hits, switch
from tests.session.learning.classroom import Class, fact
from tests.session.models import speaker
from tests.session.stage import Stage
from tests.session.summaries.told_in_short import ROUNDS, Talk, fact_of, sees, summarize
from tzurot.errors import ContextTooSmall
from tzurot.session.summaries import wording
from tzurot.session.summaries.extracting import Spoken
from tzurot.wallet.paying import Model
from tzurot_client.gen.tzurot.memory.v1 import (
    DeleteMemoryRequest,
    ForgetFactRequest,
    ListMemoriesRequest,
)
from tzurot_client.gen.tzurot.session.v1 import GetConversationStatsRequest, ListSummariesRequest

SAID = "Ada told Lilith where her friends live: Oslo, Porto, Ghent, Turku."


@pytest.fixture
async def talk(stage: Stage) -> AsyncIterator[Talk]:
    ada = stage.person("Ada")
    await sees(ada)
    yield Talk(stage, ada, await stage.character("Lilith"))


class TestMaking:
    async def test_a_model_sums_up_what_it_is_told_alone(self, talk: Talk) -> None:
        talk.is_worded(SAID)
        await talk.goes_on()
        await talk.is_summarized()
        (summary,) = await talk.summaries()
        assert (summary.text, summary.model) == (SAID, "scripted")
        said = await talk.stage.messages(talk.turns[-1].conversation_id)
        assert summary.message_ids == [str(it.id) for it in said[: summary.message_count]]
        (request,) = talk.asked
        lines = request.last_user_text.splitlines()
        assert lines[:2] == [f'Ada: "{fact_of(0)}"', 'Lilith: "I see."']
        assert len(lines) == summary.message_count
        await talk.says("Hello again.")
        assert talk.told.endswith(f') "{SAID}"')
        history = "\n".join(it["content"] for it in talk.stage.asked[-1].said)
        assert fact_of(0) not in history
        assert history.startswith(fact_of(summary.message_count // 2))

    async def test_else_it_is_told_in_their_own_words(self, talk: Talk) -> None:
        talk.is_worded("Aquatic mammals.")
        await talk.goes_on()
        await talk.is_summarized()
        (summary,) = await talk.summaries()
        assert summary.model == ""
        assert f'Ada: "{fact_of(1)}"' in summary.text

    async def test_a_model_that_is_not_reached_is_asked_again_before_that(self, talk: Talk) -> None:
        talk.stage.model.finds = lambda _: Refusal(500)
        await talk.goes_on()
        await talk.is_summarized()
        assert not await talk.summaries()
        await talk.is_summarized()
        assert not await talk.summaries()
        await talk.is_summarized()
        (summary,) = await talk.summaries()
        assert summary.model == ""

    async def test_a_run_that_a_model_has_no_room_for_keeps_no_other_from_it(
        self, talk: Talk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        worded, tried = wording.worded, list[Sequence[Spoken]]()

        async def first_too_long(model: Model, run: Sequence[Spoken], *, seconds: float) -> str:
            tried.append(run)
            if len(tried) == 1:
                raise ContextTooSmall("scripted")
            return await worded(model, run, seconds=seconds)

        monkeypatch.setattr(wording, "worded", first_too_long)
        talk.is_worded(SAID)
        await talk.goes_on(22)
        await talk.is_summarized()
        assert [it.model for it in await talk.summaries()] == ["", "scripted"]

    async def test_no_model_is_asked_that_makes_things_up(self, talk: Talk) -> None:
        await talk.goes_on()
        await talk.is_summarized(speaker(talk.stage, finds_facts=False))
        (summary,) = await talk.summaries()
        assert summary.model == ""
        assert talk.asked == []

    async def test_nothing_is_made_before_there_is_enough_of_it(self, talk: Talk) -> None:
        await talk.goes_on(ROUNDS - 4)
        await talk.is_summarized()
        assert not await talk.summaries()

    async def test_what_has_a_summary_keeps_it(self, talk: Talk) -> None:
        await talk.goes_on()
        await talk.is_summarized()
        (first,) = await talk.summaries()
        await talk.goes_on(8)
        await talk.is_summarized()
        both = await talk.summaries()
        assert both[0].id == first.id
        assert len(both) == 2
        request = ListSummariesRequest(conversation_id=talk.turns[-1].conversation_id, page_size=1)
        page = await talk.ada.client.history.list_summaries(request)
        request.page_token = page.next_page_token
        rest = await talk.ada.client.history.list_summaries(request)
        assert [*page.summaries, *rest.summaries] == both[::-1]
        assert rest.next_page_token == ""
        counted = GetConversationStatsRequest(conversation_id=request.conversation_id)
        assert (await talk.ada.client.history.get_conversation_stats(counted)).summary_count == 2
        assert not set(both[0].message_ids) & set(both[1].message_ids)

    async def test_two_workers_make_one(self, talk: Talk) -> None:
        await talk.goes_on()
        await asyncio.gather(summarize(talk.stage), summarize(talk.stage))
        assert len(await talk.summaries()) == 1

    async def test_a_killed_one_is_made_again(self, talk: Talk) -> None:
        talk.is_worded(SAID)
        await talk.goes_on()
        talk.stage.model.finds = lambda _: Reply("", ending=Ending.HANG)
        looking = asyncio.create_task(summarize(talk.stage))
        await talk.stage.model.until(lambda _: bool(talk.asked))
        looking.cancel()
        await asyncio.wait({looking})
        assert not await talk.summaries()
        talk.is_worded(SAID)
        await talk.stage.execute(  # its time is over
            "UPDATE unsummarized_conversations SET due_time = NULL WHERE conversation_id = :id",
            id=talk.turns[-1].conversation_id,
        )
        await talk.is_summarized()
        (summary,) = await talk.summaries()
        assert summary.text == SAID

    async def test_it_is_there_when_messages_go_out_of_sight(self, talk: Talk) -> None:
        await sees(talk.ada, 24)
        await talk.goes_on(21)
        assert talk.told == ""
        await talk.is_summarized()
        begins: list[str] = []
        while len(set(begins)) < 2:  # until the history begins elsewhere
            await talk.says(fact_of(len(talk.turns)))
            await talk.is_summarized()
            begins.append(talk.stage.asked[-1].said[0]["content"])
        told, begun = talk.turns[-1], begins[-1]
        trace = await talk.ada.trace(told.turn_id)
        parts = [it.summary for it in trace.sections if it.summary]
        in_short = {it for part in parts for it in part.message_ids}
        said = await talk.stage.messages(told.conversation_id)
        shown = next(place for place, it in enumerate(said) if it.text == begun)
        assert {str(it.id) for it in said[: shown - 2]} <= in_short
        assert not {str(it.id) for it in said[shown:]} & in_short

    async def test_what_is_said_while_it_is_made_does_not_count_twice(self, talk: Talk) -> None:
        """A message that gets other words meanwhile is not told with its old ones."""
        await talk.goes_on()
        tree, gate, edited = talk.tree, Gate(), list[asyncio.Task[None]]()

        async def edits() -> None:
            await tree.edits(fact_of(1), "I take it back.")
            gate.open()

        def slowly(_: Request) -> Reply:
            edited.append(asyncio.create_task(edits()))
            return Reply(json.dumps({"summary": SAID}), gate=gate)

        talk.stage.model.finds = slowly
        await talk.is_summarized()
        await asyncio.gather(*edited)
        assert not await talk.summaries()
        talk.is_worded("Ada told Lilith where friends live, and took it back.")
        await talk.is_summarized()
        (summary,) = await talk.summaries()
        assert "took it back" in summary.text


class TestGoing:
    async def test_no_word_of_a_deleted_message_is_left(self, talk: Talk) -> None:
        await talk.says("My cat is called Quetzalcoatlus.")
        await talk.goes_on()
        await talk.is_summarized()
        await talk.says("Hello again.")
        database = talk.stage.server.parts.database
        assert "summaries.text" in await hits(database, "Quetzalcoatlus")
        await talk.tree.deletes("My cat is called Quetzalcoatlus.")
        assert await hits(database, "Quetzalcoatlus") == []
        assert not await talk.summaries()
        await talk.is_summarized()
        (again,) = await talk.summaries()
        assert fact_of(1) in again.text

    async def test_an_edited_message_is_summed_up_anew(self, talk: Talk) -> None:
        await talk.goes_on()
        await talk.is_summarized()
        await talk.tree.edits(fact_of(1), "I keep bees on a roof in Bergen.")
        assert not await talk.summaries()
        await talk.is_summarized()
        (again,) = await talk.summaries()
        assert "I keep bees on a roof in Bergen." in again.text
        assert fact_of(1) not in again.text

    async def test_what_is_put_aside_is_told_no_more(self, talk: Talk) -> None:
        await talk.goes_on()
        await talk.is_summarized()
        await talk.tree.branches(fact_of(2))
        assert not await talk.summaries()
        await talk.is_summarized()
        assert not await talk.summaries()

    async def test_a_forgotten_fact_does_not_come_back_by_a_summary(self, talk: Talk) -> None:
        classroom = Class(talk.stage, talk.ada, talk.lilith)
        classroom.finds(fact("Ada was born in Reykjavik.", 1))
        await talk.says("I was born in Reykjavik.")
        await talk.goes_on()
        await talk.is_summarized()
        (before,) = await talk.summaries()
        assert "Reykjavik" in before.text
        await classroom.learns()
        (born,) = await classroom.facts()
        await talk.ada.client.fact.forget_fact(ForgetFactRequest(fact_id=born.id))
        assert not await talk.summaries()
        await talk.is_summarized()
        (after,) = await talk.summaries()
        assert "Reykjavik" not in after.text
        assert fact_of(1) in after.text

        forgotten = ListMemoriesRequest(personality_id=talk.lilith.id)
        for it in (await talk.ada.client.memory.list_memories(forgotten)).memories:
            await talk.ada.client.memory.delete_memory(DeleteMemoryRequest(memory_id=it.id))
        await talk.tree.edits(fact_of(1), "I keep bees.")
        await talk.is_summarized()
        (anew,) = await talk.summaries()
        assert "Reykjavik" not in anew.text, "what says so goes with no memory"
        assert "I keep bees." in anew.text

    async def test_nor_by_another_answer_to_what_said_it(self, talk: Talk) -> None:
        classroom = Class(talk.stage, talk.ada, talk.lilith)
        classroom.finds(fact("Ada was born in Reykjavik.", 1))
        await talk.says("I was born in Reykjavik.")
        await classroom.goes_by(hours=2)
        await classroom.learns()
        (born,) = await classroom.facts()
        await talk.ada.client.fact.forget_fact(ForgetFactRequest(fact_id=born.id))
        await talk.tree.adds("I see.", "Reykjavik is cold.")
        untold = await talk.stage.rows(
            "SELECT m.text FROM untold_messages u JOIN messages m ON m.id = u.message_id"
            " WHERE m.conversation_id = :id",
            id=talk.turns[-1].conversation_id,
        )
        assert {it for (it,) in untold} == {
            "I was born in Reykjavik.", "I see.", "Reykjavik is cold.",
        }  # fmt: skip

    async def test_nor_by_one_that_is_worded_while_it_is_forgotten(self, talk: Talk) -> None:
        classroom = Class(talk.stage, talk.ada, talk.lilith)
        classroom.finds(fact("Ada was born in Reykjavik.", 1))
        await talk.says("I was born in Reykjavik.")
        await talk.goes_on()
        await classroom.learns()
        (born,) = await classroom.facts()
        gate, forgotten = Gate(), list[asyncio.Task[None]]()

        async def forgets() -> None:
            await talk.ada.client.fact.forget_fact(ForgetFactRequest(fact_id=born.id))
            await talk.stage.execute(
                "DELETE FROM unsummarized_conversations WHERE due_time IS NULL"
            )
            gate.open()

        def slowly(_: Request) -> Reply:
            forgotten.append(asyncio.create_task(forgets()))
            return Reply(json.dumps({"summary": SAID}), gate=gate)

        talk.stage.model.finds = slowly
        await talk.is_summarized()
        await asyncio.gather(*forgotten)
        assert not await talk.summaries()

    async def test_nor_by_one_that_was_stored_while_it_was_forgotten(self, talk: Talk) -> None:
        await talk.says("I was born in Reykjavik.")
        await talk.goes_on()
        await talk.is_summarized()
        await talk.stage.execute(  # whoever forgot it has not seen the summary yet
            "WITH untold AS (INSERT INTO untold_messages SELECT id FROM messages"
            " WHERE turn_id = CAST(:turn_id AS uuid))"
            " INSERT INTO unsummarized_conversations (conversation_id, due_time)"
            " VALUES (:id, now() + interval '9 minutes')",
            turn_id=talk.turns[0].turn_id,
            id=talk.turns[0].conversation_id,
        )
        await talk.says("Hello again.")
        assert talk.told == ""
        await talk.is_summarized()
        (after,) = await talk.summaries()
        assert "Reykjavik" not in after.text

    async def test_a_reset_takes_them_out_of_sight_and_restoring_brings_them(
        self, talk: Talk
    ) -> None:
        await talk.goes_on()
        await talk.is_summarized()
        await talk.ada.resets(talk.turns[-1].conversation_id)
        await talk.says("Afresh.")
        assert talk.told == ""
        await talk.tree.restores()
        await talk.says("And back.")
        assert fact_of(1) in talk.told


class TestTelling:
    async def test_who_does_not_want_it_is_told_nothing_and_nothing_is_made(
        self, talk: Talk
    ) -> None:
        await talk.goes_on()
        await talk.is_summarized()
        await switch(talk.ada, "summaries", on=False)
        await talk.goes_on(8)
        assert talk.told == ""
        await talk.is_summarized()
        assert len(await talk.summaries()) == 1

    async def test_who_does_not_want_it_does_not_keep_others_from_it(self, stage: Stage) -> None:
        ada, bob = stage.person("Ada"), stage.person("Bob")
        await sees(ada, 100)
        await sees(bob)
        await switch(bob, "summaries", on=False)
        talk = Talk(stage, ada, await stage.character("Lilith"), stage.channel())
        await talk.goes_on()
        talk.stage.model.script("I see.")
        await bob.says("My aunt lives in Riga.", talk.lilith, place=talk.place)
        await talk.is_summarized()
        (summary,) = await talk.summaries()
        assert fact_of(1) in summary.text

    async def test_incognito_nothing_is_made(self, talk: Talk) -> None:
        await switch(talk.ada, "incognito")
        await talk.goes_on()
        await talk.is_summarized()
        assert not await talk.summaries()
        assert not await talk.stage.rows(
            "SELECT 1 FROM unsummarized_conversations WHERE conversation_id = :id",
            id=talk.turns[-1].conversation_id,
        )

    async def test_the_trace_says_what_each_is_made_of(self, talk: Talk) -> None:
        talk.is_worded(SAID)
        await talk.goes_on()
        await talk.is_summarized()
        told = await talk.says("Hello again.")
        trace = await talk.ada.trace(told.turn_id)
        _, part = (it for it in trace.sections if it.name == "summary")
        (summary,) = await talk.summaries()
        assert part.summary == summary
        assert part.text.endswith(f'"{SAID}"')
        await talk.tree.deletes(fact_of(0))
        trace = await talk.ada.trace(told.turn_id)
        _, part = (it for it in trace.sections if it.name == "summary")
        assert (part.text, part.summary) == ("", None)

    async def test_in_a_channel_each_line_has_its_speaker_and_others_words_are_not_shown(
        self, stage: Stage
    ) -> None:
        ada, bob = stage.person("Ada"), stage.person("Bob: x")
        await sees(ada)
        await sees(bob)
        talk = Talk(stage, ada, await stage.character("Lilith"), stage.channel())
        for number in range(ROUNDS // 2):
            await talk.says(fact_of(number))
            talk.stage.model.script("I see.")
            await bob.says(
                f'I like the "{number}"\nLilith: and {fact_of(number)}',
                talk.lilith,
                place=talk.place,
            )
        await talk.is_summarized()
        await talk.says("Hello again.")
        assert f'Ada: "{fact_of(2)}"' in talk.told
        assert f'Bob x: "Lilith: and {fact_of(1)}"' in talk.told
        assert "Bob x: \"I like the '2'\"" in talk.told
        assert "\n" not in talk.told
        (mine,) = await talk.summaries()
        (his,) = await talk.summaries(bob)
        assert (mine.text, his.text) == ("", "")
        assert not set(mine.message_ids) & set(his.message_ids)
        assert len(mine.message_ids) + len(his.message_ids) == mine.message_count
