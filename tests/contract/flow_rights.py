"""What the rows of docs/reference/rights.md ask that are about flows."""

from collections.abc import Mapping

from tests.contract.asking import Asking, Case
from tests.contract.residents import in_channel


def _starts(path: str, **arguments: str) -> Case:
    async def case(at: Asking) -> None:
        await at.flow(path, character=at.world.slug, **arguments)

    return case


def _about_a_reply(path: str) -> Case:
    async def case(at: Asking) -> None:
        await at.flow(path, message=(await at.reply()).id)

    return case


def _offers(path: str) -> Case:
    async def case(at: Asking) -> bool:
        named = {"path": path, "key": "character", "typed": at.world.name}
        found = await at.call("CompleteFlowArgument", **named)
        return at.world.slug in {choice.value for choice in found.choices}

    return case


def _starts_in_a_channel(path: str) -> Case:
    async def case(at: Asking) -> None:
        await at.flow(path, in_channel(), character=at.world.slug)

    return case


async def _browse(at: Asking) -> bool:
    """Whether the list leads to the character; it is walked through once for all rows."""
    name, pages = at.person.name, at.world.pages
    if name not in pages:
        pages[name] = await _walk(at), at.heard
    listed, at.heard[:] = pages[name]
    return listed


async def _walk(at: Asking) -> bool:
    """Turn pages until the character comes, and read its own page."""
    flow = await at.flow("character browse")
    while not (listed := at.world.id in {it.key for it in flow.view.items}):
        if "next" not in {it.key for it in flow.view.actions}:
            break
        flow = await at.answer(flow, "next")
    if listed:
        await at.answer(flow, "show", item=at.world.id)
    return listed


async def _browse_page(at: Asking) -> bool:
    await _browse(at)
    return "description" in at.told()


async def _why(at: Asking) -> bool:
    """All that a turn's reasons tell of the definition."""
    turn_id, _ = await at.turn()
    flow = await at.flow("turn why", turn=turn_id)
    for item in [it.key for it in flow.view.items if it.key in {"lore", "passages"}]:
        flow = await at.answer(flow, "group", item=item)
        flow = await at.answer(flow, "back")
    return bool(at.told())


async def _test_book(at: Asking) -> None:
    await at.flow("lorebook test", book=at.world.lorebook)


async def _own_aliases(at: Asking) -> None:
    await at.flow("character aliases")


async def _own_conversation(at: Asking) -> None:
    _, conversation_id = await at.turn()
    await at.flow("history clear", conversation=conversation_id)


async def _own_turn(at: Asking) -> None:
    turn_id, _ = await at.turn()
    await at.flow("turn why", turn=turn_id)


CASES: Mapping[str, Case] = {
    "channel activate": _starts_in_a_channel("channel activate"),
    "channel activate: is offered": _offers("channel activate"),
    "channel deactivate: is offered": _offers("channel deactivate"),
    "deny add": _starts_in_a_channel("deny add"),
    "deny add: is offered": _offers("deny add"),
    "character aliases": _starts("character aliases"),
    "character aliases: one's own": _own_aliases,
    "character avatar": _starts("character avatar"),
    "character browse": _browse,
    "character browse: its definition": _browse_page,
    "character chat": _starts("character chat"),
    "character chat: is offered": _offers("character chat"),
    "character clone": _starts("character clone"),
    "character clone: is offered": _offers("character clone"),
    "character edit": _starts("character edit"),
    "character edit: is offered": _offers("character edit"),
    "character delete": _starts("character delete"),
    "character import": _starts("character import"),
    "character override": _starts("character override"),
    "character share": _starts("character share"),
    "character share: is offered": _offers("character share"),
    "history browse": _starts("history browse"),
    "history clear": _starts("history clear"),
    "history clear: one's own": _own_conversation,
    "history delete": _starts("history delete"),
    "history stats": _starts("history stats"),
    "history undo": _starts("history undo"),
    "knowledge browse": _starts("knowledge browse"),
    "lorebook browse": _starts("lorebook browse"),
    "lorebook test: the book": _test_book,
    "lorebook test: the character": _starts("lorebook test"),
    "memory add": _starts("memory add", text="I keep bees."),
    "memory browse: of whom it knows": _starts("memory browse"),
    "memory browse: is offered to whom it knows": _offers("memory browse"),
    "memory dreams: of whom it knows": _starts("memory dreams"),
    "memory dreams: is offered to whom it knows": _offers("memory dreams"),
    "memory export: of whom it knows": _starts("memory export"),
    "memory facts: of whom it knows": _starts("memory facts"),
    "memory forget": _starts("memory forget", minutes="10"),
    "memory fresh": _starts("memory fresh"),
    "memory graph: of whom it knows": _starts("memory graph"),
    "memory incognito": _starts("memory incognito"),
    "memory purge: of whom it knows": _starts("memory purge"),
    "memory search": _starts("memory search", query="bees"),
    "memory stats: of whom it knows": _starts("memory stats"),
    "memory undo: of whom it knows": _starts("memory undo"),
    "message alternatives": _about_a_reply("message alternatives"),
    "message delete": _about_a_reply("message delete"),
    "message edit": _about_a_reply("message edit"),
    "note": _starts("note"),
    "turn why": _own_turn,
    "turn why: words of its definition": _why,
    "wallet explain": _starts("wallet explain"),
}
