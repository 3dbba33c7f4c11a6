"""A search of some kind of thing, and of what other characters were told."""

from typing import Any

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import Dialogue, create, starting


@pytest.fixture(scope="module")
def served(understanding: Served) -> Served:
    """Memories are found by their meaning, too."""
    return understanding


async def test_a_search_can_be_of_one_kind_of_thing(mira: Client) -> None:
    lilith = await create(mira)
    await _remember(mira, lilith, "I love my bees so much!", "My bees live in the garden.")
    asked = {"character": lilith.slug, "query": "bees"}
    search = await Dialogue.start(mira, "memory search", **asked)
    assert len(search.view.items) == 2
    search = await Dialogue.start(mira, "memory search", **asked, sector="emotional")
    assert [_words(item) for item in search.view.items] == ["I love my bees so much!"]
    assert search.view.body == "Searched for: bees\n\nOnly how somebody feels."
    assert list(search.field("sector").values) == ["emotional"]
    view = await search.answer("search", query="bees", sector="semantic")
    assert [_words(item) for item in view.items] == ["My bees live in the garden."]
    view = await search.answer("search", query="bees", sector=())
    assert len(view.items) == 2
    assert view.body == "Searched for: bees"


async def test_a_kind_of_thing_that_is_none_is_refused(mira: Client) -> None:
    lilith = await create(mira)
    request = starting("memory search", character=lilith.slug, query="bees", sector="sad")
    refusal = await mira.refused("StartFlow", request)
    assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("arguments.sector",))


async def test_what_other_characters_were_told_is_found_if_they_share(mira: Client) -> None:
    lilith, bambi = await create(mira), await create(mira, name="Bambi")
    await _remember(mira, lilith, "I keep bees.")
    asked = {"character": bambi.slug, "query": "Do I keep bees?"}
    assert not (await Dialogue.start(mira, "memory search", **asked)).view.items
    setting = {"key": "characters_share", "value": {"flag": True}}
    await mira.call("SetPersonSetting", request_for("SetPersonSetting", **setting))
    search = await Dialogue.start(mira, "memory search", **asked)
    (item,) = search.view.items
    assert item.title.endswith(", said to another character")
    assert "you said it to another character; your setting characters_share" in item.text
    await search.choose(item.title)
    assert "**You**: I keep bees." in search.view.body


def _words(item: Any) -> str:
    """What was said, without why it was found."""
    return item.text.split("\n")[0]


async def _remember(client: Client, personality: Any, *texts: str) -> None:
    for words in texts:
        request = request_for("CreateMemory", personality_id=personality.id, text=words)
        await client.call("CreateMemory", request)
