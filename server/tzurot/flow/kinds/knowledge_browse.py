"""`knowledge browse`: the documents that a character knows: read, added, searched, deleted.

    list → document → confirm; list → (reading) → list; list → hits

The step in brackets is work of a job: a PDF can take half a minute.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.errors import (
    DocumentNotFound,
    FileUnreadable,
    LimitReached,
    NotEditor,
    PersonalityNotFound,
)
from tzurot.flow import files
from tzurot.flow.kind import Answers, At, Kind, Refused, Report, Step
from tzurot.flow.kinds import choosing, naming, paging, telling
from tzurot.flow.views import (
    ITEM,
    Action,
    Asks,
    Choice,
    Field,
    Item,
    Progress,
    State,
    Style,
    View,
    line,
)
from tzurot.memory.excerpts import excerpt
from tzurot.personality.characters import Characters
from tzurot.personality.knowledge.knowledge import Knowledge, Known, PassageHit, TextFile
from tzurot.personality.sharing.sharing import Access
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller

_HITS = 10
_BEGINNING = 1500  # characters of a document that are shown
_GONE = "That document is gone, or not shown to you any more."
_BACK = Action("back", "Back")
_FILE = Field("file", "The file", Asks.FILE, "Text, Markdown or PDF.", required=True)
_TITLE = Field("title", "Title", description="Empty: as the file has it.", max_length=200)
_KINDS = {"text": "plain text", "markdown": "Markdown", "pdf": "PDF"}
_UNUSABLE = (FileUnreadable, LimitReached, NotEditor, PersonalityNotFound)


class KnowledgeBrowse(Kind):
    """Shows to whoever may read the character's definition; its editors add and delete."""

    path = "knowledge browse"
    summary = "Look through the documents that a character knows, and add more."
    arguments = (choosing.NEEDED_CHARACTER,)

    def __init__(self, database: Database, knowledge: Knowledge, characters: Characters) -> None:
        self._database = database
        self._knowledge = knowledge
        self._characters = characters

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees."""
        return await choosing.offered(self._characters, who, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The first page, for whoever may read it."""
        meant = await choosing.meant(self._characters, who, arguments["character"])
        (await self._characters.get(who.person_id, meant.id)).require_definition()
        return Step("list", {"personality_id": str(meant.id), "query": "", **paging.first()})

    async def view(self, who: Caller, at: At) -> View:
        """A page, one document, the question whether to delete it, or what is found."""
        access = await self._access(who, at)
        match at.step:
            case "list":
                return await self._list(who, at, access)
            case "hits":
                return await self._hits(who, at, access)
            case "reading":
                return View("A new document", progress=Progress("Reading the file"))
            case _:
                return await self._document(who, at, access)

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Turn a page, go somewhere, add a file, search, delete."""
        match action:
            case "show":
                return Step("document", {**at.draft, "document_id": answers[ITEM][0]})
            case "add" | "delete":
                return await (self._reading if action == "add" else self._deleted)(who, at, answers)
            case "search":
                return Step("hits", {**at.draft, "query": answers["query"][0]})
            case "ask":
                return Step("confirm", at.draft)
            case "back":
                return Step("document" if at.step == "confirm" else "list", at.draft)
            case _:
                rows = paging.page(await self._rows(who, at))
                return Step("list", paging.turned(at.draft, action, rows[-1].id if rows else None))

    async def work(self, who: Caller, at: At, report: Report) -> Step:
        """Read the file; the same text twice is one document."""
        draft = {key: it for key, it in at.draft.items() if key not in {"file_id", "title"}}
        try:
            async with self._database.transaction() as tx:
                file = await files.read(tx, at.flow_id, UUID(at.draft["file_id"]))
            known = await self._knowledge.upload(
                who.person_id,
                UUID(at.draft["personality_id"]),
                TextFile(file.content, file.name, at.draft["title"]),
            )
        except _UNUSABLE as problem:
            return Step("list", draft, notice=problem.message)
        told = f"It knows {_called(known)} now: {_size(known)}."
        return Step("list", {**draft, **paging.first()}, told=told)

    async def _access(self, who: Caller, at: At) -> Access:
        """The character, whose definition the person may read.

        Raises:
            PersonalityNotFound, DefinitionHidden: by their names.
        """
        found = await self._characters.get(who.person_id, UUID(at.draft["personality_id"]))
        found.require_definition()
        return found

    async def _list(self, who: Caller, at: At, access: Access) -> View:
        rows = await self._rows(who, at)
        name = await naming.told(self._characters, who, access.personality)
        add = Action("add", "Add a document", Style.PRIMARY, asks=("file", "title"))
        search = Action("search", "Search", asks=("query",))
        return View(
            title=f"What {name} knows",
            body="" if rows else "There is no document here.",
            fields=(_FILE, _TITLE, _asked("")),
            items=tuple(_item(known) for known in paging.page(rows)),
            actions=(
                *((add,) if access.edits else ()),
                *((search,) if rows else ()),
                *paging.actions(at.draft, rows),
            ),
            item_action="show",
        )

    async def _document(self, who: Caller, at: At, access: Access) -> View:
        try:
            known = await self._knowledge.get(who.person_id, UUID(at.draft["document_id"]))
        except DocumentNotFound:
            return View("A document", _GONE, actions=(Action("list", "Back"),))
        if at.step == "confirm":
            return View(
                f"Delete {_called(known)}?",
                f"It will know nothing of this any more. This cannot be undone.\n\n{_size(known)}",
                actions=(_BACK, Action("delete", "Delete for good", Style.DANGER)),
            )
        more = len(known.text) > _BEGINNING
        return View(
            title=_called(known),
            body=f"{known.text[:_BEGINNING]}…" if more else known.text,
            items=tuple(Item(title, text) for title, text in _facts(known) if text),
            actions=(_BACK, *((Action("ask", "Delete", Style.DANGER),) if access.edits else ())),
        )

    async def _hits(self, who: Caller, at: At, access: Access) -> View:
        query, whose = at.draft["query"], access.personality
        found = await self._knowledge.search(who.person_id, whose.id, query, _HITS)
        name = await naming.told(self._characters, who, whose)
        return View(
            title=f"What {name} would recall of its documents",
            body=f"Searched for: {query}" + ("" if found else "\n\nNothing comes to mind."),
            fields=(_asked(query),),
            items=tuple(_hit(hit) for hit in found),
            actions=(Action("search", "Search again", Style.PRIMARY, asks=("query",)), _BACK),
        )

    async def _reading(self, who: Caller, at: At, answers: Answers) -> Step:
        access = await self._access(who, at)
        if not access.edits:
            raise Refused("You may read what it knows, but not change it.")
        title = " ".join("".join(answers.get("title", ())).split())
        draft = {**at.draft, "file_id": answers["file"][0], "title": title}
        return Step("reading", draft, State.WORKING)

    async def _deleted(self, who: Caller, at: At, answers: Answers) -> Step:
        try:
            await self._knowledge.delete(who.person_id, UUID(at.draft["document_id"]))
        except (DocumentNotFound, NotEditor) as problem:
            gone = isinstance(problem, DocumentNotFound)
            return Step("list", at.draft, notice=_GONE if gone else problem.message)
        return Step("list", at.draft, told="Deleted.")

    async def _rows(self, who: Caller, at: At) -> Sequence[Known]:
        return await self._knowledge.list(
            who.person_id,
            UUID(at.draft["personality_id"]),
            before=paging.before(at.draft),
            limit=paging.SIZE + 1,
        )


def _asked(query: str) -> Field:
    values = (query,) if query else ()
    return Field("query", "Search for", values=values, required=True, max_length=1000)


def _called(known: Known) -> str:
    return line(known.title) or "A document without a title"


def _size(known: Known) -> str:
    passages = "passage" if known.passage_count == 1 else "passages"
    return f"{known.character_count:,} characters, {known.passage_count:,} {passages}"


def _item(known: Known) -> Item:
    return Item(_called(known), f"{_size(known)}, {telling.when(known.create_time)}", str(known.id))


def _facts(known: Known) -> tuple[tuple[str, str], ...]:
    return (
        ("Size", _size(known)),
        ("Came as", _KINDS.get(known.kind, known.kind)),
        ("Came from", known.url),
        ("Known since", telling.when(known.create_time)),
    )


def _hit(hit: PassageHit) -> Item:
    parts = hit.parts
    why = f"meaning {parts.similarity:.2f}, words {parts.keyword:.2f}"
    return Item(
        line(hit.title) or "A document without a title",
        f"{hit.excerpt or excerpt(hit.text)}\n(score {parts.final:.2f}: {why})",
    )
