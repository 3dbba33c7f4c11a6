"""What a button, a select or a form carries: all that is needed to answer it, in any process.

`v1:<flow id>:<etag>:<what to do>:<key>:<mac>`, 100 characters at most. The MAC's secret comes from
the bot's own token: a restart changes nothing, and nobody else can make such an id.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

MAX_CUSTOM_ID = 100  # characters; Discord "Component Reference"
MAC_BYTES = 12

_VERSION = "v1"
_PLAIN_KEY = re.compile(r"[!-9;-~]+")  # printable ASCII without `:`
_TAIL = re.compile(r"([a-z])(\d{1,4}):(.*)", re.DOTALL)


class Verb(StrEnum):
    """What a control does."""

    TAKE = "t"
    """Takes an action."""
    ASK = "a"
    """Opens the form of an action."""
    CUT = "c"
    """Opens it although it can't hold all of a text."""
    SUBMIT = "s"
    """Is that form."""
    ITEM = "i"
    """Chooses an item."""
    CHOOSE = "o"
    """Is a select: its option says what to do."""
    READ = "r"
    """Hands out the whole view as a file."""
    READ_ASKED = "f"
    """Hands out what an action asks."""
    REDRAW = "x"
    """Shows the flow as it stands."""
    REVERT = "u"
    """Takes a fact back; the id is the fact's, not a flow's."""
    CONFIRM = "y"
    """Says yes to it; as above."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do with which action or item; without a key it is the one at that position."""

    verb: Verb
    position: int = 0
    key: str = ""

    def text(self, room: int) -> str:
        """As text of at most `room` characters; a key that does not fit is left out."""
        bare = f"{self.verb}{self.position}:"
        fits = len(bare) + len(self.key) <= room and _PLAIN_KEY.fullmatch(self.key)
        return bare + self.key if fits else bare

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The step of such a text; None if it is none."""
        found = _TAIL.fullmatch(text)
        if found is None or found[1] not in set(Verb):
            return None
        return cls(Verb(found[1]), int(found[2]), found[3])


@dataclass(frozen=True, slots=True)
class Control:
    """A step in a flow, as the flow was when it was drawn; or what to say to a fact."""

    flow_id: str
    etag: str
    step: Step


class CustomIds:
    """Writes and reads custom ids."""

    def __init__(self, token: str = "") -> None:
        self.begin(token)

    def begin(self, token: str) -> None:
        """`token` is the bot's; it can't be found out from an id."""
        self._secret = hmac.digest(token.encode(), b"tzurot custom ids v1", "sha256")

    def write(self, control: Control) -> str:
        """The id of a control."""
        head = f"{_VERSION}:{_encoded(UUID(control.flow_id).bytes)}:{control.etag}:"
        body = head + control.step.text(MAX_CUSTOM_ID - len(head) - 1 - len(self._mac("")))
        return f"{body}:{self._mac(body)}"

    def read(self, custom_id: str) -> Control | None:
        """What an id says; None if this bot has not made it."""
        body, _, mac = custom_id.rpartition(":")
        if not hmac.compare_digest(mac.encode(), self._mac(body).encode()):
            return None
        _, flow_id, *etag, verb, key = body.split(":")
        step = Step.parse(f"{verb}:{key}")
        identity = _decoded(flow_id)
        if step is None or identity is None:
            return None
        return Control(str(identity), ":".join(etag), step)

    def _mac(self, body: str) -> str:
        return _encoded(hmac.new(self._secret, body.encode(), hashlib.sha256).digest()[:MAC_BYTES])


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> UUID | None:
    try:
        return UUID(bytes=urlsafe_b64decode(text + "=="))
    except (NotBase64, ValueError):
        return None
