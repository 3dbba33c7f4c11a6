"""Aliases: names for one person, or for everybody who sees the character."""

from typing import Any
from uuid import uuid4

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.personality.asking import call_it, calling, completed, create, meant, mentioned, share
from tzurot.personality.names.aliases import MAX_ALIASES


@pytest.fixture
async def mira(served: Served) -> Client:
    (client,) = served.people("mira")
    return client


@pytest.fixture
async def kael(served: Served) -> Client:
    (client,) = served.people("kael")
    return client


class TestPersonal:
    async def test_it_is_a_name_for_its_person_alone(self, mira: Client, kael: Client) -> None:
        lilith = await create(mira, "Lilith", "public")
        alias = _fresh("Night  Lady")
        made = (await call_it(kael, lilith, f" {alias}")).alias
        assert (made.alias, made.personality_id) == (" ".join(alias.split()), lilith.id)
        for ask, words in (
            (mentioned, f"hey @{alias.upper()}, you there?"),
            (meant, alias),
            (completed, alias[:-4]),
        ):
            assert (await ask(kael, words), await ask(mira, words)) == ([lilith.id], [])
        assert [it.alias for it in await _list(kael, lilith)] == [made.alias]
        assert await _list(mira, lilith) == await _list(mira) == []

    async def test_it_names_one_character(self, mira: Client) -> None:
        lilith, other = await create(mira, "Lilith"), await create(mira, "Other")
        await call_it(mira, lilith, "Lil")
        for character in (lilith, other):
            request = calling(character, "ＬＩＬ")
            refusal = await mira.refused("CreatePersonalityAlias", request)
            assert (refusal.code.name, refusal.reason) == ("ALREADY_EXISTS", "ALIAS_TAKEN")
            assert refusal.metadata == {"alias": "ＬＩＬ"}

    async def test_who_does_not_see_a_character_names_nothing(
        self, mira: Client, kael: Client
    ) -> None:
        hidden = await create(mira, "Lilith")
        refusal = await kael.refused("CreatePersonalityAlias", calling(hidden, "Lil"))
        assert refusal.reason == "PERSONALITY_NOT_FOUND"

    async def test_of_a_character_that_is_lost_it_finds_nothing_and_can_be_taken_away(
        self, mira: Client, kael: Client
    ) -> None:
        lilith = await create(mira, "Lilith", "public")
        name = _fresh("Lil")
        alias = (await call_it(kael, lilith, name)).alias
        await share(mira, lilith, kael, "blocked")
        assert (await mentioned(kael, f"@{name}"), await meant(kael, name)) == ([], [])
        assert await completed(kael, name) == []
        assert await _list(kael) == [alias]
        await _delete(kael, alias)
        assert await _list(kael) == []

    async def test_it_is_nobody_elses_to_see_or_delete(self, mira: Client, kael: Client) -> None:
        lilith = await create(mira, "Lilith", "public")
        alias = (await call_it(kael, lilith, name := _fresh("Lil"))).alias
        request = request_for("DeletePersonalityAlias", alias_id=alias.id)
        assert (await mira.refused("DeletePersonalityAlias", request)).reason == "ALIAS_NOT_FOUND"
        assert await meant(kael, name) == [lilith.id]

    async def test_it_goes_with_its_character(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        await call_it(mira, lilith, "Lil")
        await mira.call("DeletePersonality", _of("DeletePersonality", lilith))
        assert await _list(mira) == []


class TestForEverybody:
    async def test_everybody_who_sees_the_character_finds_it_so(
        self, mira: Client, kael: Client
    ) -> None:
        lilith, alias = await create(mira, "Lilith", "public"), _fresh("Lil")
        made = (await call_it(mira, lilith, alias, everybody=True)).alias
        assert getattr(made, "global")
        assert await mentioned(kael, f"@{alias}!") == await meant(kael, alias) == [lilith.id]
        shown = (await kael.call("GetPersonality", _of("GetPersonality", lilith))).personality
        assert list(shown.aliases) == [alias]

    async def test_only_editors_give_and_take_it(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        (noor,) = served.people("noor")
        lilith = await create(mira, "Lilith", "public")
        await share(mira, lilith, kael, "editor")
        await share(mira, lilith, noor, "viewer")
        request = calling(lilith, _fresh("Lil"), everybody=True)
        assert (await noor.refused("CreatePersonalityAlias", request)).reason == "NOT_EDITOR"
        alias = (await kael.call("CreatePersonalityAlias", request)).alias
        deletion = request_for("DeletePersonalityAlias", alias_id=alias.id)
        assert (await noor.refused("DeletePersonalityAlias", deletion)).reason == "NOT_EDITOR"
        await share(mira, lilith, noor, "blocked")
        assert (await noor.refused("DeletePersonalityAlias", deletion)).reason == "ALIAS_NOT_FOUND"
        await _delete(mira, alias)
        assert await _list(mira, lilith) == []

    async def test_a_character_has_it_once(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        await call_it(mira, lilith, "Lil", everybody=True)
        request = calling(lilith, "LIL", everybody=True)
        assert (await mira.refused("CreatePersonalityAlias", request)).reason == "ALIAS_TAKEN"
        await call_it(mira, lilith, "Lil")  # one of her own may be the same

    async def test_taking_a_name_first_keeps_nobody_from_it(
        self, mira: Client, kael: Client
    ) -> None:
        """And so no refusal tells that somebody's hidden character is called so."""
        hidden, lilith = await create(mira, "Hidden"), await create(kael, "Lilith")
        alias = _fresh("Lil")
        await call_it(mira, hidden, alias, everybody=True)
        assert list((await call_it(kael, lilith, alias, everybody=True)).warnings) == []
        assert await meant(kael, alias) == [lilith.id]


class TestWarnings:
    async def test_they_tell_what_else_is_called_so_and_what_the_name_means(
        self, mira: Client, kael: Client
    ) -> None:
        name = _fresh("Lil")
        public, mine = await create(kael, name, "public"), await create(mira, "Mine")
        answer = await call_it(mira, mine, name)
        label = f"{name} ({public.slug}, by {kael.subject})"
        assert list(answer.warnings) == [
            f"“{name}” is also the name of {label}.",
            f"“{name}” now means {label}.",
        ]
        other = await create(mira, "Other")
        answer = await call_it(mira, other, name, everybody=True)
        assert list(answer.warnings) == [
            f"“{name}” is also the name of {label}.",
            f"“{name}” is also your alias of Mine ({mine.slug}, yours).",
            f"“{name}” now means {label}.",
        ]

    async def test_there_are_none_where_the_name_means_nothing_else(self, mira: Client) -> None:
        lilith = await create(mira, _fresh("Lilith"))
        for name in (_fresh("Lil"), lilith.name, lilith.slug):
            assert list((await call_it(mira, lilith, name)).warnings) == []

    async def test_they_do_not_tell_of_what_the_person_does_not_see(
        self, mira: Client, kael: Client
    ) -> None:
        name = _fresh("Lil")
        for visibility in ("private", "unlisted"):
            await create(kael, name, visibility)
        blocking = await create(kael, name, "public")
        await share(kael, blocking, mira, "blocked")
        shown = await create(kael, "Shown", "public")
        await call_it(kael, shown, name)  # his alone
        assert list((await call_it(mira, await create(mira, "Mine"), name)).warnings) == []

    async def test_many_of_a_name_are_told_in_a_few_sentences(self, mira: Client) -> None:
        for _ in range(8):
            await create(mira, "Legion")
        warnings = (await call_it(mira, await create(mira, "Mine"), "Legion")).warnings
        assert len(warnings) == 7
        assert warnings[5] == "More are called so."


class TestLimits:
    @pytest.mark.parametrize("everybody", [False, True])
    async def test_a_character_has_so_many_of_each_sort(
        self, everybody: bool, mira: Client, kael: Client
    ) -> None:
        lilith = await create(mira, "Lilith", "public")
        for number in range(MAX_ALIASES):
            await call_it(mira, lilith, f"Lil {number}", everybody=everybody)
        request = calling(lilith, "One more", everybody=everybody)
        refusal = await mira.refused("CreatePersonalityAlias", request)
        assert (refusal.code.name, refusal.reason) == ("FAILED_PRECONDITION", "LIMIT_REACHED")
        assert refusal.metadata == {"what": "aliases", "limit": "25"}
        await call_it(mira, lilith, "One more", everybody=not everybody)
        await call_it(kael, lilith, "One more")

    @pytest.mark.parametrize("alias", ["", "  ", "\u3000", "a@b", "a\nb", "x" * 101])
    async def test_what_nobody_could_say_is_no_name(self, alias: str, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        refusal = await mira.refused("CreatePersonalityAlias", calling(lilith, alias))
        assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("alias",))


async def test_a_repeat_gives_the_same_alias_until_it_is_deleted(mira: Client) -> None:
    lilith, key = await create(mira, "Lilith"), str(uuid4())
    request = calling(lilith, "Lil", request_id=key)
    first = (await mira.call("CreatePersonalityAlias", request)).alias
    assert (await mira.call("CreatePersonalityAlias", request)).alias == first
    other = calling(lilith, "Lil", everybody=True, request_id=key)
    assert (await mira.refused("CreatePersonalityAlias", other)).reason == "REQUEST_ID_REUSED"
    await _delete(mira, first)
    assert (await mira.call("CreatePersonalityAlias", request)).alias.id != first.id


async def test_a_character_lists_those_that_hold_for_the_person_newest_first(
    mira: Client, kael: Client
) -> None:
    lilith = await create(mira, "Lilith", "public")
    first = (await call_it(mira, lilith, "Lil", everybody=True)).alias
    await call_it(kael, lilith, "Lily")
    last = (await call_it(mira, lilith, "Lilo")).alias
    assert await _list(mira, lilith) == [last, first]
    assert await _list(mira) == [last]


def _fresh(name: str) -> str:
    """A name that is nobody's on the shared server."""
    return f"{name}_{uuid4().hex[:8]}"


async def _list(client: Client, character: Any = None) -> list[Any]:
    request = request_for("ListPersonalityAliases")
    if character is not None:
        request.personality.id = character.id
    return list((await client.call("ListPersonalityAliases", request)).aliases)


async def _delete(client: Client, alias: Any) -> None:
    request = request_for("DeletePersonalityAlias", alias_id=alias.id)
    await client.call("DeletePersonalityAlias", request)


def _of(rpc: str, character: Any) -> Any:
    return request_for(rpc, personality={"id": character.id})
