"""Two hundred damaged bundles: each is found and the place named; an untouched one raises no alarm."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from bundles import blank, told
from forgery import IN_CELLS, Damage, any_byte, forge
from lived import live

from hiplog.exchange import bundle, verify

BATCH = 20
ANYWHERE = ("flip", "cut", "swap", "append", "rename", "re-encode", "BOM")
FITTING = tuple((what, number) for what, several in IN_CELLS.items() for number in range(len(several)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, blank_logbook: Path) -> Path:
    """One bundle of each profile, with a copy for spreadsheets."""
    root = tmp_path_factory.mktemp("mutations")
    book = blank(root / "clinic", blank_logbook)
    live(book)
    bundle.write(book, root / "coded", excel=True)
    bundle.write(book, root / "named", identified=True, reason="test", excel=True)
    book.close()
    return root


def test_an_untouched_bundle_raises_no_alarm(made: Path, tmp_path: Path) -> None:
    for profile in ("coded", "named"):
        assert verify.check(made / profile).findings == ()
        folder = copied(made, profile, tmp_path)
        forge(folder)
        assert verify.check(folder).findings == ()


def copied(made: Path, profile: str, root: Path) -> Path:
    shutil.rmtree(root / profile, ignore_errors=True)
    return Path(shutil.copytree(made / profile, root / profile))


def found(report: verify.Report, damage: Damage) -> list[verify.Finding]:
    """The findings that name the place of the damage."""
    return [
        one
        for one in report.findings
        if one.file == damage.file
        and (damage.row is None or one.row == damage.row)
        and (damage.column is None or one.column == damage.column)
        and (not damage.kinds or one.kind in damage.kinds)
    ]


@pytest.mark.parametrize("batch", range(5))
def test_a_hundred_damaged_anywhere(made: Path, tmp_path: Path, batch: int) -> None:
    tried: Counter[str] = Counter()
    with told(f"damaged anywhere, batch {batch}") as figures:
        for seed in range(batch * BATCH, batch * BATCH + BATCH):
            chance = random.Random(seed)
            what = ANYWHERE[seed % len(ANYWHERE)]
            folder = copied(made, chance.choice(("coded", "named")), tmp_path)
            damage = any_byte(folder, chance, what)
            report = verify.check(folder)
            # A wrong sum names the file it stands for: which of the two was changed nobody can tell.
            place = Damage(damage.file) if damage.file != "SHA256SUMS" else None
            assert not report.ok, (seed, what, damage)
            assert place is None or found(report, place), (seed, what, damage, report.findings)
            tried[what] += 1
        figures |= {"found": tried.total()} | tried
    assert tried.total() == BATCH


@pytest.mark.parametrize("batch", range(5))
def test_a_hundred_with_every_sum_made_to_fit(made: Path, tmp_path: Path, batch: int) -> None:
    tried: Counter[str] = Counter()
    with told(f"sums made to fit, batch {batch}") as figures:
        for seed in range(batch * BATCH, batch * BATCH + BATCH):
            chance = random.Random(1000 + seed)
            what, number = FITTING[seed % len(FITTING)]
            # Notes and times stand in the identified profile only.
            folder = copied(
                made, "named" if what in ("flip", "offset") else chance.choice(("coded", "named")), tmp_path
            )
            shutil.rmtree(folder / "excel")
            sums = folder / "SHA256SUMS"
            lines = [line for line in sums.read_text(encoding="utf-8").splitlines() if "  excel/" not in line]
            sums.write_text("\n".join(lines) + "\n", encoding="utf-8")
            damage = IN_CELLS[what][number](folder, chance)
            forge(folder)
            report = verify.check(folder)
            assert found(report, damage), (seed, what, damage, report.findings)
            assert "changed" not in {one.kind for one in report.findings}, (seed, what)
            tried[what] += 1
        figures |= {"found": tried.total()} | tried
    assert tried.total() == BATCH
