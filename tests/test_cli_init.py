"""A new workspace is whole on the day it is made, and nothing that was there is lost."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from mkdocs.config import load_config

from site_builder.cli.init import from_repository, requirement, source_of
from site_builder.model.hosts import HOSTS
from site_builder.parse.clients import tokens_in
from tests.workspace import Workspace, run, run_on_terminal, tree

FLAGS = (
    "--name", "Northlight Studio", "--contact", "Maya Lindqvist",
    "--email", "maya@northlight.example", "--timezone", "Europe/London",
)  # fmt: skip
PROGRAM = "site-builder @ git+https://git.northlight.example/site-builder.git@abc"
SAMPLE = "sample-bakery"
REQUIREMENTS = "requirements.txt"


def started(folder: Path, *arguments: str, today: str = "2026-03-02") -> Workspace:
    """Make a workspace with all flags, in an empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    done = run(folder, "init", *FLAGS, "--program", PROGRAM, "--today", today, *arguments)
    assert done.code == 0, done.output
    return Workspace(folder)


def git(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run git as somebody."""
    who = ["-c", "user.name=Maya", "-c", "user.email=maya@northlight.example"]
    return subprocess.run(
        ["git", *who, *words], cwd=folder, env={**os.environ, **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


# --- On the day it is made -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "today",
    ["2026-03-02", "2026-03-07", "2026-03-08", "2028-02-29", "2026-12-28", "2027-01-01"],
    ids=["monday", "saturday", "sunday", "leap day", "after christmas", "first day"],
)
def test_it_builds_at_once_without_a_warning(today: str, tmp_path: Path) -> None:
    """Whatever the day: the sample is in the middle of its project, and waits for its client."""
    workspace = started(tmp_path, today=today)
    assert workspace.run("check", "--strict", "--today", today).output == "No problems.\n"
    built = workspace.build("--strict", today=today)
    assert (built.code, built.output) == (0, "1 of 1 clients built into site.\n")
    (facts,) = (json.loads(path.read_text()) for path in workspace.site.rglob("progress.json"))
    (project,) = facts["projects"]
    assert project["verdict"]["state"] == "on-course"
    assert [step["state"] for step in project["milestones"]] == [
        "done", "done", "waiting", "planned", "planned",
    ]  # fmt: skip
    assert project["just_finished"] == "look-approved"
    assert project["next_update"] >= today


@settings(max_examples=25)
@given(day=st.dates(min_value=datetime.date(1990, 1, 1)))
def test_no_day_makes_the_sample_complain(day: datetime.date) -> None:
    """Also in the far future."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = started(Path(folder), today=day.isoformat())
        checked = workspace.run("check", "--strict", "--today", day.isoformat())
        assert checked.output == "No problems.\n"


def test_it_works_in_a_folder_that_it_makes_and_says_what_to_type_next(tmp_path: Path) -> None:
    """The way leads into the folder, to git and to the preview; no link is printed."""
    done = run(tmp_path, "init", "our/clients", *FLAGS, "--today", "2026-03-02")
    workspace = Workspace(tmp_path / "our" / "clients")
    assert [line for line in done.output.splitlines() if line.startswith("  ")] == [
        "  cd our/clients",
        "  git init",
        "  site-builder serve --open",
        "  site-builder new your-first-client",
        "  site-builder check",
    ]
    (token,) = tokens_in((workspace.root / f"projects/{SAMPLE}/client.yml").read_text("utf-8"))
    assert token not in done.output
    assert f"projects/{SAMPLE} is a sample" in done.output


@pytest.mark.parametrize("host", HOSTS)
def test_each_host_may_be_named(tmp_path: Path, host: str) -> None:
    """Whatever its CI file is, the settings are right, and `doctor` knows the host."""
    workspace = started(tmp_path, "--host", host)
    assert workspace.run("check").code == 0
    assert HOSTS[host].title in workspace.run("doctor").output


def test_the_files_are_right_for_all_who_read_them(tmp_path: Path) -> None:
    """MkDocs, pre-commit, editors, pip: each can read what is meant for it."""
    workspace = started(tmp_path, "--ci", "github", "--host", "netlify", "--colour", "AB12cd")
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-config"], cwd=tmp_path, check=True
    )
    mkdocs = yaml.safe_load((tmp_path / "mkdocs.yml").read_text("utf-8"))
    agency = mkdocs["extra"]["agency"]
    assert (agency["host"], agency["colour"], agency["timezone"]) == (
        "netlify",
        "#AB12cd",
        "Europe/London",
    )
    (tmp_path / "docs").mkdir()
    config = load_config(str(tmp_path / "mkdocs.yml"), strict=True)
    assert not Path(config.site_dir).is_relative_to(workspace.site)
    (tmp_path / "docs").rmdir()
    assert (tmp_path / REQUIREMENTS).read_text("utf-8").splitlines()[-1] == PROGRAM
    hints = json.loads((tmp_path / ".vscode/settings.json").read_text("utf-8"))["yaml.schemas"]
    assert json.loads((tmp_path / ".vscode/extensions.json").read_text("utf-8"))
    for schema, pattern in hints.items():
        Draft7Validator.check_schema(json.loads((tmp_path / schema).read_text("utf-8")))
        assert pattern.startswith("projects/_") or list(tmp_path.glob(pattern))
    for path in [
        *tmp_path.rglob("client.yml"),
        *tmp_path.rglob("project.yml"),
        tmp_path / "mkdocs.yml",
    ]:
        (way,) = re.findall(
            r"^# yaml-language-server: \$schema=(.+)$", path.read_text("utf-8"), re.MULTILINE
        )
        assert (path.parent / way).is_file()
    assert all("@@" not in text.decode() for text in tree(tmp_path).values())


@pytest.mark.parametrize(
    ("ci", "path"),
    [
        ("github", ".github/workflows/progress.yml"),
        ("gitlab", ".gitlab-ci.yml"),
        ("bitbucket", "bitbucket-pipelines.yml"),
    ],
)
def test_the_ci_file_comes_later_too(ci: str, path: str, tmp_path: Path) -> None:
    """`init --ci` in a workspace adds that file alone, and asks for nothing else."""
    started(tmp_path)
    before = tree(tmp_path)
    assert run(tmp_path, "init", "--ci", ci).code == 0
    after = tree(tmp_path)
    assert after.keys() - before.keys() == {path}
    assert before.items() <= after.items()
    assert yaml.safe_load(after[path])


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("git@github.com:northlight/pages.git", ".github/workflows/progress.yml"),
        ("https://gitlab.agency.example/northlight/pages.git", ".gitlab-ci.yml"),
        ("https://maya@bitbucket.org/northlight/pages.git", "bitbucket-pipelines.yml"),
        ("ssh://git@git.agency.example:2222/github/pages.git", None),
        ("../host.git", None),
    ],
)
def test_the_remote_says_which_ci_file_is_wanted(
    address: str, path: str | None, tmp_path: Path
) -> None:
    """Where nobody says otherwise; by its server, not by the names of its folders."""
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "remote", "add", "origin", address)
    started(tmp_path)
    ways = {".github/workflows/progress.yml", ".gitlab-ci.yml", "bitbucket-pipelines.yml"}
    assert ways & tree(tmp_path).keys() == ({path} if path else set())


def test_git_keeps_only_what_is_for_git(tmp_path: Path) -> None:
    """Pages, cache and drafted messages are never offered for a commit."""
    workspace = started(tmp_path)
    git(tmp_path, "init", "--quiet")
    assert workspace.build().code == 0
    workspace.write("announcements/sample.eml", "private")
    offered = git(tmp_path, "status", "--porcelain", "--untracked-files=all").stdout
    assert "mkdocs.yml" in offered
    assert not re.search(r"(?<!web)site/|\.cache|announcements|~", offered)


# --- What people type ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Ampers & Sons: <Ltd> #1",
        "no",
        "1860",
        "\"Quoted\" 'Twice'",
        "Zoë 🎉 目標",
        "- dash",
        "@@{x} ${{ y }}",
    ],
)
def test_any_name_may_be_typed(name: str, tmp_path: Path) -> None:
    """It stands in the files as it was typed, for us and for MkDocs."""
    answers = ["--name", name, "--contact", name, "--email", "a@b.example"]
    assert run(tmp_path, "init", *answers, "--today", "2026-03-02").code == 0
    settings = yaml.safe_load((tmp_path / "mkdocs.yml").read_text("utf-8"))
    assert settings["site_name"] == settings["extra"]["agency"]["name"] == name
    assert settings["extra"]["agency"]["contact"]["name"] == name
    checked = run(tmp_path, "check", "--strict", "--today", "2026-03-02")
    assert checked.output == "No problems.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "a new workspace needs --name, --contact, --email"),
        (["--name", "X", "--email", "a@b.example"], "a new workspace needs --contact"),
        (["--name", "", "--contact", "X"], "this is empty"),
        (["--name", "bell\a"], "a control character"),
        (["--email", "nobody"], "'nobody' is not an e-mail address; write it like"),
        (["--timezone", "London"], "'London' is not a time zone; write Europe/London"),
        (["--colour", "red"], "'red' is not a colour; write six hexadecimal digits"),
        (["--ci", "jenkins"], "'jenkins' is not one of 'github', 'gitlab', 'bitbucket', 'none'"),
        (["--host", "ftp"], "'ftp' is not one of 'netlify', 'cloudflare'"),
    ],
)
def test_wrong_answers_are_usage_errors(arguments: list[str], words: str, tmp_path: Path) -> None:
    """The words say what to type, and nothing is written."""
    done = run(tmp_path, "init", *arguments)
    assert done.code == 2
    assert words in done.output
    assert tree(tmp_path) == {}


def test_on_a_terminal_it_asks_until_it_knows(tmp_path: Path) -> None:
    """A wrong answer is explained and asked for again."""
    answers = "\nNorthlight Studio\nMaya Lindqvist\nmaya\nmaya@northlight.example\nGitLab\n"
    done = run_on_terminal(tmp_path, answers, "init")
    assert done.code == 0, done.output
    assert "this is empty; an answer is needed" in done.output
    assert "is not an e-mail address" in done.output
    agency = yaml.safe_load((tmp_path / "mkdocs.yml").read_text("utf-8"))["extra"]["agency"]
    assert agency["contact"]["email"] == "maya@northlight.example"
    assert (tmp_path / ".gitlab-ci.yml").is_file()


def test_who_chose_no_host_hears_how_to_add_one_later(tmp_path: Path) -> None:
    """Only as long as there is no CI file; capital letters are no mistake."""
    words = "`site-builder init --ci github`, or gitlab, or bitbucket, adds"
    assert words in run(tmp_path, "init", *FLAGS).output
    assert words not in run(tmp_path, "init", "--ci", "GitHub").output
    assert words not in run(tmp_path, "init").output


# --- What is there already -----------------------------------------------------------------------


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    """It lists what it kept; a sample that was deleted does not come back beside a client."""
    workspace = started(tmp_path, "--ci", "gitlab")
    workspace.write("README.md", "Ours")
    before = tree(tmp_path)
    again = run(tmp_path, "init", "--ci", "gitlab")
    assert again.code == 0
    assert "kept: README.md\n" in again.output
    assert "made:" not in again.output
    assert tree(tmp_path) == before
    assert workspace.run("new", "harbour-physio").code == 0
    shutil.rmtree(tmp_path / "projects" / SAMPLE)
    assert run(tmp_path, "init").code == 0
    assert not (tmp_path / "projects" / SAMPLE).exists()


def test_your_first_client_is_proposed_until_it_is_there(tmp_path: Path) -> None:
    """The sample does not count."""
    workspace = started(tmp_path)
    line = "  site-builder new your-first-client\n"
    assert line in run(tmp_path, "init").output
    assert workspace.run("new", "harbour-physio").code == 0
    assert line not in run(tmp_path, "init").output


def test_a_workspace_cannot_stand_in_another(tmp_path: Path) -> None:
    """The words name the one above; beside it there is room."""
    workspace = started(tmp_path / "agency")
    inside = workspace.root / "projects" / SAMPLE
    before = tree(tmp_path)
    done = run(inside, "init", *FLAGS)
    assert done.code == 2
    assert f"is inside the workspace {workspace.root}" in " ".join(done.output.split())
    assert tree(tmp_path) == before
    assert run(workspace.root, "init", "../another", *FLAGS).code == 0


def test_a_handbook_above_is_no_workspace(tmp_path: Path) -> None:
    """Neither are settings without an agency, nor those that nobody can read."""
    (tmp_path / "projects").mkdir()
    for text in ("site_name: Our handbook\n", "extra: [\n", ""):
        (tmp_path / "mkdocs.yml").write_text(text)
        started(tmp_path / f"clients-{len(text)}")


def test_settings_without_an_agency_are_kept_and_explained(tmp_path: Path) -> None:
    """In the folder of a handbook, MkDocs' own file stays, and the words say what to add."""
    (tmp_path / "mkdocs.yml").write_text("site_name: Our handbook\n")
    done = run(tmp_path, "init")
    assert done.code == 1
    assert "kept: mkdocs.yml" in done.output
    assert "add extra: with agency:" in done.output
    assert (tmp_path / "mkdocs.yml").read_text() == "site_name: Our handbook\n"


@pytest.mark.parametrize("name", ["projects", "schema", ".vscode"])
def test_a_file_in_place_of_a_folder_is_named_before_anything_is_written(
    name: str, tmp_path: Path
) -> None:
    """Nothing is half made."""
    (tmp_path / name).write_text("mine")
    done = run(tmp_path, "init", *FLAGS)
    assert done.code == 2
    assert f"{name} is no folder and stands in the way" in done.output
    assert tree(tmp_path) == {name: b"mine"}


def test_below_the_top_of_a_repository_it_says_where_ci_files_count(tmp_path: Path) -> None:
    """In a repository `git init` is not asked for; in a part of one, the CI file needs a hand."""
    git(tmp_path, "init", "--quiet")
    at_top = run(tmp_path, "init", *FLAGS, "--ci", "github")
    assert "git init" not in at_top.output
    assert "begins above" not in at_top.output
    shutil.rmtree(tmp_path / "projects")
    below = run(tmp_path, "init", "clients", *FLAGS, "--ci", "github")
    assert f"Your repository begins above, in {tmp_path}" in below.output


# --- The program in requirements.txt -------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "spec"),
    [
        ("https://git.example/a/b.git", "git+https://git.example/a/b.git@c0ffee"),
        ("https://maya:secret@git.example/b", "git+https://git.example/b@c0ffee"),
        ("git@git.example:a/b.git", "git+ssh://git@git.example/a/b.git@c0ffee"),
        ("ssh://git@git.example/b.git", "git+ssh://git@git.example/b.git@c0ffee"),
        ("http://git.example/b.git", None),
        ("/srv/git/b.git", None),
        ("", None),
    ],
)
def test_a_repository_is_named_as_pip_names_it(address: str, spec: str | None) -> None:
    """Without passwords, and only where others can reach it."""
    expected = spec and f"site-builder[mail] @ {spec}"
    assert from_repository(address, "c0ffee") == expected
    record = {"url": address, "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}}
    assert source_of(record) == expected


def test_a_checkout_is_named_by_its_origin_and_commit(tmp_path: Path) -> None:
    """Only where the folder is the repository, and has an origin."""
    checkout = tmp_path / "a checkout"
    (checkout / "inside").mkdir(parents=True)
    git(checkout, "init", "--quiet")
    git(checkout, "commit", "--quiet", "--allow-empty", "-m", "First")
    record = {"url": checkout.as_uri(), "dir_info": {"editable": True}}
    assert source_of(record) is None
    git(checkout, "remote", "add", "origin", "git@git.example:site-builder.git")
    commit = git(checkout, "rev-parse", "HEAD").stdout.strip()
    assert (
        source_of(record)
        == f"site-builder[mail] @ git+ssh://git@git.example/site-builder.git@{commit}"
    )
    assert source_of({**record, "url": (checkout / "inside").as_uri()}) is None
    assert source_of({}) is None
    assert source_of({"url": "https://git.example/x.whl", "archive_info": {}}) is None


def uncommented(text: str) -> list[str]:
    """List the lines that pip reads."""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_nothing_is_guessed() -> None:
    """Where the program comes from nowhere that others reach, pip gets no name to look for."""
    assert uncommented(requirement(None)) == []
    assert uncommented(requirement(PROGRAM)) == [PROGRAM]


@pytest.mark.parametrize("ci", ["github", "none"])
def test_it_says_when_ci_cannot_install_the_program(ci: str, tmp_path: Path) -> None:
    """However the program was installed here: either a line names it, or the words say so."""
    said = run(tmp_path, "init", *FLAGS, "--ci", ci).output
    is_named = bool(uncommented((tmp_path / REQUIREMENTS).read_text("utf-8")))
    assert ("CI cannot install the program" in said) is not is_named


@pytest.mark.parametrize(
    ("there", "arguments", "line"),
    [
        ("# Nothing yet: site-builder\n", ["--ci", "github"], "site-builder[mail] @ git+https://"),
        ("pre-commit\n", ["--ci", "gitlab"], "site-builder[mail] @ git+https://"),
        ("pre-commit\n", ["--ci", "gitlab", "--program", PROGRAM], PROGRAM),
        ("pre-commit\n", [], None),
        (f"pre-commit\n{PROGRAM}\n", ["--ci", "github"], None),
    ],
)
def test_a_kept_file_is_looked_at_when_ci_will_read_it(
    there: str, arguments: list[str], line: str | None, tmp_path: Path
) -> None:
    """The words show the line to write; the file stays as it is."""
    (tmp_path / REQUIREMENTS).write_text(there)
    said = run(tmp_path, "init", *FLAGS, *arguments).output
    assert ("CI cannot install the program" in said) is (line is not None)
    assert (line or "") in said
    assert (tmp_path / REQUIREMENTS).read_text() == there


# --- The hook ------------------------------------------------------------------------------------


def test_the_hook_stops_a_typo_and_nothing_else(tmp_path: Path) -> None:
    """A commit with a mistake stops with its line; a good one passes; other files pass by."""
    workspace = started(tmp_path / "agency")
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    around = {
        "PATH": tools,
        "PRE_COMMIT_HOME": str(tmp_path / "cache"),
        "SOURCE_DATE_EPOCH": "1772445600",
    }

    def commit() -> subprocess.CompletedProcess[str]:
        git(workspace.root, "add", "--all")
        return git(workspace.root, "commit", "-m", "Change", **around)

    git(workspace.root, "init", "--quiet")
    installed = subprocess.run(
        ["pre-commit", "install"], cwd=workspace.root, env={**os.environ, **around},
        capture_output=True, check=False,
    )  # fmt: skip
    assert installed.returncode == 0
    first = commit()
    assert first.returncode == 0, first.stderr
    assert "Passed" in first.stderr
    step = f"projects/{SAMPLE}/website/milestones/05-launch.md"
    workspace.edit(step, "due: ", "deu: ")
    stopped = commit()
    assert stopped.returncode == 1
    assert "05-launch.md:4:1: 'deu' is not a key here" in stopped.stderr
    workspace.edit(step, "deu: ", "due: ")
    workspace.write("README.md", "Ours")
    assert "Skipped" in commit().stderr
