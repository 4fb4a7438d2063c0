"""Mistakes in files, and the exact words that `check` answers: one mistake a file in problems/."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner

from site_builder.cli import cli

if TYPE_CHECKING:
    from collections.abc import Mapping

PROBLEMS = Path(__file__).parent / "problems"
GOOD = PROBLEMS / "good"
TODAY = "2026-03-02"


def _cases() -> list[Path]:
    return sorted(PROBLEMS.glob("*.yml"))


def _content(written: Any) -> bytes:
    """Turn what a case says about a file into its bytes: text, `hex`, or `text` so many `times`."""
    if isinstance(written, str):
        return written.encode()
    if "hex" in written:
        return bytes.fromhex(written["hex"])
    return (written["text"] * written["times"]).encode()


def _make(case: Mapping[str, Any], root: Path) -> None:
    """Make the good workspace, with the one mistake of a case in it."""
    shutil.copytree(GOOD, root, dirs_exist_ok=True)
    for name, changes in case.get("edit", {}).items():
        path = root / name
        text = path.read_text("utf-8")
        for old, new in changes.items():
            assert text.count(old) == 1, f"{name} must hold once: {old}"
            text = text.replace(old, new)
        path.write_bytes(text.encode())
    for name, written in case.get("files", {}).items():
        path = root / name
        if written is None and path.is_dir():
            shutil.rmtree(path)
        elif written is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_content(written))
    for name, target in case.get("symlinks", {}).items():
        (root / name).symlink_to(target)


def check(root: Path, *options: str, today: str = TODAY) -> tuple[str, int]:
    """Run `check` in this process: what it prints, and its exit code."""
    arguments = ["check", "-f", str(root / "mkdocs.yml"), "--today", today, *options]
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    return result.output, result.exit_code


def _with_output(text: str, output: str, code: int) -> str:
    """Write what a case expects anew, below everything else that it says."""
    kept = text.partition("\nexit: ")[0].rstrip("\n")
    lines = "".join(f"  {line}\n" if line else "\n" for line in output.splitlines())
    return f"{kept}\nexit: {code}\noutput: |\n{lines}"


@pytest.mark.parametrize("path", _cases(), ids=lambda path: path.stem)
def test_each_mistake_has_its_words(
    path: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A mistake is answered with its place, its line, and what to write instead; nothing else is said."""
    text = path.read_text("utf-8")
    case = yaml.safe_load(text)
    _make(case, tmp_path)
    found, code = check(tmp_path, *case.get("options", []), today=str(case.get("today", TODAY)))
    if request.config.getoption("--update-golden", default=False):
        path.write_bytes(_with_output(text, found, code).encode())
        return
    assert found == case["output"]
    assert code == case["exit"]
