"""The table: figures as lines, as a JSON object, and as the part of the README that nobody types."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .measure import Figure, Growth, Missing, Told

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
README = HERE.parents[1] / "README.md"
BEGIN = "<!-- the table of speed: python -m tests.benchmarks --readme -->"
END = "<!-- end of the table of speed -->"
KINDS = {Figure: "figures", Growth: "growth", Missing: "missing"}


def machine() -> dict[str, Any]:
    """Where and under what load the run began."""
    from sqlcipher3 import dbapi2

    return {
        "day": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "sqlite": dbapi2.sqlite_version,
    }


def body(
    found: Sequence[Told], sizes: Sequence[int], quick: bool, where: dict[str, Any], took: float
) -> dict[str, Any]:
    """The run as one JSON object."""
    told: dict[str, Any] = {
        "sizes": list(sizes),
        "quick": quick,
        "machine": where,
        "minutes": round(took / 60, 1),
    }
    where["load_at_end"] = round(os.getloadavg()[0], 1)
    told |= {name: [] for name in KINDS.values()}
    for one in sorted(found, key=lambda one: one.number):
        judged = {} if isinstance(one, Missing) else {"holds": one.holds}
        told[KINDS[type(one)]].append(_rounded(asdict(one)) | judged)
    return told


def again(kept: dict[str, Any], fresh: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The kept run with the lines of metrics that were run again in the place of theirs."""
    kept, kinds = deepcopy(kept), KINDS.values()
    numbers = {one["number"] for kind in kinds for one in fresh[kind] if one["number"]}
    for kind in kinds:
        left = [one for one in kept[kind] if one["number"] not in numbers and one["name"] not in names]
        kept[kind] = sorted([*left, *fresh[kind]], key=lambda one: one["number"])
    kept["again"] = sorted({*kept.get("again", ()), *names})
    kept["minutes"] = round(kept["minutes"] + fresh["minutes"], 1)
    kept["machine"]["load_at_end"] = fresh["machine"]["load_at_end"]
    return kept


def _rounded(told: dict[str, Any]) -> dict[str, Any]:
    return {name: float(f"{cell:.4g}") if isinstance(cell, float) else cell for name, cell in told.items()}


def line(one: Told) -> str:
    """One figure on one line."""
    if isinstance(one, Missing):
        return f"{one.number:>2}  {one.name:<44} MISSING   {one.why}"
    verdict = {True: "holds", False: "MISSED", None: ""}[one.holds]
    tail = f"   {one.note}" if one.note else ""
    if isinstance(one, Growth):
        sizes = ", ".join(f"{size:,}: {took:.2f} ms" for size, took in one.sizes)
        wanted = "" if one.goal is None else f"≤ {one.goal:g}"
        return f"{one.number:>2}  {one.name:<44} k {one.k:6.2f}  {wanted:<7} {verdict}   {sizes}{tail}"
    beside = (
        f"   {one.ours:.2f} {one.unit} against {one.reference:.2f} ({one.against})" if one.reference else ""
    )
    spread = "" if one.low == one.high else f" [{one.low:.2f} to {one.high:.2f}]"
    others = "".join(
        f"   {name} {ratio:.2f}"
        for name, ratio in (("encrypted", one.encrypted), ("postgresql", one.server))
        if ratio
    )
    wanted = "" if one.goal is None else f"{'≥' if one.at_least else '≤'} {one.goal:g}"
    return f"{one.number:>2}  {one.name:<44} {one.ratio:8.3f}{spread}  {wanted:<7} {verdict}{beside}{others}{tail}"


def text(told: dict[str, Any]) -> str:
    """The table of the README."""
    return "\n".join(_lines(told))


def _lines(told: dict[str, Any]) -> Iterator[str]:
    where = told["machine"]
    sizes = ", ".join(f"{size:,}" for size in told["sizes"])
    rounds = "few rounds" if told["quick"] else "all rounds"
    yield (
        f"Run of {where['day']} in {told['minutes']:g} minutes ({rounds}), clinics of {sizes} patients: "
        f"{where['cores']} cores under a load of {where['load']:g} at its begin and {where['load_at_end']:g} at its "
        f"end, Python {where['python']}, SQLite {where['sqlite']}. *Encrypted* and *PostgreSQL* are the time of the "
        "same question there as a ratio to the plain file, in turns."
    )
    if told.get("again"):
        yield f"Run again by themselves afterwards: {', '.join(told['again'])}."
    yield ""
    yield "| # | what | against | ratio (quartiles) | goal, better still | holds | encrypted | PostgreSQL |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in told["figures"]:
        yield _row(one)
    for one in told["missing"]:
        yield f"| {one['number'] or ''} | {one['name']} | {one['why']} | | | not measured | | |"
    if told["growth"]:
        yield ""
        yield f"Growth: milliseconds with {' / '.join(f'{size:,}' for size in told['sizes'])} patients, and k of time ~ size^k."
        yield ""
        yield "| # | what | ms | k | goal | holds |"
        yield "|---|---|---|---|---|---|"
        for one in told["growth"]:
            yield _grown(one, told["sizes"])
    notes = [f"{one['name']}: {one['note']}" for one in (*told["figures"], *told["growth"]) if one["note"]]
    if notes:
        yield ""
        yield "Beside it: " + "; ".join(dict.fromkeys(notes)) + "."


def _row(one: dict[str, Any]) -> str:
    spread = "" if one["low"] == one["high"] else f" ({one['low']:.2f}–{one['high']:.2f})"
    unit = f" {one['unit']}" if one["reference"] is None and one["unit"] else ""
    more = "≥" if one["at_least"] else "≤"
    wanted = "" if one["goal"] is None else f"{more} {one['goal']:g}"
    wanted += f", {one['stretch']:g}" if one["stretch"] is not None else ""
    others = (f"{ratio:.2f}" if ratio else "" for ratio in (one["encrypted"], one["server"]))
    ratio = f"{one['ratio']:.3f}" if one["ratio"] < 0.095 and one["ratio"] else f"{one['ratio']:.2f}"
    cells = (
        one["number"], one["name"], one["against"], f"{ratio}{unit}{spread}", wanted, _holds(one["holds"]), *others,
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _grown(one: dict[str, Any], sizes: Sequence[int]) -> str:
    taken = dict(one["sizes"])
    ms = " / ".join(f"{taken[size]:.3g}" if size in taken else "–" for size in sizes)
    wanted = "" if one["goal"] is None else f"≤ {one['goal']:g}"
    return f"| {one['number']} | {one['name']} | {ms} | {one['k']:.2f} | {wanted} | {_holds(one['holds'])} |"


def _holds(told: bool | None) -> str:
    return {True: "yes", False: "**no**", None: ""}[told]


def in_readme(readme: str, results: str) -> str:
    """The README with the table of these results between its two marks."""
    head, _, rest = readme.partition(BEGIN)
    _, mark, tail = rest.partition(END)
    if not mark:
        raise ValueError(f"the README has no {BEGIN!r} … {END!r}")
    return f"{head}{BEGIN}\n\n{text(json.loads(results))}\n\n{END}{tail}"


def write_readme(results: Path) -> None:
    """Put the table of the kept results into the README."""
    made = in_readme(README.read_text(encoding="utf-8"), results.read_text(encoding="utf-8"))
    README.write_text(made, encoding="utf-8")
