"""Who a line begins with: a name and a colon, in all the ways in which models write them. Pure."""

import re
from collections.abc import Iterable

# What may stand before a name: `### **[Ada]**: `.
_LEAD = re.compile(r"(?:#{1,6} )?(\*{1,3}|_{1,2}|)([\[<]|)")
_LEAD_BEGUN = re.compile("#{1,6}")
_AROUND_NAMES = "*_[]<># "
_CLOSING = {"[": "]", "<": ">", "": ""}
_NO_TURN = frozenset(")(/\\|-:")  # after a colon: a smiley, an address, a path in a program


def length(rest: str, called: tuple[str, ...], *, final: bool) -> int | None:
    """How long the name and the colon are that `rest` begins with; None: more text decides.

    0: it begins with none of these names, which are folded, as it is itself.
    """
    if _LEAD_BEGUN.fullmatch(rest):
        return 0 if final else None
    lead = _LEAD.match(rest)
    marker, bracket = lead.groups() if lead else ("", "")
    start = lead.end() if lead else 0
    tails = _tails(marker, _CLOSING[bracket])
    longest = 0
    for name in called:
        after_name = rest[start + len(name) :]
        if not rest.startswith(name, start):
            if name.startswith(rest[start:]) and not final:
                return None
            continue
        for tail in tails:
            if not after_name.startswith(tail):
                if tail.startswith(after_name) and not final:
                    return None
                continue
            after = after_name[len(tail) : len(tail) + 1]
            if not after and not final:
                return None
            if _is_turn(name, tail, after):
                longest = max(longest, start + len(name) + len(tail))
    return longest


def _is_turn(name: str, tail: str, after: str) -> bool:
    """Whether a name and a colon announce speech, by what stands after them."""
    if after in _NO_TURN or (name[-1].isdigit() and after.isdigit()):  # such as 12:30
        return False
    return " " not in tail or not after.strip()


def _tails(marker: str, closing: str) -> tuple[str, ...]:
    """What may stand after a name: `:`, ` :` as the French write it, `**:` or `:**`."""
    return tuple(
        tail
        for colon in ":："
        for tail in (
            f"{closing}{marker}{colon}",
            f"{closing}{marker} {colon}",
            f"{closing}{colon}{marker}",
        )
    )


def names(told: Iterable[str]) -> list[str]:
    """The names that are some, without signs around them."""
    cleaned = (" ".join(name.split()).strip(_AROUND_NAMES) for name in told)
    return [name for name in dict.fromkeys(cleaned) if name]


def with_first_words(called: list[str]) -> tuple[str, ...]:
    """Folded names, and what people are called for short: `Ada Lovelace` is `Ada`."""
    return tuple(dict.fromkeys(fold(it) for name in called for it in (name, name.split()[0])))


def fold(text: str) -> str:
    """Lower case, letter by letter: no letter depends on the next, and none becomes two."""
    return "".join(lower if len(lower := letter.lower()) == 1 else letter for letter in text)
