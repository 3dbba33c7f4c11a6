"""Inclusion groups: of what comes up in a group, one is told.

A member that stays wins, then the group stays with whoever was told of it before in this judging.
Else the highest insertion order wins among those with `group_override`; else those with
`use_group_scoring` lose that have fewer keys standing than another; else chance decides by weight.
An entry in several groups has to win each. A group is one over all books, as in SillyTavern, which
however counts keys before it looks at `group_override`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tzurot.personality.lore import chance
from tzurot.personality.lore.candidates import Candidate, State


@dataclass(frozen=True, slots=True)
class Contest:
    """How a winner is told."""

    seed: str
    is_sticky: Callable[[Candidate], bool]
    score: Callable[[Candidate], int]

    def settle(self, matched: Sequence[Candidate], told: Sequence[Candidate]) -> list[Candidate]:
        """Those of `matched` that no group refuses; `told` came up before."""
        taken = _by_group(told)
        for name, members in _by_group(matched).items():
            left = [it for it in members if it.state is State.OPEN]
            self._settle(name, left, taken.get(name, []))
        return [it for it in matched if it.state is State.OPEN]

    def _settle(self, name: str, members: Sequence[Candidate], taken: Sequence[Candidate]) -> None:
        winners = [it for it in members if self.is_sticky(it)]
        if not winners and not taken and members:
            winners = [self._winner(name, members)]
        for it in members:
            if it not in winners:
                by = (winners or taken)[0].name
                it.refuse_but(f"`{by}` was chosen of the group `{name}`")

    def _winner(self, name: str, members: Sequence[Candidate]) -> Candidate:
        if len(members) == 1:
            return members[0]
        preferred = [it for it in members if it.settings.says("group_override")]
        if preferred:
            return max(preferred, key=lambda it: it.entry.insertion_order)
        return self._by_weight(name, self._by_score(members))

    def _by_score(self, members: Sequence[Candidate]) -> Sequence[Candidate]:
        if not any(it.settings.says("use_group_scoring") for it in members):
            return members
        scores = [self.score(it) for it in members]
        best = max(scores)
        return [
            it
            for it, score in zip(members, scores, strict=True)
            if score == best or not it.settings.says("use_group_scoring")
        ]

    def _by_weight(self, name: str, members: Sequence[Candidate]) -> Candidate:
        weights = [it.settings.weight for it in members]
        if not any(weights):
            weights = [1.0] * len(members)
        left = chance.share(self.seed, "group", name) * sum(weights)
        for it, weight in zip(members, weights, strict=True):
            if left < weight:
                return it
            left -= weight
        return members[-1]


def _by_group(candidates: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for it in candidates:
        for name in it.settings.groups:
            found.setdefault(name, []).append(it)
    return found
