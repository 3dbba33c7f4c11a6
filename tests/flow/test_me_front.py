"""Who speaks, and what goes for all members of a system, is decided in `me front`."""

from uuid import UUID

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import Dialogue, create
from tzurot.account import personas
from tzurot.formats.found import Face


@pytest.fixture
async def ada(served: Served) -> Client:
    """Somebody with two personas besides the usual one."""
    (ada,) = served.people("ada")
    me = (await ada.call("GetMe")).person
    faces = [Face(name="Luna", origin="pluralkit:luna"), Face(name="Sol", origin="pluralkit:sol")]
    async with served.running.parts.database.transaction() as tx:
        await personas.arrive(tx, UUID(me.id), faces, None)
    return ada


async def test_a_persona_comes_in_front_and_leaves_it(ada: Client) -> None:
    front = await Dialogue.start(ada, "me front")
    assert "Whoever usually does speaks now." in front.view.body
    await front.choose("Luna")
    assert "Luna speaks now." in front.view.body
    assert (await ada.call("GetMe")).person.front.name == "Luna"
    await front.choose("Whoever usually does")
    assert not (await ada.call("GetMe")).person.HasField("front")


async def test_a_persona_that_is_named_is_asked_about_first(ada: Client) -> None:
    front = await Dialogue.start(ada, "me front", persona="Sol")
    assert front.view.title == "Is Sol to speak?"
    await front.answer("put")
    assert "Sol speaks now." in front.view.body


async def test_following_who_fronts_is_turned_on_and_off(ada: Client) -> None:
    front = await Dialogue.start(ada, "me front")
    assert front.actions == ["follow", "share", "close"]
    await front.answer("follow")
    assert "Whoever fronts at PluralKit speaks now" in front.view.body
    assert front.actions == ["unfollow", "share", "close"]
    assert await decided(ada) == {"front_followed": True, "members_share": False}
    await front.choose("Luna")
    assert "Luna speaks now." in front.view.body, "whoever is chosen comes first"
    await front.answer("unfollow")
    assert await decided(ada) == {"front_followed": False, "members_share": False}


async def test_sharing_is_turned_on_and_off_and_concerns_what_comes_to_mind(ada: Client) -> None:
    lilith = await create(ada)
    front = await Dialogue.start(ada, "me front")
    await front.choose("Luna")
    await ada.call(
        "CreateMemory",
        request_for("CreateMemory", personality_id=lilith.id, text="I keep bees."),
    )
    await front.choose("Sol")
    assert await found(ada, lilith.slug) == []
    await front.answer("share")
    assert "may come up for the others" in front.view.body
    assert await decided(ada) == {"front_followed": False, "members_share": True}
    assert await found(ada, lilith.slug) == ["I keep bees."]
    await front.answer("unshare")
    assert "does not come up for the others" in front.view.body
    assert await found(ada, lilith.slug) == []
    await front.choose("Luna")
    assert await found(ada, lilith.slug) == ["I keep bees."]


async def found(client: Client, slug: str) -> list[str]:
    """What `memory search` finds of bees."""
    search = await Dialogue.start(client, "memory search", character=slug, query="I keep bees.")
    return [item.text.partition("\n")[0] for item in search.view.items]


async def decided(client: Client) -> dict[str, bool]:
    told = (await client.call("ExplainSettings", request_for("ExplainSettings"))).settings
    wanted = ("front_followed", "members_share")
    return {it.key: it.value.flag for it in told if it.key in wanted}
