"""How Alembic runs here: on the connection that `storage/schema.py` hands over."""

from alembic import context
from sqlalchemy import text

from tzurot.account import tables as account
from tzurot.flow import tables as flow
from tzurot.memory import tables as memory
from tzurot.personality import tables as personality
from tzurot.session import tables as session
from tzurot.session.channels import place_tables as places
from tzurot.storage.base import Base

ROOMS = (
    account,
    personality,
    session,
    places,
    memory,
    flow,
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
