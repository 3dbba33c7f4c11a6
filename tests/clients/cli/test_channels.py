"""Channels with the real `tzurot` at a real server: who answers, how, and what nobody is told."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.clients.cli.people import Person
from tests.conftest import Served
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PUBLIC


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    (client,) = served.people("ada")
    return Person(served, client, tmp_path)


@pytest.fixture
async def lilith(ada: Person) -> str:
    """The slug of a character that everybody sees."""
    return await ada.character(f"Lilith {uuid4().hex}", visibility=VISIBILITY_PUBLIC)


@pytest.fixture
def space() -> str:
    return uuid4().hex


@pytest.fixture
def meadow(space: str) -> str:
    return f"local:{space}/{uuid4().hex}"


async def active(who: Person, place: str) -> list[tuple[str, str, float]]:
    """Slug, mode and talkativeness of those active there."""
    shown = await who.document("channel", "show", place)
    return [
        (it["personality_slug"], it["mode"], it["talkativeness"])
        for it in shown["channel"]["activations"]
    ]


async def test_a_character_is_activated_changed_and_taken_out(
    ada: Person, lilith: str, meadow: str
) -> None:
    shown = await ada.run("channel", "activate", meadow, lilith)
    assert (shown.code, shown.err) == (0, "")
    assert lilith in shown.out
    assert meadow in shown.out
    await ada.run("channel", "activate", meadow, lilith, "--mode=named", "--talkativeness=0.25")
    assert await active(ada, meadow) == [(lilith, "ACTIVATION_MODE_WHEN_NAMED", 0.25)]
    await ada.run("channel", "deactivate", meadow, lilith)
    assert await active(ada, meadow) == []


async def test_a_thread_is_shown_as_its_channel_until_it_decides(
    ada: Person, lilith: str, meadow: str
) -> None:
    inside = f"{meadow}/{uuid4().hex}"
    await ada.run("channel", "activate", meadow, lilith)
    assert "as in its channel" in (await ada.run("channel", "show", inside)).out
    await ada.run("channel", "deactivate", inside, "--all")
    assert await active(ada, inside) == []
    await ada.run("channel", "reset", inside)
    assert len(await active(ada, inside)) == 1


async def test_the_next_speaker_is_chosen_and_taken_back(
    ada: Person, lilith: str, meadow: str
) -> None:
    await ada.run("channel", "activate", meadow, lilith)
    name = (await ada.look_at(lilith)).name
    chosen = await ada.document("channel", "next", meadow, name)
    assert chosen["channel"]["next_speaker_id"] == (await ada.look_at(lilith)).id
    back = await ada.document("channel", "next", meadow)
    assert not back["channel"]["next_speaker_id"]


async def test_the_channels_of_a_server_are_listed(
    ada: Person, lilith: str, meadow: str, space: str
) -> None:
    await ada.run("channel", "activate", meadow, lilith, "--mode=muted")
    listed = await ada.run("channel", "list", f"local:{space}")
    assert meadow in listed.out
    assert f"({lilith}) muted" in listed.out
    document = await ada.document("channel", "list", f"local:{space}")
    assert [it["place"]["space_id"] for it in document["channels"]] == [space]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "nowhere"), "'nowhere' is no place"),
        (("show", "local:1"), "'local:1' is no place"),
        (("show", "local:1/2/3/4"), "is no place"),
        (("show", "discord:1/2"), "may not act for"),
        (("deactivate", "local:1/2"), "Name one character, or give --all."),
        (("deactivate", "local:1/2", "tzu", "--all"), "Name one character, or give --all."),
        (("next", "local:1/2", "nobody-here"), "No 'nobody-here' is active in this channel"),
        (("activate", "local:1/2", "nobody-of-this-name"), "There is no character"),
    ],
)
async def test_what_cannot_be_is_said_in_a_sentence(
    ada: Person, words: tuple[str, ...], sentence: str
) -> None:
    ended = await ada.run("channel", *words)
    assert ended.code != 0
    assert sentence in ended.err


async def test_a_dialogue_about_a_channel_takes_its_place(
    ada: Person, lilith: str, meadow: str
) -> None:
    nowhere = await ada.run("flow", "run", "channel", "browse")
    assert nowhere.code != 0
    await ada.run("channel", "activate", meadow, lilith)
    begun = await _begun(ada, "channel", "browse", f"--place={meadow}")
    assert [it["text"] for it in begun["view"]["items"]] == ["answers every message"]


async def test_what_was_said_around_is_kept_where_somebody_is_active(
    ada: Person, lilith: str, meadow: str
) -> None:
    author = f"--author={ada.client.subject}"
    told = await ada.run("channel", "record", meadow, "m1", "My bees hum.", author)
    assert (told.code, told.out) == (0, "The message m1 is not kept.\n")
    await ada.run("channel", "activate", meadow, lilith)
    told = await ada.run("channel", "record", meadow, "m1", "My bees hum.", author)
    assert told.out == "The message m1 is kept for some hours.\n"
    again = await ada.document("channel", "record", meadow, "m1", "My bees hum.", author)
    assert not again.get("recorded_count")


async def _begun(who: Person, *words: str) -> Any:
    return (await who.document("flow", "run", *words))["flow"]
