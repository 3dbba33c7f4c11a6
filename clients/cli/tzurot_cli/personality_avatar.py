"""`tzurot personality avatar`: the faces of characters."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import typer

from tzurot_cli import handing
from tzurot_cli.calling import Json, Named, call, personality, refer
from tzurot_cli.console import as_json, clean, show_json
from tzurot_cli.failing import CommandFailed
from tzurot_cli.handing import Handed
from tzurot_cli.moving_in import Output
from tzurot_client import Client
from tzurot_client.gen.tzurot.personality.v1 import (
    DeleteAvatarRequest,
    DownloadAvatarRequest,
    Personality,
    PersonalityRef,
    UploadAvatarHeader,
    UploadAvatarRequest,
)

app = typer.Typer(help="The faces of characters.", no_args_is_help=True)

MAX_BYTES = 10 * 1024 * 1024


@app.command("set")
def set_face(
    context: typer.Context,
    name: Named,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A PNG, JPEG, GIF or WebP.")],
    json: Json = False,
) -> None:
    """Give a character a face: a picture of at most 10 MiB."""
    picture = handing.take(str(path))
    if len(picture.content) > MAX_BYTES:
        raise CommandFailed(
            f"{picture.name} has more than 10 MiB: save it smaller and send that.",
            reason="FILE_UNREADABLE",
        )

    async def given(client: Client) -> Personality | None:
        ref = await refer(client, name, quiet=json)
        return (await client.personality.upload_avatar(_parts(ref, picture))).personality

    _tell(call(context, given), "has a new face", json=json)


@app.command("remove")
def remove(context: typer.Context, name: Named, json: Json = False) -> None:
    """Take a character's face away."""

    async def removed(client: Client) -> Personality | None:
        request = DeleteAvatarRequest(personality=await refer(client, name, quiet=json))
        return (await client.personality.delete_avatar(request)).personality

    _tell(call(context, removed), "has no face now", json=json)


@app.command("save")
def save(context: typer.Context, name: Named, output: Output = None, json: Json = False) -> None:
    """Write a character's face to a file."""

    async def received(client: Client) -> Handed:
        who = await personality(client, name, quiet=json)
        content = bytearray()
        request = DownloadAvatarRequest(personality=PersonalityRef(id=who.id))
        async for part in client.personality.download_avatar(request):
            content += part.chunk or b""
        return Handed(f"{Path(who.slug).name}.png", bytes(content))

    picture = call(context, received)
    handing.tell_written([handing.write(picture, output)], as_document=json)


async def _parts(ref: PersonalityRef, picture: Handed) -> AsyncIterator[UploadAvatarRequest]:
    yield UploadAvatarRequest(
        header=UploadAvatarHeader(
            personality=ref, size_bytes=len(picture.content), sha256=picture.sha256
        )
    )
    for chunk in picture.chunks:
        yield UploadAvatarRequest(chunk=chunk)


def _tell(changed: Personality | None, what: str, *, json: bool) -> None:
    changed = changed or Personality()
    if json:
        show_json({"personality": as_json(changed)})
        return
    typer.echo(f"{clean(changed.slug)} {what}.")
