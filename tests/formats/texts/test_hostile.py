"""PDFs that nobody would write: they end in time, within memory, with a sentence or a text."""

import json
import random
import resource
import subprocess
import sys

import pytest

from tests.formats.texts import bombs, making
from tzurot.formats import caps
from tzurot.formats.texts import pdf, pdf_child
from tzurot.formats.unreadable import Problem, Unreadable

MEMORY = 256  # MiB, the interpreter and the file included
SECONDS = 6.0  # of the CPU, for one page; many pages end by the limit
CHANGED = 150  # files that were changed at random


@pytest.mark.parametrize("name", bombs.BOMBS)
def test_a_bomb_costs_little(name: str) -> None:
    data = bombs.BOMBS[name]()
    assert len(data) <= caps.TEXT_FILE
    limits = (caps.TEXT_LENGTH, caps.PDF_PAGES, caps.PDF_MEMORY, caps.PDF_SECONDS)
    command = [sys.executable, "-m", "tests.formats.texts.measured", *map(str, limits)]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-999:]
    assert json.loads(done.stdout)
    took = json.loads(done.stderr)
    assert took["memory"] < MEMORY, took
    assert took["seconds"] < SECONDS, took


def test_a_file_that_takes_too_long_is_ended_by_the_limit() -> None:
    data = bombs.many_pages()
    assert len(data) <= caps.TEXT_FILE
    before = _spent_by_children()
    with pytest.raises(Unreadable, match="takes too much time") as refused:
        pdf.read(data, seconds=1)
    assert refused.value.problem is Problem.TOO_MANY
    assert _spent_by_children() - before < SECONDS


def test_a_file_that_needs_more_memory_than_there_is_is_refused() -> None:
    limits = (caps.TEXT_LENGTH, caps.PDF_PAGES, 80 * bombs.MIB, caps.PDF_SECONDS)
    command = [sys.executable, "-m", "tzurot.formats.texts.pdf_child", *map(str, limits)]
    data = making.pages(bombs.flate(15 * bombs.MIB, b"BT ET   "))
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    assert json.loads(done.stdout) == {"problem": "too_many"}, done.stderr[-999:]


def test_changed_files_are_read_or_refused() -> None:
    limits = pdf_child.Limits(caps.TEXT_LENGTH, caps.PDF_PAGES, caps.PDF_MEMORY, caps.PDF_SECONDS)
    read = 0
    for number in range(CHANGED):
        data = _changed(random.Random(number))  # noqa: S311 - a seed, no secret
        answer = pdf_child.answer(data, limits)
        if "problem" in answer:
            assert Problem(answer["problem"]), number
        else:
            assert answer["text"].strip(), number
            read += 1
    assert 0 < read < CHANGED


def _changed(rng: random.Random) -> bytes:
    """A file with a few places changed, never the first: it stays a PDF."""
    contents = [making.shown("The keeper climbed the stairs.", "Nobody knew why.")] * 3
    pack = making.packed if rng.random() < 0.5 else making.stream
    data = bytearray(making.pages(*map(pack, contents)))
    for _ in range(rng.choice((1, 2, 4, 9))):
        at = rng.randrange(9, len(data))
        match rng.randrange(4):
            case 0:
                data[at] ^= 1 << rng.randrange(8)
            case 1:
                del data[at : at + rng.choice((1, 9, 99))]
            case 2:
                data[at:at] = rng.choice((b"<<", b"[", b"9999999999", b" 0 R", b"endobj\n", b"("))
            case _:
                other = rng.randrange(9, len(data))
                data[at : at + 40] = data[other : other + 40]
    return bytes(data)


def _spent_by_children() -> float:
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
