"""The job queue: procrastinate's own schema, kept apart from our tables.

Must work with the previous release running, in both directions.
"""

from importlib.resources import files

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("CREATE SCHEMA jobs")
    connection.exec_driver_sql("SET LOCAL search_path = jobs, public")
    script = files("procrastinate").joinpath("sql/schema.sql").read_text()
    connection.connection.driver_connection.execute(script)  # as it is: it has % and many commands
    connection.exec_driver_sql("SET LOCAL search_path = public")


def downgrade() -> None:
    op.execute("DROP SCHEMA jobs CASCADE")
