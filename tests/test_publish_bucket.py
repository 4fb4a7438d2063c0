"""What a bucket's address says, without asking it."""

from __future__ import annotations

import pytest

from site_builder.publish.bucket import Bucket


@pytest.mark.parametrize(
    ("endpoint", "is_in_the_open"),
    [
        ("http://minio.office.example:9000", True),
        ("http://127.0.0.1:9000", False),
        ("http://localhost:9000", False),
        ("https://s3.example.net", False),
        ("", False),
    ],
)
def test_pages_that_travel_in_the_open_are_warned_about(
    endpoint: str,
    is_in_the_open: bool,  # noqa: FBT001 - a case
) -> None:
    """But for those that do not leave this machine."""
    bucket = Bucket(name="pages", options={"endpoint": endpoint, "secret_access_key": "geheim"})
    assert bucket.is_in_the_open is is_in_the_open
    assert "geheim" not in repr(bucket)
