"""Lorebooks held against an imagined talk: what would be told, where, and why."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from tzurot import clock
from tzurot.personality import quoting
from tzurot.personality.lore import judging
from tzurot.personality.lore.judging import Judgement
from tzurot.personality.lore.scene import Heard, Scene, Volume
from tzurot.personality.macros.running import Macros
from tzurot.personality.macros.stage import Spoken, Stage
from tzurot.personality.tables import Personality

_MANY = 200  # entries; to judge more takes some milliseconds


@dataclass(frozen=True, slots=True)
class Trial:
    """The talk: messages, oldest first; the last is a person's, those before in turn."""

    messages: Sequence[str]
    greeting_index: int = 0


async def judged(volumes: Sequence[Volume], scene: Scene) -> Judgement:
    """A verdict on each entry; what can take long, in a thread: strangers' patterns, much lore."""
    entries = sum(len(volume.book.entries) for volume in volumes)
    if entries > _MANY or judging.has_patterns(volumes):
        return await asyncio.to_thread(judging.judge, volumes, scene)
    return judging.judge(volumes, scene)


def scene_of(trial: Trial) -> Scene:
    """The talk with nobody in particular: macros stay as they are written."""
    return Scene(
        messages=_heard(trial, "", ""),
        greeting_index=trial.greeting_index,
        seed=_seed(trial),
    )


def scene_with(trial: Trial, who: Personality, user: str) -> Scene:
    """The talk between a character and somebody who is called `user`."""
    called = who.nickname or who.name
    messages = _heard(trial, called, user)
    stage = Stage(
        char=called,
        user=user,
        now=clock.now(),
        messages=[Spoken(it.text, it.by_character, it.name) for it in messages],
        texts=quoting.quoted(who),
    )
    macros = Macros(stage)
    return replace(
        scene_of(trial),
        messages=messages,
        character_names=[who.name, who.nickname or ""],
        tags=who.tags or (),
        texts=quoting.looked_through(who),
        fill=partial(macros.fill, slot="lore"),
        scanned=macros.scanned,
    )


def _heard(trial: Trial, called: str, user: str) -> list[Heard]:
    found: list[Heard] = []
    for ago, text in enumerate(reversed(trial.messages)):
        by_character = ago % 2 == 1
        found.append(Heard(text, by_character, called if by_character else user))
    return found[::-1]


def _seed(trial: Trial) -> str:
    """Chance decides the same for the same talk."""
    return hashlib.sha256("\0".join(trial.messages).encode()).hexdigest()
