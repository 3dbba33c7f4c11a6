"""What stays and what rests, counted in messages of the conversation as SillyTavern counts them.

An entry told at message n with `sticky` s stays while fewer than n + s messages are there, then
rests for its `cooldown`. While it stays nothing is prolonged. What was decided at this very message
or later is undone, as if never decided: the message is answered anew, or the talk was cut back.
"""

from collections.abc import Mapping
from dataclasses import replace

from tzurot.personality.lore.scene import Timed, Timings
from tzurot.personality.lore.settings import Settings

NEVER = Timed()


def as_of(timed: Timed, count: int) -> Timed:
    """What of a memory holds when `count` messages are there."""
    if timed.since >= count:
        timed = replace(timed, sticky_until=0, cooldown_until=0, since=0)
    if timed.matched and timed.matched_since >= count:
        timed = replace(timed, matched=False, matched_since=0)
    return timed


def of_entry(timed: Timed, settings: Settings, count: int) -> Timed:
    """The same, without what the entry's settings (any more) can't have led to."""
    if not timed.sticky_until and not timed.cooldown_until:
        return timed
    sticky, cooldown = settings.count("sticky"), settings.count("cooldown")
    stays = timed.sticky_until if timed.sticky_until <= count + sticky else 0
    rests = timed.cooldown_until if timed.cooldown_until <= count + sticky + cooldown else 0
    return replace(timed, sticky_until=stays if sticky else 0, cooldown_until=rests)


def after(timed: Timed, settings: Settings, count: int) -> Timed:
    """What is remembered of an entry that was told at this message."""
    if not timed.matched:
        timed = replace(timed, matched=True, matched_since=count)
    if timed.sticky_until > count:
        return timed
    sticky, cooldown = settings.count("sticky"), settings.count("cooldown")
    return replace(
        timed,
        since=count if sticky or cooldown else 0,
        sticky_until=count + sticky if sticky else 0,
        cooldown_until=count + sticky + cooldown if cooldown else 0,
    )


def kept(timings: Timings, count: int) -> dict[str, Timed]:
    """What is still worth remembering, of books that are not at hand too."""
    return {
        name: held for name, timed in timings.items() if matters(held := as_of(timed, count), count)
    }


def matters(timed: Timed, count: int) -> bool:
    """Whether a memory can still change anything."""
    return timed.matched or timed.sticky_until > count or timed.cooldown_until > count


def merged(old: Mapping[str, Timed], new: Mapping[str, Timed], count: int) -> dict[str, Timed]:
    """The memories of before with those of the entries at hand in their place."""
    together = {**old, **new}
    return {name: timed for name, timed in together.items() if matters(timed, count)}
