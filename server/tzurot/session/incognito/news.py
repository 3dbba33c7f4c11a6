"""That a person's being incognito changed, or what is held of them is to go: told to all servers.

Each lets go then of what it may not hold any more: of whom that is, it reads in the settings.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.storage.signals import Signals

KEY = "incognito"  # the setting
TOPIC = "incognito"


@dataclass(frozen=True, slots=True)
class Change:
    """Whose; `since`: what they said since then is to be forgotten, with one character or all.

    `conversation_id`: what they said there is.
    """

    person_id: UUID
    since: datetime | None = None
    personality_id: UUID | None = None
    conversation_id: UUID | None = None

    def written(self) -> str:
        """It as a signal."""
        since = self.since.isoformat() if self.since else None
        with_whom = str(self.personality_id) if self.personality_id else None
        there = str(self.conversation_id) if self.conversation_id else None
        return json.dumps([str(self.person_id), since, with_whom, there])

    @classmethod
    def read(cls, text: str) -> Self:
        """It again."""
        person_id, since, with_whom, *more = json.loads(text)
        there = more[0] if more else None
        return cls(
            UUID(person_id),
            datetime.fromisoformat(since) if since else None,
            UUID(with_whom) if with_whom else None,
            UUID(there) if there else None,
        )


async def tell(signals: Signals, change: Change, tx: AsyncSession) -> None:
    """Tell all servers, once the transaction commits."""
    await signals.publish(TOPIC, change.written(), tx)
