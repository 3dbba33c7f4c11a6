"""What `lorebook browse` shows: a page of books, a book with a page of entries, one entry."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.flow.kind import At
from tzurot.flow.kinds import leafing, lore_forms, lore_words, naming, paging
from tzurot.flow.views import MAX_CHOICES, Action, Asks, Choice, Field, Style, View
from tzurot.personality.characters import Characters
from tzurot.personality.lorebooks import lore_shelf
from tzurot.personality.lorebooks.lore_entries import Numbered
from tzurot.personality.lorebooks.lore_shelf import LoreShelf, Shelved, Written
from tzurot.personality.lorebooks.lorebooks import Lorebooks
from tzurot.transport.subject import Caller

BACK = Action("back", "Back")
_UNDONE = "This cannot be undone."
_ATTACH = Field("character", "Character", description="Its name or slug.", required=True)


class LoreViews:
    """Reads books and draws them."""

    def __init__(self, lorebooks: Lorebooks, shelf: LoreShelf, characters: Characters) -> None:
        self._lorebooks = lorebooks
        self._shelf = shelf
        self._characters = characters

    async def books(self, who: Caller, at: At) -> tuple[Sequence[Shelved], Sequence[Action]]:
        """A page of books, and how it can be turned."""
        whose = at.draft["personality_id"]
        if whose:
            rows = await self._shelf.of_character(who.person_id, UUID(whose))
            return leafing.page(at.draft, rows), leafing.actions(at.draft, rows)
        rows = await self._lorebooks.list(
            who.person_id, before=paging.before(at.draft), limit=paging.SIZE + 1
        )
        return paging.page(rows), paging.actions(at.draft, rows)

    async def shelf(self, who: Caller, at: At) -> View:
        """A page of books."""
        books, turns = await self.books(who, at)
        users, name = await self._shelf.users(books), at.draft["name"]
        begin = Action("new", "New book", asks=lore_forms.NEW_BOOK)
        return View(
            title=f"Lorebooks of {name}" if name else "Your lorebooks",
            body="" if books else "There is no lorebook here.",
            fields=lore_forms.new_book_fields(),
            items=tuple(lore_words.book_item(book, users) for book in books),
            actions=(*turns, begin) if await self.may_begin(who, at) else tuple(turns),
            item_action="show",
        )

    async def may_begin(self, who: Caller, at: At) -> bool:
        """Whether a new book can be begun here: for a character only by who may change it."""
        whose = at.draft["personality_id"]
        return not whose or (await self._characters.get(who.person_id, UUID(whose))).edits

    async def entries(self, who: Caller, at: At) -> tuple[Shelved, Sequence[Numbered]]:
        """The book that is looked at, with all of its entries."""
        return await self._lorebooks.get(who.person_id, UUID(at.draft["book_id"]))

    async def book(self, who: Caller, at: At) -> View:
        """A book, and a page of its entries; it is marked with its version."""
        book, entries = await self.entries(who, at)
        users = await self._shelf.users([book])
        choices = tuple(Choice(str(id_), naming.listed(it)) for id_, it in users.items())[
            :MAX_CHOICES
        ]
        leaving = Field("user", "Character", Asks.CHOICE, choices=choices, required=True)
        fields = (*lore_forms.book_fields(book), *lore_forms.new_entry_fields(), _ATTACH, leaving)
        return View(
            title=lore_words.called(book.name),
            body=lore_words.book_facts(book, users),
            fields=fields if book.editable else (),
            items=tuple(
                lore_words.entry_item(lore_shelf.said_by(it.entry), it.entry.id)
                for it in leafing.page(at.draft, entries)
            ),
            actions=(BACK, *leafing.actions(at.draft, entries), *_changes(book, choices)),
            item_action="entry",
            mark=str(book.version),
        )

    async def entry(self, who: Caller, at: At) -> View:
        """One entry, all that it says; it is marked with its version."""
        written = await self._shelf.entry(who.person_id, UUID(at.draft["entry_id"]))
        changes = (
            *_forms(lore_forms.FORMS),
            Action("rules", "Rules"),
            Action("ask", "Delete the entry", Style.DANGER),
        )
        return View(
            title=lore_words.entry_called(written.says),
            body=written.says.content or "It tells nothing yet.",
            fields=_fields(written, lore_forms.FORMS),
            items=lore_words.entry_items(written.says),
            actions=(BACK, *changes) if written.book.editable else (BACK,),
            mark=str(written.version),
        )

    async def rules(self, who: Caller, at: At) -> View:
        """What few entries say otherwise than the default, to be changed."""
        written = await self._shelf.entry(who.person_id, UUID(at.draft["entry_id"]))
        return View(
            title=f"Rules of {lore_words.entry_called(written.says)}",
            fields=_fields(written, lore_forms.RULES),
            items=lore_words.entry_items(written.says),
            actions=(BACK, *_forms(lore_forms.RULES)) if written.book.editable else (BACK,),
            mark=str(written.version),
        )

    async def book_question(self, who: Caller, at: At) -> View:
        """Whether to delete a book."""
        book = await self._shelf.book(who.person_id, UUID(at.draft["book_id"]))
        users = await self._shelf.users([book])
        goes = f"Its entries go with it ({book.entry_count:,})."
        without = ", ".join(naming.listed(it) for it in list(users.values())[:MAX_CHOICES])
        parts = (goes, f"These characters go on without it: {without}." if without else "", _UNDONE)
        return View(
            title=f"Delete {lore_words.called(book.name)}?",
            body="\n\n".join(it for it in parts if it),
            actions=(BACK, Action("delete", "Delete for good", Style.DANGER)),
        )

    async def entry_question(self, who: Caller, at: At) -> View:
        """Whether to delete an entry."""
        written = await self._shelf.entry(who.person_id, UUID(at.draft["entry_id"]))
        return View(
            title=f"Delete {lore_words.entry_called(written.says)}?",
            body=f"{_UNDONE}\n\n{written.says.content}",
            actions=(BACK, Action("delete", "Delete for good", Style.DANGER)),
        )


def _forms(forms: Mapping[str, tuple[str, tuple[str, ...]]]) -> tuple[Action, ...]:
    return tuple(Action(key, label, asks=keys) for key, (label, keys) in forms.items())


def _fields(
    written: Written, forms: Mapping[str, tuple[str, tuple[str, ...]]]
) -> tuple[Field, ...]:
    return lore_forms.entry_fields(written.says, forms) if written.book.editable else ()


def _changes(book: Shelved, users: Sequence[Choice]) -> tuple[Action, ...]:
    """What the person may do with a book."""
    if not book.editable:
        return ()
    found = [
        Action("add", "Add an entry", asks=lore_forms.NEW_ENTRY),
        Action("edit", "Edit the book", asks=lore_forms.BOOK),
        Action("attach", "Use for a character", asks=("character",)),
    ]
    if users:
        found.append(Action("detach", "Use no more", asks=("user",)))
    if book.owned:
        found.append(Action("ask", "Delete the book", Style.DANGER))
    return tuple(found)
