"""What a name means: one order for mentions, names and completion."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.personality.asking import (
    VISIBILITIES,
    call_it,
    completed,
    create,
    meant,
    mentioned,
    share,
)
from tzurot.personality.names import resolving


@pytest.fixture
async def mira(served: Served) -> Client:
    (client,) = served.people("mira")
    return client


@pytest.fixture
async def kael(served: Served) -> Client:
    (client,) = served.people("kael")
    return client


class TestOrder:
    async def test_an_id_a_name_a_slug_my_alias_an_alias_for_everybody(self, mira: Client) -> None:
        by_alias = await create(mira, "A")
        by_my_alias = await create(mira, "B")
        word = f"w-{uuid4().hex[:12]}"
        by_slug = await create(mira, "C", slug=word)
        by_name = await create(mira, word)
        await call_it(mira, by_alias, word, everybody=True)
        await call_it(mira, by_my_alias, word)
        order = [it.id for it in (by_name, by_slug, by_my_alias, by_alias)]
        assert await meant(mira, word) == order
        assert await meant(mira, f"@{word.upper()}") == order
        for number, character_id in enumerate(order):
            assert await mentioned(mira, f"say, @{word}…") == [character_id]
            if number < 3:
                await mira.call("DeletePersonality", _deletion(character_id))

    async def test_an_id_comes_before_a_name_that_looks_like_it(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        named = await create(mira, lilith.id)
        assert await meant(mira, lilith.id) == [lilith.id, named.id]
        assert await mentioned(mira, f"@{lilith.id}") == [lilith.id]

    async def test_of_one_name_the_nearest_then_the_oldest(
        self, mira: Client, kael: Client
    ) -> None:
        name = _fresh("Lilith")
        public, shared, viewed = [await create(kael, name, "public") for _ in range(3)]
        await share(kael, shared, mira, "user")
        await share(kael, viewed, mira, "viewer")
        older, newer = await create(mira, name), await create(mira, name)
        order = [it.id for it in (older, newer, viewed, shared, public)]
        assert await meant(mira, name) == order
        assert await mentioned(mira, f"@{name}") == order[:1]
        assert await completed(mira, name) == order
        assert await meant(kael, name) == [public.id, shared.id, viewed.id]

    async def test_in_a_text_the_longest_mention_wins_over_all_of_it(self, mira: Client) -> None:
        await create(mira, "Bambi")
        prime = await create(mira, "Other")
        await call_it(mira, prime, "Bambi Prime", everybody=True)
        assert await mentioned(mira, "@bambi prime, wait") == [prime.id]

    async def test_two_of_one_name_both_answer_when_both_are_mentioned(self, mira: Client) -> None:
        name = _fresh("Lilith")
        first, second = await create(mira, name), await create(mira, name)
        text = f"@{name} and @{second.slug}, and @{first.slug} again"
        assert await mentioned(mira, text) == [first.id, second.id]

    async def test_one_character_by_two_names_answers_once(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        await call_it(mira, lilith, "Night Lady")
        assert await mentioned(mira, f"@night lady, @Lilith, @{lilith.slug}") == [lilith.id]

    async def test_a_name_of_many_means_no_more_than_were_asked_for(self, mira: Client) -> None:
        for _ in range(27):
            await create(mira, "Legion")
        assert len(set(await meant(mira, "Legion"))) == 25


class TestSight:
    @pytest.mark.parametrize("role", [None, "blocked", "user", "viewer", "editor"])
    async def test_names_lead_to_what_is_listed_and_slugs_to_what_is_reachable(
        self, role: str | None, mira: Client, kael: Client
    ) -> None:
        listed = {
            None: {"public"},
            "blocked": set[str](),
            "user": {"shared", "unlisted", "public"},
        }.get(role, set(VISIBILITIES))
        reachable = listed | ({"unlisted"} if role is None else set())
        for visibility in VISIBILITIES:
            name, alias = _fresh("Lilith"), _fresh("Lil")
            lilith = await create(mira, name, visibility)
            await call_it(mira, lilith, alias, everybody=True)
            if role:
                await share(mira, lilith, kael, role)
            by_name = [lilith.id] if visibility in listed else []
            by_slug = [lilith.id] if visibility in reachable else []
            for word in (name, alias):
                assert await meant(kael, word) == by_name, visibility
                assert await mentioned(kael, f"@{word}") == by_name, visibility
                assert await completed(kael, word) == by_name, visibility
            for word in (lilith.slug, lilith.id):
                assert await meant(kael, word) == by_slug, visibility
                assert await mentioned(kael, f"@{word}") == by_slug, visibility
            assert await completed(kael, lilith.slug) == by_name, visibility

    async def test_an_unlisted_one_is_found_by_its_slug_though_its_name_is_the_same(
        self, mira: Client, kael: Client
    ) -> None:
        word = f"w-{uuid4().hex[:12]}"
        lilith = await create(mira, word, "unlisted", slug=word)
        assert await meant(kael, word) == await mentioned(kael, f"@{word}") == [lilith.id]

    async def test_somebody_elses_hidden_character_takes_no_name_away(
        self, mira: Client, kael: Client
    ) -> None:
        name = _fresh("Lilith")
        await create(mira, name)
        theirs = await create(kael, name, "public")
        await call_it(mira, await create(mira, "Hidden"), theirs.slug, everybody=True)
        assert await mentioned(kael, f"@{name}") == await meant(kael, theirs.slug) == [theirs.id]


class TestChoices:
    async def test_what_a_choice_is_sent_as_means_that_character_alone(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        """Somebody may be named as another's slug says: then only an id is clear."""
        word = f"w-{uuid4().hex[:12]}"
        by_slug = await create(kael, "Lilith", "public", slug=word)
        by_name = await create(mira, word)
        database, person_id = served.running.parts.database, UUID(await _person(mira))
        async with database.reading() as tx:
            both = await resolving.meant(tx, person_id, word, limit=5)
            handles = await resolving.handles(tx, person_id, both)
        assert handles == {UUID(by_name.id): by_name.slug, UUID(by_slug.id): by_slug.id}


class TestOnlyOne:
    """For files that name a character: an unclear name is no name."""

    async def test_a_name_of_one_of_mine_is_clear_whoever_else_has_it(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        name = _fresh("Lilith")
        await create(kael, name, "public")
        mine = await create(mira, name)
        await call_it(mira, await create(mira, "Other"), name)  # an alias does not make it unclear
        assert await _only_one(served, mira, name) == mine.id
        await create(mira, name)
        assert await _only_one(served, mira, name) is None

    async def test_an_alias_does_where_nobody_is_called_so(
        self, served: Served, mira: Client
    ) -> None:
        lilith, alias = await create(mira, "Lilith"), _fresh("Lil")
        await call_it(mira, lilith, alias)
        assert await _only_one(served, mira, "", alias.upper()) == lilith.id
        assert await _only_one(served, mira, "", _fresh("Nobody")) is None
        assert await _only_one(served, mira, "") is None


async def test_all_mentions_of_a_message_cost_one_statement(served: Served, mira: Client) -> None:
    lilith, kael = await create(mira, "Lilith"), await create(mira, "Kael")
    await call_it(mira, lilith, "Lil")
    database, person_id = served.running.parts.database, UUID(await _person(mira))
    statements: list[str] = []

    def count(*executed: Any) -> None:
        statements.append(executed[2])

    engine = database.engine.sync_engine
    async with database.reading() as tx:
        event.listen(engine, "before_cursor_execute", count)
        try:
            words = "@Lil and @Kael and @nobody here and @Lilith"
            matches = await resolving.mentioned(tx, person_id, words)
            none = await resolving.mentioned(tx, person_id, "no one")
        finally:
            event.remove(engine, "before_cursor_execute", count)
    assert [str(it.access.personality.id) for it in matches] == [lilith.id, kael.id]
    assert none == []
    assert len([it for it in statements if "union all" in it.lower()]) == 1


async def test_a_prefix_completes_aliases_under_the_name_of_the_character(mira: Client) -> None:
    zora, ada = await create(mira, "Zora"), await create(mira, "Ada")
    await call_it(mira, ada, "Zenith")
    await call_it(mira, zora, "Zed")
    assert await completed(mira, "ze") == [ada.id, zora.id]
    assert await completed(mira, "zo") == [zora.id]
    assert await completed(mira, "%") == []


def _fresh(name: str) -> str:
    """A name that is nobody's on the shared server."""
    return f"{name}_{uuid4().hex[:8]}"


def _deletion(character_id: str) -> Any:
    return request_for("DeletePersonality", personality={"id": character_id})


async def _only_one(served: Served, client: Client, *names: str) -> str | None:
    person_id = UUID(await _person(client))
    async with served.running.parts.database.reading() as tx:
        found = await resolving.only_one(tx, person_id, names)
    return str(found.id) if found else None


async def _person(client: Client) -> str:
    return (await client.call("GetMe")).person.id
