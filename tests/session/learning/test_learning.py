"""Facts are looked for in what people say, where they and others want that."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.fakes.provider import Refusal
from tests.session.learning.classroom import Class, fact
from tests.session.models import speaker
from tests.session.stage import Stage
from tzurot.llm import local
from tzurot.memory.facts.keeping import ENOUGH
from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.memory.v1 import FactState
from tzurot_client.gen.tzurot.session.v1 import (
    Place,
    SetChannelSettingRequest,
    SettingValue,
)


@pytest.fixture
async def room(stage: Stage) -> AsyncIterator[Class]:
    ada = stage.person("Ada")
    yield Class(stage, ada, await stage.character("Mira"))


class TestFinding:
    async def test_it_is_learnt_after_an_hour_of_quiet(self, room: Class) -> None:
        room.finds(fact("Ada keeps bees on her roof.", 1))
        await room.says("I keep bees on my roof.")
        await room.learns()
        assert await room.texts() == []
        await room.goes_by(hours=2)
        await room.learns()
        (learnt,) = await room.facts()
        (memory,) = await room.stage.memories(room.said[0].turn_id)
        assert (learnt.text, learnt.entity, learnt.source_ids) == (
            "Ada keeps bees on her roof.", "Ada", [str(memory.id)],
        )  # fmt: skip
        assert learnt.state is FactState.CURRENT
        assert learnt.valid_from == memory.occur_time

    async def test_or_after_six_exchanges(self, room: Class) -> None:
        room.finds(fact("Ada keeps bees.", 3))
        await room.says("Hello.", "How are you?", "I keep bees.", "Nice.", "So.")
        await room.learns()
        assert await room.texts() == []
        assert ENOUGH == 6
        await room.says("Bye.")
        await room.learns()
        assert await room.texts() == ["Ada keeps bees."]

    async def test_the_model_is_told_the_person_s_words_alone(self, room: Class) -> None:
        room.stage.model.script("Mira owns a zyxwv.")
        await room.ada.asks("I keep bees. <|im_start|>", room.mira)
        await room.goes_by(hours=2)
        await room.learns()
        (request,) = [it for it in room.asked if "I keep bees." in str(it.messages)]
        assert "zyxwv" not in str(request.messages)
        assert '1. "I keep bees. < |im_start|>"' in request.last_user_text
        assert request.body["response_format"]["type"] == "json_schema"
        assert "tools" not in request.body

    async def test_what_is_known_is_told_by_number_and_superseded(self, room: Class) -> None:
        room.finds(fact("Ada drinks energy drinks.", 1))
        await room.says("I drink energy drinks all day.")
        await room.goes_by(hours=2)
        await room.learns()
        room.finds(fact("Ada quit energy drinks.", 1, supersedes=1))
        await room.says("I quit energy drinks.")
        await room.goes_by(hours=2)
        await room.learns()
        assert 'Known already:\n1. "Ada drinks energy drinks."' in room.asked[-1].last_user_text
        (now,) = await room.facts()
        (before,) = await room.facts(FactState.SUPERSEDED)
        assert now.text == "Ada quit energy drinks."
        assert (before.superseded_by_id, before.valid_until) == (now.id, now.valid_from)

    @pytest.mark.parametrize("number", [0, 2, -1, 1_000_000])
    async def test_a_number_that_names_nothing_supersedes_nothing(
        self, room: Class, number: int
    ) -> None:
        room.finds(
            fact("Ada keeps bees.", 1, supersedes=number), fact("Ada keeps bees.", number),
        )  # fmt: skip
        await room.says("I keep bees.")
        await room.goes_by(hours=2)
        await room.learns()
        assert await room.texts() == ["Ada keeps bees."]

    async def test_what_is_played_is_marked(self, room: Class) -> None:
        room.finds(fact("Ada rules Atlantis.", 1))
        await room.says("*raises her trident high* I rule Atlantis!")
        await room.goes_by(hours=2)
        await room.learns()
        assert [(it.text, it.fictional) for it in await room.facts()] == [
            ("Ada rules Atlantis.", True)
        ]

    async def test_of_what_was_taken_back_meanwhile_nothing_is_learnt(self, room: Class) -> None:
        await room.says("I keep bees.")
        await room.goes_by(hours=2)
        await room.stage.execute(
            "UPDATE memories SET person_text = 'Never mind.' WHERE personality_id = :id",
            id=room.mira.id,
        )
        await room.goes_by(hours=2)
        room.finds(fact("Ada keeps bees.", 1))
        await room.learns()
        assert await room.texts() == []

    async def test_a_model_with_a_small_window_reads_less_at_once(self, room: Class) -> None:
        room.finds(fact("Ada keeps bees.", 1))
        await room.says("I keep bees.", *[f"{'word ' * 200}{number}." for number in range(5)])
        await room.learns(speaker(room.stage, context_tokens=2_600))
        assert await room.texts() == ["Ada keeps bees."]


class TestFailing:
    async def test_an_answer_that_is_none_is_skipped(self, room: Class) -> None:
        room.stage.model.finds = lambda _: "I found that they keep bees."
        await room.says("I keep bees.")
        await room.goes_by(hours=2)
        await room.learns()
        room.finds(fact("Ada keeps bees.", 1))
        await room.goes_by(hours=2)
        await room.learns()
        assert await room.texts() == []

    async def test_a_busy_provider_is_asked_again_later(self, room: Class) -> None:
        room.stage.model.finds = lambda _: Refusal(429)
        await room.says("I keep bees.")
        await room.goes_by(hours=2)
        await room.learns()
        room.finds(fact("Ada keeps bees.", 1))
        await room.learns()
        assert await room.texts() == []
        await room.stage.execute(
            "UPDATE fact_marks SET due_time = now() WHERE personality_id = :id", id=room.mira.id
        )
        await room.learns()
        assert await room.texts() == ["Ada keeps bees."]

    async def test_a_provider_without_schemas_is_asked_without(self, room: Class) -> None:
        room.stage.model.finds = lambda _: Refusal(400, parameter="response_format")
        plain = json.dumps({"facts": [fact("Ada keeps bees.", 1)]})
        await room.says("I keep bees.")
        room.stage.model.answer = lambda _: f"```json\n{plain}\n```"
        await room.goes_by(hours=2)
        await room.learns()
        assert await room.texts() == ["Ada keeps bees."]


class TestWhere:
    async def _says_and_learns(self, room: Class, place: Place | None = None) -> None:
        room.finds(fact("Ada keeps bees.", 1))
        await room.says("I keep bees.", place=place)
        await room.goes_by(hours=2)
        await room.learns()

    @pytest.mark.parametrize(("key", "flag"), [("facts_learnt", False), ("incognito", True)])
    async def test_who_does_not_want_it_is_not_learnt_of(
        self, room: Class, key: str, flag: bool
    ) -> None:
        await room.says("I keep bees.")
        await room.decides(key, flag)
        room.finds(fact("Ada keeps bees.", 1))
        await room.goes_by(hours=2)
        await room.learns()
        await room.decides(key, not flag)
        await room.learns()
        assert await room.texts() == []
        assert not [it for it in room.asked if "I keep bees." in str(it.messages)]

    async def test_a_channel_may_be_closed_to_it(self, room: Class) -> None:
        place = room.stage.channel()
        request = SetChannelSettingRequest(
            place=place, key="facts_learnt", value=SettingValue(flag=False), bound=True
        )
        await room.stage.client.setting.set_channel_setting(request)
        await self._says_and_learns(room, place)
        assert await room.texts() == []
        await self._says_and_learns(room, room.stage.channel())
        assert [it.venue for it in await room.facts()] == [Venue.PUBLIC_CHANNEL]

    async def test_of_a_very_small_model_nothing_is_asked(self, room: Class) -> None:
        room.finds(fact("Ada keeps bees.", 1))
        await room.says("I keep bees.")
        await room.goes_by(hours=2)
        await room.learns(speaker(room.stage, finds_facts=False))
        assert await room.texts() == []

    async def test_where_nobody_pays_nothing_is_asked(self, room: Class) -> None:
        elsewhere = Class(room.stage, room.stage.person("Ada", "discord"), room.mira)
        elsewhere.finds(fact("Ada keeps bees.", 1))
        await elsewhere.says("I keep bees.")
        await elsewhere.goes_by(hours=2)
        await elsewhere.learns(speaker(room.stage, uses_operator_key=True))
        assert await elsewhere.texts() == []

    async def test_who_wants_to_be_asked_is_asked(self, room: Class) -> None:
        await room.decides("facts_asked", True)
        await self._says_and_learns(room)
        assert await room.texts(FactState.CURRENT) == []
        assert await room.texts(FactState.PROPOSED) == ["Ada keeps bees."]

    async def test_the_model_that_came_with_the_program_finds_none(self) -> None:
        bundled = local.bundled()
        assert bundled is None or not bundled.finds_facts
