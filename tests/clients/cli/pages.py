"""Walks a how-to page: types the commands of its blocks and compares what they print with it.

A block of the language `sh` has commands, one a line. A block of the language `text` that begins
with `$ ` has commands, each with what it prints below; any other is what the last command before
printed. On the page `…` at the end of a line stands for its rest, and alone for lines between. In a
talk, what stands after `you:` is typed.

Times, dates, ids and scores are compared by their kind: they differ from run to run.
"""

import re
import shlex
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.clients.cli.people import CTRL_D, plain
from tests.clients.cli.running import Terminal, terminal, tzurot
from tests.conftest import RunningServer

_BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SAID = "you:"
_KINDS = (
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f-]{3,}[0-9a-f](?![0-9a-f-])|\b[0-9a-f]{8}-…"), "<id>"),
    (re.compile(r"\b[0-9a-f]{8}(?= \$)"), "<end of id>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b"), "<date>"),
    (re.compile(r"\b\d+(\.\d+)? (ms|s|minutes?)\b"), "<time>"),
    (re.compile(r"^[01]\.\d\d+(?= )"), "<score>"),
    (re.compile(r"^Today is .*"), "<today>"),
    (re.compile(r"^(time \()\d+|\b\d+( tokens, memories)"), r"\1<count>\2"),
    (re.compile(r"\b(three|four|five) days long"), "<picked> days long"),
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A command of the page, and what it says that the command prints; None: it says nothing."""

    words: list[str]
    printed: list[str] | None


@dataclass
class Walk:
    """Somebody with the page beside a terminal. `said` is what is typed and not shown."""

    server: RunningServer
    home: Path
    secrets: list[str] = field(default_factory=list[str])
    names: dict[str, str] = field(default_factory=dict[str, str])
    """What stands for what on the page, such as `ID`."""

    async def follow(self, typed: Typed) -> None:
        """Type a command, and see the page's words."""
        words = [self.names.get(word, word) for word in typed.words]
        said = [line for line in typed.printed or () if line.startswith(_SAID)]
        if words[0] == "chat" and said:
            shown = await self._talked(words, [line.removeprefix(_SAID).strip() for line in said])
        else:
            shown = await self.printed(words)
        if typed.printed is not None:
            compare(" ".join(typed.words), typed.printed, shown.splitlines())

    async def printed(self, words: list[str]) -> str:
        secret = self.secrets.pop(0) if words[:3] == ["wallet", "key", "add"] else ""
        env = {"TZUROT_HOME": str(self.home), "TZUROT_TOKEN": self.server.token}
        done = await tzurot(
            *words, home=self.home, address=self.server.address, said=f"{secret}\n", env=env
        )
        return ("Key (not shown):\n" if secret else "") + done.out + done.err

    async def _talked(self, words: list[str], said: Sequence[str]) -> str:
        async with self._terminal(*words) as screen:
            for line in said:
                await screen.see(_SAID)
                screen.type(f"{line}\n")
                await screen.see(line)
            await screen.see(_SAID)
            screen.type(CTRL_D)
            assert await screen.ended() == 0
            spun = re.sub("[\u2800-\u28ff]", "", plain(screen.shown))
        return spun.rpartition(_SAID)[0]

    @asynccontextmanager
    async def _terminal(self, *words: str) -> AsyncIterator[Terminal]:
        """As wide as it takes: lines are not folded."""
        env = {"TZUROT_HOME": str(self.home), "TZUROT_TOKEN": self.server.token, "COLUMNS": "400"}
        async with terminal(
            *words, home=self.home, address=self.server.address, more=env
        ) as screen:
            yield screen


def typed(page: Path, *sections: str) -> list[Typed]:
    """The commands of the page's `tzurot`, in order: of all its sections, or of those named."""
    parts = page.read_text().split("\n## ")
    chosen = [part for part in parts if not sections or part.split("\n")[0] in sections]
    found: list[Typed] = []
    for language, block in _BLOCK.findall("\n".join(chosen)):
        if language == "sh":
            lines = block.replace("\\\n", " ").splitlines()
            found += [Typed(words, None) for words in filter(None, map(_words, lines))]
        elif block.startswith("$ "):
            for part in block.removeprefix("$ ").split("\n$ "):
                command, *printed = part.splitlines()
                found.append(Typed(_words(command), printed))
        elif found and found[-1].printed is None:
            found[-1] = Typed(found[-1].words, block.splitlines())
    return found


def _words(line: str) -> list[str]:
    """The words of a command of `tzurot` after its name; none of another program's."""
    name, *words = shlex.split(line, comments=True) or [""]
    return words if Path(name).name == "tzurot" else []


def compare(command: str, page: Sequence[str], shown: Sequence[str]) -> None:
    """The page's lines are those that were shown, from the first to the last, but for gaps."""
    left = [line for line in map(_kind, shown) if line]
    skips = False
    for line in [line for line in map(_kind, page) if line]:
        if line == "…":
            skips = True
            continue
        at = next((n for n, it in enumerate(left) if _same(line, it)), None)
        told = f"`{command}` prints no such line:\n{line}\nbut\n" + "\n".join(left)
        assert at is not None, told
        assert skips or at == 0, f"`{command}` prints before\n{line}\n" + "\n".join(left[:at])
        left, skips = left[at + 1 :], False
    assert skips or not left, f"`{command}` prints more:\n" + "\n".join(left)


def _same(line: str, shown: str) -> bool:
    return shown.startswith(line[:-1]) if line.endswith("…") else shown == line


def _kind(line: str) -> str:
    """A line however wide its columns are, with what differs from run to run by its kind."""
    text = " ".join(line.split())
    for pattern, kind in _KINDS:
        text = pattern.sub(kind, text)
    return text
