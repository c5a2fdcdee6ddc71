"""The words of the command line: options anywhere, no abbreviations, help, completion, errors as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ROOT, Run, program

from hiplog import cli
from hiplog.cli.verbs import VERBS

LEAVES = [(name,) for name in VERBS] + [
    ("patient", "add"),
    ("patient", "find"),
    ("episode", "close"),
    ("precaution", "end"),
    ("audit", "verify"),
    ("database", "upgrade"),
    ("user", "add"),
    ("config", "show"),
]


def test_global_options_stand_before_or_after_the_verb(p1: Run, tmp_path: Path) -> None:
    at = str(tmp_path / "clinic")
    for words in (
        ["--at", at, "--json", "patient", "show", "P1"],
        ["patient", "--at", at, "show", "P1", "--json"],
        ["patient", "show", "--json", "--at", at, "P1"],
        [f"--at={at}", "patient", "--json", "show", "P1", "--as", "DN001"],
    ):
        assert cli.main(words) == 0, words


@pytest.mark.parametrize("words", LEAVES)
def test_every_verb_explains_itself(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*words, "--help"]) == 0
    said = capsys.readouterr().out
    assert f"usage: hiplog {' '.join(words)}" in said
    assert "--json" in said


def test_help_lists_every_verb_and_nothing_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    said = capsys.readouterr().out
    listed = said.split("verbs:\n")[1].split("\n\n")[0].splitlines()
    assert [line.split()[0] for line in listed] == list(VERBS)
    assert cli.main(["-h"]) == 0


def test_without_a_verb_and_without_a_terminal_it_helps(tmp_path: Path) -> None:
    done = program([], tmp_path)
    assert done.code == 0
    assert "usage: hiplog" in done.out


@pytest.mark.parametrize(
    "words", [["patient", "show", "P1", "--js"], ["log", "P1", "gmed r", "--scr", "clear"], ["pat"]]
)
def test_nothing_may_be_abbreviated(p1: Run, words: list[str]) -> None:
    done = p1(*words)
    assert done.code == 2
    assert done.err


def test_an_unknown_verb_names_the_nearest(run: Run) -> None:
    done = run("pateint", "list")
    assert done.code == 2
    assert "'pateint' is no verb of hiplog; nearest: patient" in done.err


@pytest.mark.parametrize(
    "words", [["--bogus", "patient", "list"], ["patient"], ["patient", "fly"], ["log"], ["--db"]]
)
def test_words_that_do_not_fit_show_the_usage(run: Run, words: list[str]) -> None:
    done = run(*words)
    assert done.code == 2
    assert "usage: hiplog" in done.err
    assert done.out == ""


def test_an_error_is_one_object_in_json(p1: Run) -> None:
    told = p1("patient", "show", "nobody", "--json").json
    assert told["ok"] is False
    assert told["error"]["kind"] == "not_found"
    refused = p1("patient", "add", "P1", "--family", "A", "--given", "B", "--json").json
    assert refused["error"]["kind"] == "refused"
    usage = p1("patient", "--json")
    assert (usage.code, usage.json["error"]["kind"]) == (2, "usage")


def test_every_answer_in_json_is_one_object(signed: Run, tmp_path: Path) -> None:
    for words in (
        ("patient", "list"),
        ("patient", "find", "ro"),
        ("patient", "show", "P1"),
        ("episode", "list", "P1"),
        ("precaution", "list", "P1"),
        ("precaution", "add", "P1", "THA"),
        ("precaution", "end", "P1", "THA"),
        ("trend", "P1"),
        ("aftercare", "P1"),
        ("audit", "verify"),
        ("audit", "head"),
        ("audit", "show", "--last", "3"),
        ("backup", str(tmp_path / "copy.db")),
        ("doctor",),
        ("doctor", "--full"),
        ("database", "status"),
        ("database", "upgrade"),
        ("user", "list"),
        ("locate", "database"),
        ("config", "show"),
        ("follow-up", "P1", "--by", "patient", "--asked", "open", "--none"),
        ("amend", "P1", "1", "note", "x", "--reason", "y"),
        ("void", "P1", "1", "--reason", "y"),
    ):
        done = signed(*words, "--json")
        assert done.code == 0, words
        assert done.json["schema_version"] == 1, words


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_every_verb(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completion", shell]) == 0
    said = capsys.readouterr().out
    assert [name for name in VERBS if name not in said] == []


def test_the_bash_completion_is_sourced_without_error_and_completes(tmp_path: Path) -> None:
    script = tmp_path / "hiplog.bash"
    script.write_text(program(["completion", "bash"], tmp_path).out, encoding="utf-8")
    asked = "COMP_WORDS=(hiplog pat); COMP_CWORD=1; _shtab_hiplog; echo ${COMPREPLY[@]}"
    words = f"set -e; source {script}; {asked}"
    done = subprocess.run(["bash", "-c", words], capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stderr, done.stdout.strip()) == (0, "", "patient")


def test_a_verb_of_the_logbook_loads_neither_textual_nor_alembic(p1: Run, tmp_path: Path) -> None:
    code = (
        "import sys; from hiplog import cli\n"
        f"cli.main(['--at', {str(tmp_path / 'clinic')!r}, 'patient', 'list', '--json'])\n"
        "import json; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stderr.splitlines()[-1]))
    assert "sqlalchemy" in loaded
    assert loaded.isdisjoint({"textual", "alembic", "jinja2", "shtab", "psycopg"})


def test_places_are_printed_for_scripts(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "clinic"
    assert run("locate", "database").out.strip() == str(folder / "hiplog.db")
    assert run("locate", "backups", "--json").json == {
        "schema_version": 1,
        "place": "backups",
        "path": str(folder / "backups"),
        "exists": False,
    }
    assert Path(run("locate", "samples").out.strip()).is_dir()


def test_a_password_in_a_url_is_never_printed(run: Run) -> None:
    url = "postgresql://hip:geheim@db.example/hiplog"
    for words in (("locate", "database"), ("config", "show"), ("config", "show", "--json")):
        done = run("--db", url, *words)
        assert done.code == 0
        assert "geheim" not in done.out + done.err
        assert "hip:***@db.example" in done.out


def test_the_configuration_sets_the_order_of_dates_and_a_bad_one_is_named(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "clinic" / "config.toml"
    config.write_text('date_order = "dmy"\n', encoding="utf-8")
    words = ("patient", "add", "P5", "--family", "A", "--given", "B", "--birth", "3/4/1956", "--json")
    assert run(*words).json["patient"]["birth"] == "1956-04-03"
    config.write_text("date_order = ", encoding="utf-8")
    done = run("patient", "list")
    assert done.code == 2
    assert "config.toml" in done.err
