"""How much of a book is told: its token budget.

Kept is what weighs most, as long as it fits; something smaller may still fit after something that
did not. What wants no part in the budget (`ignore_budget`) is told and takes no room.
"""

from collections.abc import Sequence

from tzurot.personality.lore.ordering import Weight


def fitting(wanted: Sequence[tuple[Weight, int]], room: int) -> list[bool]:
    """Which of these fit into so many tokens; each is its weight and its tokens."""
    fits = [False] * len(wanted)
    for number in sorted(range(len(wanted)), key=lambda it: wanted[it][0], reverse=True):
        _, cost = wanted[number]
        if cost <= room:
            fits[number] = True
            room -= cost
    return fits


def full(budget: int) -> str:
    """Why something was left out."""
    return f"left out: the book's budget of {budget} tokens was full"
