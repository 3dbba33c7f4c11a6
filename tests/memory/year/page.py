"""The page of the docs that tells what came of all questions; `page.md` is its beginning."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.memory.year import judging
from tests.memory.year.asking import Answer
from tests.memory.year.judging import Line, Wrong
from tests.memory.year.script import Claim, Script

PAGE = Path(__file__).parents[3] / "docs/reference/year.md"

_PLACES = {"direct": "in direct", "meadow": "in the channel", "square": "in another channel"}
_HEAD = Path(__file__).with_name("page.md")


def page(script: Script, answers: Sequence[Answer]) -> str:
    """The page."""
    head = _HEAD.read_text(encoding="utf-8").format(
        exchanges=len(script.exchanges),
        subjects=script.subjects,
        claims=len(script.claims),
        questions=len(script.questions),
    )
    return head + "".join(_row(number, it, script.claims) for number, it in enumerate(answers, 1))


def _row(number: int, it: Answer, claims: Mapping[str, Claim]) -> str:
    asked = it.question
    cells = (
        str(number),
        f"{asked.who.title()}, {_PLACES[asked.where]}",
        asked.asks,
        _named(asked.told, claims),
        _named(asked.never, claims),
        _offered(it, it.recalled, claims),
        _offered(it, it.prompt, claims),
    )
    return f"| {' | '.join(cells)} |\n"


def _named(keys: Sequence[str], claims: Mapping[str, Claim]) -> str:
    return "<br>".join(claims[key].text for key in keys) or "–"


def _offered(it: Answer, lines: Sequence[Line], claims: Mapping[str, Claim]) -> str:
    """Of each claim of the question how it came; and whatever is wrong."""
    asked = it.question
    ways = {key: judging.came(claims[key], lines) for key in (*asked.told, *asked.never)}
    told = [f"{claims[key].text} ({'; '.join(its)})" for key, its in ways.items() if its]
    wrong = [_wrong(one, claims) for one in judging.wrongs(asked, lines, claims)]
    return "<br>".join([*told, *dict.fromkeys(wrong)]) or "nothing of it"


def _wrong(it: Wrong, claims: Mapping[str, Claim]) -> str:
    return f"**wrong: {claims[it.claim].text} {it.why}**"
