"""Who may be answered at all: maintenance, denials, age, and how fast people speak."""

from collections.abc import Sequence

from tzurot.session.addressing import Addressee
from tzurot.session.rooms import Rooms
from tzurot.session.said import Said
from tzurot.transport.subject import Caller


async def admitted(said: Said, caller: Caller, rooms: Rooms) -> bool:
    """Let what is said in before anybody is looked for; False: nobody answers, and nobody is told.

    Raises:
        Maintenance, SubjectDenied: by their names.
    """
    del said, caller, rooms
    return True


async def allowed(
    said: Said, caller: Caller, addressees: Sequence[Addressee], rooms: Rooms
) -> list[Addressee]:
    """Those who may answer here and now; what that takes is taken from the buckets.

    Raises:
        SubjectDenied, AgeVerificationRequired, PlaceNotAgeRestricted, RateLimited: by their names,
            where otherwise nobody would answer.
    """
    del said, caller, rooms
    return list(addressees)
