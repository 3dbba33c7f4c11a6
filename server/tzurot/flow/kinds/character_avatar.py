"""`character avatar`: the picture of a character, given and taken away.

    overview → (drawing) → overview; overview → remove (asked)

Drawing is work of a job: a large picture takes seconds, and more memory than two at once may have.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.errors import AvatarNotFound, FileUnreadable
from tzurot.flow import files
from tzurot.flow.kind import Answers, Argument, At, Kind, Report, Step
from tzurot.flow.kinds import choosing, naming
from tzurot.flow.views import Action, Asks, Choice, Field, Progress, State, Style, View
from tzurot.personality.avatars.avatars import Avatars
from tzurot.personality.characters import Characters
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller

_FILE = Field("file", "The picture", Asks.FILE, "PNG, JPEG, GIF or WebP.", required=True)
_NONE = "`{slug}` has no picture yet."
_THERE = "`{slug}` has a picture: {kib:,.0f} KiB, sha256 {sha256}…"
_TAKES = "Send one as PNG, JPEG, GIF or WebP; of a moving one its first frame is taken."
_BACK = Action("back", "Back")


class CharacterAvatar(Kind):
    """Shows whether there is a picture, sets it and removes it."""

    path = "character avatar"
    summary = "Give a character a picture, or take it away."
    arguments = (choosing.NEEDED_CHARACTER, Argument("file", "The picture.", asks=Asks.FILE))

    def __init__(self, database: Database, characters: Characters, avatars: Avatars) -> None:
        self._database = database
        self._characters = characters
        self._avatars = avatars

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person may change."""
        return await choosing.offered_own(self._characters, who, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The overview, of a character that the person may change."""
        meant = await choosing.meant(self._characters, who, arguments["character"])
        own = await choosing.own(self._characters, who, meant.id)
        return Step("overview", {"personality_id": str(own.id)})

    async def view(self, who: Caller, at: At) -> View:
        """Whether there is a picture; it is marked with its digest."""
        own = await choosing.own(self._characters, who, UUID(at.draft["personality_id"]))
        name = await naming.told(self._characters, who, own)
        mark = own.avatar_sha256 or ""
        if at.step == "drawing":
            return View(f"The picture of {name}", progress=Progress("Drawing it"))
        if at.step == "remove":
            sure = Action("sure", "Take it away", Style.DANGER)
            body = f"`{own.slug}` then has no picture."
            return View(f"Take away the picture of {name}?", body, actions=(_BACK, sure), mark=mark)
        remove = (Action("remove", "Take it away", Style.DANGER),) if mark else ()
        return View(
            title=f"The picture of {name}",
            body=f"{await self._has(who, own.id, own.slug)}\n\n{_TAKES}",
            fields=(_FILE,),
            actions=(Action("set", "Send a picture", Style.PRIMARY, asks=("file",)), *remove),
            mark=mark,
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Begin to draw what was sent, or take the picture away."""
        draft = {"personality_id": at.draft["personality_id"]}
        match action:
            case "set":
                return Step("drawing", {**draft, "file_id": answers["file"][0]}, State.WORKING)
            case "sure":
                await self._avatars.take_away(who.person_id, UUID(draft["personality_id"]))
                return Step("overview", draft, told="The picture is taken away.")
            case _:
                return Step("remove" if action == "remove" else "overview", draft)

    async def work(self, who: Caller, at: At, report: Report) -> Step:
        """Draw the file, and give it to the character."""
        draft = {"personality_id": at.draft["personality_id"]}
        try:
            async with self._database.transaction() as tx:
                file = await files.read(tx, at.flow_id, UUID(at.draft["file_id"]))
            await self._avatars.give(who.person_id, UUID(draft["personality_id"]), file.content)
        except FileUnreadable as problem:
            return Step("overview", draft, notice=problem.message)
        return Step("overview", draft, told="That is its picture now.")

    async def _has(self, who: Caller, personality_id: UUID, slug: str) -> str:
        try:
            avatar = await self._avatars.get(who.person_id, personality_id)
        except AvatarNotFound:
            return _NONE.format(slug=slug)
        kib = max(1, len(avatar.content) / 1024)
        return _THERE.format(slug=slug, kib=kib, sha256=avatar.sha256[:12])
