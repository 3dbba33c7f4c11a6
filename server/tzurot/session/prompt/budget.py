"""One budget, and who gives way: the only place that says so. docs/reference/prompt.md has it too.

The budget is the model's window without the reply. Each part of the prompt takes its room out of
one `Room`, in this order, and gets what is left when its turn comes:

     1. the character, the person, the character's note, the instructions, the message: these stay,
        and without room for them the turn fails
     2. the conversation's note
     3. lore that is constant, within lore's share
     4. attachments of the message, with at most half of what is left
     5. history, with at most half of the budget: the newest messages
     6. what was said before the history, in short, with at most a tenth of the budget and half of
        what a history at its fullest, the character and what else stands still leave, whatever the
        message is: the newest summaries
     7. what the message refers to, with at most a quarter of the budget
     8. the time
     9. what is known of the person, then memories, then passages of documents: the best first
    10. other lore, within lore's share: the weightiest first
    11. example dialogues, each whole or not at all, as far as they leave a quarter of the budget to
        7 to 10, whether these need it or not
    12. lore that says it goes first, once all examples have room

So what is last goes first. Something small may still fit where something larger did not.

**The head stands still.** Providers keep what they have read of a prompt's beginning and charge
less for it, so what changes from turn to turn comes behind the history, and what decides about the
head doesn't depend on it: that is why examples leave a quarter alone, and why summaries go by a
history at its fullest, and not by the message. What may be out of sight is decided in sight.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tzurot.llm.speaker import Speaker
from tzurot.personality.lore import ordering
from tzurot.personality.lore.verdicts import Verdict
from tzurot.session.prompt.sections import Section, section
from tzurot.session.turns import Turn

HISTORY_SHARE = 0.5  # of the budget, at most: memories and character want room too
SUMMARY_SHARE = 0.1  # of the budget, at most: they say little that memories would not
REFERENCE_SHARE = 0.25
MOVING_SHARE = 0.25  # that examples leave to what changes from turn to turn
SMALL_CONTEXT = 2_048  # tokens; what the bundled model has
_DEFAULT_REPLY_TOKENS = 512
_SHARE_FULL = "left out: lore's share of the prompt was full"
_PROMPT_FULL = "left out: the prompt was full"


@dataclass(slots=True)
class Room:
    """What is left of the budget, and within it of the share of lore."""

    tokens: int
    lore: int
    told: set[Verdict] = field(default_factory=set[Verdict])
    untold: dict[Verdict, str] = field(default_factory=dict[Verdict, str])
    """Of lore that asked for room and got none: why."""

    def take(self, cost: int) -> bool:
        """Use so many tokens, if they are left."""
        if cost > self.tokens:
            return False
        self.tokens -= cost
        return True

    def fits(self, parts: Iterable[Section]) -> bool:
        """Use what these parts cost together, if that is left."""
        return self.take(sum(part.tokens for part in parts))

    def tell(self, lore: Iterable[Verdict]) -> None:
        """Make room for lore, the weightiest first."""
        for verdict in ordering.by_weight(list(lore)):
            cost = section("lore", verdict.content).tokens
            if cost > self.lore:
                self.untold[verdict] = _SHARE_FULL
            elif not self.take(cost):
                self.untold[verdict] = _PROMPT_FULL
            else:
                self.lore -= cost
                self.told.add(verdict)


def reply_limit(turn: Turn, speaker: Speaker) -> int | None:
    """Tokens that the reply may have at most by settings and preset; None: they don't say.

    More than half of the window only where the model's own limit is more: the prompt wants room.
    """
    of_preset = turn.preset.parameters.get("max_tokens") if turn.preset else None
    limits = [it for it in (turn.settings.chosen.reply_limit, of_preset) if isinstance(it, int)]
    most = max(speaker.context_tokens // 2, speaker.sampling.max_tokens or 0)
    return min(*limits, most) if limits else None


def budget(turn: Turn, speaker: Speaker) -> int:
    """Tokens that a prompt may have so that the reply still fits."""
    usual = speaker.sampling.max_tokens or _DEFAULT_REPLY_TOKENS
    return speaker.context_tokens - (reply_limit(turn, speaker) or usual)
