"""`personality import` and its kin: what is in a file, what would happen, and then it happens."""

import json
import sys
from dataclasses import replace
from typing import Annotated, Never

import typer
from rich.text import Text

from tzurot_cli import handing
from tzurot_cli.calling import call, ref, refer
from tzurot_cli.console import (
    as_json,
    clean,
    console,
    moment,
    one_line,
    show_fields,
    show_json,
    show_table,
)
from tzurot_cli.failing import CommandFailed
from tzurot_cli.handing import Wishes
from tzurot_cli.labels import label
from tzurot_client.gen.tzurot.transfer.v1 import ImportAction, ImportPreview, ImportResult

Where = Annotated[
    str, typer.Argument(metavar="PATH", help="A file, a folder of a backup, or an https address.")
]
Only = Annotated[bool, typer.Option("--preview", help="Only say what would happen.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
For = Annotated[
    str | None,
    typer.Option(
        "--personality",
        "-p",
        help="The character it is for, or that it is to update (slug, id or name).",
    ),
]
Copy = Annotated[bool, typer.Option("--copy", help="Make a new character in any case.")]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Overwrite what was edited here since the last import.")
]
Me = Annotated[
    list[str] | None,
    typer.Option("--me", help="An old id that is you; may be given several times."),
]
Output = Annotated[
    str | None, typer.Option("--output", "-o", help="Where to write it; - is stdout.")
]

VERBS = {ImportAction.CREATE: "new", ImportAction.UPDATE: "updated", ImportAction.KEEP: "as it is"}
_SHOWN = 12  # rows of a list in a preview for a terminal


def move_in(  # noqa: PLR0913  one for each option of the commands
    context: typer.Context, path: str, wishes: Wishes, *, only: bool, yes: bool, as_document: bool
) -> None:
    """Show what an import does, and if it is wanted, do it."""
    try:
        handed = handing.take(path)
        wishes = _settled(context, wishes, quiet=as_document)
        found = call(context, lambda client: handing.preview(client, handed, wishes))
        if only:
            _show_preview(found, as_document=as_document)
            return
        if not yes:
            _ask(found, as_document=as_document)
        result = call(context, lambda client: handing.move_in(client, handed, wishes, found.digest))
    except CommandFailed as failed:
        if as_document:
            end_with_error(failed)
        raise
    _show_result(result, as_document=as_document)


def wishes(personality: str | None, *, copy: bool, overwrite: bool, me: list[str] | None) -> Wishes:
    """The options of a command as they are sent."""
    return Wishes(ref(personality) if personality else None, copy, overwrite, tuple(me or ()))


def _settled(context: typer.Context, wishes: Wishes, *, quiet: bool) -> Wishes:
    """The same with the character by its id, in whatever way it was named."""
    ref = wishes.personality
    if ref is None:
        return wishes
    named = ref.id or ref.slug or ""
    return replace(wishes, personality=call(context, lambda it: refer(it, named, quiet=quiet)))


def end_with_error(failed: CommandFailed) -> Never:
    """For a program: why it ends, as a document on stdout."""
    show_json({"error": {"reason": failed.reason or "FAILED", "message": clean(failed.sentence)}})
    sys.exit(failed.code)


def document(found: ImportPreview) -> dict[str, object]:
    """A preview for a program. What is particular to the file's format stands beside the rest."""
    details: dict[str, object] = json.loads(found.details_json or "{}")
    return details | {
        "digest": found.digest,
        "kind": found.kind,
        "format": found.format,
        "spec_version": found.spec_version or None,
        "container": found.container,
        "name": found.name or None,
        "alternate_greetings": found.alternate_greeting_count,
        "lorebook_entries": found.lorebook_entry_count,
        "has_avatar": found.has_avatar,
        "fields": {field.source: field.destination for field in found.fields},
        "notes": {field.source: field.note for field in found.fields if field.note},
        "kept_aside": [{"path": part.path, "reason": part.reason} for part in found.kept_aside],
        "dropped": [{"path": part.path, "reason": part.reason} for part in found.dropped],
        "warnings": found.warnings,
        "changes": [
            {
                "action": change.action.name.lower() if change.action.name else "",
                "resource": change.resource,
                "name": change.name,
                "slug": change.slug,
                "count": change.count,
                "size_bytes": change.size_bytes,
            }
            for change in found.changes
        ],
        "own_edits": [as_json(edit) for edit in found.own_edits],
        "senders": [as_json(sender) for sender in found.senders],
    }


def require_terminal(*, as_document: bool) -> None:
    """Whom nobody can ask has to say --yes.

    Raises:
        CommandFailed: a program is asking, or a pipe.
    """
    if as_document or not sys.stdin.isatty():
        raise CommandFailed("Importing changes what is here: look with --preview, then say --yes.")


def _ask(found: ImportPreview, *, as_document: bool) -> None:
    require_terminal(as_document=as_document)
    _show_preview(found, as_document=False)
    typer.confirm("Import it?", abort=True)


def _show_preview(found: ImportPreview, *, as_document: bool) -> None:
    if as_document:
        show_json(document(found))
        return
    version = f" {found.spec_version}" if found.spec_version else ""
    show_fields(
        {
            "file": f"{found.kind.replace('_', ' ')}, {found.format}{version}, {found.container}",
            "name": found.name,
            "greetings": found.alternate_greeting_count
            + any(field.destination == "greeting" for field in found.fields),
            "lore entries": found.lorebook_entry_count,
            "picture": found.has_avatar,
        }
    )
    _section("fields", [f"{field.source} → {field.destination}" for field in found.fields])
    _section("kept aside", [f"{part.path}: {part.reason}" for part in found.kept_aside])
    _section("dropped", [f"{part.path}: {part.reason}" for part in found.dropped])
    _section(
        "memories of",
        [
            f"{sender.sender_id}{' (you)' if sender.is_caller else ''}:"
            f" {sender.memory_count} alone, {sender.group_memory_count} with others,"
            f" {moment(sender.first_time)} to {moment(sender.last_time)}"
            for sender in found.senders
        ],
    )
    _section("warnings", list(found.warnings))
    _section(
        "edited here, stays unless --overwrite",
        [
            f"{edit.field}: {edit.current!r}, the file has {edit.imported!r}"
            for edit in found.own_edits
        ],
    )
    _show_changes(found)


def _show_changes(found: ImportPreview) -> None:
    console().print(Text("what happens", style="bold"))
    show_table(
        ("", "what", "how many", "text", "name"),
        (
            (
                VERBS.get(change.action, ""),
                change.resource,
                change.count,
                _size(change.size_bytes),
                label(change.name, change.slug) if change.slug else change.name,
            )
            for change in found.changes
        ),
    )


def _size(size_bytes: int) -> str:
    if size_bytes < 1024:
        return f"{size_bytes} B" if size_bytes else ""
    return f"{size_bytes / 1024:.1f} kB"


def _section(title: str, lines: list[str]) -> None:
    if not lines:
        return
    out = console()
    out.print(Text(title, style="bold"))
    for line in lines[:_SHOWN]:
        out.print(Text(f"  {one_line(line)}"), soft_wrap=True)
    if len(lines) > _SHOWN:
        out.print(Text(f"  … and {len(lines) - _SHOWN} more (--json shows all)"))


def _show_result(result: ImportResult, *, as_document: bool) -> None:
    made = result.personality
    if as_document:
        preview = document(result.preview) if result.preview else {}
        personality = {"id": made.id, "slug": made.slug} if made else None
        show_json({"personality": personality, "import": preview, "warnings": result.warnings})
        return
    if result.preview:
        _show_changes(result.preview)
    for warning in result.warnings:
        console(stderr=True).print(Text(clean(warning)))
    if made and made.slug:
        typer.echo(f"{made.slug} is here: say hello with `tzurot chat {made.slug}`.")
