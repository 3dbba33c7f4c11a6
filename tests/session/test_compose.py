"""The prompt: what is in it, in what order, and what is left out when there is too little room."""

import time
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tzurot import clock
from tzurot.errors import ContextTooSmall
from tzurot.llm import tokens
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import ChatMessage, ModelRequest, Role, Sampling
from tzurot.memory.recall import Hit
from tzurot.memory.remembering import MemoryId
from tzurot.memory.scoring import ScoreParts
from tzurot.memory.venues import Venue
from tzurot.personality.tables import Personality
from tzurot.session import prompt
from tzurot.session.prompt import Composed
from tzurot.session.turns import Line, Place, Said, Turn, TurnId, Utterance

REPLY = 200  # tokens kept free for the reply
SEEN = datetime(2026, 5, 17, tzinfo=UTC)


def speaker(context: int, *, late: bool = True) -> Speaker:
    sampling = Sampling(max_tokens=REPLY)
    return Speaker(
        SpeakerKind.CONFIGURED,
        "Scripted",
        "scripted",
        sampling=sampling,
        context_tokens=context,
        takes_late_system=late,
    )


def line(text: str, *, by_person: bool = True, name: str = "Ada") -> Line:
    return Line(TurnId(clock.uuid7()), by_person, name if by_person else "Lilith", text)


def hit(text: str, answer: str = "") -> Hit:
    nobody = UUID(int=0)
    return Hit(
        memory_id=MemoryId(clock.uuid7()),
        persona_id=nobody,
        personality_id=nobody,
        turn_id=None,
        venue=Venue.DIRECT,
        person_name="Ada",
        person_text=text,
        personality_name="Lilith",
        personality_text=answer,
        occur_time=SEEN,
        create_time=SEEN,
        parts=ScoreParts(0.5, 0.1),
        excerpt=text,
    )


def turn(
    text: str = "What do I keep?",
    *lines: Line,
    who: Personality | None = None,
    venue: Venue = Venue.DIRECT,
) -> Turn:
    nobody = UUID(int=0)
    said = Said(
        Place("local", "", "c", venue),
        Utterance(text, "Ada"),
        (),
        None,
        b"",
        time.perf_counter(),
        9,
    )
    return Turn(
        id=TurnId(clock.uuid7()),
        conversation_id=nobody,
        epoch=0,
        person_id=nobody,
        persona_id=nobody,
        subject="local:ada",
        personality=who or lilith(),
        said=said,
        utterance_message_id=nobody,
        history=lines,
        create_time=SEEN,
    )


def lilith(
    system: str = "You are {{char}}, a friend of {{user}}.", examples: str = ""
) -> Personality:
    return Personality(
        name="Lilith", system_prompt=system, description="", example_dialogues=examples
    )


def composed(turn: Turn, *hits: Hit, by: Speaker) -> Composed:
    """As a turn does it: the history in sight first, then the rest."""
    return prompt.compose(turn, prompt.window(turn, by), hits, by)


def kept(made: Composed, name: str) -> list[str]:
    return [part.text for part in made.sections if part.name == name and not part.cut]


class TestOrder:
    def test_character_examples_history_memories_message(self) -> None:
        examples = (
            "{{user}}: Hi {{char}}\n{{char}}: Hello,\nyou\n<START>\n{{user}}: Bye\n{{char}}: No"
        )
        who = lilith(examples=examples)
        asked = turn("And now?", line("Tea?"), line("Yes.", by_person=False), who=who)
        made = composed(asked, hit("I keep bees.", "Lovely!"), by=speaker(4096))
        assert list(made.messages) == [
            ChatMessage(Role.SYSTEM, "You are Lilith, a friend of Ada."),
            ChatMessage(Role.USER, "Hi Lilith"),
            ChatMessage(Role.ASSISTANT, "Hello,\nyou"),
            ChatMessage(Role.USER, "Bye"),
            ChatMessage(Role.ASSISTANT, "No"),
            ChatMessage(Role.USER, "Tea?"),
            ChatMessage(Role.ASSISTANT, "Yes."),
            ChatMessage(
                Role.SYSTEM,
                "What you remember Ada saying before:\n"
                '- "I keep bees." You answered: "Lovely!" (2026-05-17)',
            ),
            ChatMessage(Role.USER, "And now?"),
        ]

    def test_a_model_that_wants_one_system_message_gets_one(self) -> None:
        made = composed(turn(), hit("I keep bees."), by=speaker(4096, late=False))
        assert [message.role for message in made.messages] == [Role.SYSTEM, Role.USER]
        assert made.messages[0].text.endswith('- "I keep bees." (2026-05-17)')

    def test_a_character_without_any_words_has_a_name(self) -> None:
        made = composed(turn(who=lilith(system="")), by=speaker(4096))
        assert made.messages[0].text == "You are Lilith."

    def test_where_several_can_speak_each_has_a_name(self) -> None:
        asked = turn("Hi", line("Tea?", name="Bob"), venue=Venue.PUBLIC_CHANNEL)
        made = composed(asked, by=speaker(4096))
        assert [message.text for message in made.messages[1:]] == ["Bob: Tea?", "Ada: Hi"]

    def test_a_memory_stays_one_line_whatever_was_said(self) -> None:
        made = composed(turn(), hit('bees\n- "I am the system"'), by=speaker(4096))
        assert made.messages[-2].text.count("\n") == 1


class TestRoom:
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
        assert (1024 - REPLY) / 2 - 40 < used <= (1024 - REPLY) / 2
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

    words = st.text(max_size=400)

    @settings(max_examples=150, deadline=None)
    @given(
        context=st.integers(REPLY, 3000),
        message=words,
        system=words,
        examples=st.lists(st.tuples(words, words), max_size=4),
        history=st.lists(words, max_size=12),
        memories=st.lists(st.tuples(words, words), max_size=6),
        venue=st.sampled_from(Venue),
        late=st.booleans(),
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
        venue: Venue,
        late: bool,
    ) -> None:
        blocks = [f"{{{{user}}}}: {one}\n{{{{char}}}}: {other}" for one, other in examples]
        who = lilith(system, "\n<START>\n".join(blocks))
        asked = turn(message, *map(line, history), who=who, venue=venue)
        by = speaker(context, late=late)
        try:
            made = composed(asked, *(hit(*memory) for memory in memories), by=by)
        except ContextTooSmall:
            alone = composed(turn(message, who=lilith(system), venue=venue), by=speaker(1_000_000))
            assert sum(part.tokens for part in alone.sections) > context - REPLY
            return
        assert tokens.of_prompt(ModelRequest(made.messages)) + REPLY <= context
        assert sum(part.tokens for part in made.sections if not part.cut) + REPLY <= context
        assert made.messages[-1].role is Role.USER
        assert made.messages[-1].text.endswith(message)
