"""That a channel changed, or all of them, as servers tell each other: who watches reads anew."""

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.session.said import Place
from tzurot.storage.signals import Signals

CHANNELS = "channels"  # the topic
ALL = "*"  # the change that concerns every channel


async def tell(signals: Signals, place: Place, tx: AsyncSession) -> None:
    """Tell all servers, once the transaction commits."""
    await signals.publish(CHANNELS, f"{place.platform} {place.channel_id}", tx)


async def tell_of_all(signals: Signals, tx: AsyncSession) -> None:
    """The same of something that counts in all channels."""
    await signals.publish(CHANNELS, ALL, tx)


def where(change: str) -> tuple[str, str]:
    """The platform and the id of the channel that a change is of."""
    platform, _, channel_id = change.partition(" ")
    return platform, channel_id
