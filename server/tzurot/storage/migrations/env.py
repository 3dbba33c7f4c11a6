"""How Alembic runs here: on the connection that `storage/schema.py` hands over."""

from alembic import context
from sqlalchemy import text

from tzurot.account import tables as account
from tzurot.flow import tables as flow
from tzurot.memory import tables as memory
from tzurot.memory.facts import fact_tables as facts
from tzurot.memory.reading import slot_tables as slots
from tzurot.memory.reflection import reflection_tables as reflections
from tzurot.personality import tables as personality
from tzurot.session import tables as session
from tzurot.session.channels import place_tables as places
from tzurot.session.histories import history_tables as histories
from tzurot.session.summaries import summary_tables as summaries
from tzurot.storage.base import Base
from tzurot.wallet import refusal_tables as refusals
from tzurot.wallet.budgets import budget_tables as budgets
from tzurot.wallet.catalogue import list_tables as lists
from tzurot.wallet.keys import key_tables as keys
from tzurot.wallet.presets import preset_tables as presets
from tzurot.wallet.sponsors import sponsor_tables as sponsors
from tzurot.wallet.usage import usage_tables as usage

ROOMS = (
    account,
    personality,
    session,
    places,
    histories,
    summaries,
    memory,
    slots,
    reflections,
    facts,
    flow,
    keys,
    sponsors,
    usage,
    budgets,
    lists,
    refusals,
    presets,
)  # their tables are in Base.metadata once imported

connection = context.config.attributes["connection"]
connection.execute(text("SET lock_timeout = '4s'"))
connection.execute(text("SET statement_timeout = '30s'"))
connection.commit()
context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
connection.execute(text("RESET lock_timeout"))
connection.execute(text("RESET statement_timeout"))
