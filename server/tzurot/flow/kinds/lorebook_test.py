"""`lorebook test`: which entries some messages would bring up, and of each why or why not."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tzurot.errors import DefinitionHidden, LorebookNotFound, PersonalityNotFound
from tzurot.flow.kind import Answers, Argument, At, Kind, Refused, Step
from tzurot.flow.kinds import choosing, leafing, lore_words, naming
from tzurot.flow.views import (
    ITEM,
    MAX_CHOICES,
    Action,
    Asks,
    Choice,
    Field,
    Item,
    Style,
    View,
    line,
)
from tzurot.personality.characters import Characters
from tzurot.personality.lore.verdicts import Verdict
from tzurot.personality.lorebooks.lore_shelf import LoreShelf
from tzurot.personality.lorebooks.lore_trial import Trial
from tzurot.personality.lorebooks.lorebooks import Lorebooks
from tzurot.transport.subject import Caller

_MESSAGES = 100  # as TestLorebook has it
_TEXT = 20_000  # characters of all of them
_LOOKED_AT = 200  # of the person's newest books, to find one by its name
_WHAT = (
    "Write what is said, each message on a line of its own, oldest first. The last one is yours, "
    "those before are the character's and yours in turn."
)


class LorebookTest(Kind):
    """Asks for messages and judges; nothing is stored."""

    path = "lorebook test"
    summary = "Try what brings up which entries of a lorebook, and why."
    arguments = (
        Argument("character", "All lorebooks of a character: its name or slug.", completes=True),
        Argument("book", "One of your lorebooks: its name.", completes=True),
    )

    def __init__(self, lorebooks: Lorebooks, shelf: LoreShelf, characters: Characters) -> None:
        self._lorebooks = lorebooks
        self._shelf = shelf
        self._characters = characters

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees, or the person's own books."""
        if key == "character":
            return await choosing.offered(self._characters, who, typed)
        books = await self._lorebooks.list(who.person_id, before=None, limit=_LOOKED_AT)
        choices = [Choice(str(it.id), lore_words.called(it.name)) for it in books]
        return [it for it in choices if typed.casefold() in it.label.casefold()]

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The question for messages, or first for what is tested."""
        if "book" in arguments:
            return _asking("book", str(await self._meant_book(who, arguments["book"])))
        if "character" in arguments:
            return await self._of_character(who, arguments["character"])
        return Step("choose")

    async def view(self, who: Caller, at: At) -> View:
        """What to choose from, the question for messages, or the verdicts."""
        if at.step == "choose":
            return await self._choice(who)
        name = await self._name(who, at)
        text = at.draft["text"]
        said = Field(
            "text", "What is said", Asks.LONG_TEXT, "Each line is a message.",
            values=(text,) if text else (), required=True, max_length=_TEXT,
        )  # fmt: skip
        if not text:
            ask = Action("test", "Test", Style.PRIMARY, asks=("text",))
            return View(f"Test {name}", _WHAT, fields=(said,), actions=(ask,))
        verdicts = await self._judged(who, at)
        return View(
            title=f"Test of {name}",
            body=f"{_summary(verdicts)}\n\nFor: {line(text, 300)}",
            fields=(said,),
            items=tuple(_item(it) for it in leafing.page(at.draft, verdicts)),
            actions=(
                Action("test", "Test again", Style.PRIMARY, asks=("text",)),
                *leafing.actions(at.draft, verdicts),
            ),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Choose, test, or turn a page."""
        match action:
            case "book":
                return _asking("book", answers[ITEM][0])
            case "character":
                try:
                    return await self._of_character(who, answers["character"][0])
                except (PersonalityNotFound, DefinitionHidden) as wrong:
                    raise Refused(errors={"character": wrong.message}) from None
            case "test":
                count = len(_messages(answers["text"][0]))
                if count > _MESSAGES:
                    raise Refused(
                        errors={"text": f"At most {_MESSAGES} lines fit; these are {count:,}."}
                    )
                return Step("talk", leafing.first({**at.draft, "text": answers["text"][0]}))
            case _:
                verdicts = await self._judged(who, at)
                return Step("talk", leafing.turned(at.draft, action, verdicts))

    async def _choice(self, who: Caller) -> View:
        books = await self._lorebooks.list(who.person_id, before=None, limit=MAX_CHOICES)
        users = await self._shelf.users(books)
        asked = Field("character", "Character", description="Its name or slug.", required=True)
        return View(
            title="Test lorebooks",
            body="Choose one of your lorebooks, or a character to test all that it uses.",
            fields=(asked,),
            items=tuple(lore_words.book_item(book, users) for book in books),
            actions=(Action("character", "Of a character", asks=("character",)),),
            item_action="book",
        )

    async def _of_character(self, who: Caller, named: str) -> Step:
        meant = await choosing.meant(self._characters, who, named)
        (await self._characters.get(who.person_id, meant.id)).require_definition()
        return _asking("character", str(meant.id))

    async def _meant_book(self, who: Caller, named: str) -> UUID:
        """A book by its id or its name; the newest of those that are called the same.

        Raises:
            LorebookNotFound: there is none that the person may read.
        """
        try:
            return (await self._shelf.book(who.person_id, UUID(named))).id
        except ValueError:
            books = await self._lorebooks.list(who.person_id, before=None, limit=_LOOKED_AT)
        for book in books:
            if book.name.strip().casefold() == named.casefold():
                return book.id
        raise LorebookNotFound(named[:80])

    async def _name(self, who: Caller, at: At) -> str:
        """What is tested, if the person may read it."""
        tested = UUID(at.draft["id"])
        if at.draft["what"] == "book":
            return lore_words.called((await self._shelf.book(who.person_id, tested)).name)
        found = await self._characters.get(who.person_id, tested)
        found.require_definition()
        return await naming.told(self._characters, who, found.personality)

    async def _judged(self, who: Caller, at: At) -> list[Verdict]:
        """What is told, what found no room, and the rest; each in the order of its book."""
        tested, trial = UUID(at.draft["id"]), Trial(_messages(at.draft["text"]))
        if at.draft["what"] == "book":
            verdicts = await self._lorebooks.test(who.person_id, tested, trial)
        else:
            verdicts = await self._lorebooks.test_character(who.person_id, tested, trial)
        return sorted(verdicts, key=lambda it: (not it.activated, not it.left_out))


def _asking(what: str, tested: str) -> Step:
    draft: dict[str, Any] = {"what": what, "id": tested, "text": "", "page": 0}
    return Step("talk", draft)


def _messages(text: str) -> tuple[str, ...]:
    return tuple(it for it in text.splitlines() if it.strip())


def _summary(verdicts: Sequence[Verdict]) -> str:
    if not verdicts:
        return "There is no entry here."
    told = sum(it.activated for it in verdicts)
    left_out = sum(it.left_out for it in verdicts)
    more = f", {left_out:,} found no room" if left_out else ""
    return f"Told: {told:,} of {len(verdicts):,} entries{more}."


def _item(verdict: Verdict) -> Item:
    state = "Told" if verdict.activated else "No room" if verdict.left_out else "Not told"
    placed = verdict.placement
    where = f"\n{lore_words.place(placed.where, placed.depth)}: {line(verdict.content, 200)}"
    return Item(
        f"{state}: {lore_words.entry_called(verdict.entry)}, in {lore_words.called(verdict.book)}",
        lore_words.sentence(verdict.reason) + (where if verdict.activated else ""),
    )
