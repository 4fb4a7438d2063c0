"""What all tests share: the option that writes expected results anew, and workspaces to try."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.workspace import (
    HERON,
    OTTER,
    PINE,
    TODAY,
    WORKSPACES,
    Workspace,
    copy_workspace,
    small_workspace,
)

if TYPE_CHECKING:
    from pathlib import Path

# The same examples on every machine and in every run: a red test stays red until it is mended.
settings.register_profile("house", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`, as `make golden` uses it."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        default=False,
        help="write the expected results anew instead of comparing with them",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Tell whether expected results are to be written anew."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace of two short clients, Otter Books and Pine Bakery, not built yet."""
    return small_workspace(tmp_path / "agency", OTTER, PINE)


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample clients, built once; for reading only."""
    found = copy_workspace(WORKSPACES / "samples", tmp_path_factory.mktemp("samples") / "agency")
    assert found.build(today=TODAY).code == 0
    return found


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The client whose every text tries to be markup, built once; for reading only."""
    found = copy_workspace(WORKSPACES / "hostile", tmp_path_factory.mktemp("hostile") / "agency")
    assert found.build(today=TODAY).code == 0
    return found


@pytest.fixture
def crew(tmp_path: Path) -> Workspace:
    """A workspace of three short clients, for builds that are disturbed."""
    return small_workspace(tmp_path / "agency", OTTER, PINE, HERON)
