"""``python -m tests.benchmarks [NAME …] [--quick] [--json]``: hiplog beside its references, in one run.

Ratios are medians of paired rounds with their quartiles; absolute times are this machine's and prove nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from . import clinic, reading, starting, writing
from .bench import Bench, where
from .measure import Figure

METRICS = starting.METRICS | reading.METRICS | writing.METRICS


def main() -> int:
    """Run what was asked for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(METRICS)} (else all)")
    parser.add_argument("--quick", action="store_true", help="few rounds, one and ten thousand patients")
    parser.add_argument(
        "--patients", type=int, action="append", help="sizes instead of 1, 10 and 100 thousand"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in METRICS]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(METRICS)}")
    sizes = tuple(sorted(args.patients or (clinic.SIZES[:2] if args.quick else clinic.SIZES)))
    bench = Bench(sizes, args.quick, where())
    found: list[Figure] = []
    for name in args.names or METRICS:
        told = METRICS[name](bench)
        found += told
        if not args.json:
            for one in told:
                print(line(one), flush=True)
    found.sort(key=lambda one: one.number)
    if args.json:
        body = {
            "sizes": sizes,
            "quick": args.quick,
            "figures": [asdict(one) | {"holds": one.holds} for one in found],
        }
        print(json.dumps(body, indent=1))
    elif len(found) > 1:
        print("\n" + table(found))
    return 0


def line(one: Figure) -> str:
    """One figure on one line."""
    beside = (
        ""
        if one.reference is None
        else f"   {one.ours:.2f} against {one.reference:.2f} {one.unit} ({one.against})"
    )
    spread = "" if one.low == one.high else f" [{one.low:.2f} to {one.high:.2f}]"
    wanted = f"{'≥' if one.at_least else '≤'} {one.goal:g}"
    verdict = "holds" if one.holds else "MISSED"
    tail = f"   {one.note}" if one.note else ""
    return f"{one.number:>2}  {one.name:<36} {one.ratio:8.3f}{spread}  {wanted:<7} {verdict}{beside}{tail}"


def table(found: list[Figure]) -> str:
    """The table of the README."""
    rows = ["| # | what | against | ratio (quartiles) | goal | holds |", "|---|---|---|---|---|---|"]
    for one in found:
        spread = "" if one.low == one.high else f" ({one.low:.2f}–{one.high:.2f})"
        unit = f" {one.unit}" if one.reference is None and one.unit else ""
        wanted = f"{'≥' if one.at_least else '≤'} {one.goal:g}"
        told = "yes" if one.holds else "no"
        rows.append(
            f"| {one.number} | {one.name} | {one.against} | {one.ratio:.2f}{unit}{spread} | {wanted} | {told} |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
