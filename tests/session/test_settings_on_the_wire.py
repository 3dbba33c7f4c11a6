"""What is decided in each tier is what the model is asked with, setting by setting.

Everybody decides one after another, each something else, and takes it back in turn: each time the
request to the provider shows whose decision counts.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.fakes.provider import Request
from tests.session.bringing import learns, takes_up
from tests.session.stage import Person, Stage, ref
from tzurot import clock
from tzurot.formats.found import Document, Lorebook, LoreEntry
from tzurot.session.settings.settings import SETTINGS
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    Off,
    Place,
    Reference,
    ReferenceKind,
    ReferenceState,
    SetChannelSettingRequest,
    SetPersonalitySettingRequest,
    SetPersonSettingRequest,
    SetSystemSettingRequest,
    SettingValue,
)

OFF = SettingValue(off=Off())
QUESTION = "Do bees hum in the garden hive?"
HONEY = "la " * 243  # a constant entry: about 3 percent of the prompt
TIERS = ("SYSTEM", "PERSONALITY", "CHANNEL", "PERSON", "PERSON_PERSONALITY")

Seen = int | bool | None


@dataclass(frozen=True, slots=True)
class Row:
    """A setting: what tier number n decides, and what of that is seen in a request.

    A flag is decided in turn; where it is off, `hides` names the settings that are not seen then.
    """

    decided: Callable[[int, bool], SettingValue]
    expected: Callable[[int, bool], Seen]
    seen: Callable[[Request], Seen]
    by_default: Seen
    hides: tuple[str, ...] = ()


def text(request: Request) -> str:
    return "\n".join(str(it["content"]) for it in request.messages)


def talk(request: Request) -> int:
    """Messages of the history."""
    spoken = [it for it in request.messages if it["role"] != "system" and "EX" not in it["content"]]
    return len(spoken) - 1


def listed(request: Request, intro: str) -> int:
    """Lines of a list."""
    _, _, after = text(request).partition(f"{intro}\n")
    return sum(row.startswith("- ") for row in after.split("\n\n")[0].split("\n"))


def whole(number: int) -> SettingValue:
    return SettingValue(whole=number)


ROWS: Mapping[str, Row] = {
    "examples": Row(
        lambda _, on: SettingValue(flag=on), lambda _, on: on, lambda it: "EX" in text(it), True
    ),
    "history_age": Row(
        lambda _, on: OFF if on else whole(60),
        lambda _, on: on,
        lambda it: talk(it) > 0,
        True,
        hides=("history_limit",),
    ),
    "history_limit": Row(lambda n, _: whole(n), lambda n, _: n, talk, 14),
    "knowledge_limit": Row(
        lambda n, _: whole(n),
        lambda n, _: n,
        lambda it: listed(it, "What you know that may be of use here:"),
        4,
    ),
    "lore_scan_depth": Row(
        lambda n, _: whole(n), lambda n, _: n, lambda it: text(it).count("heard of w"), 4
    ),
    "lore_share": Row(
        lambda n, _: whole(3 * n + 1), lambda n, _: n, lambda it: text(it).count(HONEY.strip()), 7
    ),
    "memory_limit": Row(
        lambda n, _: whole(n),
        lambda n, _: n,
        lambda it: listed(it, "What you remember Ada saying before:"),
        6,
    ),
    "memory_threshold": Row(
        lambda _, on: SettingValue(ratio=0.0 if on else 1.0),
        lambda _, on: on,
        lambda it: "What you remember" in text(it),
        True,
        hides=("memory_limit",),
    ),
    "persona": Row(
        lambda _, on: SettingValue(flag=on),
        lambda _, on: on,
        lambda it: "Ada likes tea" in text(it),
        True,
    ),
    "reply_limit": Row(
        lambda n, _: whole(100 + n),
        lambda n, _: 100 + n,
        lambda it: it.body.get("max_tokens"),
        1_024,
    ),
}


@dataclass(slots=True)
class Channel:
    """A channel with a character that has something of everything, and Ada who talks with it."""

    stage: Stage
    ada: Person
    lilith: Personality
    place: Place
    words: int = 0
    turn_id: str = ""
    tiers: dict[str, Callable[..., Awaitable[object]]] = field(init=False)

    def __post_init__(self) -> None:
        operator, mine = self.stage.client.setting, self.ada.client.setting
        who = ref(self.lilith)
        self.tiers = {
            "SYSTEM": lambda key, value: operator.set_system_setting(
                SetSystemSettingRequest(key=key, value=value)
            ),
            "PERSONALITY": lambda key, value: operator.set_personality_setting(
                SetPersonalitySettingRequest(key=key, value=value, personality=who)
            ),
            "CHANNEL": lambda key, value, bound=False: operator.set_channel_setting(
                SetChannelSettingRequest(key=key, value=value, place=self.place, bound=bound)
            ),
            "PERSON": lambda key, value: mine.set_person_setting(
                SetPersonSettingRequest(key=key, value=value)
            ),
            "PERSON_PERSONALITY": lambda key, value: mine.set_person_setting(
                SetPersonSettingRequest(key=key, value=value, personality=who)
            ),
        }

    async def heard_around(self) -> int:
        """How much of what was said around the character it is told."""
        return text(await self.asks()).count("An aside,")

    async def references_told(self) -> int:
        """How many of those messages it is told that Ada's words refer to."""
        cited = [
            Reference(
                kind=ReferenceKind.LINK,
                state=ReferenceState.READ,
                platform_message_id=f"m{number}",
                channel_id=self.place.channel_id,
                author_name="Kim",
                text=f"A citation, number {number}.",
                create_time=clock.now(),
            )
            for number in range(20)
        ]
        self.stage.model.script("I see.")
        request = self.ada.saying("See these.", self.lilith, place=self.place)
        assert request.utterance
        request.utterance.references = cited
        (told,) = await self.ada.sends(request)
        assert told.how == "STOP"
        return text(self.stage.asked[-1]).count("A citation,")

    async def answers(self) -> int:
        """How many of those answer that are named at once."""
        names = [it.name for it in self.stage.characters if it is not self.lilith]
        for _ in names:
            self.stage.model.script("I do.")
        words = f"Who answers? {' '.join(f'@{name}' for name in names)}"
        return len(await self.ada.says(words, place=self.place))

    async def decides(self, tier: str, number: int, on: bool, **how: Any) -> None:
        """Let a tier decide everything."""
        for key, row in ROWS.items():
            await self.tiers[tier](key, row.decided(number, on), **how)

    async def takes_back(self, tier: str) -> None:
        for key in ROWS:
            await self.tiers[tier](key, None)

    async def asks(self) -> Request:
        """Say something that is about all there is; what the model was asked with.

        Whatever was said before is an hour old then.
        """
        await self.stage.execute("UPDATE messages SET create_time = create_time - interval '1 h'")
        self.words += 2
        self.stage.model.script(f"w{self.words:03}")
        told = await self.ada.asks(
            f"w{self.words - 1:03} {QUESTION}", self.lilith, place=self.place
        )
        assert told.how == "STOP"
        self.turn_id = told.turn_id
        return self.stage.asked[-1]

    async def follows(self, number: int, on: bool, source: str, **how: bool) -> None:
        """See that it is decided as this tier does."""
        request = await self.asks()
        hidden = {it for row in ROWS.values() if not on for it in row.hides}
        seen = {key: row.seen(request) for key, row in ROWS.items() if key not in hidden}
        assert seen == {key: ROWS[key].expected(number, on) for key in seen}, source
        traced = (await self.ada.trace(self.turn_id)).settings
        decided = [it for it in traced if it.key in ROWS]
        assert {it.key: it.value for it in decided} == {
            key: row.decided(number, on) for key, row in ROWS.items()
        }
        assert {it.source.name for it in decided} == {source}
        assert {it.bound for it in decided} == {how.get("bound", False)}


# What moderators decide as well: the default, one number of the server and one of the channel, and
# what is seen of it.
MODERATED: Mapping[str, tuple[int, int, int, Callable[[Channel], Awaitable[int]]]] = {
    "ambient_limit": (20, 3, 0, Channel.heard_around),
    "answer_limit": (5, 1, 7, Channel.answers),
    "reference_limit": (10, 0, 3, Channel.references_told),
}
# These decide whether there is a request at all, or what of other places comes up.
ELSEWHERE = (
    *("channel_rate", "payer_rate", "person_rate", "space_rate"),  # test_limits.py
    *("direct_recalled", "servers_recalled"),  # tests/memory/test_venues.py
    *("front_followed", "members_share"),  # test_fronting.py, test_members.py
    *("proactive_after", "proactive_limit", "quiet_from", "quiet_until"),
    *("dreams", "dreamt_of", "reflections_worded"),  # test_dreams.py
    "characters_share",  # test_characters_share.py
    "preset",  # tests/wallet/presets
    "place_share",  # test_place_memories.py
    *("facts_asked", "facts_learnt"),  # learning/
    *("fresh", "incognito"),  # test_fresh.py, incognito/
    *("reasoning", "reasoning_shown"),  # test_reasoning.py
    "summaries",  # summaries/
    *("retention_allowed", "sending_allowed", "training_allowed"),  # tests/wallet/keys
)


@pytest.fixture
async def channel(stage: Stage) -> Channel:
    ada = stage.person("Ada")
    lilith = await stage.character("Lilith", example_dialogues="{{user}}: EX\n{{char}}: EX")
    about = ["bees that hum in a garden hive"] * 8 + ["tides", "bells", "bread", "salt"] * 8
    known = [Document(f"Number {it} is about {what}.") for it, what in enumerate(about)]
    await learns(stage, lilith, *known)
    keyed = [LoreEntry((f"w{it:03}",), f"heard of w{it:03}") for it in range(100)]
    constant = [LoreEntry((), f"{it} {HONEY}", constant=True) for it in range(9)]
    await takes_up(stage, lilith, Lorebook((*constant, *keyed)))
    made = Channel(stage, ada, lilith, stage.channel())
    for _ in range(7):
        await made.asks()
    (conversation,) = await stage.rows(
        "SELECT conversation_id, person_id FROM turns WHERE id = :id", id=made.turn_id
    )
    await stage.indexed()
    await ada.resets(str(conversation[0]))
    await stage.execute(
        "UPDATE personas SET description = 'Ada likes tea.', private = false WHERE person_id = :id",
        id=UUID(str(conversation[1])),
    )
    for _ in range(7):
        await made.asks()
    return made


def test_no_setting_is_missing() -> None:
    assert sorted([*ROWS, *MODERATED, *ELSEWHERE]) == [it.key for it in SETTINGS]


async def test_without_any_decision_the_defaults_count(channel: Channel) -> None:
    request = await channel.asks()
    assert {key: row.seen(request) for key, row in ROWS.items()} == {
        key: row.by_default for key, row in ROWS.items()
    }


@pytest.mark.parametrize("flipped", [False, True])
async def test_the_last_tier_that_decided_counts(channel: Channel, flipped: bool) -> None:
    def on(number: int) -> bool:
        return (number % 2 == 0) is not flipped

    try:
        for number, tier in enumerate(TIERS, start=1):
            await channel.decides(tier, number, on(number))
            await channel.follows(number, on(number), tier)
        await channel.decides("CHANNEL", 6, on(6), bound=True)
        await channel.follows(6, on(6), "CHANNEL", bound=True)
        await channel.decides("CHANNEL", 3, on(3))
        for number in range(5, 0, -1):
            await channel.follows(number, on(number), TIERS[number - 1])
            await channel.takes_back(TIERS[number - 1])
    finally:
        await channel.takes_back("SYSTEM")
    assert ROWS["history_limit"].seen(await channel.asks()) != 1


@pytest.mark.parametrize("key", MODERATED)
async def test_what_a_moderator_decides_counts_in_the_channel_and_else_what_the_server_has(
    key: str, channel: Channel, stage: Stage
) -> None:
    kim, mark = stage.person("Kim"), uuid4().hex[:8]
    others = [await stage.character(f"Baal{it} {mark}") for it in range(7)]
    for number in range(12):
        stage.model.script(f"An aside, the answer to number {number}.")
        await kim.asks(f"An aside, number {number}.", others[0], place=channel.place)
    default, *numbers, seen = MODERATED[key]
    assert await seen(channel) == default
    try:
        for tier, number in zip(("SYSTEM", "CHANNEL"), numbers, strict=True):
            await channel.tiers[tier](key, whole(number))
            assert await seen(channel) == number
        await channel.tiers["CHANNEL"](key, None)
        assert await seen(channel) == numbers[0]
    finally:
        await channel.tiers["SYSTEM"](key, None)
    assert await seen(channel) == default


async def test_off_is_a_decision_and_none_passes_on(channel: Channel) -> None:
    decide = channel.tiers
    await decide["PERSONALITY"]("reply_limit", whole(100))
    await decide["PERSONALITY"]("history_age", whole(60))
    seen: list[tuple[Seen, Seen]] = []
    for value in (None, OFF, None):
        for key in ("reply_limit", "history_age"):
            await decide["PERSON"](key, value)
        request = await channel.asks()
        seen.append((request.body.get("max_tokens"), talk(request) > 0))
    assert seen == [(100, False), (1_024, True), (100, False)]


async def test_nothing_at_all_can_be_told(channel: Channel) -> None:
    for key in ("history_limit", "knowledge_limit", "lore_share", "memory_limit"):
        await channel.tiers["PERSON"](key, whole(0))
    for key in ("examples", "persona"):
        await channel.tiers["PERSON"](key, SettingValue(flag=False))
    request = await channel.asks()
    assert [(it["role"], it["content"]) for it in request.timeless] == [
        ("system", "You are Lilith."),
        ("user", f"Ada: w{channel.words - 1:03} {QUESTION}"),
    ]


async def test_a_reply_never_takes_the_room_of_the_prompt(channel: Channel) -> None:
    await channel.tiers["PERSON"]("reply_limit", whole(32_768))
    request = await channel.asks()
    assert request.body["max_tokens"] == 8_192 // 2
