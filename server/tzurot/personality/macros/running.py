"""Running the macros in the texts of a prompt. Pure, but for the chance that it is given.

Only texts of characters, books, templates and overrides are run: never what is said in a chat.
Which macros there are stands in docs/reference/macros.md; filling.py is where they run.
"""

import secrets
from collections.abc import Mapping

from tzurot.personality.macros.chance import Chance
from tzurot.personality.macros.filling import Filling, Page
from tzurot.personality.macros.listing import Listing, NotRun
from tzurot.personality.macros.parsing import parse
from tzurot.personality.macros.scanning import Scan
from tzurot.personality.macros.stage import Stage
from tzurot.personality.macros.values import Around
from tzurot.personality.macros.variables import Variables

NO_VARIABLES: Mapping[str, str] = {}


class Macros:
    """The macros of one prompt.

    Texts are filled in the order in which they are told, each once: what one of them lets a
    variable be, the next ones know.
    """

    def __init__(
        self,
        stage: Stage,
        variables: Mapping[str, str] = NO_VARIABLES,
        *,
        chance: Chance = secrets.randbelow,
    ) -> None:
        self._around = Around(stage, Variables(variables), Listing(), chance)

    def fill(self, text: str, *, slot: str = "", original: str | None = None) -> str:
        """A text with its macros run.

        At most 200,000 characters longer than it is written. An empty text is its `original`:
        Character Card V2 leaves it to an empty instruction that the default one holds.

        Args:
            text: of a character, a book or an override.
            slot: names the text: picks are the same as long as it, the text and the seed are.
            original: what `{{original}}` stands for, once; itself filled already.
        """
        if not text:
            return original or ""
        return Filling(self._around, Page(text, slot), original).told(parse(text))

    def scanned(self, text: str) -> str:
        """What lore is looked up in: comments gone, words of hidden keys in sight, names filled.

        Nothing else is run, so variables stay as they are.
        """
        return Scan(text, self._around.stage).words()

    @property
    def variables(self) -> Mapping[str, str]:
        """The variables as they are now, to be kept for the conversation."""
        return self._around.variables.values

    @property
    def not_run(self) -> list[NotRun]:
        """What was met so far and is not run, each once."""
        return list(self._around.noted.rows)
