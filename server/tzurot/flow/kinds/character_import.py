"""`character import`: a file or an address, what would happen, a choice, then it moves in.

    file → (looking) → preview ⇄ choices → (moving in) → done

Steps in brackets are work of a job: reading a large file takes longer than a call may. The file is
kept with the flow, so that what moves in is what was looked at: the preview's digest says so.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from tzurot.errors import (
    AddressRefused,
    FileUnreadable,
    ImportOutdated,
    NotEditor,
    PersonalityNeeded,
    PersonalityNotFound,
)
from tzurot.flow import files
from tzurot.flow.kind import Answers, Argument, At, Kind, Refused, Report, Step
from tzurot.flow.kinds import choosing, import_preview, naming, sections
from tzurot.flow.views import (
    MAX_CHOICES,
    Action,
    Asks,
    Choice,
    Field,
    Progress,
    State,
    Style,
    View,
)
from tzurot.personality.characters import Characters
from tzurot.storage.database import Database
from tzurot.transfer.moving import Progress as TellProgress
from tzurot.transfer.plans import Options, Preview, Result, Upload
from tzurot.transport.subject import Caller

_UNUSABLE = (AddressRefused, FileUnreadable, NotEditor, PersonalityNotFound)
_OUTDATED = "Something changed in the meantime, and with it what would happen: look at it again."

_FILE = Field("file", "The file", Asks.FILE, "A card, a backup, a lorebook, a chat.", required=True)
_ADDRESS = Field("address", "Its https address", required=True, max_length=2048)
_TAKES = (
    "Send a character card of another program (PNG, JSON, CHARX), a backup of shapes.inc, a "
    "lorebook, a chat, an export of PluralKit or Tupperbox, or memories (of `memory export`, mem0 "
    "or OpenMemory).\n\nNothing is stored before you have seen what would happen."
)
_SENDERS = (
    "Other people's memories come along too. If one of them is you, say so under **Options**: what "
    "you told the character there is then yours."
)
_UNSTORED = "Nothing is stored yet."
_WHICH = "Which members are to come?"
_LONGEST = 4000  # characters of names
_EACH = "Each in a line of its own; nothing: all."


class Importer(Protocol):
    """What moves files in: tzurot.transfer.importing.Importing, or a stand-in in tests."""

    async def preview(self, who: Caller, upload: Upload) -> Preview:
        """What an import would do."""
        ...

    async def apply(self, who: Caller, upload: Upload, progress: TellProgress) -> Result:
        """Do it."""
        ...

    async def fetch(self, url: str) -> bytes:
        """The file at an address."""
        ...


class CharacterImport(Kind):
    """The wizard of moving in."""

    path = "character import"
    summary = "Move in from another program: a card, a backup, a lorebook, a chat."
    arguments = (
        Argument("file", "A card, a backup, a lorebook or a chat.", asks=Asks.FILE),
        Argument("character", "Only for a file that goes to a character you have.", completes=True),
    )

    def __init__(self, database: Database, characters: Characters, importer: Importer) -> None:
        self._database = database
        self._characters = characters
        self._importer = importer

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The person's own characters: what the file is for, or updates."""
        return await choosing.offered_own(self._characters, who, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """Ask for the file."""
        into = await self._into(who, arguments.get("character", ""))
        return Step("file", {"options": {"into": into}})

    async def view(self, who: Caller, at: At) -> View:
        """The question for the file, the preview, or what was done."""
        match at.step:
            case "file":
                actions = (
                    Action("send", "Send a file", Style.PRIMARY, asks=("file",)),
                    Action("fetch", "From an address", asks=("address",)),
                )
                return View("Move in", _TAKES, fields=(_FILE, _ADDRESS), actions=actions)
            case "looking":
                return View("Move in", _UNSTORED, progress=Progress("Looking at the file"))
            case "importing":
                return View(at.draft["shown"]["title"], progress=Progress("Moving in"))
            case "done":
                return View(at.draft["title"], at.draft["body"])
            case _:
                return await self._preview(who, at)

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Look at a file, change what is chosen, or begin to move in."""
        draft = {key: value for key, value in at.draft.items() if key != "shown"}
        match action:
            case "send":
                return _looking({**draft, "file_id": answers["file"][0]})
            case "fetch":
                return _looking({**draft, "address": answers["address"][0]})
            case "options":
                return _looking({**draft, "options": await self._options(who, at, answers)})
            case "import":
                return Step("importing", at.draft, State.WORKING)
            case _:
                return Step("file", {"options": {"into": at.draft["options"]["into"]}})

    async def work(self, who: Caller, at: At, report: Report) -> Step:
        """Read the file and look, or move in."""

        async def tell(label: str, done: int, total: int) -> None:
            await report(Progress(label, done, total))

        try:
            draft = await self._fetched(at)
            if at.step == "looking":
                return await self._looked(who, at, draft)
            result = await self._importer.apply(who, await self._upload(at, draft), tell)
        except _UNUSABLE as problem:
            return Step("file", {"options": at.draft["options"]}, notice=problem.message)
        except PersonalityNeeded as needed:
            return Step("preview", at.draft, notice=needed.message)
        except ImportOutdated:
            return await self._looked(who, at, dict(at.draft), _OUTDATED)
        return await self._done(who, result)

    async def _done(self, who: Caller, result: Result) -> Step:
        name = result.preview.name or "It"
        warnings = "\n".join(f"- {warning}" for warning in result.warnings)
        parts = (await self._whereto(who, result), import_preview.changes(result.preview), warnings)
        body = "\n\n".join(part for part in parts if part)
        return Step("done", {"title": f"{name} has moved in", "body": body}, State.DONE)

    async def _whereto(self, who: Caller, result: Result) -> str:
        """The character that there is now, or that the file was for."""
        if result.personality_id is None:
            return ""
        if not import_preview.makes_character(result.preview):
            return f"All of it is with `{result.slug}`."
        try:
            made = await self._characters.get(who.person_id, result.personality_id)
        except PersonalityNotFound:  # deleted in this moment: it has moved in all the same
            return ""
        called = await naming.mention(self._characters, who, made)
        return sections.welcome(called, result.slug, "private")

    async def _preview(self, who: Caller, at: At) -> View:
        shown: dict[str, Any] = at.draft["shown"]
        fields = await self._choices(who, at)
        return View(
            title=shown["title"],
            body=f"{shown['what']}. {_UNSTORED}{_whose(shown)}",
            fields=fields,
            items=import_preview.items(shown),
            actions=(
                Action("import", "Move in", Style.PRIMARY),
                Action("options", "Options", asks=tuple(field.key for field in fields)),
                Action("again", "Another file"),
            ),
        )

    async def _choices(self, who: Caller, at: At) -> tuple[Field, ...]:
        """What there is to choose: nothing that makes no difference for this file."""
        shown, options = at.draft["shown"], at.draft["options"]
        into = ""
        if options["into"]:
            into = (
                await self._characters.get(who.person_id, UUID(options["into"]))
            ).personality.slug
        fields = [Field("into", "Into which of your characters?", values=(into,) if into else ())]
        senders: list[list[Any]] = shown["senders"][:MAX_CHOICES]
        if senders:
            them = tuple(Choice(str(n), it[0], it[1]) for n, it in enumerate(senders))
            mine = tuple(str(n) for n, it in enumerate(senders) if it[2])
            fields.append(
                Field("me", "Which of these are you?", Asks.CHOICES, values=mine, choices=them)
            )
        if shown["members"]:
            names = "\n".join(options.get("members", ()))
            values = (names,) if names else ()
            fields.append(
                Field("members", _WHICH, Asks.LONG_TEXT, _EACH, values, max_length=_LONGEST)
            )
        if shown["own_edits"] or options.get("overwrite"):
            fields.append(_flag("overwrite", "Overwrite what you edited here?", options))
        if shown["updates"] or options.get("copy"):
            fields.append(_flag("copy", "Make another character of it?", options))
        return tuple(fields)

    async def _options(self, who: Caller, at: At, answers: Answers) -> dict[str, Any]:
        senders = at.draft["shown"]["senders"]
        try:
            into = await self._into(who, "".join(answers.get("into", ())))
        except (PersonalityNotFound, NotEditor) as wrong:
            raise Refused(errors={"into": wrong.message}) from None
        return {
            "into": into,
            "me": [senders[int(number)][0] for number in answers.get("me", ())],
            "members": _named(at.draft["shown"]["members"], "".join(answers.get("members", ()))),
            "overwrite": answers.get("overwrite") == ("true",),
            "copy": answers.get("copy") == ("true",),
        }

    async def _into(self, who: Caller, named: str) -> str:
        """The id of the person's character that is named, if one is."""
        if not named:
            return ""
        meant = await choosing.meant(self._characters, who, named)
        return str((await choosing.own(self._characters, who, meant.id)).id)

    async def _fetched(self, at: At) -> dict[str, Any]:
        """The draft with the id of the file, which is fetched if only its address is known."""
        if "file_id" in at.draft:
            return dict(at.draft)
        content = await self._importer.fetch(at.draft["address"])
        name = at.draft["address"].rpartition("/")[2][:255]
        async with self._database.transaction() as tx:
            file_id = await files.keep(tx, at.flow_id, name, content)
        return {**at.draft, "file_id": str(file_id)}

    async def _looked(
        self, who: Caller, at: At, draft: Mapping[str, Any], notice: str = ""
    ) -> Step:
        preview = await self._importer.preview(who, await self._upload(at, draft))
        return Step("preview", {**draft, "shown": import_preview.summary(preview)}, notice=notice)

    async def _upload(self, at: At, draft: Mapping[str, Any]) -> Upload:
        async with self._database.transaction() as tx:
            file = await files.read(tx, at.flow_id, UUID(draft["file_id"]))
        chosen = draft["options"]
        options = Options(
            personality=UUID(chosen["into"]) if chosen["into"] else None,
            as_copy=chosen.get("copy", False),
            overwrite_own_edits=chosen.get("overwrite", False),
            caller_sender_ids=tuple(chosen.get("me", ())),
            members=tuple(chosen.get("members", ())),
            digest=draft["shown"]["digest"] if at.step == "importing" else "",
        )
        return Upload(file.content, file.name, options)


def _whose(shown: Mapping[str, Any]) -> str:
    """Asks for an answer that the person might not look for."""
    asked = shown["senders"] and not any(is_me for _, _, is_me in shown["senders"])
    return f"\n\n{_SENDERS}" if asked else ""


def _named(members: Sequence[str], entered: str) -> list[str]:
    """The members that are named, each in a line of its own."""
    known = {name.casefold(): name for name in members}
    wanted = [line.strip() for line in entered.splitlines() if line.strip()]
    if unknown := [it for it in wanted if it.casefold() not in known]:
        raise Refused(errors={"members": f"There is no member {unknown[0][:80]}."})
    return [known[it.casefold()] for it in wanted]


def _looking(draft: dict[str, Any]) -> Step:
    return Step("looking", draft, State.WORKING)


def _flag(key: str, label: str, options: Mapping[str, Any]) -> Field:
    value = "true" if options.get(key) else "false"
    return Field(key, label, Asks.BOOLEAN, values=(value,))
