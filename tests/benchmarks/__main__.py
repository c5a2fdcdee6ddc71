"""``python -m tests.benchmarks [NAME …] [--quick] [--json] [--save FILE] [--readme]``.

hiplog beside its references, in one run. Ratios are medians of paired rounds with their quartiles; absolute
times are this machine's and prove nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from . import clinic, handing, owner, reading, starting, table, writing
from .bench import Bench, where
from .measure import Missing, Told

METRICS = starting.METRICS | reading.METRICS | writing.METRICS | owner.METRICS | handing.METRICS


def main() -> int:
    """Run what was asked for and print the table."""
    args = _arguments()
    if args.readme:
        table.write_readme(table.RESULTS)
        return 0
    sizes = tuple(sorted(args.patients or (clinic.SIZES[:2] if args.quick else clinic.SIZES)))
    began = time.perf_counter()
    bench = Bench(sizes, args.quick, where())
    machine = table.machine()
    before = _kept(args)
    found: list[Told] = []
    body: dict[str, Any] = {}
    for name in args.names or METRICS:
        told = _run(name, bench)
        found += told
        for one in () if args.json else told:
            print(table.line(one), flush=True)
        body = table.body(found, sizes, args.quick, dict(machine), time.perf_counter() - began)
        if before:
            body = table.again(before, body, args.names)
        if args.save:
            # After every metric: a run that is broken off has not measured for nothing.
            args.save.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if args.json:
        print(json.dumps(body, indent=1, ensure_ascii=False))
    else:
        print("\n" + table.text(body))
    return 0


def _kept(args: Any) -> dict[str, Any]:
    """The run whose lines the metrics named take the place of."""
    if not (args.save and args.names and args.save.exists()):
        return {}
    told: dict[str, Any] = json.loads(args.save.read_text(encoding="utf-8"))
    return told


def _arguments() -> Any:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(METRICS)} (else all)")
    parser.add_argument("--quick", action="store_true", help="few rounds, one and ten thousand patients")
    parser.add_argument(
        "--patients", type=int, action="append", help="sizes instead of 1, 10 and 100 thousand"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument(
        "--save", type=Path, help="keep that object in a file; metrics named take the place of theirs in it"
    )
    parser.add_argument("--readme", action="store_true", help="run nothing; write the README's table anew")
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in METRICS]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(METRICS)}")
    return args


def _run(name: str, bench: Bench) -> list[Told]:
    """One metric; where it breaks off, the table says so and goes on."""
    began = time.perf_counter()
    try:
        return METRICS[name](bench)
    except Exception as error:
        traceback.print_exc()
        return [Missing(0, name, f"broke off ({type(error).__name__})")]
    finally:
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
