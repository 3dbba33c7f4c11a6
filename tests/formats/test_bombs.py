"""Files that cost their sender nothing: they may cost us no more than 256 MB and 2 s of the CPU.

Each is read in a process of its own, a child of one that has all imports; it tells what it took.
"""

import base64
import io
import json
import os
import re
import resource
import struct
import subprocess
import sys
import time
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.formats.cards import making
from tzurot.formats import detection
from tzurot.formats.unreadable import Problem, Unreadable

MIB = 1024 * 1024
LARGEST = 16 * MIB  # of an input
MEMORY = 256  # MiB above what the interpreter itself takes, the input included
SECONDS = 2.0  # of the CPU
TOO = {Problem.TOO_DEEP, Problem.TOO_LARGE, Problem.TOO_MANY}
NOTHING_FOR_US = {Problem.NOT_RECOGNIZED}
READ: set[Problem] = set()


def filled(start: bytes, unit: bytes, end: bytes = b"", size: int = LARGEST) -> bytes:
    """As many units as fit, between a start and an end."""
    return start + unit * ((size - len(start) - len(end)) // len(unit)) + end


def repeated(start: bytes, unit: bytes, end: bytes, times: int) -> bytes:
    """So many units, and spaces up to the largest size."""
    whole = start + unit * (times - 1) + unit.rstrip(b",") + end
    return whole + b" " * (LARGEST - len(whole))


def keys(times: int) -> bytes:
    return b",".join(b'"%x":0' % n for n in range(times))


def card(**fields: object) -> bytes:
    return making.text(making.v3(**fields))


def inflating(size: int, unit: bytes = b"\0") -> bytes:
    packer = zlib.compressobj(9)
    piece = unit * (MIB // len(unit))
    return b"".join(packer.compress(piece) for _ in range(size // MIB)) + packer.flush()


def packed_text(keyword: bytes, content: bytes) -> bytes:
    return making.chunk(b"zTXt", keyword + b"\0\0" + content)


def international(keyword: bytes, content: bytes) -> bytes:
    return making.chunk(b"iTXt", keyword + b"\0\1\0en\0\0" + content)


def broken_cards() -> bytes:
    """Eight cards of almost 16 MiB each, in which only the last field is wrong."""
    rows = b"[[]]," * 120_000
    text = b'{"spec":"chara_card_v3","data":{"name":"a","x":[' + rows + b'0],"tags":1}}'
    content = zlib.compress(base64.b64encode(text.ljust(11 * MIB)), 1)
    return making.png(*[packed_text(b"ccv3", content)] * 4, *[packed_text(b"chara", content)] * 4)


def asset_bombs() -> bytes:
    """As many assets as a card may have, each of them 16 MiB of base64 in 16 KiB."""
    listed = [{"type": "x", "name": "a", "ext": "png", "uri": f"__asset:{n}"} for n in range(1_000)]
    bomb = inflating(16 * MIB, b"AAAA")
    texts = [packed_text(b"chara-ext-asset_:%d" % n, bomb) for n in range(900)]
    return making.png(*texts, making.text_chunk(b"ccv3", making.wrapped(making.v3(assets=listed))))


def same_asset_often() -> bytes:
    """One member of 15 MiB that a card names in a thousand spellings."""
    scheme = "embeded"
    spelled = [
        "".join(c.upper() if n >> at & 1 else c for at, c in enumerate(scheme)) for n in range(128)
    ]
    listed = [
        {"type": "x", "name": "a", "ext": "png", "uri": f"{one}://a{n}"}
        for one in spelled
        for n in range(10)
    ]
    members = {f"a{n}": bytes(15 * MIB) for n in range(10)}
    return making.zipped({"card.json": card(assets=listed), **members})


def overlapping() -> bytes:
    """Two thousand entries of the directory for one member of 1 MiB."""
    data = making.zipped({"a.json": bytes(MIB)})
    at = data.index(b"PK\1\2")
    end = data.index(b"PK\5\6")
    directory = data[at:end] * 2_000
    return (
        data[:at]
        + directory
        + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 2_000, 2_000, len(directory), at, 0)
    )


def many_members(number: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for n in range(number):
            target.writestr(f"{n}.json", b"{}")
    return out.getvalue()


SHAPES: Mapping[str, tuple[Callable[[], bytes], set[Problem]]] = {
    # JSON
    "a million brackets": (lambda: b"[" * 10**6 + b"]" * 10**6, TOO),
    "a million objects in each other": (lambda: b'{"a":' * 10**6 + b"1" + b"}" * 10**6, TOO),
    "brackets that only open": (lambda: filled(b"", b"["), TOO),
    "brackets that only close": (lambda: filled(b"[", b"]"), {Problem.NOT_JSON}),
    "quotes": (lambda: filled(b"[" * 70, b'"'), TOO),
    "quotes in objects": (lambda: filled(b"[{}" * 40, b'"'), {Problem.NOT_JSON, *TOO}),
    "a million keys": (lambda: b"{" + keys(10**6) + b"}", TOO),
    "as many keys as may be": (
        lambda: (b"{" + keys(390_000) + b"}").ljust(LARGEST),
        NOTHING_FOR_US,
    ),
    "empty lists": (lambda: filled(b"[", b"[],", b"[]]"), TOO),
    "as many objects as may be": (
        lambda: repeated(
            b'{"sourceSlug":"a","config":{"name":"a","jailbreak":"b"},"x":[',
            b'{"":0},',
            b"]}",
            190_000,
        ),
        READ,
    ),
    "fractions": (lambda: repeated(b"[", b"1.1,", b"]", 390_000), NOTHING_FOR_US),
    "memories with strange keys": (
        lambda: (b'[{"id":1,"memory":"a",' + keys(390_000) + b"}]").ljust(LARGEST),
        READ,
    ),
    "a long text": (lambda: card(description="a" * (LARGEST - 999)), TOO),
    "a long text nobody wants": (
        lambda: card(extensions={"x": "😀" + "a" * (LARGEST - 999)}),
        READ,
    ),
    "backslashes": (lambda: filled(b'{"a":"', b"\\"), {Problem.NOT_JSON}),
    "escaped quotes": (
        lambda: filled(b"[" * 60 + b'{"a":[],"b":[],"c":"', b'\\"'),
        {Problem.NOT_JSON},
    ),
    "strings that begin at each quote": (
        lambda: filled(b"[{}" * 40, b'"\\'),
        {Problem.NOT_JSON, *TOO},
    ),
    "a tail without brackets": (lambda: filled(b"[" * 60 + b"[]" * 60, b"a"), {Problem.NOT_JSON}),
    "a long pattern": (
        lambda: json.dumps(
            {"entries": {"0": {"key": ["/" + "a" * 15 * MIB], "content": ""}}}
        ).encode(),
        READ,
    ),
    "a long pattern of escapes": (
        lambda: json.dumps({"entries": [{"keys": ["/" + "\\a" * 5 * MIB + "/x"]}]}).encode(),
        READ,
    ),
    # Not 16 MiB: the decoder takes 80 bytes for each escape of one string while it reads it.
    "decorators": (
        lambda: json.dumps({"entries": [{"keys": ["a"], "content": "@@a\n" * 2 * MIB}]}).encode(),
        READ,
    ),
    # JSON Lines
    "short messages": (lambda: filled(b"", b'{"mes":""}\n'), TOO),
    "as many messages as may be": (lambda: b'{"mes":"","swipes":["a","b"]}\n' * 50_000, READ),
    "blank lines": (lambda: filled(b'{"mes":"a"}\n', b"\n", b'{"mes":"b"}'), READ),
    "memories of lists": (
        lambda: filled(b'{"text":"a"}\n', b'{"text":"a","id":[' + b"[]," * 9_999 + b"0]}\n"),
        TOO,
    ),
    # Base64
    "a long avatar": (
        lambda: json.dumps(
            {"name": "a", "characterInfo": "b", "avatarData": "A" * 15 * MIB}
        ).encode(),
        READ,
    ),
    "an avatar of addresses": (
        lambda: json.dumps(
            {"name": "a", "characterInfo": "b", "avatarData": "data:" * 3 * MIB}
        ).encode(),
        READ,
    ),
    "an asset of addresses": (
        lambda: card(assets=[{"type": "icon", "uri": "data:;base64," + "A" * 15 * MIB}] * 1),
        READ,
    ),
    # PNG
    "chunks": (lambda: filled(making.SIGNATURE, making.chunk(b"a\0b\0", b"")), {*TOO}),
    "as many chunks as may be": (
        lambda: making.png(
            *[making.chunk(b"tEXt", b"ccv3")[:-1] + b"x"] * 99_000,
            after=(making.text_chunk(b"chara", making.wrapped(making.v3())),),
        ),
        READ,
    ),
    "zTXt of 64 MiB": (lambda: making.png(packed_text(b"ccv3", inflating(64 * MIB))), TOO),
    "iTXt of 64 MiB": (lambda: making.png(international(b"chara", inflating(64 * MIB))), TOO),
    "many texts of 64 MiB": (
        lambda: making.png(*[packed_text(b"ccv3", inflating(64 * MIB))] * 8),
        TOO,
    ),
    "texts that almost fit": (broken_cards, {Problem.WRONG_TYPE}),
    "assets of 16 MiB": (asset_bombs, READ),
    "a card of nothing": (
        lambda: making.png(making.text_chunk(b"ccv3", b"A" * 15 * MIB)),
        {Problem.NOT_JSON, Problem.TOO_LARGE},
    ),
    # ZIP
    "a ZIP of 300 MiB": (lambda: _stored(inflating_member(300 * MIB)), TOO),
    "a ZIP of long JSON": (
        lambda: making.zipped({"a.json": b'{"a":"' + b"a" * 60 * MIB + b'"}'}),
        TOO,
    ),
    "a ZIP of as much JSON as may be": (
        lambda: making.zipped(
            {"a_memories.json": b'[{"result":"' + b"a" * 40 * MIB + b'","senders":[]}]'}
        ),
        READ,
    ),
    "a ZIP of empty lists": (
        lambda: making.zipped({f"{n}.json": b"[" + b"[]," * 190_000 + b"0]" for n in range(60)}),
        TOO,
    ),
    # Pythons since 3.11.8 refuse it by themselves: entries must not overlap (CVE-2024-0450).
    "members of one place": (overlapping, {Problem.CORRUPT, *TOO}),
    "ten thousand members": (lambda: many_members(10_000), TOO),
    "two thousand members": (lambda: many_members(2_000), NOTHING_FOR_US),
    "one asset by many names": (same_asset_often, READ),
    "a JPEG of ZIP entries": (
        lambda: filled(b"\xff\xd8\xff", b"PK\1\2" + bytes(42), many_members(1)),
        TOO,
    ),
    "a JPEG of ZIP ends": (
        lambda: filled(b"\xff\xd8\xff", b"PK\5\6"),
        {Problem.NO_CARD, Problem.CORRUPT},
    ),
    "a ZIP of ends": (
        lambda: filled(b"PK\3\4", b"PK\5\6" + bytes(18)),
        {Problem.CORRUPT, *NOTHING_FOR_US},
    ),
}


def inflating_member(size: int) -> Callable[[zipfile.ZipFile], None]:
    def write(target: zipfile.ZipFile) -> None:
        with target.open("a.bin", "w") as member:
            for _ in range(size // MIB):
                member.write(bytes(MIB))

    return write


def _stored(write: Callable[[zipfile.ZipFile], None]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        write(target)
    return out.getvalue()


@pytest.fixture(scope="module")
def reader() -> Iterator[subprocess.Popen[str]]:
    """Who reads the files whose names it is told."""
    command = [sys.executable, "-m", "tests.formats.test_bombs"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        yield reader


def read_by(reader: subprocess.Popen[str], file: Path) -> dict[str, Any]:
    """What it took to read a file."""
    assert reader.stdin
    assert reader.stdout
    print(file, file=reader.stdin, flush=True)
    return json.loads(reader.stdout.readline())


@pytest.mark.parametrize("name", SHAPES)
def test_a_bomb_costs_little(name: str, reader: subprocess.Popen[str], tmp_path: Path) -> None:
    build, problems = SHAPES[name]
    file = tmp_path / "bomb"
    file.write_bytes(build())
    assert file.stat().st_size <= LARGEST
    took = read_by(reader, file)
    assert "ended" not in took, took
    assert (took["problem"] in problems) if problems else (took["problem"] is None), took
    assert took["memory"] < MEMORY, took
    assert took["seconds"] < SECONDS, took


def _peak() -> float:
    """The most memory that this process has had, in MiB."""
    try:  # `ru_maxrss` begins with that of the process which started this one
        status = Path("/proc/self/status").read_text()
        return int(re.findall(r"VmHWM:\s*(\d+)", status)[0]) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measure(file: str) -> dict[str, object]:
    before, start = _peak(), time.process_time()
    try:
        detection.read(Path(file).read_bytes())
        problem = None
    except Unreadable as refused:
        problem = refused.problem
    return {
        "problem": problem,
        "memory": _peak() - before,
        "seconds": time.process_time() - start,
    }


def _told_by_a_child(file: str) -> None:
    """Write what it took, or how the child ended."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        try:
            print(json.dumps(_measure(file)), flush=True)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        print(json.dumps({"ended": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    for line in sys.stdin:
        _told_by_a_child(line.rstrip("\n"))
