"""Run the revisions on the connection that hiplog hands over, in one transaction.

Foreign keys are off while a revision runs (a table rebuilt by batch mode would take its children along)
and checked before the commit; the guards are made anew, because a rebuilt table loses its triggers.
"""

from __future__ import annotations

from alembic import context

from hiplog.storage import guards
from hiplog.storage.tables import metadata


def upgrade_with(connection) -> None:
    """Configure Alembic for ``connection`` and run what was asked."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
    guards.install(connection)


ready = context.config.attributes.get("connection")
if ready is None:
    raise SystemExit("run the revisions with: hiplog database upgrade")
upgrade_with(ready)
