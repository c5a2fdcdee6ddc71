"""The clinic's protocols at the chair: the keys 1 to 9 of the needle grid, and the list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiplog.clinical.record import Session
from hiplog.tui import rooms
from hiplog.tui.screens.session.keeper import Keeper

if TYPE_CHECKING:
    from hiplog.tui.app import HiplogApp


def lay(keeper: Keeper, slot: int) -> None:
    """Lay the protocol on ``slot`` into the draft; its rows wait to be confirmed."""
    keeper.call(lambda unit, draft, version: rooms.protocols.lay(unit, draft, slot, version))


async def choose(app: HiplogApp, keeper: Keeper) -> bool:
    """Show the nine keys; lay the one chosen and return whether there was one. Call it in a task."""
    from hiplog.tui.dialogs.protocols import Protocols

    await keeper.settle()
    known = await app.desk.read(rooms.protocols.everyone)
    plan = keeper.kept.id if keeper.draft.insertions else None
    slot = await app.push_screen_wait(Protocols(known, plan, laying=True))
    if slot is not None:
        lay(keeper, slot)
    return slot is not None


async def keep(app: HiplogApp, visit: Session) -> None:
    """Show the nine keys, so that the plan of a visit can be kept on one. Call it in a task."""
    from hiplog.tui.dialogs.protocols import Protocols

    known = await app.desk.read(rooms.protocols.everyone)
    await app.push_screen_wait(Protocols(known, visit.id if visit.insertions else None, laying=False))
