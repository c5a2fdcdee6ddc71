"""Make ``frozen/expected.json``: the invented clinics worked out by scipy, statsmodels and lifelines.

None of hiplog is imported. The definitions are read from the words that stand beside the figures and are put
into other code. Run it in an environment of its own and commit what it writes::

    python -m venv env && env/bin/pip install scipy statsmodels lifelines
    env/bin/python tests/outcomes/frozen_make.py

The versions that made the file stand in it, under ``provenance``.
"""

from __future__ import annotations

import json
import platform
import warnings
from pathlib import Path

import lifelines
import numpy as np
import scipy
import statsmodels
from cohorts import COHORTS, SEED, STATES, clinic
from lifelines import KaplanMeierFitter
from scipy.stats import binom, spearmanr
from statsmodels.stats.proportion import proportion_confint, samplesize_proportions_2indep_onetail

OUT = Path(__file__).with_name("frozen") / "expected.json"


def responds(start, end, strict):
    """Whether pain fell by 2 points or (and, when strict) by 30 %."""
    tests = (start - end >= 2, 10 * (start - end) >= 3 * start)
    return all(tests) if strict else any(tests)


def rate(events, n):
    """Share with Wilson's interval by statsmodels."""
    if n == 0:
        return None
    low, high = proportion_confint(events, n, alpha=0.05, method="wilson")
    return [events, n, events / n, float(low), float(high)]


def paired(hip):
    """Baseline, final and last score of a hip."""
    visits = hip["visits"]
    start = visits[0]["before"]
    resting, right_after, every = [], [], []
    for place, visit in enumerate(visits):
        for offset, stage in ((0.0, "before"), (0.001, "after"), (1.0, "later")):
            score = visit[stage]
            if score is None:
                continue
            when = visit["day"] + offset
            every.append((when, score))
            if place > 0:
                (right_after if stage == "after" else resting).append((when, score))
    found = resting or right_after
    return start, (max(found)[1] if found else None), (every[-1][1] if every else None)


def three_lines(hips, strict):
    """The three lines and the changes."""
    started = completers = carried = good = good_carried = 0
    changes = []
    for hip in hips:
        start, end, last = paired(hip)
        if start == 0:
            continue
        started += 1
        if start is None:
            continue
        carried += 1
        if end is not None:
            completers += 1
            changes.append(end - start)
            good += responds(start, end, strict)
            good_carried += responds(start, end, strict)
        else:
            good_carried += responds(start, last, strict)
    quartiles = [float(np.percentile(changes, q)) for q in (50, 25, 75)] if changes else None
    return {
        "started": rate(good, started),
        "completers": rate(good, completers),
        "locf": rate(good_carried, carried),
        "change": [len(changes), quartiles],
    }


def course(hip, strict):
    """Sessions given until the change was seen, and whether it was."""
    start = hip["visits"][0]["before"]
    if not start:
        return None
    given = 0
    for place, visit in enumerate(hip["visits"]):
        if place == 0:
            continue
        for stage, sessions in (("before", place), ("later", place + 1)):
            if visit[stage] is None:
                continue
            given = max(given, sessions)
            if responds(start, visit[stage], strict):
                return given, True
    return given, False


def survival(hips, strict):
    """Kaplan-Meier by lifelines: time, at risk, events, share without, its bounds where inside 0 and 1."""
    found = [one for hip in hips if (one := course(hip, strict))]
    if not found:
        return {"steps": [], "median": None}
    times, happened = zip(*found, strict=True)
    fitted = KaplanMeierFitter().fit(times, happened)
    bounds = fitted.confidence_interval_
    steps = []
    for time in sorted(set(times)):
        row = fitted.event_table.loc[time]
        share = float(fitted.survival_function_at_times(time).iloc[0])
        inside = 0 < share < 1
        low, high = (float(value) for value in bounds.loc[time]) if inside else (share, share)
        steps.append([int(time), int(row["at_risk"]), int(row["observed"]), share, low, high])
    # lifelines sums logarithms: a share of exactly one half comes out a rounding above it, and its own
    # median_survival_time_ then names a later time. The definition is the first time with at most one half.
    median = next((step[0] for step in steps if round(step[3], 12) <= 0.5), None)
    return {"steps": steps, "median": median}


def reactions(hips):
    """Any reaction per asked session and per asked patient, by reporter."""
    found = {}
    for reporter in ("therapist", "patient"):
        states = [(hip["patient"], visit[f"{reporter}_said"]) for hip in hips for visit in hip["visits"]]
        asked = [one for one in states if one[1] in ("none", "yes")]
        yes = [one for one in asked if one[1] == "yes"]
        found[reporter] = {
            "sessions": rate(len(yes), len(asked)),
            "patients": rate(len({p for p, _ in yes}), len({p for p, _ in asked})),
            "counts": [sum(state == word for _, state in states) for word in STATES],
        }
    return found


def funnel(hips, strict):
    """For each therapist the exact interval by statsmodels, limits and verdict by scipy's binomial."""
    centre = three_lines(hips, strict)["started"]
    if centre is None:
        return {}
    found = {}
    for code in sorted({hip["therapist"] for hip in hips}):
        own = three_lines([hip for hip in hips if hip["therapist"] == code], strict)["started"]
        if own is None or own[1] < 10:
            continue
        good, n, share = own[0], own[1], centre[2]
        low, high = proportion_confint(good, n, alpha=0.05, method="beta")
        limits = [lower(0.001, n, share), lower(0.025, n, share)]
        limits += [1 - lower(0.025, n, 1 - share), 1 - lower(0.001, n, 1 - share)]
        rarer = min(binom.cdf(good, n, share), binom.sf(good - 1, n, share))
        place = "outside 99.8 %" if rarer < 0.001 else "outside 95 %" if rarer < 0.025 else "inside"
        found[code] = [good, n, float(low), float(high), *limits, place]
    return found


def lower(chance, n, share):
    """Spiegelhalter's interpolated binomial quantile as a share."""
    if share in (0, 1):
        return float(share)
    count = int(binom.ppf(chance, n, share))
    if count == 0 and binom.cdf(0, n, share) >= chance:
        return 0.0
    at, before = binom.cdf(count, n, share), binom.cdf(count - 1, n, share)
    weight = (at - chance) / (at - before)
    return float(min(max((count - weight) / n, 0.0), 1.0))


def ranks(hips):
    """Spearman of insertions against soreness, and against the change to the next session."""
    sore, moved = [], []
    for hip in hips:
        visits = hip["visits"]
        for place, visit in enumerate(visits):
            if visit["patient_said"] == "none":
                sore.append((visit["insertions"], 0))
            elif visit["soreness"] is not None:
                sore.append((visit["insertions"], visit["soreness"]))
            after = visits[place + 1]["before"] if place + 1 < len(visits) else None
            if visit["before"] is not None and after is not None:
                moved.append((visit["insertions"], after - visit["before"]))
    return {"soreness": rank(sore), "change": rank(moved)}


def rank(pairs):
    """n and rho."""
    if len(pairs) < 3:
        return [len(pairs), None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rho = float(spearmanr(*zip(*pairs, strict=True)).statistic)
    return [len(pairs), None if np.isnan(rho) else rho]


def p_chart(hips, reporter):
    """Centre and limits by month with numpy."""
    counts = {}
    for hip in hips:
        for visit in hip["visits"]:
            state = visit[f"{reporter}_said"]
            month = str(np.datetime64("2024-01-01") + np.timedelta64(visit["day"], "D"))[:7]
            counts.setdefault(month, [0, 0])
            if state in ("none", "yes"):
                counts[month] = [counts[month][0] + (state == "yes"), counts[month][1] + 1]
    events, n = (np.array([pair[at] for pair in counts.values()]) for at in (0, 1))
    if n.sum() == 0:
        return None
    centre = events.sum() / n.sum()
    rows = {}
    for month, (yes, asked) in sorted(counts.items()):
        if asked:
            half = 3 * np.sqrt(centre * (1 - centre) / asked)
            rows[month] = [yes, asked, max(0.0, float(centre - half)), min(1.0, float(centre + half))]
    return [float(centre), rows]


def sample_sizes():
    """Observations a side for two shares, two-sided 5 %, power 80 %, by statsmodels."""
    pairs = ((0.075, 0.15), (0.1918, 0.3836), (0.4, 0.6), (0.5, 0.3), (0.02, 0.05))
    return [[a, b, float(samplesize_proportions_2indep_onetail(b - a, a, 0.8, alpha=0.05))] for a, b in pairs]


def figures(number):
    """All figures of one clinic."""
    hips = clinic(number)
    return {
        "lines": {word: three_lines(hips, word == "and") for word in ("or", "and")},
        "survival": {word: survival(hips, word == "and") for word in ("or", "and")},
        "reactions": reactions(hips),
        "funnel": funnel(hips, False),
        "ranks": ranks(hips),
        "p_chart": {reporter: p_chart(hips, reporter) for reporter in ("therapist", "patient")},
    }


def rounded(value):
    """Nine decimals are enough to compare six."""
    if isinstance(value, float):
        return round(value, 9)
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, (list, tuple)) else value


def main():
    """Write the file."""
    made_with = {
        "python": platform.python_version(),
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
        "lifelines": lifelines.__version__,
        "numpy": np.__version__,
    }
    body = {
        "provenance": {"script": "tests/outcomes/frozen_make.py", "seed": SEED, "made_with": made_with},
        "sample_sizes": sample_sizes(),
        "clinics": [figures(number) for number in range(COHORTS)],
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(rounded(body), separators=(",", ":"), default=int) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
