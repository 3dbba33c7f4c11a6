"""Where a memory may come up again, by where it was said."""

import pytest

from tzurot.memory.venues import Audible, Venue, Where, audible_at

HERE = Where(Venue.PRIVATE_CHANNEL, "discord", "1")


@pytest.mark.parametrize(
    ("here", "audible"),
    [
        (Where.direct(adults=False), Audible(tuple(Venue))),
        (Where.direct(adults=True), Audible(tuple(Venue), age_restricted=True)),
        (HERE, Audible((Venue.PUBLIC_CHANNEL,), channel=HERE)),
        (Where(Venue.PUBLIC_CHANNEL, "discord", "2"), Audible((Venue.PUBLIC_CHANNEL,))),
        (Where(Venue.DIRECT, servers_recalled=False), Audible((Venue.DIRECT,))),
        (
            Where(Venue.PUBLIC_CHANNEL, "discord", "2", direct_recalled=True),
            Audible((Venue.PUBLIC_CHANNEL, Venue.DIRECT)),
        ),
        (
            Where(Venue.PUBLIC_CHANNEL, "discord", "2", adults=True),
            Audible((Venue.PUBLIC_CHANNEL,), age_restricted=True),
        ),
    ],
)
def test_nothing_is_audible_in_a_more_public_place(here: Where, audible: Audible) -> None:
    assert audible_at(here) == audible
