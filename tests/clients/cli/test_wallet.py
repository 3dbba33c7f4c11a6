"""Bringing a key on the command line, with a real server, and never showing it."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.clients.cli.people import Person, choose, fill_in
from tests.conftest import Served


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("ada")[0], tmp_path)


def a_key() -> str:
    return f"sk-or-v1-{uuid4().hex}"


async def test_a_key_is_piped_in_listed_checked_and_removed(ada: Person) -> None:
    key = a_key()
    ended = await ada.run("wallet", "key", "add", "openrouter", said=f"{key}\n")
    told = f"paid with the key that ends in {key[-4:]}"
    sentence = f"OpenRouter lets you in. openai/gpt-4.1-mini answers you from now on, {told}.\n"
    assert (ended.code, ended.out, ended.err) == (0, sentence, "")
    shown = (await ada.run("wallet", "key", "list")).out
    heads, row = (line.split() for line in shown.splitlines())
    assert heads[:4] == ["name", "provider", "ends", "in"]
    assert row[:3] == ["default", "openrouter", key[-4:]]
    ended = await ada.run("wallet", "key", "check", "openrouter/default")
    assert (ended.code, ended.out) == (0, "OpenRouter lets you in.\n")
    ended = await ada.run("wallet", "key", "remove", "default")
    assert (ended.code, ended.out) == (0, "The key `default` of OpenRouter is deleted.\n")
    assert (await ada.document("wallet", "key", "list")) == {"api_keys": []}


async def test_another_model_speaks_with_a_key(ada: Person) -> None:
    await ada.run("wallet", "key", "add", "gemini", said=a_key())
    ended = await ada.run("wallet", "key", "use", "default", "gemini-2.5-flash")
    assert (ended.code, ended.out, ended.err) == (
        0,
        "gemini-2.5-flash speaks with the key `default` from now on.\n",
        "",
    )
    ended = await ada.run("wallet", "key", "use", "default", "gpt-5")
    assert ended.err.startswith("Gemini lists no model gpt-5:")
    shown = await ada.document("model", "show", "gemini-2.5-flash")
    assert (shown["model"]["speaks"], shown["model"]["price"]["output_micros"]) == (True, "2500000")


async def test_a_key_comes_from_a_file(ada: Person, tmp_path: Path) -> None:
    key, file = a_key(), tmp_path / "key"
    file.write_text(f"{key}\n")
    command = ("wallet", "key", "add", "anthropic", "--name", "Work", "--from-file", str(file))
    stored = (await ada.document(*command))["api_key"]
    assert (stored["provider"], stored["name"]) == ("API_KEY_PROVIDER_ANTHROPIC", "Work")
    assert key not in str(stored)
    assert (await ada.document("wallet", "key", "list"))["api_keys"] == [stored]
    assert (await ada.document("wallet", "key", "check", "Work"))["api_key"]["id"] == stored["id"]
    assert await ada.document("wallet", "key", "remove", stored["id"]) == {}


async def test_on_a_terminal_a_key_is_typed_unseen(ada: Person) -> None:
    key = a_key()
    async with ada.terminal("wallet", "key", "add", "elevenlabs") as shown:
        await shown.see("Key (not shown): ")
        shown.type(f"{key}\n")
        await shown.see("ElevenLabs lets you in. It is kept")
        assert await shown.ended() == 0
        assert key not in shown.shown


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "No key was given: type it, pipe it in, or name a file (--from-file).\n"),
        (("--from-file", "/nowhere"), "The key can't be read from /nowhere: No such file"),
    ],
)
async def test_without_a_key_nothing_is_asked(
    ada: Person, options: tuple[str, ...], sentence: str
) -> None:
    ended = await ada.run("wallet", "key", "add", "openai", *options)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(sentence)


async def test_what_is_wrong_is_said_without_the_key(ada: Person) -> None:
    key = a_key()
    inside = ("--base-url", "https://10.0.0.1/v1")
    ended = await ada.run("wallet", "key", "add", "compatible", *inside, said=key)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("The address must have a full name")
    ended = await ada.run("wallet", "key", "add", "openai", *inside, said=key)
    assert ended.err == (
        "base_url: must be set for an OpenAI-compatible address, and only there.\n"
    )
    ended = await ada.run("wallet", "key", "remove", "mine")
    assert ended.err == "You have no key `mine`: `tzurot wallet key list` shows yours.\n"


async def test_of_two_keys_of_one_name_neither_is_guessed(ada: Person) -> None:
    for provider in ("openai", "mistral"):
        await ada.run("wallet", "key", "add", provider, said=a_key())
    ended = await ada.run("wallet", "key", "remove", "default")
    meant = "`mistral/default` or `openai/default`"
    assert (ended.code, ended.err) == (2, f"You have several keys of this name: {meant}.\n")
    assert (await ada.run("wallet", "key", "remove", "mistral/default")).code == 0
    assert len((await ada.document("wallet", "key", "list"))["api_keys"]) == 1


async def test_in_a_dialogue_a_key_is_typed_unseen_too(ada: Person) -> None:
    key = a_key()
    async with ada.terminal("flow", "run", "wallet keys") as screen:
        await choose(screen, "Add a key")
        await fill_in(screen, {"Whose key it is": "openai", "The key": key, "What to call it": ""})
        await fill_in(screen, {"Address": "", "Model": ""})
        await screen.see("OpenAI (default) lets you in.")
        assert key not in screen.shown


async def test_a_key_is_no_argument_of_a_dialogue(ada: Person) -> None:
    key = a_key()
    started = await ada.document("flow", "run", "wallet keys")
    flow_id = started["flow"]["id"]
    ended = await ada.run("flow", "submit", flow_id, "add", "provider=openai", f"secret={key}")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("`secret` is secret, so it is no argument: go on with")
    assert await ada.document("wallet", "key", "list") == {"api_keys": []}
