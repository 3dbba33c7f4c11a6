"""What a stranger gets to see of a character whose definition is hidden: how it speaks, no more.

Everything that the card, its books and its documents say has the word SECRET in it. It reaches the
model, and no answer of the server to a stranger.
"""

import pytest

from tests.fakes.provider import Refusal
from tests.session.bringing import learns, takes_up
from tests.session.composing import lilith, stranger, turn
from tests.session.stage import Person, Stage, Told, ref
from tzurot.formats.found import Document, Lorebook, LoreEntry
from tzurot.personality.macros import names
from tzurot.session.prompt import portrait
from tzurot.session.turns import Talk
from tzurot.session.voice import Voice
from tzurot_client.gen.tzurot.personality.v1 import (
    GetPersonalityRequest,
    Personality,
    PersonalityOverride,
    PersonalityRole,
    RegexScript,
    SharePersonalityRequest,
    UpdatePersonalityOverrideRequest,
)

SAID = "Do the bells of Ys ring under the deep sea?"
TEXTS = (
    *("description", "system_prompt", "traits", "tone", "appearance", "likes", "scenario"),
    *("post_history_instructions", "depth_prompt"),
)
EVERYTHING = " ".join(
    [f"{{{{{name}}}}}" for name in sorted(names.TEXTS)]
    + ["{{getvar::secret}}", "{{outlet::secret}}", "{{#if description}}", "{{original}}"]
    + ["{{pick::{{description}},{{getvar::secret}}}}", "{{reverse:{{scenario}}}}", "{{input}}"]
)
QUOTES = {"nickname": EVERYTHING[:255]} | dict.fromkeys(
    ("addition", "scenario", "greeting", "instructions"), EVERYTHING
)


@pytest.fixture
async def secretive(stage: Stage) -> Personality:
    """A character that has something of everything, none of it for strangers."""
    who = await stage.character(
        "Lilith",
        **dict.fromkeys(TEXTS, "SECRET {{setvar::secret::SECRET}}{{getvar::gone}}"),
        definition_visible=False,
        greeting="Hello.",
        example_dialogues="{{char}}: SECRET {{getglobalvar::SECRET}}",
        regex_scripts=[RegexScript(name="SECRET", find="/deep/", replace="SECRET", on_input=True)],
    )
    told = LoreEntry(("bells",), "SECRET", name="SECRET")
    quoted = LoreEntry(
        (), "SECRET aside", constant=True, extensions={"position": 7, "outlet_name": "secret"}
    )
    await takes_up(stage, who, Lorebook((told, quoted), name="SECRET"))
    await learns(stage, who, Document("Under the sea lies Ys. Its bells ring.", title="SECRET"))
    return who


@pytest.fixture
def eve(stage: Stage) -> Person:
    return stage.person("Eve")


async def quotes_everything(eve: Person, who: Personality) -> None:
    """Have the character otherwise, with all that a macro can quote."""
    own = PersonalityOverride(**QUOTES)
    request = UpdatePersonalityOverrideRequest(personality=ref(who), override=own)
    await eve.client.override.update_personality_override(request)


async def hears(eve: Person, who: Personality) -> list[Told]:
    """A greeting of each number, and two answers."""
    greeted = [it for index in (0, 1, 99) for it in await eve.is_greeted_by(who, index)]
    return [*greeted, await eve.asks(SAID, who), await eve.asks(SAID, who)]


async def test_nothing_of_it_is_told_whatever_a_stranger_adds(
    stage: Stage, eve: Person, secretive: Personality
) -> None:
    stage.model.script("I won't tell.", "Never.")
    await quotes_everything(eve, secretive)
    heard = await hears(eve, secretive)
    assert "SECRET" in str(stage.asked[-1].body)
    for told in heard:
        assert "SECRET" not in str(told)
        assert "SECRET" not in str(await eve.watches(told.turn_id))
        assert "SECRET" not in str(await eve.trace(told.turn_id))
        assert "TERCES" not in str(await eve.trace(told.turn_id))


async def test_what_is_hidden_says_how_much_it_is(
    stage: Stage, eve: Person, secretive: Personality
) -> None:
    trace = await eve.trace((await eve.asks(SAID, secretive)).turn_id)
    hidden = {it.name for it in trace.sections if it.hidden}
    assert hidden == {
        *("character", "example", "lore", "note", "knowledge", "message", "instructions")
    }
    for it in trace.sections:
        assert it.hidden == (it.text == f"[hidden, {it.token_count} tokens]")
    assert not (trace.lorebook_entries or trace.passages or trace.not_run)
    assert trace.settings


@pytest.mark.parametrize("role", [PersonalityRole.VIEWER, PersonalityRole.EDITOR])
async def test_who_may_read_it_reads_it_in_the_trace(
    role: PersonalityRole, stage: Stage, eve: Person, secretive: Personality
) -> None:
    share = SharePersonalityRequest(personality=ref(secretive), subject=eve.subject, role=role)
    await stage.client.sharing.share_personality(share)
    told = await eve.asks(SAID, secretive)
    trace = await eve.trace(told.turn_id)
    assert not any(it.hidden for it in trace.sections)
    shown = "\n".join(it.text for it in trace.sections)
    assert (
        sorted(shown.split())
        == sorted("\n".join(str(it["content"]) for it in stage.asked[-1].messages).split())
        or "Lilith:" in shown
    )  # an example is shown with the names of who speaks
    assert [(it.name, it.told) for it in trace.lorebook_entries] == [
        ("SECRET", True),
        ("", False),
    ]
    assert [it.title for it in trace.passages] == ["SECRET"]
    assert [it for it in trace.not_run if it.startswith("{{getglobalvar::SECRET}}: ")]


async def test_every_entry_of_a_book_has_a_reason(stage: Stage) -> None:
    who = await stage.character("Lilith")
    entries = [
        LoreEntry(("bells",), "They ring.", name="told"),
        LoreEntry(("bread",), "It is warm.", name="silent"),
        LoreEntry(("bells",), "Never.", name="off", enabled=False),
        LoreEntry(("bells",), "@@dont_activate\nNever.", name="refused"),
    ]
    await takes_up(stage, who, Lorebook(tuple(entries), name="Ys"))
    eve = stage.person("Eve")
    found = (await eve.trace((await eve.asks(SAID, who)).turn_id)).lorebook_entries
    assert {it.name: (it.activated, it.told, bool(it.reason)) for it in found} == {
        "told": (True, True, True),
        "silent": (False, False, True),
        "refused": (False, False, True),
    }
    assert found[0].name == "told"
    assert all(it.lorebook_name == "Ys" and it.entry_id for it in found)


async def test_a_failure_tells_nothing_either(
    stage: Stage, eve: Person, secretive: Personality
) -> None:
    stage.model.script(Refusal(401))
    told = await eve.asks(SAID, secretive)
    assert told.how == "FAILED"
    assert "SECRET" not in str(told) + str(await eve.trace(told.turn_id))


async def test_a_private_persona_is_quoted_by_no_card_where_others_listen(
    stage: Stage, eve: Person
) -> None:
    who = await stage.character("Lilith", system_prompt="{{persona}}.")
    entry = LoreEntry(("honey",), "Sweet.", extensions={"match_persona_description": True})
    await takes_up(stage, who, Lorebook((entry,)))
    first = await eve.asks("Hi", who)
    await stage.execute(
        "UPDATE personas SET description = 'I love honey, {{user}} does.' WHERE person_id = "
        "(SELECT person_id FROM turns WHERE id = :id)",
        id=first.turn_id,
    )
    about: list[str] = []
    for place in (eve.direct, stage.channel()):
        await eve.asks("Hi", who, place=place)
        told, _, _ = str(stage.asked[-1].messages[0]["content"]).partition("\n\nToday is ")
        about.append(told)
    assert about[0] == (
        "I love honey, Eve does..\n\nSweet.\n\nYou talk with Eve. I love honey, Eve does."
    )
    assert about[1] == "."


def test_who_may_read_the_definition_can_quote_it() -> None:
    who = lilith(description="Keeps bees.")
    theirs = stranger(who, greeting="Hm: {{description}}{{getvar::a}}")
    asked = turn(who=who, access=theirs, talk=Talk(variables={"a": "b"}))
    assert portrait.greeting(asked, Voice(asked)) == "Hm:"
    who.definition_visible = True
    assert portrait.greeting(asked, Voice(asked)) == "Hm: Keeps bees.b"


async def test_the_card_itself_stays_unread(eve: Person, secretive: Personality) -> None:
    request = GetPersonalityRequest(personality=ref(secretive))
    shown = (await eve.client.personality.get_personality(request)).personality
    assert shown and shown.definition_hidden
    assert "SECRET" not in str(shown)
