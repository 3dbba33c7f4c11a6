"""Members of a system: what each says is remembered for itself, if it is known to be theirs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from tests.session.stage import Person, Stage
from tzurot.account import personas
from tzurot.formats.found import Face
from tzurot_client import NotFound
from tzurot_client.gen.tzurot.account.v1 import GetMeRequest, SetFrontRequest
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import Proxy

BEES, SNAKES = "I keep bees in my garden.", "I keep snakes in my garden."
ASKS = "What do I keep in my garden?"


async def proxied(person: Person, words: str, who: Personality, member: str, **fields: Any) -> Any:
    """A service says something in the name of a member."""
    request = person.saying(words, who, place=fields.get("place"))
    assert request.utterance
    request.utterance.speaker_name = member
    request.utterance.proxy = Proxy(
        service="pluralkit",
        member_id=fields.get("member_id", member.lower()),
        member_name=member,
        system_id="exmpl",
        verified=fields.get("verified", True),
    )
    (told,) = await person.sends(request)
    return told


async def test_each_member_is_remembered_for_itself(stage: Stage, lilith: Personality) -> None:
    ada = stage.person()
    stage.model.script("Bees!", "Snakes!", "Hm.", "Hm.")
    await proxied(ada, BEES, lilith, "Luna")
    await proxied(ada, SNAKES, lilith, "Sol")
    await forgotten(stage, ada)
    luna = await proxied(ada, ASKS, lilith, "Luna")
    assert luna.cited == [BEES]
    assert (await ada.asks(ASKS, lilith)).cited == []


async def test_who_is_taken_for_whom_is_told(stage: Stage, lilith: Personality) -> None:
    ada = stage.person()
    stage.model.script("Hello.", "Hello.")
    assert names(await proxied(ada, "Hi.", lilith, "Luna")) == ["Luna"]
    assert names(await ada.asks("Hi.", lilith)) == [""]


async def test_a_member_who_moved_in_is_known_by_its_id(stage: Stage, lilith: Personality) -> None:
    ada = stage.person()
    await brings(stage, ada, Face(name="Luna Lovelace", origin="pluralkit:luna", private=False,
                                  description="Luna paints."))  # fmt: skip
    stage.model.script("Hello.")
    told = await proxied(ada, "Hi.", lilith, "Moon", member_id="luna")
    assert names(told) == ["Luna Lovelace"]
    assert "Luna paints." in str(stage.asked[-1].messages)


async def test_what_no_service_has_confirmed_is_not_remembered(
    stage: Stage, lilith: Personality
) -> None:
    ada = stage.person()
    stage.model.script("Bees!")
    told = await proxied(ada, BEES, lilith, "Luna", verified=False)
    assert await stage.memories(told.turn_id) == []
    assert names(told) == [""]


async def test_two_first_words_of_a_member_make_one_persona(
    stage: Stage, lilith: Personality
) -> None:
    ada, there = stage.person(), stage.channel()
    stage.model.script("Hello.", "Hello.")
    for words in ("Hi.", "Hi again."):
        await proxied(ada, words, lilith, "Luna", place=there)
    listed = await stage.rows(
        "SELECT origin FROM personas p JOIN identities i ON i.person_id = p.person_id "
        "WHERE i.subject = :subject AND origin <> ''",
        subject=ada.subject,
    )
    assert [row[0] for row in listed] == ["pluralkit:luna"]


class TestFront:
    async def test_who_is_in_front_speaks_where_no_service_does(
        self, stage: Stage, lilith: Personality
    ) -> None:
        ada = stage.person()
        (luna,) = await brings(stage, ada, Face(name="Luna", origin="pluralkit:luna"))
        await ada.client.account.set_front(SetFrontRequest(persona_id=str(luna)))
        stage.model.script("Bees!", "Hm.", "Hm.")
        assert names(await ada.asks(BEES, lilith)) == ["Luna"]
        await forgotten(stage, ada)
        assert (await ada.asks(ASKS, lilith)).cited == [BEES]
        await ada.client.account.set_front(SetFrontRequest())
        assert (await ada.asks("And what do I keep in my garden?", lilith)).cited == []

    async def test_a_service_counts_before_who_is_in_front(
        self, stage: Stage, lilith: Personality
    ) -> None:
        ada = stage.person()
        (luna,) = await brings(stage, ada, Face(name="Luna", origin="pluralkit:luna"))
        await ada.client.account.set_front(SetFrontRequest(persona_id=str(luna)))
        stage.model.script("Hello.")
        assert names(await proxied(ada, "Hi.", lilith, "Sol")) == ["Sol"]

    async def test_a_front_that_has_ended_is_none(self, stage: Stage, lilith: Personality) -> None:
        ada = stage.person()
        (luna,) = await brings(stage, ada, Face(name="Luna", origin="pluralkit:luna"))
        await ada.client.account.set_front(SetFrontRequest(persona_id=str(luna)))
        assert (await ada.client.account.get_me(GetMeRequest())).person.front.name == "Luna"  # pyright: ignore[reportOptionalMemberAccess]
        await stage.execute(
            "UPDATE people SET front_expire_time = now() - interval '1 second' "
            "WHERE front_persona_id = :luna",
            luna=luna,
        )
        stage.model.script("Hello.")
        assert names(await ada.asks("Hi.", lilith)) == [""]
        assert (await ada.client.account.get_me(GetMeRequest())).person.front is None  # pyright: ignore[reportOptionalMemberAccess]

    async def test_nobody_puts_somebody_elses_persona_in_front(
        self, stage: Stage, lilith: Personality
    ) -> None:
        ada, bob = stage.person(), stage.person("Bob")
        await bob.client.account.get_me(GetMeRequest())
        (luna,) = await brings(stage, ada, Face(name="Luna", origin="pluralkit:luna"))
        with pytest.raises(NotFound):
            await bob.client.account.set_front(SetFrontRequest(persona_id=str(luna)))


def names(told: Any) -> list[str]:
    """Whom characters took the person for."""
    return [event.started.persona_name for event in told.events if event.started]


async def brings(stage: Stage, person: Person, *faces: Face) -> Sequence[UUID]:
    """Personas move in; their ids."""
    me = (await person.client.account.get_me(GetMeRequest())).person
    assert me
    async with stage.server.parts.database.transaction() as tx:
        await personas.arrive(tx, UUID(me.id), faces, None)
    rows = await stage.rows(
        "SELECT id FROM personas WHERE person_id = :me AND NOT is_default ORDER BY id", me=me.id
    )
    return [row[0] for row in rows]  # pyright: ignore[reportReturnType]


async def forgotten(stage: Stage, person: Person) -> None:
    """What was said leaves everybody's sight; memories stay."""
    await stage.indexed()
    await stage.execute(
        "UPDATE conversations SET epoch = epoch + 1, head_message_id = NULL, reset_time = now() "
        "WHERE direct_person_id = (SELECT person_id FROM identities WHERE subject = :subject)",
        subject=person.subject,
    )
