"""How to reach an S3-compatible store: from the environment, or the usual files of AWS.

Keys are never arguments: those stand in histories and logs. Where there are none, obstore goes on
by itself: a role of CI (web identity), of a container or of the machine.
"""

from __future__ import annotations

import configparser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_KEYS = {
    "access_key_id": "aws_access_key_id",
    "secret_access_key": "aws_secret_access_key",
    "session_token": "aws_session_token",
}
"""As obstore names them, and as AWS does in its files; in the environment in capitals."""


class NoKeys(Exception):
    """The profile that was named gives no keys. The words say what to do."""


def storage_options(
    environment: Mapping[str, str], home: Path, *, endpoint: str | None, region: str | None
) -> dict[str, str]:
    """Gather where the store is and who asks; what is named on the command line comes first.

    Raises:
        NoKeys: if AWS_PROFILE names a profile that is not there, or has no keys of its own.
    """
    profile = environment.get("AWS_PROFILE", "")
    written = _profile(environment, home, profile or "default")
    found = {
        "endpoint": endpoint
        or environment.get("AWS_ENDPOINT_URL_S3")
        or environment.get("AWS_ENDPOINT_URL")
        or written.get("endpoint_url"),
        "region": region
        or environment.get("AWS_REGION")
        or environment.get("AWS_DEFAULT_REGION")
        or written.get("region")
        or "us-east-1",
    }
    given = {ours: environment.get(theirs.upper()) for ours, theirs in _KEYS.items()}
    if not given["access_key_id"]:
        given = {ours: written.get(theirs) for ours, theirs in _KEYS.items()}
        if profile and not given["access_key_id"]:
            raise NoKeys(
                f"the profile '{profile}' has no keys in your AWS files. If it logs in elsewhere, write the"
                ' keys into the environment first: eval "$(aws configure export-credentials --format env)"'
            )
    return {key: value for key, value in {**found, **given}.items() if value}


def _profile(environment: Mapping[str, str], home: Path, name: str) -> dict[str, str]:
    """Read what the two files of AWS say of a profile; a broken or missing file says nothing."""
    places = (
        ("AWS_CONFIG_FILE", "config", "default" if name == "default" else f"profile {name}"),
        ("AWS_SHARED_CREDENTIALS_FILE", "credentials", name),
    )
    found: dict[str, str] = {}
    for variable, file, section in places:
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read(environment.get(variable) or home / ".aws" / file, "utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        if parser.has_section(section):
            found |= parser[section]
    return found
