"""`tzurot import sillytavern DIR`: everything in a SillyTavern data folder, file by file.

The layout is SillyTavern's (`data/default-user`): `worlds`, `characters`, `chats/<character>`,
`groups` and `group chats`, personas in `settings.json`. What is in a file, the server says. Each
file is an import of its own that adds nothing twice: run it again after a failure, and it goes on.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.progress import Progress
from rich.text import Text

from tzurot_cli import handing, moving_in
from tzurot_cli.calling import Json, call, ref
from tzurot_cli.console import clean, console, one_line, show_json, show_table
from tzurot_cli.failing import CommandFailed, of_failure
from tzurot_cli.handing import Wishes
from tzurot_client import Client, TzurotError, Unavailable
from tzurot_client.gen.tzurot.common.v1 import Failure
from tzurot_client.gen.tzurot.personality.v1 import PersonalityRef
from tzurot_client.gen.tzurot.transfer.v1 import ImportAction, ImportPreview

app = typer.Typer(help="Move a whole library in.", no_args_is_help=True)

_PICTURES = (".png", ".webp", ".jpg", ".jpeg", ".charx", ".json")


@dataclass(slots=True)
class _Sum:
    """What has come of the files so far."""

    files: int = 0
    changes: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    failures: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def add(self, found: ImportPreview) -> None:
        """Count what an import did, or would."""
        self.files += 1
        for change in found.changes:
            key = (change.resource, _word(change.action))
            self.changes[key] = self.changes.get(key, 0) + change.count


@app.command("sillytavern")
def sillytavern(
    context: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="SillyTavern's data folder, such as data/default-user."),
    ],
    preview: moving_in.Only = False,
    yes: moving_in.Yes = False,
    as_json: Json = False,
) -> None:
    """Import characters, worlds, personas, chats and group chats, with swipes and branches."""
    library = _Library(_root(folder))
    if not preview and not yes:
        moving_in.require_terminal(as_document=as_json)
        typer.confirm(f"Import {len(library.files())} files of {library.root}?", abort=True)
    total = call(context, lambda client: library.move_in(client, only=preview))
    _show(total, as_document=as_json)
    if total.failures:
        raise CommandFailed(
            f"{len(total.failures)} files were not imported; all others were. Run it again.", 1
        )


class _Library:
    """A data folder of SillyTavern."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._total = _Sum()

    def files(self) -> list[Path]:
        """All that will be looked at."""
        chats = [path for _, path in (*self._chats(), *self._group_chats())]
        return [*self._settings(), *self._worlds(), *self._cards(), *dict.fromkeys(chats)]

    async def move_in(self, client: Client, *, only: bool) -> _Sum:
        """Import all of it: worlds before the characters that use them, chats after them."""
        who: dict[str, str] = {}
        quiet = not console(stderr=True).is_terminal
        with Progress(console=console(stderr=True), transient=True, disable=quiet) as bar:
            task = bar.add_task("importing", total=len(self.files()))
            for path in (*self._settings(), *self._worlds()):
                await self._one(client, path, None, only=only)
                bar.advance(task)
            for path in self._cards():
                slug = await self._one(client, path, None, only=only)
                who[path.stem] = slug
                bar.advance(task)
            for stem, path in (*self._chats(), *self._group_chats()):
                slug = who.get(stem, "")
                if slug or only:
                    await self._one(client, path, ref(slug) if slug else None, only=only)
                else:
                    self._fail(path, f"its character {stem} is not in characters/")
                bar.advance(task)
        return self._total

    async def _one(
        self, client: Client, path: Path, whose: PersonalityRef | None, *, only: bool
    ) -> str:
        """Import one file; the slug of the character it made or updated. A failure is noted."""
        try:
            handed = handing.take(str(path))
            if only:
                self._total.add(await handing.preview(client, handed, Wishes(whose)))
                return ""
            result = await handing.move_in(client, handed, Wishes(whose))
        except CommandFailed as failed:
            self._fail(path, failed.sentence)
        except Unavailable:
            raise  # the server has gone: every other file would fail alike
        except TzurotError as error:
            told = of_failure(Failure(error.reason, error.message, error.metadata))
            self._fail(path, told.sentence)
        else:
            if result.preview:
                self._total.add(result.preview)
            return result.personality.slug if result.personality else ""
        return ""

    def _fail(self, path: Path, why: str) -> None:
        self._total.failures.append((str(path.relative_to(self.root)), why))

    def _settings(self) -> list[Path]:
        return [path for path in [self.root / "settings.json"] if path.is_file()]

    def _worlds(self) -> list[Path]:
        return sorted((self.root / "worlds").glob("*.json"))

    def _cards(self) -> list[Path]:
        found = (self.root / "characters").glob("*")
        return sorted(path for path in found if path.suffix.lower() in _PICTURES)

    def _chats(self) -> Iterator[tuple[str, Path]]:
        """Whose chat, and its file; a character's branches after what they branch off from."""
        for folder in sorted((self.root / "chats").glob("*/")):
            for path in sorted(folder.glob("*.jsonl"), key=lambda p: (_is_branch(p), p.name)):
                yield folder.name, path

    def _group_chats(self) -> Iterator[tuple[str, Path]]:
        """The same of groups: each member has the whole chat."""
        for group in sorted((self.root / "groups").glob("*.json")):
            told = _object(group.read_bytes())
            for chat in _texts(told.get("chats")):
                path = self.root / "group chats" / f"{Path(chat).name}.jsonl"
                if path.is_file():
                    yield from ((Path(member).stem, path) for member in _texts(told.get("members")))


def _root(folder: Path) -> Path:
    """The folder that has the characters: the given one, or its `data/default-user` or the like."""
    for candidate in (folder, folder / "default-user", folder / "data" / "default-user"):
        if (candidate / "characters").is_dir():
            return candidate
    raise CommandFailed(
        f"{folder} has no folder `characters`: give SillyTavern's data folder, such as"
        " SillyTavern/data/default-user."
    )


def _is_branch(path: Path) -> bool:
    """Whether SillyTavern made the chat from another one."""
    with path.open("rb") as file:
        metadata = _object(file.readline()).get("chat_metadata")
    return isinstance(metadata, dict) and bool(cast("dict[str, object]", metadata).get("main_chat"))


def _object(data: bytes) -> dict[str, object]:
    try:
        told = json.loads(data)
    except ValueError:
        return {}
    return cast("dict[str, object]", told) if isinstance(told, dict) else {}


def _texts(value: object) -> list[str]:
    if not isinstance(value, list):
        return []
    return [item for item in cast("list[object]", value) if isinstance(item, str)]


def _word(action: ImportAction) -> str:
    return moving_in.VERBS.get(action, "")


def _show(total: _Sum, *, as_document: bool) -> None:
    rows = [(resource, verb, count) for (resource, verb), count in sorted(total.changes.items())]
    if as_document:
        show_json(
            {
                "files": total.files,
                "changes": [{"resource": r, "action": v, "count": c} for r, v, c in rows],
                "failures": [{"file": file, "message": clean(why)} for file, why in total.failures],
            }
        )
        return
    show_table(("what", "", "how many"), rows)
    for file, why in total.failures:
        console(stderr=True).print(Text(f"{one_line(file)}: {one_line(why)}"), soft_wrap=True)
