"""How long does it take to decide which entries of a lorebook come up?

    python -m benchmarks.lorebook [--entries 1000] [--messages 100] [--words 35] [--rounds 30]

A book of entries with three keys each, of which every tenth can stand in the talk, is held against
as many messages, all of them looked through. Beside it in the same run: the loop that looks for
each key in each message, which follows no other rule, and the floor of that loop, one `in` for each
key in all messages at once. The median of all rounds, in milliseconds.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

from tzurot.formats.found import Lorebook, LoreEntry
from tzurot.personality.lore.judging import judge
from tzurot.personality.lore.scene import Heard, Scene, Volume

SETTINGS = {  # as SillyTavern's files spell them out, most of them saying nothing
    "selectiveLogic": 0,
    "probability": 100,
    "useProbability": True,
    "depth": 4,
    "role": 0,
    "group": "",
    "group_override": False,
    "group_weight": 100,
    "exclude_recursion": False,
    "prevent_recursion": False,
    "delay_until_recursion": False,
    "automation_id": "",
    "vectorized": False,
    "ignore_budget": False,
}


def main(entries: int, messages: int, words: int, rounds: int) -> None:
    """Print the table."""
    chance = random.Random(8)  # noqa: S311 - the same book each time, no secret
    spoken = [_word(chance) for _ in range(2_000)]
    scene = Scene(
        [Heard(" ".join(chance.choices(spoken, k=words)), n % 2 > 0) for n in range(messages)],
        scan_depth=messages,
        seed="8",
    )
    book = Lorebook(tuple(_entry(chance, spoken, n) for n in range(entries)), "Bench")
    mixed = replace(book, entries=tuple(_mixed(it, n) for n, it in enumerate(book.entries)))
    books = {
        "plain keys": book,
        "plain keys, recursive": replace(book, recursive_scanning=True),
        "SillyTavern's settings": _set(book),
        "SillyTavern's settings, recursive": replace(_set(book), recursive_scanning=True),
        "budget, groups, chance, decorators, recursive": replace(
            mixed, recursive_scanning=True, token_budget=2_000
        ),
    }
    size = sum(len(message.text) for message in scene.messages)
    print(f"{entries:,} entries x {messages:,} messages of {size:,} characters; milliseconds")
    _print("each key in each message", lambda: _naive(book, scene), rounds)
    _print("each key in all messages at once", lambda: _joined(book, scene), rounds)
    for name, one in books.items():
        volume = Volume("b", one, [str(n) for n in range(entries)])
        _print(name, lambda volume=volume: _judged(volume, scene), rounds)


def _print(name: str, run: Callable[[], int], rounds: int) -> None:
    times: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        up = run()
        times.append((time.perf_counter() - began) * 1000)
    print(f"{statistics.median(times):8.2f}  (best {min(times):6.2f})  {name}: {up} come up")


def _judged(volume: Volume, scene: Scene) -> int:
    return sum(verdict.activated for verdict in judge([volume], scene).verdicts)


def _naive(book: Lorebook, scene: Scene) -> int:
    texts = [message.text.casefold() for message in reversed(scene.messages)]
    keys = [[key.casefold() for key in entry.keys] for entry in book.entries]
    return sum(any(key in text for text in texts for key in own) for own in keys)


def _joined(book: Lorebook, scene: Scene) -> int:
    text = "\n".join(message.text for message in scene.messages).casefold()
    return sum(any(key.casefold() in text for key in entry.keys) for entry in book.entries)


def _word(chance: random.Random) -> str:
    return "".join(
        chance.choice("bdfghklmnprstvw") + chance.choice("aeiou")
        for _ in range(chance.randint(2, 4))
    )


def _entry(chance: random.Random, spoken: list[str], number: int) -> LoreEntry:
    keys = [f"{_word(chance)}x{_word(chance)}" for _ in range(3)]
    if number % 10 == 0:
        keys[-1] = chance.choice(spoken)
    told = " ".join(chance.choices(spoken, k=40))
    called = f"{told} {_word(chance)}"
    return LoreEntry(tuple(keys), called, name=f"Entry {number}", insertion_order=number)


def _set(book: Lorebook) -> Lorebook:
    entries = tuple(replace(entry, extensions=SETTINGS) for entry in book.entries)
    return replace(book, entries=entries)


def _mixed(entry: LoreEntry, number: int) -> LoreEntry:
    extensions = {**SETTINGS, "probability": 50 + number % 60, "group": f"g{number % 300}"}
    content = f"@@depth {number % 9}\n@@role user\n{entry.content}" if number % 3 else entry.content
    return replace(entry, content=content, extensions=extensions)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000)
    parser.add_argument("--messages", type=int, default=100)
    parser.add_argument("--words", type=int, default=35, help="of a message")
    parser.add_argument("--rounds", type=int, default=30)
    main(**vars(parser.parse_args()))
