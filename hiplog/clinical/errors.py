"""The refusals, under the name the rooms know them by."""

from hiplog.errors import (
    BadInput,
    HiplogError,
    IntegrityFailed,
    Locked,
    NotFound,
    Refused,
    SchemaBehind,
    SignIn,
    Stale,
    Unreachable,
    Unsettled,
    WrongSecret,
)

__all__ = [
    "BadInput",
    "HiplogError",
    "IntegrityFailed",
    "Locked",
    "NotFound",
    "Refused",
    "SchemaBehind",
    "SignIn",
    "Stale",
    "Unreachable",
    "Unsettled",
    "WrongSecret",
]
