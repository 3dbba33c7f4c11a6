"""Settings as people ask about them and decide them: who may decide what, and what counts then."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import InvalidField, SettingNotFound
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Ref
from tzurot.session.channels import changes
from tzurot.session.incognito import news
from tzurot.session.incognito.news import Change
from tzurot.session.rooms import Rooms
from tzurot.session.said import Place
from tzurot.session.settings import cascade, choosing, setting_store
from tzurot.session.settings.cascade import Explained, Outcome, Tier
from tzurot.session.settings.setting_store import SYSTEM, Whose
from tzurot.session.settings.settings import (
    BY_KEY,
    PRESET,
    UNDECIDED,
    Deciders,
    Undecided,
    Value,
)
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller

SWEEP_JOB, SWEEP_CRON = "settings.sweep", "23 * * * *"


async def settings_for(
    tx: AsyncSession, person_id: UUID | None, personality_id: UUID | None, place: Place | None
) -> Explained:
    """What counts for a person with a character in a place; without one its tiers say nothing.

    One statement, and up to two more where a preset was chosen. In private there is no channel that
    anybody moderates. What a thread has not decided for itself it has from the channel above it.
    """
    ids, above = Whose(personality_id, person_id), None
    if place and place.venue is not Venue.DIRECT:
        ids = Whose(personality_id, person_id, place.platform, place.channel_id)
        above = place.parent_channel_id or None
    rows = await setting_store.decided(tx, ids, above)
    if not any(row.key == PRESET and row.value for row in rows):
        return cascade.explained(rows)
    return await choosing.with_preset(tx, rows, person_id, personality_id)


_WHOSE = {
    Deciders.OPERATOR: "is for who runs the server",
    Deciders.MODERATORS: "is for who runs the server and for moderators of a channel",
    Deciders.EVERYBODY: "is for everybody",
    Deciders.EDITORS: "is for the editors of a character",
    Deciders.PERSON: "is for each person to decide for themselves",
}


class Deciding:
    """What the servicer asks about settings. `UNDECIDED` for a value takes a decision back."""

    def __init__(self, rooms: Rooms) -> None:
        self._database = rooms.database
        self._characters = rooms.characters
        self._signals = rooms.signals

    async def explain(self, me: Caller, ref: Ref | None, place: Place | None) -> Explained:
        """What counts for the caller with a character in a place.

        Raises:
            PersonalityNotFound, SubjectDenied: by their names.
        """
        if place:
            place.require_own(me)
        async with self._database.transaction() as tx:
            return await settings_for(tx, me.person_id, await self._seen(tx, me, ref), place)

    async def for_person(
        self,
        me: Caller,
        ref: Ref | None,
        key: str,
        value: Value | Undecided,
        duration: timedelta | None = None,
    ) -> Outcome:
        """Decide for the caller, with one character or with all; None: for good.

        What is taken back is taken back at once: it has no duration.

        Raises:
            SettingNotFound, PresetNotFound, InvalidField, PersonalityNotFound: by their names.
        """
        _require_fitting(Tier.PERSON, key, value)
        async with self._database.transaction() as tx:
            personality_id = await self._seen(tx, me, ref)
            await choosing.require_usable(tx, key, value, me.person_id)
            whose = Whose(personality_id, me.person_id)
            if duration is None or value is UNDECIDED:
                await _decide(tx, whose, key, value)
            else:
                until = clock.now() + duration
                await setting_store.put_until(tx, whose, key, value, until)
            if key == news.KEY:
                await news.tell(self._signals, Change(me.person_id), tx)
            return (await settings_for(tx, me.person_id, personality_id, None)).outcomes[key]

    async def for_personality(
        self, me: Caller, ref: Ref, key: str, value: Value | Undecided
    ) -> Outcome:
        """Decide for everybody who talks with a character.

        Raises:
            SettingNotFound, PresetNotFound, InvalidField, PersonalityNotFound, NotEditor: by their
                names.
        """
        _require_fitting(Tier.PERSONALITY, key, value)
        async with self._database.transaction() as tx:
            personality = await self._characters.editable(tx, me.person_id, ref)
            await choosing.require_usable(tx, key, value, me.person_id)
            await _decide(tx, Whose(personality.id), key, value)
            return (await settings_for(tx, None, personality.id, None)).outcomes[key]

    async def for_channel(
        self, me: Caller, place: Place, key: str, value: Value | Undecided, *, bound: bool
    ) -> Outcome:
        """Decide for a channel, whatever persons decide if it is `bound`.

        Raises:
            SettingNotFound, PresetNotFound, InvalidField, SubjectDenied: by their names.
        """
        _require_fitting(Tier.CHANNEL, key, value)
        if place.venue is Venue.DIRECT:
            raise InvalidField([("place.venue", "setting.channel", "must not be a direct one")])
        place.require_own(me)
        async with self._database.transaction() as tx:
            await choosing.require_usable(tx, key, value, None)
            whose = Whose(platform=place.platform, channel_id=place.channel_id)
            await _decide(tx, whose, key, value, bound=bound)
            outcome = (await settings_for(tx, None, None, place)).outcomes[key]
            if value is not UNDECIDED and outcome.counts.tier is not Tier.CHANNEL:
                problem = f"must not be above {outcome.counts.value}, as the server has `{key}`"
                raise InvalidField([("value", "setting.only_lower", problem)])
            await changes.tell(self._signals, place, tx)  # clients listen by what it decides
            return outcome

    async def for_system(self, key: str, value: Value | Undecided) -> Outcome:
        """Decide for the whole server.

        Raises:
            SettingNotFound, PresetNotFound, InvalidField: by their names.
        """
        _require_fitting(Tier.SYSTEM, key, value)
        async with self._database.transaction() as tx:
            await choosing.require_usable(tx, key, value, None)
            await _decide(tx, SYSTEM, key, value)
            await changes.tell_of_all(self._signals, tx)
            return (await settings_for(tx, None, None, None)).outcomes[key]

    async def _seen(self, tx: AsyncSession, me: Caller, ref: Ref | None) -> UUID | None:
        if ref is None:
            return None
        return (await self._characters.seen(tx, me.person_id, ref)).personality.id


class Passing:
    """What was decided for a while."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sweep(self) -> None:
        """Delete what is over."""
        async with self._database.transaction() as tx:
            await setting_store.sweep(tx, clock.now())


async def _decide(
    tx: AsyncSession, whose: Whose, key: str, value: Value | Undecided, *, bound: bool = False
) -> None:
    if value is UNDECIDED:
        await setting_store.clear(tx, whose, key)
    else:
        await setting_store.put(tx, whose, key, value, bound=bound)


def _require_fitting(tier: Tier, key: str, value: Value | Undecided) -> None:
    """A setting that there is and that this tier may decide, and a value that it can have.

    Any decision can be taken back: it can be one from when the tier might still decide.

    Raises:
        SettingNotFound, InvalidField: by their names.
    """
    setting = BY_KEY.get(key)
    if setting is None:
        raise SettingNotFound(key)
    if value is UNDECIDED:
        return
    if tier not in cascade.deciding(setting):
        problem = f"must be one that is yours to decide: `{key}` {_WHOSE[setting.deciders]}"
        raise InvalidField([("key", "setting.deciders", problem)])
    if not setting.allows(value):
        problem = f"must be {setting.range} for `{key}`"
        raise InvalidField([("value", "setting.range", problem)])
