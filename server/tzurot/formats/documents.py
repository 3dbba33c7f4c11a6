"""JSON from strangers: bounded, with every number as it was written.

Numbers with a fraction or exponent are read as `Decimal` and written back with the same value;
whole numbers have any length. Objects keep their order. A BOM is skipped.
"""

import re
from decimal import Decimal
from itertools import accumulate, takewhile
from operator import itemgetter
from typing import cast

import simplejson

from tzurot.formats import caps
from tzurot.formats.unreadable import Problem, Unreadable

Json = object  # None, bool, int, Decimal, str, list[Json], dict[str, Json]

# Made once: files have up to 200,000 lines, each a document of its own.
_DECODER = simplejson.JSONDecoder(parse_float=Decimal)

# What leads to a bracket, strings included, and the bracket. A string that never ends is taken to
# the end of the text, as is what no bracket follows: else each character would look there again.
_BRACKETS = re.compile(
    rb'(?:[^"\[\]{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z))*+([\[\]{}]|\Z)', re.DOTALL
)
_STEPS = {b"[": 1, b"{": 1, b"]": -1, b"}": -1, b"": 0}


def loads(data: bytes) -> Json:
    """The value of a JSON text.

    Raises:
        Unreadable: TOO_LARGE, TOO_MANY, TOO_DEEP or NOT_JSON.
    """
    if len(data) > caps.DOCUMENT:
        raise Unreadable(
            Problem.TOO_LARGE, f"The JSON is larger than {caps.DOCUMENT // 1024 // 1024} MiB."
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    require_few(data)
    _require_shallow(data)
    try:
        return cast(Json, _DECODER.decode(data.decode("utf-8")))
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unreadable(Problem.NOT_JSON, f"This is not valid JSON: {error}.") from error


def dumps(value: Json, *, indent: int | None = None) -> bytes:
    """A JSON text of `value`, in UTF-8; what `loads` gave comes back with every value the same."""
    text = simplejson.dumps(value, use_decimal=True, ensure_ascii=False, indent=indent)
    return text.encode("utf-8", errors="backslashreplace")  # a lone surrogate as its JSON escape


def require_few(*texts: bytes) -> None:
    """Refuse texts of more values than files of their length have: each can take 250 bytes.

    Commas and brackets are counted wherever they stand: strings have fewer of them than values do.

    Raises:
        Unreadable: TOO_MANY.
    """
    length = sum(map(len, texts))
    if length <= caps.JSON_VALUES:
        return
    values = sum(text.count(mark) for text in texts for mark in (b",", b"[", b"{"))
    if values > max(caps.JSON_VALUES, length // caps.JSON_BYTES_PER_VALUE):
        raise Unreadable(
            Problem.TOO_MANY, f"The JSON has too many values for its size: {values:,}."
        )


def fits_into(data: bytes, levels: int) -> bool:
    """Whether a JSON text can stand inside of another one, so many levels deep, and be read."""
    try:
        _require_shallow(b"[" * levels + data + b"]" * levels)
    except Unreadable:
        return False
    return True


def _require_shallow(data: bytes) -> None:
    if data.count(b"{") + data.count(b"[") <= caps.JSON_DEPTH:
        return
    # In C throughout, for there can be many. Where it comes to 0, the value ends.
    steps = map(_STEPS.__getitem__, map(itemgetter(1), _BRACKETS.finditer(data)))
    depths = takewhile((0).__lt__, accumulate(steps))
    if max(depths, default=0) > caps.JSON_DEPTH:
        raise Unreadable(Problem.TOO_DEEP, f"The JSON is nested deeper than {caps.JSON_DEPTH}.")
