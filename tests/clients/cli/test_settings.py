"""Settings with the real `tzurot` at a real server: decided, explained, taken back."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.clients.cli.people import Person
from tests.clients.cli.running import Ended
from tests.conftest import Served
from tzurot import clock


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    (client,) = served.people("ada")
    return Person(served, client, tmp_path)


@pytest.fixture
async def untouched(ada: Person) -> AsyncIterator[None]:
    """What the test decides for the server goes with it."""
    yield
    await ada.run("setting", "unset", "lore_share", "--system")


def rows(ended: Ended) -> list[list[str]]:
    """A table's lines, as the words between wide gaps."""
    assert ended.code == 0, ended.err
    return [line.split() for line in ended.out.splitlines()]


async def counts(who: Person, key: str, *where: str) -> tuple[object, str]:
    """What counts, and the tier that decided it."""
    (found,) = [
        it for it in (await who.document("setting", "show", *where))["settings"] if it["key"] == key
    ]
    (value,) = [it for it in found["value"].values() if it is not None]
    return value, found["source"]


async def test_all_settings_are_listed_with_what_they_can_be(ada: Person) -> None:
    listed = rows(await ada.run("setting", "list"))
    words = ["memory_limit", "0", "to", "50", "6", "everybody", "Memories"]
    assert words in [line[:7] for line in listed]
    words = ["examples", "on", "or", "off", "on", "everybody", "Example"]
    assert words in [line[:7] for line in listed]
    words = ["answer_limit", "1", "to", "10", "5", "server,", "channel", "Characters"]
    assert words in [line[:8] for line in listed]
    words = ["person_rate", "1", "to", "100000,", "or", "off", "20", "server", "Answers"]
    assert words in [line[:9] for line in listed]
    assert "60 to 315360000, or off" in (await ada.run("setting", "list")).out
    document = await ada.document("setting", "list")
    assert [it["key"] for it in document["settings"]] == [line[0] for line in listed[1:]]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("memory_limit", "12", "12"),
        ("memory_threshold", "0.25", "0.25"),
        ("memory_threshold", "1", "1"),
        ("examples", "off", "off"),
        ("examples", "TRUE", "on"),
        ("reply_limit", "off", "off"),
        ("history_age", "315360000", "315360000"),
        ("reasoning", "High", "high"),
        ("reasoning", "off", "off"),
    ],
)
async def test_a_value_is_read_by_the_kind_of_its_setting(
    key: str, value: str, told: str, ada: Person
) -> None:
    ended = await ada.run("setting", "set", key, value)
    assert (ended.code, ended.out) == (0, f"{key} is {told} (by: you).\n")
    ended = await ada.run("setting", "unset", key)
    assert ended.out.endswith("(by: default).\n")


async def test_every_tier_is_decided_and_taken_back(ada: Person, untouched: None) -> None:
    slug, channel = await ada.character("Lilith"), ("--channel", "7", "--platform", "local")
    here = ("--character", slug, *channel)
    targets = [
        ("SYSTEM", ["--system"]),
        ("PERSONALITY", ["--character", slug]),
        ("CHANNEL", [*channel, "--bound"]),
        ("PERSON", []),
        ("PERSON_PERSONALITY", ["-p", slug]),
    ]
    for number, (_, options) in enumerate(targets):
        await ada.document("setting", "set", "lore_share", str(number + 1), *options)
    assert await counts(ada, "lore_share", *here) == ("3", "SETTING_TIER_CHANNEL")
    shown = rows(await ada.run("setting", "show", *here))
    assert ["lore_share", "3", "1", "2", "3", "(bound)", "4", "5"] in shown

    assert rows(await ada.run("setting", "explain", "lore_share", *here)) == [
        ["setting", "lore_share"],
        ["value", "3"],
        ["decided", "by", "channel", "(bound)"],
        ["tier", "value", "counts"],
        ["default", "25", "no"],
        ["server", "1", "no"],
        ["character", "2", "no"],
        ["channel", "3", "(bound)", "yes"],
        ["you", "4", "no"],
        ["you", "with", "it", "5", "no"],
    ]
    document = await ada.document("setting", "explain", "lore_share", *here)
    assert [it["tier"] for it in document["setting"]["decided"]] == [
        f"SETTING_TIER_{name}" for name, _ in targets
    ]

    await ada.document("setting", "unset", "lore_share", *channel)
    assert await counts(ada, "lore_share", *here) == ("5", "SETTING_TIER_PERSON_PERSONALITY")
    for name, options in (targets[4], targets[3], targets[1], targets[0]):
        assert (await counts(ada, "lore_share", *here))[1] == f"SETTING_TIER_{name}"
        await ada.document("setting", "unset", "lore_share", *options)
    assert await counts(ada, "lore_share", *here) == ("25", "SETTING_TIER_UNSPECIFIED")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("set moon_phase 3", "There is no setting `moon_phase`; `tzurot setting list` shows"),
        ("explain moon_phase", "There is no setting `moon_phase`; `tzurot setting list` shows"),
        ("unset moon_phase", "There is no setting `moon_phase`; `tzurot setting list` shows"),
        ("set memory_limit many", "`memory_limit` can be 0 to 50."),
        ("set memory_limit 99999999999999999999", "`memory_limit` can be 0 to 50."),
        ("set memory_limit 51", "must be a whole number from 0 to 50 for `memory_limit`."),
        ("set memory_limit off", "must be a whole number from 0 to 50 for `memory_limit`."),
        ("set memory_threshold nan", "must be a number from 0 to 1 for `memory_threshold`."),
        ("set reasoning most", "must be one of auto, off, minimal, low, medium, high, max"),
        ("set person_rate 3", "`person_rate` is for who runs the server."),
        ("set examples 1", "`examples` can be on or off."),
        ("set memory_limit 1 --system -p x", "Decide for one:"),
        ("set memory_limit 1 --channel 7", "give both --channel and --platform."),
        ("show --platform local", "give both --channel and --platform."),
        ("set memory_limit 1 --bound", "give --channel, too."),
        ("set memory_limit 1 --for 2h --system", "for yourself can be for a while."),
        ("set memory_limit 1 --for soon", "it must be like 10m, 2h or 7d."),
        ("set memory_limit 1 --channel 7 --platform discord", "may not act for"),
        ("set memory_limit 1 -p nobody-here", "There is no character `nobody-here`"),
    ],
)
async def test_what_cannot_be_done_ends_with_a_sentence(
    command: str, words: str, ada: Person
) -> None:
    ended = await ada.run("setting", *command.split())
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err


async def test_somebody_elses_character_is_not_decided_for(
    ada: Person, served: Served, tmp_path: Path
) -> None:
    slug = await ada.character("Lilith", visibility="VISIBILITY_PUBLIC")
    kim = Person(served, served.people(f"kim-{clock.uuid7().hex[-6:]}")[0], tmp_path)
    ended = await kim.run("setting", "set", "memory_limit", "1", "--character", slug)
    assert ended.code == 2
    assert "may change" in ended.err
    ended = await kim.run("setting", "set", "memory_limit", "1", "-p", slug, "--json")
    assert json.loads(ended.out)["setting"]["source"] == "SETTING_TIER_PERSON_PERSONALITY"


async def test_what_is_decided_for_a_while_says_until_when(ada: Person) -> None:
    until = r"until \d{4}-\d{2}-\d{2} \d{2}:\d{2}"
    ended = await ada.run("setting", "set", "memory_limit", "3")
    assert ended.out == "memory_limit is 3 (by: you).\n"
    ended = await ada.run("setting", "set", "memory_limit", "5", "--for", "2h")
    assert re.fullmatch(rf"memory_limit is 5 \(by: you\) {until}[^.]*\.\n", ended.out)
    ended = await ada.run("setting", "explain", "memory_limit")
    assert re.search(r"^until  +\d{4}-", ended.out, re.MULTILINE)
    assert re.search(rf"5 {until}", (await ada.run("setting", "show")).out)
    document = await ada.document("setting", "explain", "memory_limit")
    assert document["setting"]["expire_time"]
    ended = await ada.run("setting", "set", "memory_limit", "4")
    assert ended.out == "memory_limit is 4 (by: you).\n"


@pytest.mark.parametrize("mode", ["incognito", "fresh"])
async def test_a_mode_is_switched_on_shown_and_switched_off(mode: str, ada: Person) -> None:
    slug = await ada.character("Lilith")
    assert (await ada.run("memory", mode)).out.startswith(f"{mode} is off: ")
    ended = await ada.run("memory", mode, "on", "--for", "1h")
    assert re.match(rf"{mode} is on until \d{{4}}-", ended.out)
    ended = await ada.run("memory", mode, "show", "-p", slug)
    assert ended.out.startswith(f"{mode} is on until ")
    ended = await ada.run("memory", mode, "off", "-p", slug)
    assert re.match(rf"{mode} is off with this character until \d{{4}}-[^.]*: ", ended.out)
    assert (await ada.run("memory", mode)).out.startswith(f"{mode} is on until ")
    document = await ada.document("memory", mode, "off")
    assert document["setting"]["value"]["flag"] is False
    ended = await ada.run("memory", mode, "off", "--for", "1h")
    assert "Only `on` can be for a while." in ended.err


async def test_forgetting_has_to_be_meant(ada: Person) -> None:
    ended = await ada.run("memory", "forget", "--last", "10m")
    assert (ended.code, ended.out) == (2, "")
    assert "say --yes if you mean it" in ended.err
    ended = await ada.run("memory", "forget", "--last", "10m", "--yes")
    assert ended.out == "Forgotten: 0 messages, 0 memories, 0 facts.\n"
    document = await ada.document("memory", "forget", "--last", "10m", "--yes")
    assert document["deleted_message_count"] == 0
