"""What this server holds in memory of what is said incognito, so that a talk hangs together.

It is never written anywhere. A talk is what one person says in one channel: it is let go an hour
after its last word, when the person stops being incognito, and with the server; of a long one the
oldest rounds go first. Another server knows nothing of it. Why: docs/decisions/0028.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from tzurot import clock
from tzurot.memory.venues import Venue
from tzurot.session.delivery.events import StoredMessage
from tzurot.session.incognito.rounds import Round, Spot
from tzurot.session.prompt.attached import Piece
from tzurot.session.prompt.references import Known
from tzurot.session.said import MessageRef, Place, Reference
from tzurot.session.turns import Finish, Line, Talk, Turn, TurnId

KEPT = timedelta(hours=1)  # after the last word of a talk
MAX_MESSAGES = 40  # of a talk
MAX_BYTES = 64 * 1024  # of the words of a talk
MAX_TALKS = 1_000  # of a server; those that were silent longest go first


class Held:
    """The talks, each with its rounds in the order of their admission."""

    def __init__(self) -> None:
        self._talks: dict[Spot, dict[TurnId, Round]] = {}  # the one spoken in last comes last
        self._last: dict[Spot, datetime] = {}

    def begin(
        self, turn: Turn, pieces: Sequence[Piece], *, leads: bool, followed: bool = False
    ) -> None:
        """Hold what an admitted turn was begun with; whether others answer before and after it."""
        new = Round.of(turn, pieces, leads=leads, followed=followed)
        if before := self._since_reset(new.spot, new.conversation_id, new.epoch):
            new.count_before = before[-1].count
        self._talks.setdefault(new.spot, {})[turn.id] = new
        self._touch(new.spot)

    def end(
        self, turn: Turn, reply: StoredMessage | None, talk: Talk | None, own_words: str
    ) -> None:
        """Hold how a turn ended, unless it was let go in the meantime."""
        spot = Spot.of(turn)
        if found := self._talks.get(spot, {}).get(turn.id):
            found.answered(reply, turn.display_name, own_words)
            found.talk = talk
            self._touch(spot)

    def over(self, turn: Turn, finish: Finish) -> None:
        """A turn runs no more: what is attached is let go, unless another turn answers it, too."""
        spot = Spot.of(turn)
        rounds = self._talks.get(spot, {})
        if found := rounds.get(turn.id):
            found.runs = False
        done = set[UUID](turn.earlier.exchange)
        if found is None or not found.followed:  # else others answer the same message
            done |= {it.turn_id for it in rounds.values() if it.request_id == turn.said.request_id}
        if finish is not Finish.SUPERSEDED:
            for turn_id in rounds.keys() & done:
                rounds[turn_id].unload()
        self._bound(spot)

    def own(self, spot: Spot, conversation_id: UUID, epoch: int) -> tuple[Line, ...]:
        """What was said incognito to and by a character since the last reset, oldest first."""
        here = self._since_reset(spot, conversation_id, epoch)
        return tuple(line for it in here for line in it.lines)

    def around(
        self, spot: Spot, place: Place, conversation_id: UUID, request_id: UUID | None
    ) -> tuple[Line, ...]:
        """The same of others, as far as a character hears it (store.around), oldest first."""
        rounds = list(self._rounds(spot))
        heard = {it.request_id for it in rounds if it.conversation_id == conversation_id}
        heard.add(request_id)
        lines: list[Line] = []
        for it in rounds:
            alone = place.venue is Venue.DIRECT and it.request_id != request_id
            if it.conversation_id == conversation_id or alone:
                continue
            if it.said and it.leads and it.request_id not in heard:
                lines.append(replace(it.said, around=True))
            if it.reply_line:
                lines.append(it.reply_line)
        return tuple(lines)

    def talk(self, spot: Spot, conversation_id: UUID, epoch: int) -> Talk | None:
        """What the conversation keeps of what was said incognito since the last reset, if any."""
        kept = [it.talk for it in self._since_reset(spot, conversation_id, epoch) if it.talk]
        return kept[-1] if kept else None

    def round(self, person_id: UUID, turn_id: TurnId) -> Round | None:
        """One turn of the person's; None: nothing is left of it."""
        found = (talk.get(turn_id) for talk in self._talks.values())
        return next((it for it in found if it and it.spot.person_id == person_id), None)

    def references(
        self, spot: Spot, turn_ids: Sequence[TurnId]
    ) -> tuple[tuple[Reference, ...], ...]:
        """What the messages of turns refer to, each for itself."""
        rounds = self._talks.get(spot, {})
        return tuple(rounds[it].references for it in turn_ids if it in rounds)

    def known(self, spot: Spot) -> dict[str, Known]:
        """What the person said incognito in a channel, by the platform's ids."""
        return {
            it.platform_message_id: Known(frozenset({it.said.message_id}), is_own=False)
            for it in self._rounds(spot)
            if it.said and it.platform_message_id
        }

    def count(self, turn: Turn) -> tuple[int, int]:
        """How many messages the conversation had before a turn, and how many the character said."""
        found = self._talks.get(Spot.of(turn), {}).get(turn.id)
        return found.count_before if found else (0, 0)

    def pieces(self, turn: Turn, turn_ids: Collection[UUID]) -> dict[UUID, list[Piece]]:
        """What was said with a turn and earlier ones, be it with others of the same message."""
        rounds = list(self._rounds(Spot.of(turn)))
        with_message = {it.request_id: it.pieces for it in rounds if it.pieces}
        requests: dict[UUID, UUID | None] = {it.turn_id: it.request_id for it in rounds}
        requests[turn.id] = turn.said.request_id
        return {
            turn_id: list(with_message[request_id])
            for turn_id, request_id in requests.items()
            if turn_id in turn_ids and request_id in with_message
        }

    def brought(self, person_id: UUID, request_id: UUID | None) -> set[UUID]:
        """The attachments that were said with a message."""
        rounds = [it for it in self._all(person_id) if it.request_id == request_id]
        return {attachment_id for it in rounds for attachment_id in it.attachment_ids}

    def meant(self, person_id: UUID, ref: MessageRef) -> list[TurnId]:
        """The person's turns that said or answered a message."""
        return [it.turn_id for it in self._all(person_id) if it.is_meant(ref)]

    def drop(self, person_id: UUID, which: Callable[[Round], bool] = lambda _: True) -> int:
        """Let go of a person's rounds; how many messages they had."""
        gone = [it for it in self._all(person_id) if which(it)]
        for it in gone:
            self._remove(it)
        return sum(len(it.lines) for it in gone)

    def since(self, person_id: UUID, since: datetime, personality_id: UUID | None) -> int:
        """How many messages the rounds have that were spoken in since then."""
        rounds = (it for it in self._all(person_id) if it.is_of(since, personality_id))
        return sum(len(it.lines) for it in rounds)

    def with_whom(self, person_id: UUID | None = None) -> set[tuple[UUID, UUID]]:
        """Persons with the characters that they talk with; of everybody, or of one."""
        rounds = (it for talk in self._talks.values() for it in talk.values())
        pairs = {(it.spot.person_id, it.personality_id) for it in rounds}
        return {it for it in pairs if person_id in (None, it[0])}

    def extend(self, person_id: UUID, personality_id: UUID, until: datetime | None) -> None:
        """The person is incognito with a character until then; None: until they say otherwise."""
        for it in self._all(person_id):
            if it.personality_id == personality_id:
                it.until = until

    def sweep(self) -> None:
        """Let go of what nobody may know any more by now."""
        now = clock.now()
        for spot in [spot for spot, last in self._last.items() if last + KEPT <= now]:
            self._let_go(spot)
        for talk in list(self._talks.values()):
            for it in [it for it in talk.values() if it.until and it.until <= now]:
                self._remove(it)

    def _touch(self, spot: Spot) -> None:
        """Somebody has spoken there: its hour begins anew."""
        self._talks[spot] = self._talks.pop(spot)
        self._last[spot] = clock.now()
        self._bound(spot)
        while len(self._talks) > MAX_TALKS:
            self._let_go(next(iter(self._talks)))

    def _bound(self, spot: Spot) -> None:
        """Let go of the oldest rounds of a talk that has too much; not of one that runs."""
        talk = self._talks.get(spot, {})
        for it in list(talk.values()):
            count = sum(len(it.lines) for it in talk.values())
            if count <= MAX_MESSAGES and sum(it.size for it in talk.values()) <= MAX_BYTES:
                return
            if not it.runs:
                self._remove(it)

    def _remove(self, it: Round) -> None:
        del self._talks[it.spot][it.turn_id]
        if not self._talks[it.spot]:
            self._let_go(it.spot)

    def _let_go(self, spot: Spot) -> None:
        del self._talks[spot], self._last[spot]

    def _rounds(self, spot: Spot) -> Iterator[Round]:
        """A talk's rounds, if its hour is not over."""
        self.sweep()
        yield from self._talks.get(spot, {}).values()

    def _since_reset(self, spot: Spot, conversation_id: UUID, epoch: int) -> list[Round]:
        here = (conversation_id, epoch)
        return [it for it in self._rounds(spot) if (it.conversation_id, it.epoch) == here]

    def _all(self, person_id: UUID) -> list[Round]:
        talks = [talk for spot, talk in self._talks.items() if spot.person_id == person_id]
        return [it for talk in talks for it in talk.values()]
