"""The names that the server decides, as Discord accepts them above a webhook's message. Pure."""

import re
import unicodedata

MAX_NAME = 80  # characters; Discord "Create Webhook", which also forbids the words below

_HAIR_SPACE = "\u200a"
_FORBIDDEN = re.compile(r"(?<=cl)(?=yde)|(?<=dis)(?=cord)", re.IGNORECASE)
_APART = re.compile(r"(.*?)( \([a-z0-9-]+\))?")  # a slug behind tells two of one name apart


def username(name: str) -> str:
    """The name in 1 to 80 characters, without Discord's own names; a slug behind it stays whole."""
    line = _FORBIDDEN.sub(_HAIR_SPACE, " ".join(name.split()))
    told = _APART.fullmatch(line)
    name, behind = (told[1], told[2] or "") if told else (line, "")
    return name[: MAX_NAME - len(behind)].rstrip() + behind or "Character"


def folded(name: str) -> str:
    """A name as it is compared: case, white space and the forms of letters make no difference."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
