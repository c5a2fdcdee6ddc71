"""The answers as plain values for JSON: the same numbers that are drawn, small groups without a share.

Chart codes stay out: who stands behind a number is what :mod:`hiplog.outcomes.explain` tells.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hiplog.outcomes.about import About
from hiplog.outcomes.completeness import Completeness
from hiplog.outcomes.control import ControlChart, ControlPoint
from hiplog.outcomes.dashboard import Dashboard
from hiplog.outcomes.explanation import Explanation
from hiplog.outcomes.groups import Group, Groups
from hiplog.outcomes.improvement import Improvement
from hiplog.outcomes.rates import FEWEST, Rate
from hiplog.outcomes.safety import ReactionRate
from hiplog.outcomes.spread import Spread
from hiplog.outcomes.survival import Step

Json = dict[str, Any]


def dashboard(shown: Dashboard, split: Groups | None = None) -> Json:
    """The whole dashboard, short keys first; ``split`` adds the groups that were asked for."""
    lines, change = shown.improvement.lines, shown.improvement.change
    body: Json = {
        "caption": shown.caption,
        "filters": shown.filters.words,
        "patients": shown.patients,
        "episodes": shown.episodes,
        "sessions": shown.sessions,
        "responders": {**rate(lines.started), "rule": shown.rule, "line": "started"},
        "lines": plain(lines),
        "pain_change": {**plain(change), "meaning": "final minus baseline, below 0 is less pain"},
        "reactions": [reaction(one) for one in shown.safety.rates],
    }
    if split is not None:
        body["groups"] = [group(one) for one in split.groups]
        body["groups_hidden"] = {"groups": split.hidden, "hips": split.hidden_hips, "below": FEWEST}
    body["answers"] = [_answer(shown, about) for about in shown.abouts]
    body["left_out"] = _left_out(shown)
    return body


def rate(one: Rate) -> Json:
    """A share as ``n`` of ``of``; below ten the share and its bounds are ``None``."""
    value, low, high = one.shown or (None, None, None)
    body: Json = {"n": one.events, "of": one.n, "rate": value, "low": low, "high": high, "method": one.method}
    return body if one.three is None else {**body, "rule_of_three": one.three}


def reaction(one: ReactionRate) -> Json:
    """A reaction as one reporter told it."""
    value, low, high = one.sessions.shown or (None, None, None)
    return {
        "kind": one.kind,
        "label": one.label,
        "reporter": one.reporter,
        "sessions": one.sessions.events,
        "of": one.sessions.n,
        "rate": value,
        "low": low,
        "high": high,
        "rule_of_three": one.sessions.three,
        "method": one.sessions.method,
        "asked_none": one.asked.none,
        "asked_yes": one.asked.yes,
        "refused": one.asked.refused,
        "not_asked": one.asked.not_asked,
        "patients": rate(one.patients),
        "published": [plain(published) for published in one.published],
    }


def group(one: Group) -> Json:
    """A group with its own lines."""
    return {
        "key": one.key,
        "label": one.label,
        "hips": one.hips,
        "responders": rate(one.lines.started),
        "lines": plain(one.lines),
        "pain_change": plain(one.change),
        "missing": one.lines.missing,
        "needed": one.needed,
    }


def explanation(one: Explanation) -> Json:
    """A number taken apart; here chart codes stand, for that is what was asked."""
    return {
        "question": one.question,
        "key": one.key,
        "figure": one.figure,
        "rule": list(one.rule),
        "used": [_fields(used) for used in one.used],
        "left_out": [_fields(left) for left in one.left_out],
    }


def about(one: About) -> Json:
    """The frame of an answer."""
    return {"question": one.question, "told": one.told, **_fields(one)}


def plain(value: Any) -> Any:
    """Any value of the dashboard as what JSON knows."""
    if isinstance(value, Rate):
        return rate(value)
    if isinstance(value, Completeness):
        return {"rule": value.rule, "label": value.label, **rate(Rate(value.passed, value.denominator))}
    if isinstance(value, ReactionRate):
        return reaction(value)
    if isinstance(value, Group):
        return group(value)
    if isinstance(value, ControlPoint):
        return _control_point(value)
    if isinstance(value, ControlChart):
        return {**_fields(value), "enough": value.enough, "words": value.words}
    if isinstance(value, Step):
        return _step(value)
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def _fields(value: Any) -> Json:
    named = (one.name for one in fields(value) if one.name != "about")
    body = {name: plain(getattr(value, name)) for name in named}
    if isinstance(value, Improvement):
        body["unpaired"] = value.unpaired
        body["states"] = dict(value.states)
    return {"n": body.pop("n"), **body} if isinstance(value, Spread) else body


def _control_point(one: ControlPoint) -> Json:
    body = _fields(one)
    if one.events is not None and one.n < FEWEST:
        body["value"] = None
    return body


def _step(one: Step) -> Json:
    """Shares of the curve only while enough hips are followed; ``low`` and ``high`` bound ``reached``."""
    reached, low, high = one.shown or (None, None, None)
    counts = {"time": one.time, "at_risk": one.at_risk, "events": one.events, "censored": one.censored}
    return {**counts, "reached": reached, "low": low, "high": high}


def _answer(shown: Dashboard, one: About) -> Json:
    return {**about(one), "points": plain(getattr(shown, one.key))}


def _left_out(shown: Dashboard) -> list[Json]:
    reasons = {one.rule: one.reason for one in shown.left_out}
    rules = [one.rule for one in shown.left_out]
    return [{"rule": rule, "reason": why, "n": rules.count(rule)} for rule, why in sorted(reasons.items())]
