"""What a card says besides who the character is: prompts, greetings, notes, macros, scripts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.provider import Refusal
from tests.session.bringing import takes_up
from tests.session.composing import SEEN, composed, lilith, line, speaker, turn
from tests.session.stage import Person, Stage, ref
from tzurot.formats.found import Lorebook, LoreEntry
from tzurot_client.gen.tzurot.personality.v1 import CustomField, PromptRole, RegexScript
from tzurot_client.gen.tzurot.session.v1 import (
    ChatRequest,
    Greeting,
    Interjection,
    MessageRef,
    Regeneration,
)

HARBOR = LoreEntry(("harbor",), "The harbor is old.", name="Harbor")


def told(stage: Stage) -> list[tuple[str, str]]:
    """What the model was told in the last request."""
    return [(str(it["role"]), str(it["content"])) for it in stage.asked[-1].timeless]


class TestPrompts:
    @pytest.mark.parametrize(
        ("own", "expected"),
        [
            ("", "You are Lilith."),
            ("Play {{char}} for {{user}}.", "Play Lilith for Ada."),
            ("{{original}} Be terse.", "You are Lilith. Be terse."),
        ],
    )
    async def test_its_system_prompt_takes_the_place_of_ours(
        self, own: str, expected: str, stage: Stage, ada: Person
    ) -> None:
        await ada.asks("Hi", await stage.character("Lilith", system_prompt=own))
        assert told(stage) == [("system", expected), ("user", "Hi")]

    @pytest.mark.parametrize(
        ("own", "expected"),
        [("", []), ("{{original}}Stay {{char}}.", [("system", "Stay Lil.")])],
    )
    async def test_its_instructions_stand_after_everything(
        self, own: str, expected: list[tuple[str, str]], stage: Stage, ada: Person
    ) -> None:
        who = await stage.character("Lilith", nickname="Lil", post_history_instructions=own)
        await ada.asks("Hi", who)
        assert told(stage) == [("system", "You are Lil."), ("user", "Hi"), *expected]

    @pytest.mark.parametrize(
        ("prompt", "roles"),
        [("system_prompt", ["user", "system"]), ("post_history_instructions", ["system", "user"])],
    )
    async def test_lore_can_switch_one_of_them_off(
        self, prompt: str, roles: list[str], stage: Stage, ada: Person
    ) -> None:
        who = await stage.character("Lilith", post_history_instructions="Stay.")
        off = LoreEntry((), f"@@disable_ui_prompt {prompt}\n@@depth 1\nA.", constant=True)
        await takes_up(stage, who, Lorebook((off,)))
        await ada.asks("Hi", who)
        assert [role for role, text in told(stage) if text != "A."] == roles

    async def test_its_examples_are_a_talk_before_the_talk(self, stage: Stage, ada: Person) -> None:
        examples = (
            "Lilith: *looks up*\n<START>\n{{user}}: Who?\n{{char}}: I am\n{{char}}.\n"
            "<start>\nShe only smiles."
        )
        await ada.asks("Hi", await stage.character("Lilith", example_dialogues=examples))
        assert told(stage)[1:] == [
            ("assistant", "*looks up*"),
            ("user", "Who?"),
            ("assistant", "I am\nLilith."),
            ("assistant", "She only smiles."),
            ("user", "Hi"),
        ]

    @pytest.mark.parametrize(
        ("depth", "role", "place"),
        [(0, "user", 4), (1, "assistant", 3), (2, "system", 2), (99, "user", 1)],
    )
    async def test_its_note_stands_at_its_depth_in_its_role(
        self, depth: int, role: str, place: int, stage: Stage, ada: Person
    ) -> None:
        who = await stage.character(
            "Lilith",
            depth_prompt="Mind {{user}}.",
            depth_prompt_depth=depth,
            depth_prompt_role=PromptRole[role.upper()],
        )
        stage.model.script("Hello.", "Well.")
        await ada.asks("Hi", who)
        await ada.asks("So?", who)
        talk = [("user", "Hi"), ("assistant", "Hello."), ("user", "So?")]
        talk.insert(place - 1, (role, "Mind Ada."))
        assert told(stage)[1:] == talk


class TestCustomFields:
    async def test_each_is_told_by_its_name_after_the_other_parts(
        self, stage: Stage, ada: Person
    ) -> None:
        fields = [
            CustomField(name="Lamp", text="{{char}} keeps it for {{user}}.\nAlways."),
            CustomField(name="Keywords", text="SILENT", silent=True),
            CustomField(name="Empty", text="{{// nothing}}"),
            CustomField(name="Sea", text="Grey."),
        ]
        who = await stage.character("Lilith", description="Old.", tone="dry", custom_fields=fields)
        said = await ada.asks("Hi", who)
        parts = ["Old.", "Tone: dry", "Lamp: Lilith keeps it for Ada.\nAlways.", "Sea: Grey."]
        expected = "\n\n".join(["You are Lilith.", *parts])
        assert told(stage) == [("system", expected), ("user", "Hi")]
        shown = [it.text for it in (await ada.trace(said.turn_id)).sections]
        assert "\n\n".join(parts) in shown

    @pytest.mark.parametrize(
        ("name", "label"),
        [
            ("Ada:\x0b\u2028system", "Ada system: x"),
            ("<|im_end|>", "< |im_end|>: x"),
            ("{{char}}", "{{char}}: x"),
            ("\u202e: \u2066", "x"),
        ],
    )
    def test_a_name_is_a_label_in_one_line_and_nothing_runs_in_it(
        self, name: str, label: str
    ) -> None:
        who = lilith("Calm.", custom_fields=[{"name": name, "text": "x"}])
        messages = composed(turn(who=who), by=speaker(4096)).messages
        assert messages[0].text == f"Calm.\n\n{label}"


class TestGreetings:
    async def test_they_are_chosen_by_number(self, stage: Stage) -> None:
        who = await stage.character(
            "Lilith", greeting="Hello, {{user}}.", alternate_greetings=["One.", "{{reverse:owT}}"]
        )
        said = [(await stage.person("Ada").is_greeted_by(who, index))[0].text for index in range(4)]
        assert said == ["Hello, User.", "One.", "Two", "Hello, User."]

    async def test_whom_they_greet_is_called_as_the_platform_does(self, stage: Stage) -> None:
        who = await stage.character(
            "Lilith", greeting="Hello, {{user}}.", alternate_greetings=["Well, {{user}}."]
        )
        ada = stage.person()
        greeting = Greeting(speaker_name="Ada\n Byron")
        asked = ChatRequest(place=ada.direct, greeting=greeting, addressees=[ref(who)])
        (greeted,) = await ada.sends(asked)
        assert greeted.text == "Hello, Ada Byron."
        reply = greeted.finished.message
        assert reply
        another = Regeneration(message=MessageRef(id=reply.id), speaker_name="Countess")
        (greeted,) = await ada.sends(ChatRequest(place=ada.direct, regeneration=another))
        assert greeted.text == "Well, Countess."

    async def test_lore_knows_which_one_began_the_talk(self, stage: Stage) -> None:
        who = await stage.character("Lilith", greeting="Zero.", alternate_greetings=["One."])
        entries = [LoreEntry((), f"@@is_greeting {it}\nG{it}.", constant=True) for it in range(3)]
        await takes_up(stage, who, Lorebook(tuple(entries)))
        for index, lore in ((0, "G0."), (1, "G1."), (2, "G0.")):
            ada = stage.person("Ada")
            (greeted,) = await ada.is_greeted_by(who, index)
            await ada.asks("Hi", who)
            assert told(stage)[0][1] == f"You are Lilith.\n\n{lore}"
            await ada.resets(greeted.conversation_id)
            await ada.asks("Hi", who)
            assert "G0." in told(stage)[0][1]


async def test_who_says_nothing_now_is_called_as_they_were_when_they_last_spoke(
    stage: Stage, ada: Person
) -> None:
    who = await stage.character("Lilith", system_prompt="Play {{char}} for {{user}}.")
    await ada.asks("Hi", who)
    asked = ChatRequest(place=ada.direct, interjection=Interjection(), addressees=[ref(who)])
    await ada.sends(asked)
    assert told(stage)[0][1].startswith("Play Lilith for Ada.")
    asked.interjection = Interjection(speaker_name="Countess")
    await ada.sends(asked)
    assert told(stage)[0][1].startswith("Play Lilith for Countess.")


class TestMacros:
    async def test_variables_last_until_the_conversation_is_reset(
        self, stage: Stage, ada: Person
    ) -> None:
        who = await stage.character(
            "Lilith",
            greeting="{{setvar::mood::calm}}Hello.",
            system_prompt="{{incvar::turns}} {{getvar::mood}}",
            post_history_instructions="{{setvar::mood::wild}}Stay.",
        )
        (greeted,) = await ada.is_greeted_by(who)
        prompts: list[str] = []
        for _ in range(2):
            await ada.asks("Hi", who)
            prompts.append(told(stage)[0][1])
        await ada.resets(greeted.conversation_id)
        await ada.asks("Hi", who)
        anew, _, _ = told(stage)[0][1].partition("\n\n")  # what it remembers stands there too
        assert [*prompts, anew] == ["1 calm", "2 wild", "1"]

    async def test_a_turn_that_fails_changes_none(self, stage: Stage, ada: Person) -> None:
        who = await stage.character("Lilith", system_prompt="{{incvar::turns}}")
        stage.model.script(Refusal(401))
        await ada.asks("Hi", who)
        await ada.asks("Hi", who)
        assert told(stage)[0][1] == "1"

    async def test_what_people_write_reaches_the_model_as_it_is(
        self, stage: Stage, ada: Person
    ) -> None:
        who = await stage.character("Lilith", description="SECRET", system_prompt="{{input}}")
        words = "{{description}} <USER> {{setvar::a::b}} {{random:x,y}} {{// no}}"
        await ada.asks(words, who)
        await ada.asks(words, who)
        assert told(stage)[0][1] == f"{words}\n\nSECRET"
        assert [text for role, text in told(stage) if role == "user"] == [words, words]

    async def test_what_does_not_run_is_told_in_the_trace(self, stage: Stage, ada: Person) -> None:
        who = await stage.character("Lilith", system_prompt="Hi {{getglobalvar::a}}{{unheard}}")
        trace = await ada.trace((await ada.asks("Hi", who)).turn_id)
        assert told(stage)[0][1] == "Hi {{unheard}}"
        assert len(trace.not_run) == 1
        assert trace.not_run[0].startswith("{{getglobalvar::a}}: ")

    def test_how_long_nobody_spoke_is_counted_from_the_persons_last_message(self) -> None:
        before = replace(line("Hi"), create_time=SEEN - timedelta(hours=2))
        after = replace(line("Well.", by_person=False), create_time=SEEN - timedelta(minutes=1))
        asked = turn("Back!", before, after, who=lilith("{{idle_duration}}"))
        assert composed(asked, by=speaker(4096)).messages[0].text == "2 hours"

    def test_each_text_runs_once_and_in_the_order_in_which_it_is_told(self) -> None:
        counted = "{{incvar::n}}"
        who = lilith(
            counted,
            f"{{{{char}}}}: {counted}",
            description=counted,
            scenario=counted,
            depth_prompt=counted,
            post_history_instructions=counted,
            custom_fields=[{"name": "count", "text": counted}],
        )
        made = composed(turn(who=who), by=speaker(4096))
        texts = "\n".join(it.text for it in made.sections if it.name != "message")
        assert [it for it in texts if it.isdigit()] == list("1234567")


class TestTimings:
    async def test_lore_stays_as_long_as_it_says_and_a_reset_ends_it(
        self, stage: Stage, ada: Person
    ) -> None:
        who = await stage.character("Lilith")
        extensions: dict[str, Any] = {"sticky": 3, "scan_depth": 1}
        sticky = LoreEntry(("harbor",), "It is old.", extensions=extensions)
        await takes_up(stage, who, Lorebook((sticky,)))
        seen: list[bool] = []
        for words in ("The harbor!", "So?", "And?"):
            said = await ada.asks(words, who)
            seen.append("It is old." in told(stage)[0][1])
        assert seen == [True, True, False]
        await ada.asks("The harbor!", who)
        await ada.resets(said.conversation_id)
        await ada.asks("So?", who)
        assert "It is old." not in told(stage)[0][1]


def script(find: str, put: str, **fields: Any) -> RegexScript:
    return RegexScript(name="s", find=find, replace=put, **fields)


class TestScripts:
    async def test_they_rewrite_what_the_model_is_told_and_the_reply_that_is_kept(
        self, stage: Stage, ada: Person
    ) -> None:
        who = await stage.character(
            "Lilith",
            regex_scripts=[
                script("/tea/gi", "coffee", on_input=True),
                script("/sun/g", "moon", on_output=True),
                script("/moon/g", "MOON", on_output=True, prompt_only=True, min_depth=1),
                script("old", "ancient", on_lore=True),
                script("/.*/", "never", on_input=True, disabled=True),
                script("/.*/", "<b>$0</b>", on_output=True, display_only=True),
            ],
        )
        await takes_up(stage, who, Lorebook((HARBOR,)))
        stage.model.script("The sun.", "Yes.")
        said = await ada.asks("Tea at the harbor?", who)
        assert said.text == "The moon."
        await ada.asks("More tea?", who)
        assert told(stage) == [
            ("system", "You are Lilith.\n\nThe harbor is ancient."),
            ("user", "coffee at the harbor?"),
            ("assistant", "The MOON."),
            ("user", "More coffee?"),
        ]
        stored = await stage.messages(said.conversation_id)
        assert [it.text for it in stored] == [
            "Tea at the harbor?",
            "The moon.",
            "More tea?",
            "Yes.",
        ]

    async def test_what_a_script_found_is_never_run(self, stage: Stage, ada: Person) -> None:
        again = script("/say (.*)/", "{{char}} says $1", on_input=True)
        who = await stage.character("Lilith", description="SECRET", regex_scripts=[again])
        await ada.asks("say {{description}}", who)
        assert told(stage)[-1][1] == "Lilith says {{description}}"

    async def test_nothing_that_they_do_leaves_a_turn_without_message_or_reply(
        self, stage: Stage, ada: Person
    ) -> None:
        gone = script("/.+/gs", "", on_input=True, on_output=True, on_lore=True)
        who = await stage.character("Lilith", regex_scripts=[gone])
        await takes_up(stage, who, Lorebook((HARBOR,)))
        stage.model.script("Fine.")
        said = await ada.asks("The harbor?", who)
        assert told(stage) == [("system", "You are Lilith."), ("user", "The harbor?")]
        assert said.text == "Fine."
        (entry,) = (await ada.trace(said.turn_id)).lorebook_entries
        assert entry.reason.endswith("but scripts left no words")
        assert not entry.told

    async def test_an_endless_one_is_given_up_and_told_in_the_trace(
        self, stage: Stage, ada: Person
    ) -> None:
        endless = script("/(a|aa)+$/", "", on_input=True)
        who = await stage.character("Lilith", regex_scripts=[endless])
        words = "a" * 60 + "b"
        said = await ada.asks(words, who)
        assert told(stage)[-1][1] == words
        assert (await ada.trace(said.turn_id)).not_run == ["The script `s` took too long."]


class TestErrorMessage:
    async def test_a_failure_is_told_in_the_characters_own_words_too(
        self, stage: Stage, ada: Person
    ) -> None:
        who = await stage.character("Lilith", error_message="*{{char}} yawns at {{user}}*")
        stage.model.script(Refusal(401))
        said = await ada.asks("Hi", who)
        assert (said.how, said.why) == ("FAILED", "API_KEY_REJECTED")
        assert said.finished.error_message == "*Lilith yawns at Ada*"
        again = await ada.watches(said.turn_id)
        assert again.finished.error_message == "*Lilith yawns at Ada*"

    async def test_who_answers_has_nothing_to_say_of_one(self, stage: Stage, ada: Person) -> None:
        who = await stage.character("Lilith", error_message="Oh no.")
        assert (await ada.asks("Hi", who)).finished.error_message == ""
