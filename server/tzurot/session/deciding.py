"""Settings as people ask about them and decide them: who may decide what, and what counts then."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import InvalidField, SettingNotFound
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Ref
from tzurot.session import cascade, setting_store
from tzurot.session.cascade import Explained, Outcome
from tzurot.session.rooms import Rooms
from tzurot.session.said import Place
from tzurot.session.setting_store import SYSTEM, Whose
from tzurot.session.settings import BY_KEY, UNDECIDED, Undecided, Value
from tzurot.transport.subject import Caller


async def settings_for(
    tx: AsyncSession, person_id: UUID | None, personality_id: UUID | None, place: Place | None
) -> Explained:
    """What counts for a person with a character in a place; without one its tiers say nothing.

    One statement. In private there is no channel that anybody moderates.
    """
    channel = place if place and place.venue is not Venue.DIRECT else None
    rows = await setting_store.decided(
        tx,
        person_id,
        personality_id,
        channel.platform if channel else None,
        channel.channel_id if channel else None,
    )
    return cascade.explained(rows)


class Deciding:
    """What the servicer asks about settings. `UNDECIDED` for a value takes a decision back."""

    def __init__(self, rooms: Rooms) -> None:
        self._database = rooms.database
        self._characters = rooms.characters

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
        self, me: Caller, ref: Ref | None, key: str, value: Value | Undecided
    ) -> Outcome:
        """Decide for the caller, with one character or with all.

        Raises:
            SettingNotFound, InvalidField, PersonalityNotFound: by their names.
        """
        _require_fitting(key, value)
        async with self._database.transaction() as tx:
            personality_id = await self._seen(tx, me, ref)
            await _decide(tx, Whose(personality_id, me.person_id), key, value)
            return (await settings_for(tx, me.person_id, personality_id, None)).outcomes[key]

    async def for_personality(
        self, me: Caller, ref: Ref, key: str, value: Value | Undecided
    ) -> Outcome:
        """Decide for everybody who talks with a character.

        Raises:
            SettingNotFound, InvalidField, PersonalityNotFound, NotEditor: by their names.
        """
        _require_fitting(key, value)
        async with self._database.transaction() as tx:
            personality = await self._characters.editable(tx, me.person_id, ref)
            await _decide(tx, Whose(personality.id), key, value)
            return (await settings_for(tx, None, personality.id, None)).outcomes[key]

    async def for_channel(
        self, me: Caller, place: Place, key: str, value: Value | Undecided, *, bound: bool
    ) -> Outcome:
        """Decide for a channel, whatever persons decide if it is `bound`.

        Raises:
            SettingNotFound, InvalidField, SubjectDenied: by their names.
        """
        _require_fitting(key, value)
        if place.venue is Venue.DIRECT:
            raise InvalidField([("place.venue", "setting.channel", "must not be a direct one")])
        place.require_own(me)
        async with self._database.transaction() as tx:
            whose = Whose(platform=place.platform, channel_id=place.channel_id)
            await _decide(tx, whose, key, value, bound=bound)
            return (await settings_for(tx, None, None, place)).outcomes[key]

    async def for_system(self, key: str, value: Value | Undecided) -> Outcome:
        """Decide for the whole server.

        Raises:
            SettingNotFound, InvalidField: by their names.
        """
        _require_fitting(key, value)
        async with self._database.transaction() as tx:
            await _decide(tx, SYSTEM, key, value)
            return (await settings_for(tx, None, None, None)).outcomes[key]

    async def _seen(self, tx: AsyncSession, me: Caller, ref: Ref | None) -> UUID | None:
        if ref is None:
            return None
        return (await self._characters.seen(tx, me.person_id, ref)).personality.id


async def _decide(
    tx: AsyncSession, whose: Whose, key: str, value: Value | Undecided, *, bound: bool = False
) -> None:
    if value is UNDECIDED:
        await setting_store.clear(tx, whose, key)
    else:
        await setting_store.put(tx, whose, key, value, bound=bound)


def _require_fitting(key: str, value: Value | Undecided) -> None:
    """A setting that there is, and a value that it can have.

    Raises:
        SettingNotFound, InvalidField: by their names.
    """
    setting = BY_KEY.get(key)
    if setting is None:
        raise SettingNotFound(key)
    if value is not UNDECIDED and not setting.allows(value):
        problem = f"must be {setting.range} for `{key}`"
        raise InvalidField([("value", "setting.range", problem)])
