"""The logbook's and outcomes' modules by name, imported when one is first used.

The first screen is painted before the database library is loaded; so the screens say
``rooms.patients.add`` instead of importing the module.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hiplog.logbook import access as access
    from hiplog.logbook import alarms as alarms
    from hiplog.logbook import amendments as amendments
    from hiplog.logbook import audit as audit
    from hiplog.logbook import clinic as clinic
    from hiplog.logbook import credentials as credentials
    from hiplog.logbook import entry as entry
    from hiplog.logbook import episodes as episodes
    from hiplog.logbook import erasure as erasure
    from hiplog.logbook import followups as followups
    from hiplog.logbook import patients as patients
    from hiplog.logbook import precautions as precautions
    from hiplog.logbook import protocols as protocols
    from hiplog.logbook import requests as requests
    from hiplog.logbook import search as search
    from hiplog.logbook import sessions as sessions
    from hiplog.logbook import startcheck as startcheck
    from hiplog.logbook import texts as texts
    from hiplog.logbook import timeline as timeline
    from hiplog.logbook import trail as trail
    from hiplog.logbook import users as users
    from hiplog.logbook import worklist as worklist
    from hiplog.outcomes import completeness as completeness
    from hiplog.outcomes import trend as trend

OUTCOMES = {"completeness", "trend"}


def __getattr__(name: str) -> ModuleType:
    if name.startswith("_"):
        raise AttributeError(name)
    return import_module(f"hiplog.{'outcomes' if name in OUTCOMES else 'logbook'}.{name}")
