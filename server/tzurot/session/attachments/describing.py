"""Pictures for models that don't see: described once, by one that does, where the person has one.

Nothing is described whose words would not be told: each has its room before (attached.py).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from tzurot.errors import TzurotError
from tzurot.llm import vision
from tzurot.llm.fallback import Attempt
from tzurot.llm.streaming import ModelFinished
from tzurot.llm.vision import Described
from tzurot.session.attachments import attachment_store
from tzurot.session.delivery.events import Notice, failure_of
from tzurot.session.prompt import attached
from tzurot.session.prompt.attached import Attached, Piece, Planned
from tzurot.session.rooms import Rooms
from tzurot.session.turns import Turn
from tzurot.wallet.paying import Model
from tzurot.wallet.usage.attempts import Purpose

_SECONDS = 25.0  # for all pictures of a message together
_AT_ONCE = 4


async def tell(
    turn: Turn, pieces: Sequence[Piece], model: Model, room: int, rooms: Rooms
) -> Attached:
    """What `model` is told of what is attached, when `room` tokens are free."""
    if not pieces:
        return Attached()
    plan = attached.planned(pieces, room, sees=bool(model.speaker.supports_vision))
    describing = _Describing(turn, rooms)
    if wanted := {it.piece.sha256: it.piece for it in plan if it.wants_words}:
        await describing.describe(tuple(wanted.values()))
    plan = [_with_words(it, describing.found) for it in plan]
    return Attached(
        sections=tuple(it.section for it in plan),
        pictures=tuple(it.piece.picture for it in plan if it.is_shown),
        notices=tuple(Notice(it) for it in dict.fromkeys(map(failure_of, describing.failures))),
        attempts=tuple(describing.attempts),
        usage=tuple(describing.usage),
    )


def _with_words(it: Planned, found: dict[str, str]) -> Planned:
    return it.described(found[it.piece.sha256]) if it.piece.sha256 in found else it


@dataclass(slots=True)
class _Describing:
    """The pictures of one turn; what came of it is kept whatever fails."""

    turn: Turn
    rooms: Rooms
    found: dict[str, str] = field(default_factory=dict[str, str])
    """Descriptions by the hashes of their pictures."""
    failures: list[TzurotError] = field(default_factory=list[TzurotError])
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    usage: list[ModelFinished] = field(default_factory=list[ModelFinished])

    async def describe(self, pieces: Sequence[Piece]) -> None:
        """Have them described, if somebody sees, and note for good what they say.

        Of what is said incognito nothing is noted.
        """
        model = await self._seeing()
        if model is None:
            return
        slots = asyncio.Semaphore(_AT_ONCE)
        seconds = min(_SECONDS, self.turn.seconds_left / 2)
        deadline = asyncio.get_running_loop().time() + seconds
        async with asyncio.TaskGroup() as tasks:
            for piece in pieces:
                tasks.create_task(self._one(piece, model, slots, deadline))
        if self.turn.incognito:
            return
        async with self.rooms.database.transaction() as tx:
            for sha256, description in sorted(self.found.items()):
                await attachment_store.describe(tx, self.turn.person_id, sha256, description)

    async def _seeing(self) -> Model | None:
        """The best model that sees and that the person may ask."""
        cause = self.turn.cause(Purpose.VISION)
        for model in await self.rooms.wallet.beside(self.turn.payer, cause):
            if model.speaker.supports_vision:
                return model
        return None

    async def _one(
        self, piece: Piece, model: Model, slots: asyncio.Semaphore, deadline: float
    ) -> None:
        async with slots:
            seconds = max(0.1, deadline - asyncio.get_running_loop().time())
            try:
                said: Described = await vision.describe(
                    model, piece.picture, seconds=seconds, on_attempt=self.attempts.append
                )
            except TzurotError as error:
                self.failures.append(error)
                return
        self.found[piece.sha256] = said.text
        self.usage.append(said.usage)
