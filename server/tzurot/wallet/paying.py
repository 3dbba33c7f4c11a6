"""Which model answers whom: the best one that the person's key, or nobody's, pays for."""

from collections.abc import Sequence
from dataclasses import dataclass

from tzurot.errors import NoPayingKey
from tzurot.llm.local import LocalModel
from tzurot.llm.openai_compatible import OpenAICompatibleModel
from tzurot.llm.speaker import Speaker

Model = OpenAICompatibleModel | LocalModel

OPERATOR_PLATFORM = "local"  # whoever sits at the server's machine


@dataclass(frozen=True, slots=True)
class Wallet:
    """The models of this server, best first, and for whom the operator's keys pay."""

    models: Sequence[Model]
    share_operator_key: bool

    def model_for(self, subject: str) -> Model:
        """The model that answers `subject`.

        Raises:
            NoPayingKey: none may.
        """
        for model in self.models:
            if self.pays(model.speaker, subject):
                return model
        raise NoPayingKey

    def pays(self, speaker: Speaker, subject: str) -> bool:
        """Whether `speaker` may be asked for `subject`: the operator's money is its own."""
        return (
            not speaker.uses_operator_key
            or self.share_operator_key
            or subject.partition(":")[0] == OPERATOR_PLATFORM
        )
