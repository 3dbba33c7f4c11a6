"""Character cards: Tavern's V1, V2 and V3 and Pygmalion's, as JSON, inside PNG, and as CHARX.

    bytes → a container (`png`, `charx`) → `outline` (which kind of card) → `reading` → Found

`writing` goes back: from the stored source, changing only what differs.
"""

from tzurot.formats.cards import charx, png, reading
from tzurot.formats.documents import Json
from tzurot.formats.found import Found


def read_json(data: bytes, document: Json) -> Found | None:
    """The card that a JSON file is; `document` is `data` parsed. None: it is something else.

    Raises:
        Unreadable: BLANK_NAME, WRONG_TYPE, TOO_LARGE or TOO_MANY.
    """
    return reading.card(data.removeprefix(b"\xef\xbb\xbf"), document, reading.Surroundings())


def read_png(data: bytes) -> Found:
    """The card inside a PNG or APNG.

    Raises:
        Unreadable: NO_CARD, CORRUPT, ENCRYPTED, or what is wrong with the card.
    """
    return png.read(data)


def read_zip(data: bytes) -> Found | None:
    """The card of a CHARX, or of a JPEG with one behind it. None: the ZIP has no card.json.

    Raises:
        Unreadable: NO_CARD, CORRUPT, ENCRYPTED, TOO_LARGE, TOO_MANY, NOT_SUPPORTED, or what is
            wrong with the card.
    """
    return charx.read(data)
