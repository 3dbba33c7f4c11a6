"""What somebody can do in a talk besides talking: lines that begin with a slash."""

import re
from collections.abc import AsyncIterator
from datetime import datetime

from rich.console import Console
from rich.text import Text

from tzurot_cli import attaching, trace
from tzurot_cli.console import day, one_line
from tzurot_cli.labels import label
from tzurot_cli.memory_fields import words
from tzurot_cli.talk import Talk
from tzurot_client import NotFound
from tzurot_client.gen.tzurot.memory.v1 import Memory
from tzurot_client.gen.tzurot.session.v1 import ChatEvent

_WHO_TALKS = "Say /scene with at least two names, and what about: /scene Ada, Bambi: mushrooms"
_NO_REPLY = "There is no reply yet: say something first."

HELP = """\
/memories   what {name} remembers of you, newest first
/forget     the same with numbers; /forget 2 makes {name} forget the second
/regenerate another reply in place of the last one
/continue   the last reply goes on
/scene      characters talk with each other: /scene {name}, Bambi: the price of mushrooms
/chime-in   {name} says something unasked; /chime-in Bambi lets another one
/alternatives  what else was said in its place; /alternatives 2 goes on with the second
/edit       other words for the last reply: /edit Good evening.
/attach     a picture or a text for what you say next: /attach bees.png
/inspect    how the last reply came about
/quit       leave (as Ctrl-D does)
Whatever `tzurot help` lists is held here, too, about {name} if you name nobody else:
say /memory browse, or /memory purge character=bambi.
A line that begins with two slashes is said with one. Ctrl-C stops a reply."""

_OWN = frozenset(re.findall(r"^/([a-z-]+)", HELP, re.MULTILINE)) | {"help"}


def is_command(line: str) -> bool:
    """Whether a line is for the command line and not for the character."""
    return line.startswith("/") and not line.startswith("//")


def begins_dialogue(line: str) -> bool:
    """Whether a line with a slash may name a dialogue of the server's."""
    first, *_ = (*line[1:].split(), "")
    return first not in {"", *_OWN}


async def again(line: str, talk: Talk) -> AsyncIterator[ChatEvent] | None:
    """The events of a reply that a line with a slash asks for; None: it asks for none.

    Raises:
        TzurotError: a call failed.
    """
    command, _, argument = line[1:].strip().partition(" ")
    match command:
        case "regenerate" | "continue" if not argument:
            return await talk.again(goes_on=command == "continue")
        case "scene":
            names, _, topic = argument.partition(":")
            who = [name.strip() for name in names.split(",") if name.strip()]
            return await talk.scene(who, topic.strip()) if len(who) > 1 else None
        case "chime-in":
            return await talk.chime_in(argument.strip())
        case _:
            return None


async def obey(line: str, talk: Talk, out: Console) -> bool:
    """Do what a line with a slash asks for; False if it asks to leave.

    Raises:
        TzurotError: a call failed.
        CommandFailed: a file can't be attached.
    """
    command, _, argument = line[1:].partition(" ")
    match command:
        case "quit":
            return False
        case "help":
            out.print(HELP.format(name=talk.called))
        case "memories":
            await _show_memories(talk, out)
        case "forget":
            await _forget(argument.strip(), talk, out)
        case "attach":
            await _attach(argument.strip(), talk, out)
        case "inspect":
            await _inspect(talk, out)
        case "alternatives":
            await _alternatives(argument.strip(), talk, out)
        case "edit":
            await _edit(argument.strip(), talk, out)
        case "regenerate" | "continue":
            out.print(_NO_REPLY)
        case "scene":
            out.print(_WHO_TALKS)
        case _:
            out.print(f"There is no /{one_line(command, 40)}: /help shows what there is.")
    return True


async def _show_memories(talk: Talk, out: Console) -> bool:
    cited = {memory.memory_id for memory in talk.last.cited}
    memories = await talk.memories()
    today = datetime.now().astimezone().date()
    for number, memory in enumerate(memories, 1):
        mark = " (in the last prompt)" if memory.id in cited else ""
        when = day(memory.occur_time, today)
        out.print(Text(f"{number:2}. {_quoted(memory)} ({when}){mark}"))
    if not memories:
        out.print(f"{talk.called} remembers nothing of you yet.")
    return bool(memories)


async def _forget(argument: str, talk: Talk, out: Console) -> None:
    if not argument:
        if await _show_memories(talk, out):
            out.print("Which one? Say /forget with its number.")
        return
    if not argument.isdecimal():
        out.print("Say /forget with a number of the list that /forget shows.")
        return
    try:
        memory = await talk.forget(int(argument))
    except NotFound:
        out.print("That memory is forgotten already.")
        return
    if memory is None:
        out.print(f"No memory was shown with the number {argument}: /forget shows them.")
        return
    out.print(Text(f"Forgotten: {_quoted(memory)}"))


async def _attach(path: str, talk: Talk, out: Console) -> None:
    if not path:
        out.print("Which file? Say /attach with its path.")
        return
    out.print(Text(attaching.told(await talk.attach(path))))


async def _alternatives(argument: str, talk: Talk, out: Console) -> None:
    found = await talk.alternatives()
    if not found:
        out.print(_NO_REPLY)
    elif not argument:
        for number, it in enumerate(found, 1):
            mark = " (chosen)" if it.chosen else ""
            out.print(Text(f"{number:2}. {one_line(it.text, 200)}{mark}"))
    elif argument.isdecimal() and 1 <= int(argument) <= len(found):
        await talk.choose(found[int(argument) - 1])
        out.print(Text(f"It goes on with: {one_line(found[int(argument) - 1].text, 200)}"))
    else:
        out.print("Say /alternatives with a number of the list that /alternatives shows.")


async def _edit(text: str, talk: Talk, out: Console) -> None:
    if not text:
        out.print("Say /edit with the new words.")
    elif await talk.edit(text) is None:
        out.print(_NO_REPLY)
    else:
        out.print(Text(f"It says now: {one_line(text, 200)}"))


async def _inspect(talk: Talk, out: Console) -> None:
    if not talk.last.turn_id:
        out.print("There is no turn yet: say something first.")
        return
    who = talk.personality
    trace.show(await talk.trace(), label(who.name, who.slug), out)


def _quoted(memory: Memory) -> str:
    return f'"{words(memory, 200)}"'
