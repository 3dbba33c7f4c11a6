"""What is looked after from time to time."""

from tzurot.account import moderation as account_moderation
from tzurot.account.moderation import Moderation
from tzurot.memory import linking, purging
from tzurot.memory.facts.keeping import Keeping
from tzurot.memory.linking import Linking
from tzurot.memory.meaning import Meaning
from tzurot.memory.purging import Purging
from tzurot.memory.reflection import reflection
from tzurot.memory.reflection.dreams import Dreams
from tzurot.memory.reflection.reflection import Reflection
from tzurot.session.attachments import attachments
from tzurot.session.attachments.attachments import Attachments
from tzurot.session.channels import lines, proactive
from tzurot.session.channels.lines import Lines
from tzurot.session.channels.proactive import Proactive
from tzurot.session.dreams import dreaming, summing
from tzurot.session.dreams.dreaming import Dreaming
from tzurot.session.dreams.summing import Summing
from tzurot.session.learning import learning
from tzurot.session.learning.learning import Learning
from tzurot.session.limits import limits
from tzurot.session.limits.limits import Buckets
from tzurot.session.rooms import Rooms
from tzurot.session.settings import deciding
from tzurot.session.settings.deciding import Passing
from tzurot.session.summaries import summarizing
from tzurot.session.summaries.summarizing import Summarizing
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs
from tzurot.storage.signals import Signals
from tzurot.wallet import refusals
from tzurot.wallet.refusals import Refusals


def chores(database: Database, jobs: Jobs, signals: Signals) -> None:
    """What is looked after from time to time."""
    moderation, buckets, said = Moderation(database), Buckets(database), Lines(database)
    jobs.register(
        account_moderation.SWEEP_JOB, moderation.sweep, cron=account_moderation.SWEEP_CRON
    )
    over = Refusals(database).sweep
    jobs.register(refusals.SWEEP_JOB, over, cron=refusals.SWEEP_CRON)
    jobs.register(limits.SWEEP_JOB, buckets.sweep, cron=limits.SWEEP_CRON)
    thrown_away = Attachments(database).sweep
    jobs.register(attachments.SWEEP_JOB, thrown_away, cron=attachments.SWEEP_CRON)
    jobs.register(lines.FORGET_JOB, said.forget, cron=lines.FORGET_CRON)
    jobs.register(deciding.SWEEP_JOB, Passing(database).sweep, cron=deciding.SWEEP_CRON)
    links = Linking(database)
    jobs.register(linking.TEND_JOB, links.tend, cron=linking.TEND_CRON)
    jobs.register(linking.PRUNE_JOB, links.prune, cron=linking.PRUNE_CRON)
    purges = Purging(database, jobs)
    clearing = purging.CLEAR_JOB
    jobs.register(clearing, purges.clear, lock=clearing)
    jobs.register(f"{clearing}.all", purges.clear, cron=purging.CLEAR_CRON, lock=clearing)
    jobs.register(purging.SWEEP_JOB, purges.sweep, cron=purging.SWEEP_CRON)
    look = Proactive(database, signals).look
    jobs.register(proactive.LOOK_JOB, look, cron=proactive.LOOK_CRON)


def learning_in(rooms: Rooms, meaning: Meaning) -> None:
    """Facts are looked for in what people say; `meaning` is the bundled model."""
    learn = Learning(rooms, Keeping(rooms.database), meaning).learn
    lock = learning.LEARN_JOB
    rooms.jobs.register(learning.LEARN_JOB, learn, cron=learning.LEARN_CRON, lock=lock, slow=True)


def summarizing_in(rooms: Rooms) -> None:
    """What falls out of sight is told in short."""
    summarize, lock = Summarizing(rooms).summarize, summarizing.SUMMARIZE_JOB
    rooms.jobs.register(
        summarizing.SUMMARIZE_JOB,
        summarize,
        cron=summarizing.SUMMARIZE_CRON,
        lock=lock,
        slow=True,
    )


def dreaming_of(rooms: Rooms) -> Dreams:
    """What characters gather, and dream of it."""
    gathering, dreams = Reflection(rooms.database, rooms.jobs), Dreams(rooms.database)
    rooms.jobs.register(reflection.REFLECT_JOB, gathering.reflect, cron=reflection.REFLECT_CRON)
    rooms.jobs.register(reflection.LOOK_JOB, gathering.look, lock=reflection.LOOK_JOB)
    dream, sum_up = Dreaming(rooms, dreams).dream, Summing(rooms, gathering).sum_up
    lock = dreaming.DREAM_JOB
    rooms.jobs.register(dreaming.DREAM_JOB, dream, cron=dreaming.DREAM_CRON, lock=lock, slow=True)
    rooms.jobs.register(summing.SUM_UP_JOB, sum_up, cron=summing.SUM_UP_CRON, lock=lock, slow=True)
    return dreams
