"""Long texts among others: how much room each has, and where it is cut. Pure."""

from collections.abc import Callable, Sequence

from tzurot.session.prompt.sections import section

_CHARACTERS = 4  # of a token at most; the guess is less, see tokens.py

Framed = Callable[[str, str], str]
"""What is told of a text: of its words, or of their beginning and the mark of the cut."""


def shares(needs: Sequence[int], room: int) -> list[int]:
    """How much of `room` each gets: what it needs, or as much as all others that need more.

    shares([10, 100, 40], 90) == [10, 40, 40]. Never more than `room` together.
    """
    given = [0] * len(needs)
    left = max(room, 0)
    by_need = sorted(range(len(needs)), key=lambda it: needs[it])
    for place, index in enumerate(by_need):
        given[index] = min(max(needs[index], 0), left // (len(needs) - place))
        left -= given[index]
    return given


def cost(text: str) -> int:
    """About how many tokens a text takes as a section."""
    return section("", text).tokens


def fitted(text: str, room: int, framed: Framed) -> str:
    """The text in its frame, or as much of its beginning as fits into `room` tokens with it.

    It ends between two words where there are any. A frame that does not fit even alone is given
    without any words: whoever asks has to look.
    """
    longest = max(room, 0) * _CHARACTERS  # more can't fit: a long text is not gone over often
    if len(text) <= longest and cost(whole := framed(text, "")) <= room:
        return whole
    mark = more(len(text))
    least, most = 0, min(len(text), longest)
    while least < most:  # the longest beginning that fits
        middle = (least + most + 1) // 2
        if cost(framed(f"{text[:middle]} …", mark)) <= room:
            least = middle
        else:
            most = middle - 1
    words = text[:least].rpartition(" ")[0]
    kept = (words if len(words) > least // 2 else text[:least]).rstrip()
    return framed(f"{kept} …".lstrip(), more(len(text) - len(kept)))


def more(characters: int) -> str:
    """What stands where a text was cut."""
    return f"[cut: {characters:,} more characters]"
