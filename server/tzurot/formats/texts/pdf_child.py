"""The process in which a PDF is taken apart; started by `pdf.read`.

Reads the file from its input, answers with one JSON object, and cannot take more memory or time
than its arguments say. A PDF of a few bytes can ask for gigabytes: that ends here, by
pypdf's own limits where it has some, else by the system's.
"""

import json
import logging
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

from pypdf import PasswordType, PdfReader, overwrite_configuration
from pypdf.errors import LimitReachedError

from tzurot.formats.texts import paragraphs
from tzurot.formats.unreadable import Problem

_MIB = 1024 * 1024
_NICE = 10  # turns go first


class _RefusedError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may take."""

    length: int  # characters
    pages: int
    memory: int  # bytes of addresses
    seconds: int  # of the CPU


def main() -> None:
    """Answer for the file on the input."""
    limits = Limits(*map(int, sys.argv[1:]))
    data = sys.stdin.buffer.read()
    os.nice(_NICE)
    _limit(limits)
    logging.disable()
    sys.stdout.write(json.dumps(answer(data, limits)))


def answer(data: bytes, limits: Limits) -> dict[str, str]:
    """`text` and `title` of a PDF, or the `problem` with it."""
    overwrite_configuration(
        maximum_declared_stream_length=16 * _MIB,
        array_based_stream_maximum_output_length=16 * _MIB,
        lzw_maximum_output_length=16 * _MIB,
        run_length_maximum_output_length=16 * _MIB,
        zlib_maximum_output_length=16 * _MIB,
        zlib_maximum_recovery_input_length=_MIB,
        stream_decoding_work_maximum_length=64 * _MIB,
        stream_parsing_work_maximum_count=1_000_000,
        xform_maximum_invocations_per_extraction=500,
        page_tree_maximum_entries=20_000,
        page_tree_maximum_page_entries=500_000,
        jbig2dec_binary=None,  # no program is to be started
        disable_legacy_handling=True,
    )
    try:
        return _said(PdfReader(BytesIO(data)), limits)
    except _RefusedError as refused:
        return {"problem": refused.problem}
    except (MemoryError, LimitReachedError):
        return {"problem": Problem.TOO_MANY}
    except Exception:  # a damaged file raises anything, from KeyError to zlib.error
        return {"problem": Problem.CORRUPT}


def _said(reader: PdfReader, limits: Limits) -> dict[str, str]:
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise _RefusedError(Problem.ENCRYPTED)
    if len(reader.pages) > limits.pages:
        raise _RefusedError(Problem.TOO_LARGE)
    text = paragraphs.joined(list(_pages(reader, limits.length)))
    if not text.strip():
        raise _RefusedError(Problem.NOTHING_INSIDE)
    return {"text": text, "title": _title(reader)}


def _pages(reader: PdfReader, left: int) -> Iterator[str]:
    for page in reader.pages:
        text = page.extract_text()
        left -= len(text)
        if left < 0:
            raise _RefusedError(Problem.TOO_LARGE)
        yield text


def _title(reader: PdfReader) -> str:
    """The title of the metadata, unless a program wrote a file's name there."""
    try:
        told = reader.metadata and reader.metadata.title
    except Exception:  # damaged, too; but the text is what counts
        return ""
    title = told.strip() if isinstance(told, str) else ""
    return "" if paragraphs.is_file_name(title) else title


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    spent = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    seconds = limits.seconds + int(spent)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    with suppress(ValueError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))


if __name__ == "__main__":
    main()
