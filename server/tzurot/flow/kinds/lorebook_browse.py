"""`lorebook browse`: books, their entries, and all that can be changed of both.

    list → book → entry → rules; book → confirm_book, entry → confirm_entry

What is saved is saved at once, unless somebody else changed the same thing meanwhile.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from tzurot.errors import (
    LorebookEntryNotFound,
    LorebookNotFound,
    NotEditor,
    NotLorebookEditor,
    PersonalityNotFound,
)
from tzurot.flow.kind import Answers, At, Kind, Refused, Step
from tzurot.flow.kinds import choosing, leafing, lore_answers, naming, paging
from tzurot.flow.kinds.lore_views import BACK, LoreViews
from tzurot.flow.views import ITEM, Choice, View
from tzurot.personality.characters import Characters
from tzurot.personality.lorebooks.lore_entries import LoreEntries, NewEntry
from tzurot.personality.lorebooks.lore_shelf import LoreShelf
from tzurot.personality.lorebooks.lorebooks import BookChange, Lorebooks, new_book
from tzurot.transport.subject import Caller

_HASH = hashlib.sha256(b"tzurot.flow: lorebook browse").digest()
_BOOK_GONE = "That lorebook is gone, or not shown to you any more."
_ENTRY_GONE = "That entry is gone, or not shown to you any more."
_NOT_YOURS = "You may read this book, but not do this to it."
_THEIRS = "A book of somebody else's can be used by characters of its owner only."
_SAVED, _DELETED = "Saved.", "Deleted."


class LorebookBrowse(Kind):
    """Lists, shows, and changes what the person may change."""

    path = "lorebook browse"
    summary = "Look through lorebooks, and write in them."
    arguments = (choosing.CHARACTER,)

    def __init__(
        self, lorebooks: Lorebooks, entries: LoreEntries, shelf: LoreShelf, characters: Characters
    ) -> None:
        self._lorebooks = lorebooks
        self._entries = entries
        self._shelf = shelf
        self._characters = characters
        self._views = LoreViews(lorebooks, shelf, characters)

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees."""
        return await choosing.offered(self._characters, who, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The person's books, or those of a character whose definition they may read."""
        whose: dict[str, Any] = {"personality_id": None, "name": ""}
        if "character" in arguments:
            meant = await choosing.meant(self._characters, who, arguments["character"])
            (await self._characters.get(who.person_id, meant.id)).require_definition()
            name = await naming.told(self._characters, who, meant)
            whose = {"personality_id": str(meant.id), "name": name}
        return Step("list", {**whose, **paging.first(), "page": 0, "made": 0})

    async def view(self, who: Caller, at: At) -> View:
        """A page of books, a book, an entry, or the question whether to delete one."""
        views = {
            "list": self._views.shelf,
            "book": self._views.book,
            "confirm_book": self._views.book_question,
            "entry": self._views.entry,
            "rules": self._views.rules,
            "confirm_entry": self._views.entry_question,
        }
        try:
            return await views[at.step](who, at)
        except LorebookNotFound:
            return View("A lorebook", _BOOK_GONE, actions=(BACK,))
        except LorebookEntryNotFound:
            return View("An entry", _ENTRY_GONE, actions=(BACK,))

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Turn a page, go somewhere, or change something."""
        if action == "back":
            return _back(at)
        taken = {
            "list": self._in_list,
            "book": self._in_book,
            "confirm_book": self._book_deleted,
            "entry": self._in_entry,
            "rules": self._in_entry,
            "confirm_entry": self._entry_deleted,
        }
        try:
            return await taken[at.step](who, at, action, answers)
        except LorebookNotFound:
            return Step("list", _to_list(at.draft), notice=_BOOK_GONE)
        except LorebookEntryNotFound:
            return Step("book", at.draft, notice=_ENTRY_GONE)
        except NotLorebookEditor:
            raise Refused(_NOT_YOURS) from None

    async def _in_list(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        match action:
            case "show":
                return Step("book", _to_book(at.draft, answers[ITEM][0]))
            case "new":
                return await self._begun(who, at, answers)
            case _ if at.draft["personality_id"]:
                rows = await self._shelf.of_character(
                    who.person_id, UUID(at.draft["personality_id"])
                )
                return Step("list", leafing.turned(at.draft, action, rows))
            case _:
                books, _ = await self._views.books(who, at)
                last = books[-1].id if books else None
                return Step("list", paging.turned(at.draft, action, last))

    async def _begun(self, who: Caller, at: At, answers: Answers) -> Step:
        """A new book, which the character uses whose books are looked at."""
        values = lore_answers.book_values(answers)
        new = new_book(who.person_id, values, _request_id(at, answers), _HASH)
        made = await self._lorebooks.create(new)
        if at.draft["personality_id"]:
            await self._lorebooks.attach(who.person_id, made.id, UUID(at.draft["personality_id"]))
        return Step("book", _to_book(_counted(at.draft), str(made.id)), told="The book is there.")

    async def _in_book(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        book_id = UUID(at.draft["book_id"])
        match action:
            case "entry":
                return Step("entry", {**at.draft, "entry_id": answers[ITEM][0]})
            case "add":
                new = NewEntry(lore_answers.new_entry(answers), _request_id(at, answers), b"")
                made = await self._entries.create(who.person_id, book_id, new)
                draft = {**_counted(at.draft), "entry_id": str(made.entry.id)}
                return Step("entry", draft, told="The entry is there.")
            case "edit":
                change = BookChange(lore_answers.book_values(answers), at.mark)
                await self._lorebooks.change(who.person_id, book_id, change)
                return Step("book", at.draft, told=_SAVED)
            case "attach" | "detach":
                return await self._used(who, at, action, answers)
            case "ask":
                return Step("confirm_book", at.draft)
            case _:
                _, entries = await self._views.entries(who, at)
                return Step("book", leafing.turned(at.draft, action, entries))

    async def _used(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Let a character use a book, or end that."""
        book_id, field = UUID(at.draft["book_id"]), "character" if action == "attach" else "user"
        try:
            if action == "detach":
                await self._lorebooks.detach(who.person_id, book_id, UUID(answers[field][0]))
                return Step("book", at.draft, told="It is used no more.")
            meant = await choosing.meant(self._characters, who, answers[field][0])
            await self._lorebooks.attach(who.person_id, book_id, meant.id)
        except (PersonalityNotFound, NotEditor) as wrong:
            raise Refused(errors={field: wrong.message}) from None
        except NotLorebookEditor:
            raise Refused(errors={field: _THEIRS}) from None
        name = await naming.told(self._characters, who, meant)
        return Step("book", at.draft, told=f"{name} uses it now.")

    async def _book_deleted(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        await self._lorebooks.delete(who.person_id, UUID(at.draft["book_id"]))
        return Step("list", _to_list(at.draft), told=_DELETED)

    async def _in_entry(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        if action == "ask":
            return Step("confirm_entry", at.draft)
        if action == "rules":
            return Step("rules", at.draft)
        entry_id = UUID(at.draft["entry_id"])
        written = await self._shelf.entry(who.person_id, entry_id)
        change = lore_answers.entry_change(written.says, answers, at.mark)
        await self._entries.change(who.person_id, entry_id, change)
        return Step(at.step, at.draft, told=_SAVED)

    async def _entry_deleted(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        await self._entries.delete(who.person_id, UUID(at.draft["entry_id"]))
        return Step("book", at.draft, told=_DELETED)


def _back(at: At) -> Step:
    """One step up."""
    match at.step:
        case "confirm_entry" | "rules":
            return Step("entry", at.draft)
        case "entry" | "confirm_book":
            return Step("book", at.draft)
        case _:
            return Step("list", _to_list(at.draft))


def _to_book(draft: Mapping[str, Any], book_id: str) -> dict[str, Any]:
    """To a book; the page of the list is kept for the way back."""
    return {**leafing.first(draft), "book_id": book_id, "list_page": draft["page"]}


def _to_list(draft: Mapping[str, Any]) -> dict[str, Any]:
    return {**draft, "page": draft.get("list_page", 0)}


def _counted(draft: Mapping[str, Any]) -> dict[str, Any]:
    return {**draft, "made": draft["made"] + 1}


def _request_id(at: At, answers: Answers) -> UUID:
    """The same for the same answer, should it be given again because its end was not seen."""
    return uuid5(at.flow_id, f"{at.draft['made']} {sorted(answers.items())}")
