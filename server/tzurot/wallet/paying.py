"""Which model answers whom: that of their own key, else the best that somebody else pays for."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import NoPayingKey
from tzurot.llm.local import LocalModel
from tzurot.llm.openai_compatible import OpenAICompatibleModel
from tzurot.llm.speaker import Speaker
from tzurot.wallet.keys.own import OwnModels

Model = OpenAICompatibleModel | LocalModel

SERVER = "server"  # the payer that the operator is
OPERATOR_PLATFORM = "local"  # whoever sits at the server's machine


@dataclass(frozen=True, slots=True)
class Payer:
    """For whom something is asked, and who pays if they can."""

    person_id: UUID
    subject: str


@dataclass(frozen=True, slots=True)
class Wallet:
    """The models of this server, best first, for whom the operator's keys pay, and people's own."""

    models: Sequence[Model]
    share_operator_key: bool
    own: OwnModels | None = None

    async def model_for(self, payer: Payer, *, for_several: bool = False) -> Model:
        """The model that answers `payer`, for one turn. Whose own key pays, pays with no other.

        `for_several`: what is asked is not theirs alone, so that their own key doesn't pay for it.

        Raises:
            NoPayingKey: none may.
            MasterKeyMissing: the person's own key can't be opened.
        """
        if self.own and not for_several and (model := await self.own.model(payer.person_id)):
            return model
        for model in self.models:
            if self.pays(model.speaker, payer.subject):
                return model
        raise NoPayingKey

    async def beside(self, payer: Payer) -> Sequence[Model]:
        """Models that may help the one of a turn, best first: to describe what it can't see.

        Who brings a key spends none of the operator's money for that, either.
        """
        free = self.own is not None and await self.own.speaker(payer.person_id) is not None
        return [
            model
            for model in self.models
            if self.pays(model.speaker, payer.subject)
            and not (free and model.speaker.uses_operator_key)
        ]

    async def payer_of(self, tx: AsyncSession, person_id: UUID) -> str:
        """Who pays for a person's turns: themselves, or the server."""
        return str(person_id) if self.own and await self.own.pays(tx, person_id) else SERVER

    def pays(self, speaker: Speaker, subject: str) -> bool:
        """Whether `speaker` may be asked for `subject`: the operator's money is its own."""
        return (
            not speaker.uses_operator_key
            or self.share_operator_key
            or subject.partition(":")[0] == OPERATOR_PLATFORM
        )
