"""`publish netlify` and `publish cloudflare`: the exact call of the host's own program.

The programs themselves need an account, so one that writes down its call stands in for them.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.workspace import HERON, OTTER, PINE, TOKENS, Ran, Workspace, tree

PROGRAM = f"""\
#!{sys.executable}
import json, os, pathlib, shutil, sys
place = pathlib.Path(__file__).parent
(place / "call.json").write_text(json.dumps({{"words": sys.argv[1:], "folder": os.getcwd()}}))
pages = next(word for word in sys.argv if os.path.isdir(word) and word != os.getcwd())
shutil.rmtree(place / "shown", ignore_errors=True)
if (place / "says").exists():
    print((place / "says").read_text().replace("PAGES", pages), file=sys.stderr)
    sys.exit(1)
shutil.copytree(pages, place / "shown")
"""
HOSTS = {"netlify": "netlify", "cloudflare": "wrangler"}
CALLS = {
    "netlify": [
        "deploy", "--prod", "--no-build", "--dir", "PAGES",
        "--message", "Publish the progress pages", "--site", "northlight",
    ],
    "cloudflare": [
        "pages", "deploy", "PAGES", "--project-name", "northlight", "--branch", "main",
        "--commit-message", "Publish the progress pages", "--commit-dirty=true",
    ],
}  # fmt: skip


@pytest.fixture(params=sorted(HOSTS))
def host(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A host whose program is there."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / HOSTS[request.param]
    program.write_text(PROGRAM, "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return str(request.param)


@pytest.fixture
def built(crew: Workspace) -> Workspace:
    """Three short clients, built."""
    assert crew.build().code == 0
    return crew


def publish(workspace: Workspace, host: str, *words: str) -> Ran:
    """Publish to a host, to the site or project of one name."""
    name = ["northlight"] if host == "cloudflare" else ["--site", "northlight"]
    ran = workspace.run("publish", host, *name, *words)
    assert not [token for token in TOKENS.values() if token in ran.output]
    return ran


def place_of(workspace: Workspace) -> Path:
    """Find where the program stands and writes."""
    return workspace.root.parent / "bin"


def call_of(workspace: Workspace) -> dict[str, Any] | None:
    """Tell how the program was called last, and forget it."""
    path = place_of(workspace) / "call.json"
    if not path.exists():
        return None
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    path.unlink()
    return found


def shown(workspace: Workspace) -> dict[str, bytes]:
    """Tell what the host shows."""
    return tree(place_of(workspace) / "shown")


def test_the_program_is_called_with_the_whole_site(built: Workspace, host: str) -> None:
    """From the workspace, where its own settings stand; the mark of the folder stays here."""
    ran = publish(built, host)
    assert ran.code == 0, ran.output
    where = {"netlify": "Netlify", "cloudflare": "the project northlight"}[host]
    assert ran.output.startswith(f"Published to {where}:\n- heron-rowing: 8 new files\n")
    call = call_of(built)
    assert call
    pages = next(word for word in call["words"] if word.startswith("/"))
    assert [word.replace(pages, "PAGES") for word in call["words"]] == CALLS[host]
    assert Path(call["folder"]).samefile(built.root)
    assert not Path(pages).exists()
    assert set(shown(built)) == set(tree(built.site)) - {".site-builder"}
    assert "_headers" in shown(built)


def test_netlify_takes_the_linked_site(built: Workspace, host: str) -> None:
    """Without a name; a branch of Cloudflare's can be another one."""
    if host == "netlify":
        assert built.run("publish", "netlify").code == 0
        call = call_of(built)
        assert call
        assert "--site" not in call["words"]
    else:
        assert built.run("publish", "cloudflare", "northlight", "--branch", "live").code == 0
        call = call_of(built)
        assert call
        assert call["words"][call["words"].index("--branch") + 1] == "live"


def test_nothing_changed_calls_nothing(built: Workspace, host: str) -> None:
    """What was sent last is remembered; another site has its own memory."""
    publish(built, host)
    call_of(built)
    ran = publish(built, host)
    assert "is up to date.\n- 3 clients unchanged\n" in ran.output
    assert call_of(built) is None
    shutil.rmtree(built.root / ".cache")
    publish(built, host)
    assert call_of(built)


def test_a_dry_run_calls_nothing(built: Workspace, host: str) -> None:
    """And says the same."""
    said = publish(built, host, "--dry-run")
    assert call_of(built) is None
    ran = publish(built, host)
    assert said.output == ran.output.replace("Published", "This would be published")


def test_a_change_is_told_and_sent(built: Workspace, host: str) -> None:
    """The program itself finds out which files the host lacks."""
    publish(built, host)
    step = f"projects/{OTTER}/shop/milestones/02-open.md"
    built.edit(step, "Readers order from home.", "Readers order from everywhere.")
    built.build()
    assert "- otter-books: 5 files changed\n- 2 clients unchanged\n" in publish(built, host).output
    assert shown(built).items() <= tree(built.site).items()


def test_a_link_taken_back_goes_and_old_deployments_are_warned_about(
    built: Workspace, host: str
) -> None:
    """Also where it was taken back after the build."""
    publish(built, host)
    built.remove(f"projects/{PINE}")
    ran = publish(built, host)
    assert ran.code == 0
    assert "- removed: 1 page that no link leads to\n" in ran.output
    assert "Warning: earlier deployments stay open at addresses of their own" in ran.output
    assert not [way for way in shown(built) if TOKENS[PINE] in way]


def test_the_guard_knows_what_was_sent(built: Workspace, host: str) -> None:
    """Many pages need a word; nothing is called without it."""
    publish(built, host)
    call_of(built)
    for client in (OTTER, PINE):
        built.remove(f"projects/{client}")
    built.build()
    ran = publish(built, host)
    assert ran.code == 1
    assert "2 of 3 published pages would go" in ran.output
    assert call_of(built) is None
    assert publish(built, host, "--allow-remove").code == 0


def test_without_a_memory_every_client_must_have_a_page(built: Workspace, host: str) -> None:
    """As on a clean machine: a host shows what is sent now, and nothing else."""
    built.remove(f"site/c/{TOKENS[HERON]}")
    ran = publish(built, host)
    assert ran.code == 1
    assert "heron-rowing is still in the workspace" in ran.output
    assert call_of(built) is None
    assert publish(built, host, "--allow-remove").code == 0


@pytest.mark.parametrize("words", [[], ["--allow-remove"]])
def test_nothing_is_sent_while_nobody_knows_whose_a_page_is(
    built: Workspace, host: str, words: list[str]
) -> None:
    """What is not sent would go; so the file that cannot be read comes first."""
    path = built.root / "projects" / PINE / "client.yml"
    text = path.read_bytes()
    path.unlink()
    ran = publish(built, host, *words)
    assert ran.code == 1
    assert f"first mend projects/{PINE}/client.yml, which cannot be read" in ran.output
    path.write_bytes(text)
    publish(built, host)
    call_of(built)
    path.unlink()
    assert publish(built, host, *words).code == 0  # the site has all that was sent
    built.remove(f"site/c/{TOKENS[PINE]}")
    assert publish(built, host, *words).code == 1
    assert call_of(built) is None


def test_a_damaged_memory_is_none(built: Workspace, host: str) -> None:
    """Whatever stands in it."""
    publish(built, host)
    (memory,) = (built.root / ".cache").glob("published-*.json")
    for text in ("", "[1, 2]", '{"c/x/index.html": 3}', "\x00"):
        memory.write_text(text, "utf-8")
        call_of(built)
        assert publish(built, host).code == 0
        assert call_of(built)


def test_what_the_program_says_is_told_without_links(built: Workspace, host: str) -> None:
    """The host shows what it showed, and the next run sends all of it again."""
    says = place_of(built) / "says"
    says.write_text(f"Error: not logged in\n at PAGES/c/{TOKENS[OTTER]}/index.html", "utf-8")
    ran = publish(built, host)
    assert ran.code == 1
    assert f"{HOSTS[host]} could not publish. It says: Error: not logged in at" in ran.output
    says.unlink()
    assert "- heron-rowing: 8 new files\n" in publish(built, host).output


def test_without_the_program_it_says_how_to_get_it(
    built: Workspace, host: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also when only asked what would change; a program inside the workspace is found."""
    own = built.root / "node_modules" / ".bin"
    own.parent.mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    for words in ([], ["--dry-run"]):
        ran = publish(built, host, *words)
        assert ran.code == 1
        assert f"the program {HOSTS[host]} is not here: npm install --global" in ran.output
        assert "site-builder publish branch" in ran.output
    shutil.move(tmp_path / "bin", own)
    assert publish(built, host).code == 0
