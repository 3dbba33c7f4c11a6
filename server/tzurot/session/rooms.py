"""The other rooms, as a turn calls them."""

from dataclasses import dataclass

from tzurot.account.fronting import Fronters
from tzurot.memory.facts.facts import Facts
from tzurot.memory.recall import Recall
from tzurot.personality.characters import Characters
from tzurot.personality.knowledge.knowledge import Knowledge
from tzurot.personality.lorebooks.lorebooks import Lorebooks
from tzurot.session.delivery.delivery import Delivery
from tzurot.session.delivery.replicas import Replicas
from tzurot.session.incognito.held import Held
from tzurot.skill.skills import Skills
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs
from tzurot.storage.signals import Signals
from tzurot.wallet.paying import Wallet
from tzurot.wallet.presets.presets import Presets


@dataclass(frozen=True, slots=True)
class Rooms:
    """Built once, in wiring."""

    database: Database
    jobs: Jobs
    characters: Characters
    lorebooks: Lorebooks
    knowledge: Knowledge
    recall: Recall
    facts: Facts
    wallet: Wallet
    presets: Presets
    skills: Skills
    delivery: Delivery
    signals: Signals
    replicas: Replicas
    fronters: Fronters
    held: Held
