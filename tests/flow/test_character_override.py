"""`character override`: a character otherwise for one person, and the settings that count there."""

from typing import Any
from uuid import uuid4

import pytest

from tests.calling import Client, request_for
from tests.flow.dialogue import DONE, OPEN, Dialogue, change, create, get, starting
from tests.personality.asking import share
from tzurot.flow.kinds import character_override, setting_words
from tzurot.personality.v1 import override_service_pb2
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PRIVATE, VISIBILITY_PUBLIC
from tzurot.session.settings.cascade import Decision, Tier, deciding
from tzurot.session.settings.settings import BY_KEY, SETTINGS

FIELDS = ("nickname", "addition", "scenario", "greeting", "instructions")


@pytest.fixture
async def lilith(mira: Client) -> Any:
    """A public character of Mira's that has a name of its own."""
    name = f"Lilith {uuid4().hex}"
    return await create(mira, name=name, visibility=VISIBILITY_PUBLIC, greeting="Come in.")


async def test_what_is_entered_counts_for_the_person_alone(
    lilith: Any, mira: Client, kael: Client
) -> None:
    mine = await _begun(kael, lilith)
    assert mine.view.title == f"{lilith.name}, as you have it"
    assert f"`{lilith.slug}`" in mine.view.body
    assert mine.actions == ["edit", "close"]
    await mine.answer("edit", nickname="Lil", greeting="Oh, you.")
    assert mine.view.body.startswith("Saved.")
    assert (mine.item("Nickname").text, mine.item("Greeting").text) == ("Lil", "Oh, you.")
    assert [list(mine.field(key).values) for key in FIELDS] == [["Lil"], [], [], ["Oh, you."], []]
    saved = await _override(kael, lilith)
    assert (saved.nickname, saved.greeting) == ("Lil", "Oh, you.")
    assert (await get(mira, lilith.id)).greeting == "Come in."
    assert (await _override(mira, lilith)).greeting == ""


async def test_an_empty_field_goes_back_to_the_card(lilith: Any, kael: Client) -> None:
    mine = await _begun(kael, lilith)
    await mine.answer("edit", nickname="Lil", scenario="On a roof.")
    await mine.answer("edit", nickname="")
    saved = await _override(kael, lilith)
    assert (saved.nickname, saved.scenario) == ("", "On a roof.")


async def test_all_of_it_is_cleared_after_a_question(lilith: Any, kael: Client) -> None:
    mine = await _begun(kael, lilith)
    await mine.answer("edit", nickname="Lil", scenario="On a roof.")
    await mine.answer("clear")
    assert mine.view.title == f"Clear what you have of {lilith.name}?"
    await mine.answer("back")
    assert (await _override(kael, lilith)).nickname == "Lil"
    await mine.answer("clear")
    await mine.answer("sure")
    assert mine.view.body.startswith("All is cleared.")
    assert mine.actions == ["edit", "close"]
    saved = await _override(kael, lilith)
    assert [getattr(saved, key) for key in FIELDS] == [""] * 5


async def test_what_was_changed_elsewhere_is_not_written_over_unseen(
    lilith: Any, kael: Client
) -> None:
    mine = await _begun(kael, lilith)
    elsewhere = request_for(
        "UpdatePersonalityOverride", personality={"id": lilith.id}, override={"nickname": "Lily"}
    )
    await kael.call("UpdatePersonalityOverride", elsewhere)
    await mine.answer("edit", nickname="Lil")
    assert mine.view.notice.startswith("This was changed elsewhere")
    assert mine.field("nickname").error == "It now says: Lily"
    assert (await _override(kael, lilith)).nickname == "Lily"
    await mine.answer("edit", nickname="Lil")
    assert (await _override(kael, lilith)).nickname == "Lil"


def test_the_limits_are_those_of_the_contract() -> None:
    described = override_service_pb2.PersonalityOverride.DESCRIPTOR.fields_by_name
    for asked in character_override.ASKED:
        rules = str(described[asked.key].GetOptions())
        assert f"max_len: {asked.max_length}" in rules


async def test_each_setting_is_shown_with_who_decided_it(lilith: Any, kael: Client) -> None:
    mine = await _begun(kael, lilith)
    told = {item.text.partition(":")[0]: item.text for item in mine.view.items}
    tiers = {Tier.PERSON, Tier.PERSONALITY}
    assert list(told) == [it.key for it in SETTINGS if tiers.intersection(deciding(it))]
    assert told["history_limit"] == "history_limit: 60, by default"
    assert told["persona"] == "persona: on, by default"
    assert list(mine.items.values()) == list(told)


async def test_what_can_be_chosen_is_offered(lilith: Any, mira: Client, kael: Client) -> None:
    theirs, own = await _begun(kael, lilith), await _begun(mira, lilith)
    for mine, key, values, scopes in (
        (theirs, "persona", ["on", "off", "inherit"], ["here", "all"]),
        (theirs, "memory_limit", [], ["here", "all"]),
        (own, "examples", ["on", "off", "inherit"], ["here", "all", "everybody"]),
        (own, "dreams", ["on", "off", "inherit"], ["everybody"]),
    ):
        await mine.answer("setting", item=key)
        assert [it.value for it in mine.field("value").choices] == values
        assert [it.value for it in mine.field("scope").choices] == scopes
        await mine.answer("back")


async def test_a_level_is_one_of_those_there_are(lilith: Any, kael: Client) -> None:
    mine = await _begun(kael, lilith)
    await mine.decide("reasoning", "high", scope="here")
    assert mine.view.body.startswith("`reasoning` is high, as you decided here.")
    await mine.decide("reasoning", "most", scope="here")
    assert mine.field("value").error == "Choose from the list."


async def test_a_person_decides_for_one_character_and_for_all(lilith: Any, kael: Client) -> None:
    mine = await _begun(kael, lilith)
    await mine.decide("memory_limit", "9", scope="all")
    assert mine.view.body.startswith("`memory_limit` is 9, as you decided for all.")
    await mine.decide("memory_limit", "3", scope="here")
    assert mine.item("Memories that are").text == "memory_limit: 3, as you decided here"
    await mine.decide("memory_limit", "12", scope="all")
    assert mine.view.body.startswith("`memory_limit` is 3, as you decided here.")
    await mine.decide("memory_limit", "inherit", scope="here")
    assert mine.view.body.startswith("`memory_limit` is 12, as you decided for all.")
    await mine.decide("memory_limit", "inherit", scope="all")
    assert mine.view.body.startswith("`memory_limit` is 6, by default.")


async def test_an_editor_decides_for_everybody(lilith: Any, mira: Client, kael: Client) -> None:
    theirs = await _begun(kael, lilith)
    own = await _begun(mira, lilith)
    await own.decide("examples", "off", scope="everybody")
    assert own.view.body.startswith("`examples` is off, as the character's owner decided.")
    await theirs.look()
    assert theirs.item("Example dialogues").text.endswith("off, as the character's owner decided")


async def test_what_is_the_editors_alone_is_decided_for_everybody(
    lilith: Any, mira: Client, kael: Client
) -> None:
    own = await _begun(mira, lilith)
    await own.decide("dreams", "on", scope="everybody")
    assert own.view.body.startswith("`dreams` is on, as the character's owner decided.")
    theirs = await _begun(kael, lilith)
    assert theirs.item("The character dreams").text.endswith("on, as the character's owner decided")


async def test_who_is_no_editor_any_more_keeps_what_was_entered(mira: Client, kael: Client) -> None:
    lilith = await create(mira)
    await share(mira, lilith, kael, "editor")
    mine = await _begun(kael, lilith)
    await mine.answer("setting", item="examples")
    request = mine.submission("decide", value="off", scope="everybody")
    await share(mira, lilith, kael, "viewer")
    mine.flow = (await kael.call("SubmitFlow", request)).flow
    assert mine.field("scope").error == "Choose from the list."
    assert list(mine.field("value").values) == ["off"]
    assert mine.flow.state == OPEN


@pytest.mark.parametrize(
    ("setting", "value", "error"),
    [
        ("memory_limit", "51", "a whole number from 0 to 50"),
        ("memory_limit", "many", "a whole number from 0 to 50"),
        ("memory_limit", "-1", "a whole number from 0 to 50"),
        ("memory_limit", "2.5", "a whole number from 0 to 50"),
        ("memory_limit", "off", "a whole number from 0 to 50"),
        ("memory_limit", "9" * 60, "a whole number from 0 to 50"),
        ("memory_threshold", "1.5", "a number from 0 to 1"),
        ("memory_threshold", "nan", "a number from 0 to 1"),
        ("reply_limit", "8", "a whole number from 16 to 32768, or off"),
        ("memory_limit", "", None),
    ],
)
async def test_a_bad_value_is_told_with_its_range(
    setting: str, value: str, error: str | None, lilith: Any, kael: Client
) -> None:
    mine = await _begun(kael, lilith)
    await mine.decide(setting, value, scope="here")
    wanted = f"It must be {error}, or inherit." if error else "This is needed."
    assert mine.field("value").error == wanted
    assert list(mine.field("value").values) == [value]
    assert (
        (await _begun(kael, lilith)).item(BY_KEY[setting].summary[:20]).text.endswith("by default")
    )


@pytest.mark.parametrize(
    ("setting", "typed", "shown"),
    [
        ("persona", "off", "off"),
        ("persona", "on", "on"),
        ("reply_limit", " Off", "off"),
        ("reply_limit", "512", "512"),
        ("memory_threshold", "0.25", "0.25"),
        ("memory_threshold", "1", "1"),
    ],
)
async def test_a_value_is_typed_as_people_write_it(
    setting: str, typed: str, shown: str, lilith: Any, kael: Client
) -> None:
    mine = await _begun(kael, lilith)
    await mine.decide(setting, typed, scope="here")
    assert mine.view.body.startswith(f"`{setting}` is {shown}, as you decided here.")


def test_every_tier_has_its_words() -> None:
    told = {setting_words.source(Decision(tier, None)) for tier in Tier}
    assert len(told) == len(Tier)
    assert setting_words.source(Decision(Tier.CHANNEL, 1, bound=True)) == "as this channel demands"


async def test_a_character_out_of_sight_cannot_be_had_otherwise(
    lilith: Any, mira: Client, kael: Client
) -> None:
    private = await create(mira)
    request = starting("character override", character=private.slug)
    assert (await kael.refused("StartFlow", request)).reason == "PERSONALITY_NOT_FOUND"
    mine = await _begun(kael, lilith)
    await change(mira, lilith.id, visibility=VISIBILITY_PRIVATE)
    await mine.look()
    assert (mine.flow.state, mine.actions) == (DONE, [])


async def _begun(client: Client, character: Any) -> Dialogue:
    return await Dialogue.start(client, "character override", character=character.slug)


async def _override(client: Client, character: Any) -> Any:
    request = request_for("GetPersonalityOverride", personality={"id": character.id})
    return (await client.call("GetPersonalityOverride", request)).override
