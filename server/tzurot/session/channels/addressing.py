"""Who answers a message, and why the others don't: one pure function over facts.

    chosen           whoever the client names, in that order
    spoken to        whose message is replied to, then all that are mentioned, as they are mentioned
    next speaker     in a channel: the one that was chosen to speak next, alone
    active           in a channel: those that answer every message, as they feel like it
    last spoken to   in direct: whom the person talked with last

The first that applies decides, even if nobody answers then: who is muted stays silent when named,
and nobody steps in. The facts are gathered in audience.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b
from uuid import UUID

from tzurot.personality.sharing.sharing import Access
from tzurot.session.turns import Redo

MUTED = "muted here"
UNSEEN = "you can't see it"
WHEN_NAMED = "only when named"
OTHERS_NAMED = "somebody else was named"
ANOTHER_TURN = "another one was chosen to speak next"


class Mode(StrEnum):
    """What an active character answers."""

    EVERY = "every"
    NAMED = "named"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Active:
    """A character that is active in the channel. Talkativeness: 0 to 1."""

    personality_id: UUID
    mode: Mode = Mode.EVERY
    talkativeness: float = 1.0


@dataclass(frozen=True, slots=True)
class Facts:
    """All that decides who answers. `seen` has each of the characters that the person may see."""

    request_id: UUID
    seen: Mapping[UUID, Access] = field(default_factory=dict[UUID, Access])
    chosen: tuple[UUID, ...] = ()
    replied_to: UUID | None = None
    named: tuple[UUID, ...] = ()
    active: tuple[Active, ...] = ()
    next_speaker: UUID | None = None
    last_spoken_to: UUID | None = None
    limit: int = 5
    """Characters that answer one message at most."""

    def is_muted(self, personality_id: UUID) -> bool:
        """Whether it may say nothing here."""
        return any(
            it.personality_id == personality_id and it.mode is Mode.MUTED for it in self.active
        )


@dataclass(frozen=True, slots=True)
class Silent:
    """A character that could have answered, and why it does not."""

    personality_id: UUID
    because: str
    slug: str = ""
    """Empty if the person may not know of it."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A character that is to answer, and why; `silent`: who does not."""

    access: Access
    because: str
    redo: Redo | None = None
    silent: tuple[Silent, ...] = ()
    spoken_to: bool = True
    """Whether the person meant it; else it is only active there."""
    position: int = 0
    """Among those that the message was for, whether they may answer or not."""
    leads: bool = True
    """Whether nobody else answers the message before."""
    followed: bool = False
    """Whether somebody else answers the message after it."""


def in_line(answering: Sequence[Addressee]) -> list[Addressee]:
    """Those who answer one message, each with whether others do before and after it."""
    last = len(answering) - 1
    return [
        replace(it, leads=number == 0, followed=number < last)
        for number, it in enumerate(answering)
    ]


@dataclass(frozen=True, slots=True)
class Decision:
    """Who answers, in order, and who could have but does not."""

    answering: tuple[Addressee, ...]
    silent: tuple[Silent, ...] = ()
    next_speaker: UUID | None = None
    """Who has its turn with this; None: it was nobody's turn."""


def decide(facts: Facts) -> Decision:
    """Who answers. The same facts always decide the same."""
    if facts.chosen:
        return _decided(facts, [(it, "chosen") for it in facts.chosen], {})
    if facts.replied_to or facts.named:
        return _spoken_to(facts)
    if facts.active:
        return _active(facts)
    if facts.last_spoken_to:
        return _decided(facts, [(facts.last_spoken_to, "last spoken to")], {})
    return Decision(())


def everybody(facts: Facts) -> Decision:
    """All who are active, as somebody asks them to speak though nothing was said to them."""
    silent = {it.personality_id: MUTED for it in facts.active if it.mode is Mode.MUTED}
    return _decided(facts, [(it.personality_id, "asked to speak") for it in facts.active], silent)


def told(addressees: Sequence[Addressee]) -> str:
    """Who answers a message and who does not, in words for the person who said it."""
    silent = addressees[0].silent if addressees else ()
    reasons = {it.access.personality.slug: it.because for it in addressees}  # a scene repeats them
    answering = ", ".join(f"{slug} ({because})" for slug, because in reasons.items())
    others = ", ".join(f"{it.slug} ({it.because})" for it in silent if it.slug)
    return f"{answering}; silent: {others}" if others else answering


def _spoken_to(facts: Facts) -> Decision:
    spoken_to = [(it, "its message is replied to") for it in [facts.replied_to] if it]
    spoken_to += [(it, "named") for it in facts.named]
    ids = {it for it, _ in spoken_to}
    silent = {it: MUTED for it in ids if facts.is_muted(it)}
    silent |= {
        it.personality_id: MUTED if it.mode is Mode.MUTED else OTHERS_NAMED
        for it in facts.active
        if it.personality_id not in ids
    }
    return _decided(facts, spoken_to, silent)


def _active(facts: Facts) -> Decision:
    ids = [it.personality_id for it in facts.active]
    turn = facts.next_speaker
    if turn and turn in ids and turn in facts.seen and not facts.is_muted(turn):
        silent = {it: ANOTHER_TURN for it in ids if it != turn}
        decided = _decided(facts, [(turn, "chosen to speak next")], silent)
        return Decision(_unasked(decided), decided.silent, turn)
    silent = {it.personality_id: why for it in facts.active if (why := _reluctance(facts, it))}
    decided = _decided(facts, [(it, "active here") for it in ids], silent)
    return Decision(_unasked(decided), decided.silent)


def _unasked(decided: Decision) -> tuple[Addressee, ...]:
    return tuple(replace(it, spoken_to=False) for it in decided.answering)


def _reluctance(facts: Facts, one: Active) -> str:
    """Why an active character does not answer what names nobody; empty: it does."""
    match one.mode:
        case Mode.MUTED:
            return MUTED
        case Mode.NAMED:
            return WHEN_NAMED
        case Mode.EVERY:
            feels_like_it = _lot(facts.request_id, one.personality_id) < one.talkativeness
            share = f"{one.talkativeness:.2f}".rstrip("0").rstrip(".")
            return "" if feels_like_it else f"did not feel like it (talkativeness {share})"


def _lot(request_id: UUID, personality_id: UUID) -> float:
    """At least 0 and less than 1, evenly: the same for a repeat of the request."""
    drawn = blake2b(request_id.bytes + personality_id.bytes, digest_size=6).digest()
    return int.from_bytes(drawn) / 2**48


def _decided(
    facts: Facts, wanted: Iterable[tuple[UUID, str]], reluctant: Mapping[UUID, str]
) -> Decision:
    """Those wanted who are willing and seen, each once, up to the limit; the others' reasons."""
    limit = len(facts.chosen) or facts.limit
    answering: dict[UUID, str] = {}
    silent = dict(reluctant)
    for personality_id, because in wanted:
        if personality_id in silent or personality_id in answering:
            continue
        if personality_id not in facts.seen:
            silent[personality_id] = UNSEEN
        elif len(answering) == limit:
            what = "were named" if facts.named else "would have answered"
            silent[personality_id] = f"more than {limit} {what}"
        else:
            answering[personality_id] = because
    quiet = tuple(_silent(facts, it, because) for it, because in silent.items())
    return Decision(
        tuple(Addressee(facts.seen[it], why, silent=quiet) for it, why in answering.items()), quiet
    )


def _silent(facts: Facts, personality_id: UUID, because: str) -> Silent:
    access = facts.seen.get(personality_id)
    if access is None:
        return Silent(personality_id, UNSEEN)
    return Silent(personality_id, because, access.personality.slug)
