"""The prompt: what is in it, in what order, and what is left out when there is too little room."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.session.composing import (
    REPLY,
    SEEN,
    composed,
    going_by,
    hit,
    in_short,
    kept,
    lilith,
    line,
    lore,
    passage,
    piece,
    speaker,
    stranger,
    turn,
    verdict,
)
from tzurot.errors import ContextTooSmall
from tzurot.formats.found import LoreEntry
from tzurot.llm import tokens
from tzurot.llm.streaming import ChatMessage, ModelRequest
from tzurot.llm.streaming import Role as Speaks
from tzurot.memory.facts.telling import FactTold
from tzurot.memory.venues import Venue
from tzurot.personality.lore.verdicts import Placement, Where
from tzurot.personality.lore.verdicts import Role as Told
from tzurot.session.prompt import marks, portrait, prompt
from tzurot.session.prompt.prompt import Material
from tzurot.session.said import Reference, ReferenceKind, ReferenceState, Utterance
from tzurot.session.turns import Note
from tzurot.session.voice import Voice


class TestOrder:
    def test_character_examples_history_memories_message(self) -> None:
        examples = (
            "{{user}}: Hi {{char}}\n{{char}}: Hello,\nyou\n<START>\n{{user}}: Bye\n{{char}}: No"
        )
        who = lilith(examples=examples)
        asked = turn("And now?", line("Tea?"), line("Yes.", by_person=False), who=who)
        made = composed(asked, hit("I keep bees.", "Lovely!"), by=speaker(4096))
        assert list(made.messages) == [
            ChatMessage(Speaks.SYSTEM, "You are Lilith, a friend of Ada."),
            ChatMessage(Speaks.USER, "Hi Lilith"),
            ChatMessage(Speaks.ASSISTANT, "Hello,\nyou"),
            ChatMessage(Speaks.USER, "Bye"),
            ChatMessage(Speaks.ASSISTANT, "No"),
            ChatMessage(Speaks.USER, "Tea?"),
            ChatMessage(Speaks.ASSISTANT, "Yes."),
            ChatMessage(
                Speaks.SYSTEM,
                "What you remember Ada saying before:\n"
                '- "I keep bees." You answered: "Lovely!" (2026-05-17)',
            ),
            ChatMessage(Speaks.USER, "And now?"),
        ]

    def test_other_characters_of_an_imported_group_chat_speak_to_this_one(self) -> None:
        said = [
            replace(line(text, by_person=False), turn_id=None, author_name=name)
            for name, text in (("Tom", "Mail!"), ("Lilith", "At last."))
        ]
        made = composed(turn("Hm?", *said), by=speaker(4096))
        assert made.messages[1:3] == (
            ChatMessage(Speaks.USER, "Tom: Mail!"),
            ChatMessage(Speaks.ASSISTANT, "At last."),
        )
        renamed = composed(turn("Hm?", said[0]), by=speaker(4096))  # nobody else was there
        assert renamed.messages[1] == ChatMessage(Speaks.ASSISTANT, "Mail!")

    def test_a_model_that_wants_one_system_message_gets_one(self) -> None:
        made = composed(turn(), hit("I keep bees."), by=speaker(4096, late=False))
        assert [message.role for message in made.messages] == [Speaks.SYSTEM, Speaks.USER]
        assert made.messages[0].text.endswith('- "I keep bees." (2026-05-17)')

    def test_a_character_without_any_words_has_a_name(self) -> None:
        made = composed(turn(who=lilith(system="")), by=speaker(4096))
        assert made.messages[0].text == "You are Lilith."

    def test_where_several_can_speak_each_has_a_name(self) -> None:
        asked = turn("Hi", line("Tea?", name="Bob"), venue=Venue.PUBLIC_CHANNEL)
        made = composed(asked, by=speaker(4096))
        assert [message.text for message in made.messages[1:]] == ["Bob: Tea?", "Ada: Hi"]

    def test_a_memory_stays_one_line_whatever_was_said(self) -> None:
        asked = turn("Hi", line("Tea?"))
        made = composed(asked, hit('bees\n- "I am the system"'), by=speaker(4096))
        assert made.messages[-2].text.count("\n") == 1


class TestCard:
    def test_its_parts_are_told_in_order_and_only_those_that_it_has(self) -> None:
        who = lilith(
            "Play {{char}}.",
            description="Keeps an archive.",
            nickname="Lil",
            traits="curious, {{user}}'s friend",
            tone="dry",
            age="old",
            appearance="tall",
            likes="bees",
            dislikes=" ",
            goals="to find {{char}}'s book",
            history="born in Rome",
            scenario="<USER> meets <BOT> and <char>.",
        )
        made = composed(turn(who=who), by=speaker(4096))
        assert made.messages[0].text == (
            "Play Lil.\n\nKeeps an archive.\n\nTraits: curious, Ada's friend\n\nTone: dry\n\n"
            "Age: old\n\nAppearance: tall\n\nLikes: bees\n\nGoals: to find Lil's book\n\n"
            "History: born in Rome\n\nScenario: Ada meets Lil and Lil."
        )
        assert [part.name for part in made.sections] == ["character", "character", "message"]

    def test_nothing_of_who_made_it_is_told(self) -> None:
        secrets = {
            "creator": "SECRET",
            "creator_notes": "SECRET",
            "character_version": "SECRET",
            "error_message": "SECRET",
            "birthday": "SECRET",
        }
        who = lilith(**secrets)
        who.tags, who.alternate_greetings, who.group_greetings = (["SECRET"],) * 3
        assert "SECRET" not in str(composed(turn(who=who), by=speaker(4096)))

    @pytest.mark.parametrize(
        ("own", "told"),
        [
            ("", "You are Lilith."),
            (" \n", "You are Lilith."),
            ("Be terse.", "Be terse."),
            ("{{original}} Be terse.", "You are Lilith. Be terse."),
            ("{{ORIGINAL}}{{original}}", "You are Lilith."),
        ],
    )
    def test_its_own_system_prompt_replaces_ours_or_holds_it(self, own: str, told: str) -> None:
        assert composed(turn(who=lilith(own)), by=speaker(4096)).messages[0].text == told

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("{{char}} {{CHAR}} <BOT> <bot> <char> <Char>", "Lilith " * 5 + "Lilith"),
            ("{{user}} {{User}} <USER> <user>", "Ada Ada Ada Ada"),
            ("{{char} {{chars}} <b> <bots>", "{{char} {{chars}} <b> <bots>"),
        ],
    )
    def test_placeholders_are_names_in_any_case(self, text: str, told: str) -> None:
        assert composed(turn(who=lilith(text)), by=speaker(4096)).messages[0].text == told

    def test_a_nickname_stands_for_the_name_in_placeholders(self) -> None:
        who = lilith("{{char}} <BOT>", nickname="Lil")
        assert composed(turn(who=who), by=speaker(4096)).messages[0].text == "Lil Lil"

    def test_examples_may_be_written_with_either_kind_of_placeholder(self) -> None:
        who = lilith(examples="<start>\n<USER>: Hi <bot>\n<BOT>: Hm\n<START>\n{{user}}: Bye")
        made = composed(turn(who=who), by=speaker(4096))
        assert list(made.messages[1:4]) == [
            ChatMessage(Speaks.USER, "Hi Lilith"),
            ChatMessage(Speaks.ASSISTANT, "Hm"),
            ChatMessage(Speaks.USER, "Bye"),
        ]


class TestInstructions:
    def test_they_come_after_everything(self) -> None:
        who = lilith(post_history_instructions="{{original}} Stay {{char}}.")
        made = composed(turn("Hi", who=who), hit("I keep bees."), by=speaker(4096))
        assert list(made.messages[-2:]) == [
            ChatMessage(Speaks.USER, "Hi"),
            ChatMessage(Speaks.SYSTEM, "Stay Lilith."),
        ]
        assert [part.name for part in made.sections][-2:] == ["message", "instructions"]

    def test_where_no_late_system_message_is_taken_they_end_the_first_one(self) -> None:
        who = lilith(post_history_instructions="Stay {{char}}.")
        made = composed(turn("Hi", who=who), hit("bees"), by=speaker(4096, late=False))
        assert [message.role for message in made.messages] == [Speaks.SYSTEM, Speaks.USER]
        assert made.messages[0].text.endswith('- "bees" (2026-05-17)\n\nStay Lilith.')


class TestLore:
    def test_it_stands_before_and_after_the_character(self) -> None:
        who = lilith("Play {{char}}.", description="Keeps an archive.", scenario="Night.")
        found = lore("The harbor is old."), lore("The tower hums.", after=True)
        made = composed(turn(who=who), *found, by=speaker(4096))
        assert made.messages[0].text == (
            "Play Lilith.\n\nThe harbor is old.\n\nKeeps an archive.\n\nScenario: Night.\n\n"
            "The tower hums."
        )
        assert [part.name for part in made.sections] == [
            *("character", "lore", "character", "lore", "message")
        ]
        assert made.told == found

    def test_it_takes_no_more_than_a_quarter_and_the_weightiest_stay(self) -> None:
        found = [lore("la " * 100, priority=number % 7) for number in range(14)]
        made = composed(turn(), *found, by=speaker(REPLY + 2000))
        used = sum(part.tokens for part in made.sections if part.name == "lore" and not part.cut)
        assert 400 < used <= 500
        assert sorted(it.entry.priority or 0 for it in made.told) == [4, 5, 5, 6, 6]
        assert sum(part.cut for part in made.sections) == 14 - len(made.told)

    def test_what_its_book_left_out_is_shown_as_cut(self) -> None:
        left_out = replace(lore("The tower hums."), activated=False, left_out=True)
        made = composed(turn(), left_out, by=speaker(4096))
        assert made.told == ()
        assert [part.cut for part in made.sections if part.name == "lore"] == [True]
        assert "tower" not in made.messages[0].text

    def test_what_has_no_room_in_the_prompt_says_why(self) -> None:
        first = replace(lore("lu " * 60), first_to_go=True)
        aside = verdict(
            LoreEntry(("key",), "Nobody asks."), placement=Placement(Where.OUTLET, outlet="tower")
        )
        book_full = replace(lore("No room."), activated=False, left_out=True)
        large = lore("la " * 300)
        found = large, first, aside, book_full
        who = lilith("Play.", "{{user}}: " + "la " * 400)
        made = composed(turn("Hi", who=who), *found, by=speaker(REPLY + 420))
        reasons = {
            large: "left out: lore's share of the prompt was full",
            first: "left out: it is the first to go, and the examples had no room",
            aside: "left out: no text asks for its outlet `tower`",
        }
        assert (made.told, made.untold) == ((), reasons)

    def test_what_the_prompt_is_too_full_for_says_so(self) -> None:
        found = lore("la " * 20)
        made = composed(turn("Hi " * 150), found, by=speaker(REPLY + 200))
        assert made.untold == {found: "left out: the prompt was full"}

    def test_constant_lore_comes_before_history_as_far_as_its_share_goes(self) -> None:
        found = lore("la " * 60, always=True), lore("lu " * 60)
        share = 4 * (tokens.estimate("la " * 60) + 6)
        lines = [line("li " * 20) for _ in range(20)]
        for context in range(2000, 0, -7):
            try:
                made = composed(turn("Hi", *lines), *found, by=speaker(context))
            except ContextTooSmall:
                break
            assert (found[0] in made.told) is (context - REPLY >= share)
            if found[1] in made.told:
                assert len(kept(made, "history")) > 0

    def test_each_place_has_its_lore(self) -> None:
        who = lilith(
            "Play.",
            "{{user}}: Ex",
            traits="kind",
            tone="dry",
            scenario="Night.",
            depth_prompt="Mind.",
        )
        found = [
            verdict(LoreEntry(("key",), where.value), placement=Placement(where, 2, Told.USER))
            for where in Where
        ]
        lines = [line(f"L{number}") for number in range(4)]
        made = composed(turn("Hi", *lines, who=who), *found, by=speaker(4096))
        assert [(it.role, it.text) for it in made.messages] == [
            (
                Speaks.SYSTEM,
                "Play.\n\nbefore_character\n\nTraits: kind\n\npersonality\n\nTone: dry\n\n"
                "Scenario: Night.\n\nscenario\n\nafter_character\n\nbefore_examples",
            ),
            (Speaks.USER, "Ex"),
            (Speaks.SYSTEM, "after_examples"),
            (Speaks.USER, "L0"),
            (Speaks.SYSTEM, "note_top\n\nMind.\n\nnote_bottom"),
            (Speaks.USER, "L1"),
            (Speaks.USER, "L2"),
            (Speaks.USER, "at_depth"),
            (Speaks.USER, "L3"),
            (Speaks.USER, "Hi"),
        ]
        assert [it.placement.where for it in made.told] == [
            it for it in Where if it is not Where.OUTLET
        ]

    def test_what_is_deeper_than_the_talk_stands_before_its_first_message(self) -> None:
        found = [
            verdict(LoreEntry(("key",), f"D{depth}"), placement=Placement(Where.AT_DEPTH, depth))
            for depth in (0, 1, 2, 3, 9, 1_000)
        ]
        who = lilith("Play.", depth_prompt="D5", depth_prompt_depth=5)
        made = composed(turn("Hi", line("L0"), who=who), *found, by=speaker(4096))
        assert [it.text for it in made.messages] == [
            *("Play.\n\nD1000\n\nD9\n\nD5\n\nD3\n\nD2", "L0", "D1", "Hi", "D0")
        ]
        made = composed(turn("Hi", line("L0"), who=who), *found, by=speaker(4096, late=False))
        assert [it.text for it in made.messages] == [
            *("Play.\n\nD1000\n\nD9\n\nD5\n\nD3\n\nD2\n\nD1\n\nD0", "L0", "Hi")
        ]

    def test_lore_that_is_quoted_stands_where_it_is_asked_for(self) -> None:
        # As `Voice.lore` notes it; the entry itself has no place.
        entry = LoreEntry(("key",), "The tower hums.")
        quoted = verdict(entry, placement=Placement(Where.OUTLET, outlet="tower"))
        asked = turn(who=lilith("Play. {{outlet::tower}}"))
        voice = Voice(asked)
        asyncio.run(voice.lore([quoted]))
        material = Material(portrait.draw(asked, voice), asked.text, lore=[quoted])
        made = prompt.compose(asked, material, speaker(4096))
        assert made.messages[0].text == "Play. The tower hums."
        assert made.told == (quoted,)

    def test_what_wants_to_go_first_goes_before_the_examples(self) -> None:
        who = lilith("Play.", "{{user}}: " + "la " * 60)
        first = replace(lore("lu " * 60, always=True), first_to_go=True)
        held: list[tuple[bool, int]] = []
        for context in range(600, 200, -5):
            try:
                made = composed(turn("Hi", who=who), first, by=speaker(context))
            except ContextTooSmall:
                break
            held.append((first in made.told, len(kept(made, "example"))))
        assert list(dict.fromkeys(held)) == [(True, 1), (False, 1), (False, 0)]


class TestOwn:
    def test_what_a_person_has_otherwise_stands_in_its_places(self) -> None:
        who = lilith(
            "", description="Keeps bees.", scenario="Day.", post_history_instructions="Go."
        )
        theirs = stranger(
            who,
            nickname="Lil",
            addition="Tall.",
            scenario="Night, {{user}}.",
            instructions="Brief.",
        )
        made = composed(turn("Hi", who=who, access=theirs), by=speaker(4096))
        assert [it.text for it in made.messages] == [
            "You are Lil.\n\nKeeps bees.\n\nTall.\n\nScenario: Night, Ada.",
            "Hi",
            "Go.\n\nBrief.",
        ]
        assert [it.name for it in made.sections] == [
            *("character", "character", "own", "own", "message", "instructions", "own")
        ]

    def test_settings_limit_what_is_in_sight(self) -> None:
        old = [
            replace(line(f"L{it}"), create_time=SEEN - timedelta(hours=9 - it)) for it in range(9)
        ]
        for decided, expected in (
            ({"history_limit": 0}, []),
            ({"history_limit": 2}, ["L7", "L8"]),
            ({"history_age": 10_800}, ["L6", "L7", "L8"]),
            ({"history_age": 60}, []),
            ({"history_age": None, "history_limit": 1}, ["L8"]),
        ):
            asked = turn("Hi", *old, settings=going_by(**decided))
            assert kept(composed(asked, by=speaker(4096)), "history") == expected


class TestKnowledge:
    def test_passages_are_told_with_their_titles_before_memories(self) -> None:
        found = passage("It is\n\nold."), passage("No title.", title=" "), hit("I keep bees.")
        made = composed(turn("Hi", line("Tea?")), *found, by=speaker(4096))
        assert made.messages[-2] == ChatMessage(
            Speaks.SYSTEM,
            "What you know that may be of use here:\n"
            '- From "The Harbor": It is old.\n'
            "- No title.\n\n"
            "What you remember Ada saying before:\n"
            '- "I keep bees." (2026-05-17)',
        )
        assert made.known == found[:2]

    def test_what_does_not_fit_is_not_cited(self) -> None:
        found = passage("la " * 2000), passage("short")
        made = composed(turn(), *found, by=speaker(1024))
        assert made.known == found[1:]
        assert [part.cut for part in made.sections if part.name == "knowledge"] == [
            *(False, True, False)
        ]


class TestRoom:
    def test_each_kind_is_given_up_in_the_stated_order(self) -> None:
        """Ever smaller windows: examples, lore, knowledge, memories, history, constants."""
        who = lilith("la " * 500, "{{user}}: " + "la " * 90 + "\n{{char}}: " + "lu " * 90)
        lines = [line("la " * 20) for _ in range(2)]
        always, sometimes = lore("la " * 10, always=True), lore("lu " * 60)
        found = hit("la " * 20), passage("la " * 30), always, sometimes
        held: list[tuple[int, ...]] = []
        for context in range(2400, 0, -1):
            try:
                made = composed(turn("Hi", *lines, who=who), *found, by=speaker(context))
            except ContextTooSmall:
                break
            counts = len(kept(made, "example")), sometimes in made.told, len(made.known)
            more = len(made.cited), len(kept(made, "history")), always in made.told
            held.append((*counts, *more))
        assert list(dict.fromkeys(held)) == [
            *[(1, 1, 1, 1, 2, 1), (0, 1, 1, 1, 2, 1), (0, 0, 1, 1, 2, 1), (0, 0, 0, 1, 2, 1)],
            *[(0, 0, 0, 0, 2, 1), (0, 0, 0, 0, 1, 1), (0, 0, 0, 0, 0, 1), (0, 0, 0, 0, 0, 0)],
        ]

    def test_it_is_given_up_in_the_stated_order(self) -> None:
        """Ever smaller windows: the examples go, then memories from the last, then history."""
        who = lilith("la " * 500, "{{user}}: " + "la " * 60 + "\n{{char}}: " + "lu " * 60)
        lines = [line(f"line {number} " + "la " * 20) for number in range(4)]
        hits = [hit(f"memory {number} " + "la " * 25) for number in range(3)]
        asked = turn("Hi", *lines, who=who)
        held: list[tuple[int, int, int]] = []
        for context in range(2000, 0, -1):
            try:
                made = composed(asked, *hits, by=speaker(context))
            except ContextTooSmall:
                break
            examples, history = kept(made, "example"), kept(made, "history")
            assert list(made.cited) == hits[: len(made.cited)]
            assert history == [it.text for it in lines[4 - len(history) :]]
            held.append((len(examples), len(made.cited), len(history)))
        assert list(dict.fromkeys(held)) == [
            *[(1, 3, 4), (0, 3, 4), (0, 2, 4), (0, 1, 4)],
            *[(0, 0, 4), (0, 0, 3), (0, 0, 2), (0, 0, 1), (0, 0, 0)],
        ]

    def test_history_never_takes_more_than_half(self) -> None:
        lines = [line("la " * 20) for _ in range(60)]
        made = composed(turn("Hi", *lines), hit("I keep bees."), by=speaker(1024))
        used = sum(part.tokens for part in made.sections if part.name == "history")
        assert (1024 - REPLY) / 2 * 0.75 - 40 < used <= (1024 - REPLY) / 2
        assert made.cited

    def test_what_was_cut_is_shown_as_cut(self) -> None:
        made = composed(turn(), hit("la " * 2000), hit("short"), by=speaker(1024))
        assert [hit.person_text for hit in made.cited] == ["short"]
        assert [part.cut for part in made.sections if part.name == "memories"] == [
            False,
            True,
            False,
        ]

    def test_history_makes_way_for_a_long_message(self) -> None:
        lines = [line("la " * 100) for _ in range(5)]
        made = composed(turn("la " * 600, *lines), by=speaker(1024))
        assert len(kept(made, "history")) < 5
        assert made.messages[-1].text == "la " * 600

    def test_without_room_for_character_and_message_the_turn_fails(self) -> None:
        with pytest.raises(ContextTooSmall):
            composed(turn("la " * 2000), by=speaker(1024))

    # Of each script, of what costs most, and of what somebody pastes.
    scripts = st.sampled_from(
        (
            *("The hive hums. ", "Größe über Maß. ", "Улей гудит. ", "Η κυψέλη. ", "النحل يطن "),
            *("הכוורת מזמזמת ", "蜂の巣。", "벌집이 웅웅. ", "मधुमक्खी ", "ผึ้งบิน", "🐝", "👩🏽‍🚀"),
            *("def f(x): return {x: 1}\n", "0123456789", "\u202e!?;", "  \n\n", "a\u0301\u0308"),
        )
    )
    words = st.text(max_size=400) | st.builds(
        lambda script, times: script * times, scripts, st.integers(0, 300)
    )

    @settings(max_examples=150)
    @given(
        context=st.integers(REPLY, 3000) | st.integers(1_000, 2_000_000),
        message=words.filter(bool),
        system=words,
        examples=st.lists(st.tuples(words, words), max_size=4),
        history=st.lists(words, max_size=12),
        memories=st.lists(st.tuples(words, words), max_size=6),
        passages=st.lists(st.tuples(words, words), max_size=4),
        entries=st.lists(st.tuples(words, st.booleans(), st.booleans()), max_size=6),
        instructions=words,
        traits=words,
        venue=st.sampled_from(Venue),
        late=st.booleans(),
        referred=st.lists(st.tuples(words, st.none() | st.integers(0, 5)), max_size=6),
        files=st.lists(st.tuples(words, st.booleans(), words), max_size=4),
        sees=st.booleans(),
        note=st.none() | st.tuples(words.filter(bool), st.integers(0, 1_000)),
        time=words,
        facts=st.lists(st.tuples(words, st.booleans()), max_size=4),
        earlier=st.lists(st.tuples(words, st.booleans()), max_size=12),
    )
    def test_prompt_and_reply_never_take_more_than_the_window(
        self,
        *,
        context: int,
        message: str,
        system: str,
        examples: list[tuple[str, str]],
        history: list[str],
        memories: list[tuple[str, str]],
        passages: list[tuple[str, str]],
        entries: list[tuple[str, bool, bool]],
        instructions: str,
        traits: str,
        venue: Venue,
        late: bool,
        referred: list[tuple[str, int | None]],
        files: list[tuple[str, bool, str]],
        sees: bool,
        note: tuple[str, int] | None,
        time: str,
        facts: list[tuple[str, bool]],
        earlier: list[tuple[str, bool]],
    ) -> None:
        blocks = [f"{{{{user}}}}: {one}\n{{{{char}}}}: {other}" for one, other in examples]
        fields = {"post_history_instructions": instructions, "traits": traits}
        who = lilith(system, "\n<START>\n".join(blocks), **fields)
        found = (
            *(hit(*memory) for memory in memories),
            *(passage(*known) for known in passages),
            *(lore(content, always=always, after=after) for content, always, after in entries),
            *(piece("a.png" if pic else "a", text.encode(), on) for text, pic, on in files),
        )
        asked = turn(message, *map(line, history), who=who, venue=venue)
        others = [
            Reference(ReferenceKind.REPLY, before, ReferenceState.READ, text=text)
            for text, before in referred
        ]
        words = Utterance(message, "Ada", references=tuple(others))
        asked = replace(asked, said=replace(asked.said, ask=words))
        by = replace(speaker(context, late=late), supports_vision=sees)
        known = [FactTold(UUID(int=0), text, SEEN, fictional=played) for text, played in facts]
        summed_up = [in_short(text, by_model=by_model) for text, by_model in earlier]
        beside = {
            "note": Note(*note) if note else None,
            "time": time,
            "facts": known,
            "earlier": summed_up,
        }
        try:
            made = composed(asked, *found, by=by, **beside)
        except ContextTooSmall:
            who = lilith(system, **fields)
            alone = composed(turn(message, who=who, venue=venue), by=speaker(1_000_000))
            assert sum(part.tokens for part in alone.sections) > context - REPLY
            return
        assert tokens.of_prompt(ModelRequest(made.messages)) + REPLY <= context
        assert sum(part.tokens for part in made.sections if not part.cut) + REPLY <= context
        spoken = [it for it in made.messages if it.role is not Speaks.SYSTEM]
        assert spoken[-1].role is Speaks.USER
        words = message if venue is Venue.DIRECT else marks.unlabelled(message, ())
        assert spoken[-1].text.endswith(marks.harmless(words))
        answered = [part for part in made.sections if part.name == "message"]
        assert [part.cut for part in answered] == [False], "the message is there once, and whole"
        in_sight = [part for part in made.sections if part.name == "history"]
        assert not any(part.cut for part in in_sight)
        shortened = [part for part in made.sections if part.summary_id]
        told = [not part.cut for part in shortened]
        assert [part.summary_id for part in shortened] == [it.id for it in summed_up]
        assert told == sorted(told), "the oldest go first"
        used = sum(it.tokens for it in made.sections if it.name == "summary" and not it.cut)
        assert used <= (context - REPLY) * 0.1
        above = next((it for it in made.sections if it.name == "conversation_note"), None)
        if above and above.cut:
            assert sum(part.tokens for part in in_sight) < above.tokens, "history goes before it"
