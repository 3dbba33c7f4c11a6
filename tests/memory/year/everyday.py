"""Everyday talk: what people say to a character when there is nothing to tell. No two lines alike.

Made from templates, always the same for one seed. Nothing of it is a fact about anybody.
"""

import random
from collections.abc import Iterator
from itertools import product

# Each: a pattern, and what can stand for {a} and for {b}.
_LINES = (
    (
        "{a}, and {b}.",
        """
            What a week / Rain again / Not a cloud up there / Fog over the hills /
            Such a slow morning / Everything is late today / It smells of snow /
            The wind is back
        """,
        """
            the tram stood still for an hour / the whole square is wet / nobody is in a hurry /
            the shop on the corner is closed / the bus driver was singing / the lamps flicker /
            the market is packed / all the benches are taken
        """,
    ),
    (
        "{a} {b}?",
        """
            Did you hear about / What do you make of / Tell me, what is it with /
            Have you ever wondered about / Shall we talk about / What would you say to
        """,
        """
            the new bridge / that film with the two sailors / the noise upstairs in the library /
            old maps / the recipe with plums / the quiz on the radio / paper boats /
            the empty theater / the longest novel there is
        """,
    ),
    (
        "{a}: {b}.",
        """
            Today's plan / For the weekend / Before supper / On the list / Tonight
        """,
        """
            letters, laundry, a long walk / a film and an early night / mending that lamp /
            soup with leeks / nothing at all / dusting the shelves /
            a puzzle with a thousand pieces / two chapters and a bath / sorting buttons
        """,
    ),
    (
        "{a} {b}.",
        """
            Heute / Gestern Abend / Auf dem Markt / Im Zug / Am Fluss
        """,
        """
            war es ganz still / gab es frische Pflaumen / hat jemand laut gelacht /
            roch es nach Regen / war alles voller Tauben / sang ein Chor / lag dichter Nebel
        """,
    ),
    (
        "{a} {b}.",
        """
            Hoy / Esta tarde / En la plaza / Por la ventana / En el tren
        """,
        """
            todo iba despacio / se oía una trompeta / había mucha gente /
            olía a pan recién hecho / pasaban nubes enormes / la luz era rara /
            nadie miraba el reloj
        """,
    ),
    (
        "{a} {b}.",
        """
            Ce matin / Hier soir / Au marché / Dans le train / Près du canal
        """,
        """
            il faisait un froid de canard / tout le monde parlait du match / une dame chantait /
            les trains avaient du retard / on vendait des cerises / le ciel était tout rose /
            il n'y avait personne
        """,
    ),
    (
        "{a} {b}, of all things.",
        """
            The radio talks about / The choir sings about / Everybody posts about /
            The paper writes about / Somebody on the ferry went on about
        """,
        """
            turnips / the moon / knots / elevators / old keys / bagpipes / the price of soap /
            garden gnomes / lost gloves
        """,
    ),
    (
        "{a} {b}!",
        """
            Guess what, / You won't believe it, / Good news: / Finally:
        """,
        """
            the elevator works again / the strike is over / they found the lost umbrella /
            the plums are ripe / the match was a draw / the concert is not sold out /
            the snow has melted / the letter arrived
        """,
    ),
)
_REPLIES = (
    "I see.",
    "Tell me more.",
    "That sounds like one of those days.",
    "Ach so!",
    "Vaya.",
    "Tiens, tiens.",
    "Then let us sit by the window.",
    "Nothing wrong with that.",
)


def exchanges(seed: int) -> Iterator[tuple[str, str]]:
    """What is said and what is answered, ever on until there is nothing new to say."""
    chance = random.Random(seed)  # noqa: S311 - talk, not secrets
    lines = [
        pattern.format(a=one, b=other)
        for pattern, ones, others in _LINES
        for one, other in product(_parts(ones), _parts(others))
    ]
    chance.shuffle(lines)
    for line in lines:
        yield line, chance.choice(_REPLIES)


def _parts(written: str) -> list[str]:
    return [" ".join(it.split()) for it in written.split("/")]
