"""The skills of this server, and how one is invoked: checked, bounded in time, always answered."""

import asyncio
import json
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

import jsonschema

from tzurot.errors import TzurotError

SECONDS = 5.0  # that a skill may take
_SIDE = 150  # characters at each end of what is repeated of wrong arguments


@dataclass(frozen=True, slots=True)
class Occasion:
    """For whom and where a skill is invoked."""

    persona_id: UUID
    personality_id: UUID
    platform: str
    channel_id: str
    venue: str
    hidden_turns: tuple[UUID, ...]  # what the model sees anyway
    hidden_messages: tuple[UUID, ...] = ()  # the same of what came from elsewhere
    adults: bool = False  # whether adults alone hear it
    direct_recalled: bool = False  # whether what was said in direct comes up on servers
    servers_recalled: bool = True  # whether what was said on servers comes up in direct
    characters_recalled: bool = False  # whether what was said to other characters comes up
    others: tuple[UUID, ...] = ()  # personas of the same person that share their memories
    heard: tuple[UUID, ...] = ()  # those of others whose words of this channel may come up
    people: Mapping[UUID, str] = field(default_factory=dict[UUID, str])
    # What the faces are called that the model sees; and all names that are taken, folded.
    taken: frozenset[str] = frozenset()
    # The names that were given in this turn, by face and by the name that it had; these grow.
    given: MutableMapping[tuple[UUID, str], str] = field(
        default_factory=dict[tuple[UUID, str], str]
    )
    fresh: bool = False  # whether nothing of the person is to come to mind


class Skill(Protocol):
    """A tool; memory search today, more to come."""

    name: str
    description: str
    parameters: Mapping[str, object]
    private: bool
    """Whether its answers are a person's own words, which no trace may keep."""
    recalls: bool
    """Whether it brings to mind what is remembered of the person."""

    async def invoke(self, arguments: Mapping[str, object], occasion: Occasion) -> str:
        """What the model is told."""
        ...


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a call; `text` is for the model either way."""

    text: str
    succeeded: bool
    private: bool = False


class Skills:
    """All skills, by name; each may take `seconds`."""

    def __init__(self, skills: Sequence[Skill], *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self.all = sorted(skills, key=lambda skill: skill.name)
        self._by_name = {skill.name: skill for skill in self.all}

    def offered(self, occasion: Occasion) -> Sequence[Skill]:
        """Those that a model may ask for."""
        return [skill for skill in self.all if not (occasion.fresh and skill.recalls)]

    async def invoke(self, name: str, arguments: str, occasion: Occasion) -> Result:
        """Run the skill that a model asked for; whatever goes wrong is told to the model."""
        skill = self._by_name.get(name)
        if skill is None or skill not in self.offered(occasion):
            return Result(f"There is no skill {_shortened(name)!r}.", succeeded=False)
        try:
            given = json.loads(arguments or "{}")
            jsonschema.validate(given, skill.parameters)
        except (json.JSONDecodeError, RecursionError):  # or nested beyond any sense
            return Result("The arguments are not JSON.", succeeded=False)
        except jsonschema.ValidationError as error:
            return Result(
                f"The arguments do not fit: {_shortened(error.message)}.", succeeded=False
            )
        try:
            async with asyncio.timeout(self._seconds):
                text = await skill.invoke(given, occasion)
                return Result(text, succeeded=True, private=skill.private)
        except TimeoutError:
            return Result(f"{name} took too long.", succeeded=False)
        except TzurotError as error:
            return Result(error.message, succeeded=False)


def _shortened(told: str) -> str:
    """A message that repeats what a model made up, which may be of any length."""
    return told if len(told) <= 2 * _SIDE else f"{told[:_SIDE]} … {told[-_SIDE:]}"
