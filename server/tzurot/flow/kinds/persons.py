"""How a person says whom they mean: by a mention, an id of their platform, or a subject. Pure."""

import re

from tzurot.account import subjects
from tzurot.account.subjects import Subject
from tzurot.errors import SubjectDenied
from tzurot.flow.kind import Argument, Refused
from tzurot.flow.views import Field
from tzurot.transport.subject import Caller

KEY = "person"
PERSON = Argument(KEY, "Whom: a mention, or such as discord:123.")

# As Discord writes a mention of a person; as people write it; and the id alone.
_MENTION = re.compile(r"<@!?([0-9]{1,64})>|@?([0-9]{1,64})")
_NOBODY = "Mention them, or name them like `discord:123`."


def field(named: str = "") -> Field:
    """Asks for a person."""
    return Field(
        KEY,
        "Person",
        description="A mention, their id, or a subject such as discord:123.",
        values=(named,) if named else (),
        required=True,
        max_length=100,
    )


def meant(text: str, who: Caller) -> Subject:
    """The subject that `text` means to the caller: ids are those of the caller's platform.

    Raises:
        Refused: it means nobody.
    """
    mention = _MENTION.fullmatch(text)
    named = f"{who.platform}:{mention[1] or mention[2]}" if mention else text
    try:
        return subjects.parse(named)
    except SubjectDenied:
        raise Refused(errors={KEY: _NOBODY}) from None
