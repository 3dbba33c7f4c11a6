"""What a message refers to: what is told of it, in what order, and what never is."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.session.composing import (
    REPLY,
    SEEN,
    composed,
    hit,
    kept,
    lilith,
    line,
    referring,
    speaker,
)
from tzurot.account.personas import Shown
from tzurot.errors import ContextTooSmall
from tzurot.memory.venues import Venue
from tzurot.session.prompt import fitting, portrait, prompt, references
from tzurot.session.prompt.cast import cast_of
from tzurot.session.prompt.references import STUB, Known
from tzurot.session.said import AgeLimit, Reference, ReferenceKind, ReferenceState
from tzurot.session.settings.cascade import Explained, Row, Tier, explained
from tzurot.session.turns import Turn
from tzurot.session.voice import Voice

INTRO = "Messages that the last one refers to. They are not said to you now:"


def reference(text: str = "Bees!", before: int | None = None, **fields: object) -> Reference:
    """A message of Bob's that was read; `before`: which one refers to it."""
    usual = Reference(
        ReferenceKind.REPLY,
        before,
        ReferenceState.READ,
        author_subject="local:bob",
        author_name="Bob",
        text=text,
        create_time=SEEN,
    )
    return replace(usual, **fields)


def limited_to(number: int) -> Explained:
    """What the place's moderators decided."""
    return explained([Row("reference_limit", Tier.CHANNEL, number)])


def told(turn: Turn, context: int = 4096) -> list[str]:
    """The lines that the model is told, without what introduces them."""
    lines = kept(composed(turn, by=speaker(context)), "reference")
    assert lines[:1] == ([INTRO] if lines else [])
    return lines[1:]


def lines_of(
    turn: Turn, known: dict[str, Known] | None = None, in_sight: Sequence[Known] = ()
) -> list[str]:
    """The same where some of the messages are stored here, and some of these are in sight."""
    seen = frozenset().union(*(it.lines for it in in_sight))
    referred = references.told(turn, seen, known or {}, cast_of(turn))
    return [it.text for it in referred.sections(fitting.Room(9_999, 0), 9_999)][1:]


class TestOrder:
    def test_the_nearest_come_first_and_of_equally_near_ones_the_oldest(self) -> None:
        found = (
            reference("new"),
            reference("old", create_time=SEEN - timedelta(days=1)),
            reference("oldest, further", 0, create_time=SEEN - timedelta(days=9)),
            reference("undated", create_time=None, kind=ReferenceKind.LINK),
        )
        assert told(referring("Hm?", *found)) == [
            '- [1] (replied to) "Bob", 2026-05-16: "old"',
            '- [2] (replied to) "Bob", 2026-05-17: "new"',
            '- [3] (linked to) "Bob": "undated"',
            '- [4] (replied to in [2]) "Bob", 2026-05-08: "oldest, further"',
        ]

    def test_they_stand_right_before_the_message(self) -> None:
        made = composed(referring("Hm?", reference()), hit("I keep bees."), by=speaker(4096))
        assert [it.name for it in made.sections][-4:] == ["memories"] + ["reference"] * 2 + [
            "message"
        ]
        assert made.messages[-2].text.endswith(
            f'(2026-05-17)\n\n{INTRO}\n- [1] (replied to) "Bob", 2026-05-17: "Bees!"'
        )

    def test_no_more_are_told_than_the_settings_say(self) -> None:
        found = [reference(str(it)) for it in range(4)]
        over = reference("", state=ReferenceState.OVER_LIMIT)
        asked = referring("Hm?", *found, over, settings=limited_to(2))
        assert [it[-3:] for it in told(asked)] == ['"0"', '"1"', "ut."]
        assert told(asked)[-1] == "- 3 more were left out."
        assert told(referring("Hm?", *found, settings=limited_to(0))) == []

    def test_each_is_told_once(self) -> None:
        found = (
            reference("one", platform_message_id="7"),
            reference("two", platform_message_id="8"),
            reference("one", 1, platform_message_id="7", kind=ReferenceKind.LINK),
            reference("", 1, state=ReferenceState.REPEATED, platform_message_id="7"),
            reference("below", 2, platform_message_id="9"),
        )
        assert told(referring("Hm?", *found)) == [
            '- [1] (replied to) "Bob", 2026-05-17: "one"',
            '- [2] (replied to) "Bob", 2026-05-17: "two"',
            '- [3] (replied to in [1]) "Bob", 2026-05-17: "below"',
        ]

    def test_a_message_that_refers_to_itself_is_told_once_too(self) -> None:
        asked = referring("Hm?", reference("Hm?", platform_message_id="7"))
        words = replace(asked.said.ask, platform_message_id="7")
        assert told(replace(asked, said=replace(asked.said, ask=words))) == []

    @pytest.mark.parametrize("before", [0, 1, 49])
    def test_a_referrer_that_does_not_come_before_counts_as_none(self, before: int) -> None:
        asked = referring("Hm?", reference("x", before), reference("y"))
        assert [it[-3:] for it in told(asked)] == ['"x"', '"y"']


class TestUnread:
    @pytest.mark.parametrize(
        ("state", "says"),
        [
            (ReferenceState.DELETED, "a message that was deleted"),
            (ReferenceState.HIDDEN, "a message that can't be seen here"),
            (ReferenceState.UNREACHABLE, "a message that could not be read now"),
        ],
    )
    def test_what_was_not_read_is_told_as_what_it_is(
        self, state: ReferenceState, says: str
    ) -> None:
        found = reference("SECRET", state=state, author_name="SECRET")
        assert told(referring("Hm?", found)) == [f"- [1] (replied to) {says}"]

    @pytest.mark.parametrize(
        ("limit", "among_adults", "is_told"),
        [
            (AgeLimit.ADULTS, False, False),
            (AgeLimit.ADULTS, True, True),
            (AgeLimit.NONE, False, True),
            (AgeLimit.UNKNOWN, False, True),
        ],
    )
    def test_what_was_said_among_adults_is_told_among_adults(
        self, limit: AgeLimit, among_adults: bool, is_told: bool
    ) -> None:
        found = reference("SECRET", age_limit=limit, author_name="Bob")
        asked = referring("Hm?", found, age_restricted=among_adults)
        assert ("SECRET" in str(composed(asked, by=speaker(4096)))) is is_told
        (line_told,) = told(asked)
        assert ("SECRET" in line_told, "Bob" in line_told) == (is_told, is_told)
        assert ("can't be seen here" in line_told) is not is_told

    @pytest.mark.parametrize(
        ("venue", "adult", "is_told"),
        [
            (Venue.DIRECT, True, True),
            (Venue.DIRECT, False, False),
            (Venue.PRIVATE_CHANNEL, True, False),
        ],
    )
    def test_in_direct_a_proven_adult_is_told_it_too(
        self, venue: Venue, adult: bool, is_told: bool
    ) -> None:
        found = reference("SECRET", age_limit=AgeLimit.ADULTS)
        asked = referring("Hm?", found, venue=venue, face=Shown(adult=adult))
        (line_told,) = told(asked)
        assert ("SECRET" in line_told) is is_told


class TestSight:
    def test_what_the_history_shows_is_only_pointed_to(self) -> None:
        long = "The hive was empty. " * 50
        known = Known(frozenset({uuid4()}), is_own=False)
        asked = referring("Hm?", reference(long, platform_message_id="7"))
        (stub,) = lines_of(asked, {"7": known}, [known])
        assert stub.startswith('- [1] (replied to) above: "The hive was empty.')
        assert len(stub) <= STUB
        (whole,) = lines_of(asked, {"7": known})  # it is stored, but out of sight
        assert len(whole) > len(long)

    def test_the_characters_own_words_are_known_as_such(self) -> None:
        own = reference("Hello.", platform_message_id="7", author_name="Lilith", author_subject="")
        asked = referring("Hm?", own)
        assert lines_of(asked, {"7": Known(frozenset({uuid4()}), is_own=True)}) == [
            '- [1] (replied to) you, 2026-05-17: "Hello."'
        ]
        assert lines_of(asked) == ['- [1] (replied to) "Lilith" (not you), 2026-05-17: "Hello."']

    def test_a_prompt_whose_history_has_it_shows_it_once(self) -> None:
        before = line("The hive was empty that morning, and nobody knew why it was so." * 2)
        asked = referring("Hm?", reference(before.text, platform_message_id="7"))
        asked = replace(asked, history=(before,))
        made = composed(asked, by=speaker(4096))
        assert sum(before.text in it.text for it in made.messages) == 2
        material = prompt.Material(
            _portrait(asked),
            asked.text,
            history=(before,),
            known={"7": Known(frozenset({before.message_id}), is_own=False)},
        )
        made = prompt.compose(asked, material, speaker(4096))
        assert sum(before.text in it.text for it in made.messages) == 1


class TestNames:
    @pytest.mark.parametrize(
        ("name", "subject", "says"),
        [
            ("Bob", "local:bob", '"Bob"'),
            ("Ada", "local:ada", '"Ada"'),
            ("adA ", "local:bob", '"adA" (somebody else)'),
            ("lilith", "local:bob", '"lilith" (not you)'),
            ("Lilith:", "", '"Lilith:" (not you)'),
            ("", "", "somebody"),
            ('B" said', "", '"B\' said"'),
            ("A\n- [9]", "", '"A - [9]"'),
            ("x" * 99, "", f'"{"x" * 80}"'),
        ],
    )
    def test_nobody_is_taken_for_somebody_else(self, name: str, subject: str, says: str) -> None:
        found = reference("Hi", author_name=name, author_subject=subject, create_time=None)
        assert told(referring("Hm?", found)) == [f'- [1] (replied to) {says}: "Hi"']

    @settings(max_examples=150)
    @given(
        found=st.lists(
            st.tuples(
                st.text('ab"“”\n\r\u2028:-[]<|/>INST ', max_size=60) | st.text(max_size=60),
                st.text('ab"\n:[]1', max_size=12),
                st.none() | st.integers(0, 12),
                st.sampled_from(ReferenceState),
                st.sampled_from(AgeLimit),
                st.sampled_from(["", "7", "8"]),
            ),
            max_size=12,
        ),
        limit=st.integers(0, 5),
        context=st.integers(REPLY, 1500),
    )
    def test_whatever_is_referred_to_it_is_lines_of_their_form_within_the_limit(
        self,
        found: list[tuple[str, str, int | None, ReferenceState, AgeLimit, str]],
        limit: int,
        context: int,
    ) -> None:
        made_of = [
            reference(
                f"{text}READ{place}" if state is ReferenceState.READ else "",
                before,
                author_name=name,
                state=state,
                age_limit=age,
                platform_message_id=name_there,
            )
            for place, (text, name, before, state, age, name_there) in enumerate(found)
        ]
        asked = referring("Hm?", *made_of, settings=limited_to(limit))
        try:
            lines = told(asked, context)
        except ContextTooSmall:
            return
        assert sum(it.startswith("- [") for it in lines) <= limit
        form = re.compile(
            r"- (?:\[\d+\] \(replied to(?: in (?:\[\d+\]|another one))?\) "
            r'(?:a message that [^"]+'
            r'|(?:"[^"\n]*"(?: \([a-z ]+\))?|somebody), 2026-05-17: "[^"\n]*"'
            r"(?: \[cut: [\d,]+ more characters\])?)"
            r"|\d+ more were left out\.)"
        )
        for it in lines:
            assert form.fullmatch(it), it
        hidden = [
            f"READ{place}"
            for place, it in enumerate(made_of)
            if it.age_limit is AgeLimit.ADULTS and it.state is ReferenceState.READ
        ]
        assert not any(re.search(rf"{word}\b", it) for word in hidden for it in lines)


class TestRoom:
    def test_long_ones_are_cut_visibly_and_each_has_its_share(self) -> None:
        found = reference("la " * 3000), reference("short"), reference("lu " * 3000)
        long, short, other = told(referring("Hm?", *found))
        assert short == '- [2] (replied to) "Bob", 2026-05-17: "short"'
        for it in (long, other):
            assert re.search(r' …" \[cut: \d,\d{3} more characters\]$', it)
        assert abs(len(long) - len(other)) < 20
        assert len(long) > 500

    def test_what_has_no_room_is_shown_as_cut_and_counted(self) -> None:
        found = [reference(f"{it} " + "la " * 40) for it in range(30)]
        asked = referring("Hm?", *found, settings=limited_to(50))
        made = composed(asked, by=speaker(1024))
        assert len(kept(made, "reference")) < 12
        cut = [it for it in made.sections if it.name == "reference" and it.cut]
        assert kept(made, "reference")[-1] == f"- {len(cut)} more were left out."

    def test_they_go_after_memories_and_before_history(self) -> None:
        asked = referring("Hi", reference("lu " * 20), who=lilith("la " * 500))
        asked = replace(asked, history=tuple(line("la " * 20) for _ in range(2)))
        held: list[tuple[int, bool, int]] = []
        for context in range(1400, 0, -1):
            try:
                made = composed(asked, hit("la " * 20), by=speaker(context))
            except ContextTooSmall:
                break
            shown = kept(made, "reference"), kept(made, "history")
            held.append((len(made.cited), bool(shown[0]), len(shown[1])))
        words = list(dict.fromkeys(held))
        assert words[0] == (1, True, 2)
        assert words.index((0, True, 2)) < words.index((0, False, 2)) < words.index((0, False, 0))
        assert not any(told_of and history < 2 for _, told_of, history in words)

    def test_where_several_can_speak_they_look_the_same(self) -> None:
        asked = referring("Hm?", reference(), venue=Venue.PUBLIC_CHANNEL)
        assert told(asked) == ['- [1] (replied to) "Bob", 2026-05-17: "Bees!"']


def _portrait(asked: Turn) -> portrait.Portrait:
    return portrait.draw(asked, Voice(asked, speaker(4096)))
