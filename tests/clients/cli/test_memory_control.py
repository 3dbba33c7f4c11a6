"""`tzurot memory edit`, `lock` and `purge`, with a real server."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.clients.cli.people import CTRL_D, Person, plain
from tests.clients.cli.running import terminal, tzurot
from tests.conftest import Served

BEES, CATS = "I keep bees.", "I keep cats."


@pytest.fixture
async def ada(served: Served, tmp_path: Path) -> Person:
    """Somebody who has told a character two things."""
    person = Person(served, served.people("ada")[0], tmp_path)
    slug = await person.character("Luna", slug=f"luna-{uuid4().hex[:8]}")
    for words in (BEES, CATS):
        assert (await person.run("memory", "add", words, "-p", slug)).code == 0
    return person


async def words(person: Person, *options: str) -> list[str]:
    listed = (await person.document("memory", "list", *options))["memories"]
    return [it["utterances"][0]["text"] for it in listed]


async def id_of(person: Person, said: str) -> str:
    listed = (await person.document("memory", "list"))["memories"]
    (found,) = [it["id"] for it in listed if it["utterances"][0]["text"] == said]
    return str(found)


async def test_a_memory_gets_other_words(ada: Person) -> None:
    bees = await id_of(ada, BEES)
    ended = await ada.run("memory", "edit", bees, "I keep goats.")
    assert ended.out == f"The memory {bees} has other words.\n"
    assert await words(ada) == [CATS, "I keep goats."]
    shown = (await ada.run("memory", "show", bees)).out
    assert "edited         20" in shown


async def test_the_words_come_through_a_pipe(ada: Person) -> None:
    bees = await id_of(ada, BEES)
    command = (*ada.as_themselves, "memory", "edit", bees)
    address = ada.served.running.address
    said = "I keep goats.\nTwo of them.\n"
    ended = await tzurot(*command, home=ada.home, address=address, said=said)
    assert (ended.code, ended.out) == (0, f"The memory {bees} has other words.\n")
    assert await words(ada) == [CATS, "I keep goats.\nTwo of them."]


async def test_an_editor_has_the_words_as_they_are(ada: Person, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/bees/goats/" "$1"\n')
    editor.chmod(0o755)
    bees = await id_of(ada, BEES)
    command, address = (*ada.as_themselves, "memory", "edit", bees), ada.served.running.address
    for more, ends in (({}, "name your editor in EDITOR."), ({"EDITOR": str(editor)}, "words.")):
        async with terminal(*command, home=ada.home, address=address, more=more) as screen:
            await screen.see(ends)
    assert await words(ada) == [CATS, "I keep goats."]


async def test_what_is_locked_is_listed_so_and_stays(ada: Person) -> None:
    bees = await id_of(ada, BEES)
    await ada.run("memory", "lock", bees)
    assert await words(ada, "--locked") == [BEES]
    assert "exchange, locked" in (await ada.run("memory", "list")).out
    ended = await ada.run("memory", "purge", "--yes")
    assert ended.out.splitlines()[0] == "This would forget 1 memory. 1 locked memory stays."
    assert ended.out.splitlines()[-1] == "Forgotten: 1 memory."
    assert await words(ada) == [BEES]
    assert (await ada.run("memory", "purge", "--yes")).out == (
        "There is nothing to forget. 1 locked memory stays.\n"
    )
    await ada.run("memory", "unlock", bees)
    await ada.run("memory", "purge", "--yes")
    assert await words(ada) == []


async def test_a_purge_needs_a_phrase(ada: Person) -> None:
    for typed in ("yes\n", "forget 3 memories\n", "\n", CTRL_D):
        async with ada.terminal("memory", "purge") as screen:
            await screen.see('Type "forget 2 memories" to have it done:')
            screen.type(typed)
            await screen.see("Nothing was forgotten.")
            assert BEES in plain(screen.shown)
    assert await words(ada) == [CATS, BEES]
    async with ada.terminal("memory", "purge") as screen:
        await screen.see("to have it done:")
        screen.type(" Forget 2  memories \n")
        await screen.see("Forgotten: 2 memories.")
    assert await words(ada) == []


async def test_told_facts_go_with_everything_and_not_with_some(ada: Person) -> None:
    (slug,) = {it["personality_id"] for it in (await ada.document("memory", "list"))["memories"]}
    assert (await ada.run("memory", "fact", "add", "Ada skis.", "-p", slug)).code == 0
    await ada.run("memory", "purge", "--since", "1w", "--yes")
    alone = await ada.run("memory", "purge", "--yes")
    assert alone.out == (
        "This would forget 1 fact that you told.\nForgotten: 1 fact that you told.\n"
    )
    assert (await ada.document("memory", "fact", "list"))["facts"] == []


async def test_nobody_can_be_asked_through_a_pipe(ada: Person) -> None:
    ended = await ada.run("memory", "purge")
    assert ended.code != 0
    assert "say --yes" in ended.err
    assert await words(ada) == [CATS, BEES]


async def test_a_program_looks_and_then_has_it_done(ada: Person) -> None:
    preview = await ada.document("memory", "purge", "--since", "1h")
    assert (preview["memory_count"], len(preview["samples"])) == (2, 2)
    assert preview["confirmation"]
    assert await words(ada) == [CATS, BEES]
    gone = await ada.document("memory", "purge", "--since", "1h", "--yes")
    assert (gone["memory_count"], gone["confirmation"]) == (2, "")
    assert await words(ada) == []


async def test_only_what_fits_goes(ada: Person) -> None:
    nothing = await ada.document("memory", "purge", "--until", "1h", "--yes")
    assert (nothing["memory_count"], nothing["confirmation"]) == (0, "")
    ended = await ada.run("memory", "purge", "--venue", "public", "--yes")
    assert ended.out == "There is nothing to forget.\n"
    assert await words(ada) == [CATS, BEES]
