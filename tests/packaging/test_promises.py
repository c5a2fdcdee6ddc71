"""Every sentence of the README about who may look names the tests that prove it, or is a warning and no promise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PART, NEXT = "## Who may look", "## What it does not promise"
WARNING = ("a warning",)
"""For a sentence that takes something back; it needs no proof."""

LEAD_IN = ("what follows",)
"""For the words before a list."""

SECRETS = "logbook/test_secrets.py"
LOCKED = "cli/test_cli_locked.py"
CLOSED = "storage/test_encrypted.py"
LOCK = "tui/test_lock.py"
USERS = "cli/test_cli_users.py"
LOGINS = "storage/test_logins.py"
SERVER = "storage/test_server_roles.py"
LOST = "storage/test_lost_server.py"
LINE = "storage/test_verified_line.py"
SWAP = "storage/test_conversion.py"
GATE = "cli/test_serve.py"
CHROMIUM = "cli/test_serve_in_chromium.py"
ROLES = "logbook/test_roles.py"

PROVEN: dict[str, tuple[str, ...]] = {
    "| `hiplog init`": (f"{LOCKED}::test_on_a_terminal_it_asks_twice_and_wants_the_code_typed_back",),
    "| `hiplog passphrase change`": (
        f"{LOCKED}::test_change_then_recover",
        f"{SWAP}::test_the_recovery_code_is_used_up",
    ),
    "| `hiplog encrypt`": (
        f"{SWAP}::test_plain_to_encrypted_and_back_keeps_every_row",
        f"{SWAP}::test_a_file_that_does_not_verify_is_not_put_in_place",
    ),
    "| `hiplog doctor`": (
        f"{SWAP}::test_the_doctor_tries_the_file_without_its_key",
        f"{SWAP}::test_the_doctor_finds_a_plain_copy_beside",
    ),
    "| `hiplog user add`": (
        f"{USERS}::test_a_user_is_added_changed_disabled_and_listed",
        f"{USERS}::test_passphrase_and_pin_are_set_asked_for_and_taken_away",
        f"{SECRETS}::test_each_user_opens_the_file_with_the_own_passphrase",
    ),
    "| `hiplog user roles`": (
        f"{USERS}::test_the_table_of_roles_is_shown_in_help_and_as_json",
        f"{ROLES}::test_each_role_may_do_what_its_column_says_and_nothing_else",
        "cli/test_cli_roles.py::test_an_auditor_is_shown_no_name",
        "tui/test_roles_pressed.py::test_an_auditor_sees_no_name_on_any_screen",
    ),
    "| `hiplog cosign": (f"{USERS}::test_a_second_signature_is_a_colleagues_and_takes_the_pin",),
    "Without `--plain`": (f"{LOCKED}::test_init_encrypts_unless_told_otherwise",),
    "The key lies in": (
        f"{CLOSED}::test_the_passphrase_and_the_recovery_code_open_it_and_nothing_else",
        f"{CLOSED}::test_a_key_is_never_shown",
    ),
    "The passphrase is given once a start": (
        f"{SECRETS}::test_who_has_a_passphrase_must_give_it_at_the_start",
        f"{SECRETS}::test_nothing_is_signed_without_the_pin",
        f"{SECRETS}::test_five_wrong_pins_are_counted_across_restarts",
        f"{SECRETS}::test_the_first_signature_of_a_run_asks_both_components",
    ),
    "Who has no PIN is asked for none": (
        f"{LOCK}::test_without_a_pin_any_key_unlocks_and_it_is_said",
        f"{SECRETS}::test_who_has_a_passphrase_must_give_it_at_the_start",
    ),
    "`--as CODE` then acts for them": (f"{SECRETS}::test_who_has_a_passphrase_must_give_it_at_the_start",),
    "`ctrl+l` locks": (
        f"{LOCK}::test_the_idle_lock_keeps_the_draft_and_returns_to_the_same_field",
        f"{LOCK}::test_a_dialog_and_what_it_holds_are_veiled_too",
        f"{LOCK}::test_after_half_an_hour_only_the_passphrase_opens_it_again",
        f"{USERS}::test_the_idle_minutes_lie_between_1_and_30",
    ),
    "F8 shows initials": (
        f"{LOCK}::test_privacy_shows_initials",
        f"{LOCK}::test_a_colleague_signs_in_and_finds_nothing_open",
        "tui/test_own_secret.py::test_a_pin_wants_a_passphrase_first_and_then_both_are_set",
    ),
    "Every sign-in, wrong secret": (
        f"{SECRETS}::test_who_has_a_passphrase_must_give_it_at_the_start",
        f"{USERS}::test_wrong_passphrases_at_a_closed_door_are_told_by_the_next_who_gets_in",
        "cli/test_cli_roles.py::test_the_command_refuses_and_the_refusal_is_in_the_trail",
        "tui/test_roles_pressed.py::test_the_keys_are_refused_and_the_refusal_is_in_the_trail",
        f"{LOCK}::test_the_idle_lock_keeps_the_draft_and_returns_to_the_same_field",
        f"{USERS}::test_a_signature_after_the_licence_lapsed_is_told_and_stands_in_the_trail",
    ),
    "On a file roles are a courtesy": (f"{ROLES}::test_on_a_file_a_role_is_a_courtesy_and_that_is_said",),
    "On a server owner and therapist": (
        f"{SERVER}::test_every_row_of_the_table_is_kept_by_the_server_or_said_not_to_be",
    ),
    "Scripts name files of mode 0600": (
        f"{LOCKED}::test_a_file_that_does_not_serve",
        f"{LOCKED}::test_the_environment_opens_nothing",
        f"{LOCKED}::test_without_a_terminal_nothing_is_asked",
        f"{USERS}::test_a_pin_file_that_others_read_or_that_is_empty_signs_nothing",
    ),
    "Tests show: no patient's name": (
        f"{CLOSED}::test_the_canary_stands_in_no_file_of_the_clinic",
        f"{CLOSED}::test_a_rollback_journal_holds_no_canary",
        "tui/test_nothing_left_behind.py::test_title_scrollback_and_files_of_an_encrypted_clinic_hold_no_name",
        "tui/test_on_a_terminal.py::test_the_last_page_shows_no_names_and_the_exit_code_is_one",
        f"{CLOSED}::test_every_one_of_a_thousand_flipped_bits_is_found",
        f"{CLOSED}::test_each_failure_has_its_own_sentence",
    ),
    "Backups are encrypted": (
        f"{SWAP}::test_a_backup_is_encrypted_and_opens_with_the_passphrase_of_its_day",
    ),
    "After a passphrase has leaked": (
        f"{SECRETS}::test_changing_and_disabling_rewrap_and_leave_the_others_alone",
        f"{LOCKED}::test_there_and_back",
    ),
    "`hiplog database create": (
        f"{LOGINS}::test_setting_up_says_everything_and_hides_the_passwords",
        "exchange/test_move.py::test_to_the_server_and_back_with_the_chain_whole",
    ),
    "Each further machine": (f"{SERVER}::test_a_second_machine_writes_once_it_has_the_clinics_seal_key",),
    "Tests against a real server show:": LEAD_IN,
    "The chairs' login cannot": (
        f"{LOGINS}::test_the_server_refuses_what_no_login_may_do",
        f"{SERVER}::test_an_auditors_login_checks_the_chain_and_is_shown_no_name",
        f"{SERVER}::test_an_auditors_login_finds_a_forged_chain",
        f"{LOGINS}::test_only_the_login_of_upgrades_changes_the_schema",
        f"{SERVER}::test_a_person_is_erased_with_the_login_of_upgrades_alone",
    ),
    "Eight chairs for a minute": (f"{LOST}::test_eight_chairs_lose_nothing_when_the_server_is_killed_twice",),
    "A network that swallows": (
        f"{LOST}::test_a_black_hole_is_told_in_time_and_the_draft_survives",
        f"{LOST}::test_the_watchdog_waits_ten_seconds",
        f"{LOST}::test_a_frozen_peer_is_dropped_by_the_watchdog",
    ),
    "A commit whose answer was lost": (
        f"{LOST}::test_a_commit_whose_answer_was_lost_is_looked_up_and_not_done_twice",
        "tui/test_lost_answer.py",
    ),
    "With `verify-full`": (
        f"{LINE}::test_the_clinics_own_server_is_talked_to_encrypted",
        f"{LINE}::test_any_other_server_is_not",
        f"{LINE}::test_a_server_without_tls_is_not_talked_to_in_plain",
    ),
    "`hiplog doctor` and `database status`": (f"{LOGINS}::test_doctor_says_what_the_server_could_lose",),
    "The administrator of the server": WARNING,
    "`hiplog serve` (extra": (
        f"{CHROMIUM}::test_a_session_is_logged_signed_and_exported_in_the_browser",
        f"{GATE}::test_it_listens_on_this_machine_only",
        f"{GATE}::test_behind_a_proxy_only_its_name_counts",
    ),
    "The link on the terminal": (
        f"{GATE}::test_only_a_browser_with_the_pass_from_here_is_let_in",
        f"{CHROMIUM}::test_a_closed_tab_ends_its_process_and_one_too_many_is_told",
    ),
    "What you write": (f"{CHROMIUM}::test_a_session_is_logged_signed_and_exported_in_the_browser",),
    "Tests in a real Chromium": (
        f"{CHROMIUM}::test_a_session_is_logged_signed_and_exported_in_the_browser",
        f"{CHROMIUM}::test_an_idle_screen_locks_in_the_browser_and_returns_to_the_same_field",
        f"{CHROMIUM}::test_a_page_on_another_port_gets_no_byte",
        f"{GATE}::test_only_a_browser_with_the_pass_from_here_is_let_in",
    ),
    "Browsers do not keep": WARNING,
}
"""The beginning of each sentence or row of a table, with the tests that prove it, below ``tests/``."""

TAKEN_BACK = (
    "No certificate",
    "tamper-proof",
    "rewrite unseen",
    "network folder",
    "`--plain`",
    "holds the passphrase",
    "unlocked program",
    "deleted plain file",
    "memory or swap",
    "HIPAA Safe Harbor",
)
"""What the section of what is not promised must go on to say."""


def section() -> tuple[str, str]:
    """The part that promises, and the part that does not."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    promised = text.split(PART)[1].split(NEXT)[0]
    return promised, text.split(NEXT)[1].split("\n## ")[0]


def sentences() -> list[str]:
    """Every sentence of the part that promises, and every row of its tables."""
    lines = re.sub(r"```.*?```", "", section()[0], flags=re.DOTALL).splitlines()
    rows = [line for line in lines if line.startswith("| `")]
    text = "\n".join("" if line.startswith(("|", "#")) else re.sub(r"^- ", "\n", line) for line in lines)
    found = []
    for block in re.split(r"\n\s*\n", text):
        found += re.split(r"(?<=[.:]) (?=[A-Z`])", " ".join(block.split()))
    return rows + [one for one in found if one]


def test_every_sentence_names_its_proof_and_every_proof_a_sentence() -> None:
    told = sentences()
    unproven = [one for one in told if sum(one.startswith(key) for key in PROVEN) != 1]
    assert unproven == [], "a sentence without a line in PROVEN, or with two"
    gone = [key for key in PROVEN if not any(one.startswith(key) for one in told)]
    assert gone == [], "a line in PROVEN whose sentence is gone"


PROOFS = {one for proofs in PROVEN.values() for one in proofs} - {*WARNING, *LEAD_IN}


@pytest.mark.parametrize("proof", sorted(PROOFS))
def test_the_proof_is_a_test_that_is_there(proof: str) -> None:
    file, _, name = proof.partition("::")
    path = ROOT / "tests" / file
    assert path.is_file(), proof
    told = path.read_text(encoding="utf-8")
    assert re.search(rf"^(async )?def {name or 'test_'}", told, re.MULTILINE), proof
    assert "pytest.mark.skip" not in told and "pytest.skip(" not in told, f"{proof}: may be skipped"


def test_what_is_not_promised_is_listed() -> None:
    told = " ".join(section()[1].split())
    assert [words for words in TAKEN_BACK if words not in told] == []


def test_acting_for_somebody_without_a_secret_is_said_plainly() -> None:
    told = " ".join(section()[0].split())
    assert "neither PIN nor passphrase is taken at their word: `--as CODE` then acts for them unasked" in told
