"""Answers from people: typed, or asked for on a terminal, and checked before they are used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Sequence


_MARKS = ("#", "<", ">", "-", "=", "*", "+", "|", "`", "~", ":")
"""What Markdown takes for more than text at the beginning of a line."""


class Text(click.ParamType[str]):
    """One line of text, of the kind of `model.fields` that is named."""

    name = "text"

    def __init__(
        self, kind: str = "Line", *, at_most: int | None = None, is_markdown: bool = False
    ) -> None:
        """Remember what is asked for: the model is imported when there is something to read."""
        self.kind = kind
        self.at_most = at_most
        self.is_markdown = is_markdown

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Check the text, or say what to write."""
        from site_builder.model import fields
        from site_builder.scaffold.texts import one_line

        line = one_line(str(value))
        if line is None:
            self.fail("a control character stands in this text; type it again", param, ctx)
        if not line:
            self.fail("this is empty; an answer is needed", param, ctx)
        if wrong := fields.refusal(getattr(fields, self.kind), line):
            self.fail("; ".join(wrong), param, ctx)
        if self.at_most and len(line) > self.at_most:
            self.fail(
                f"{line!r} has {len(line)} characters; there is room for {self.at_most}:"
                " name in two to four words what the client has then",
                param,
                ctx,
            )
        if self.is_markdown and (line.startswith(_MARKS) or "<!--" in line):
            self.fail(f"{line!r} is not a plain sentence; begin with a word", param, ctx)
        return line


def can_ask() -> bool:
    """Tell whether somebody sits at a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def asked(
    given: str | None,
    question: str,
    name: str,
    kind: click.ParamType[str] | None = None,
    default: str | None = None,
) -> str:
    """Take what was given, else ask on a terminal, else the default.

    Raises:
        UsageError: if there is none of these; `name` is what to type.
    """
    if given is not None:
        return given
    if can_ask():
        answer: str = click.prompt(
            question,
            default=default or "",  # Enter alone is refused by the type, in words
            show_default=default is not None,
            type=kind or Text(),
        )
        return answer
    if default is None:
        raise click.UsageError(f"{name} is missing")
    return default


def say_made(paths: Sequence[str], kept: Sequence[str] = ()) -> None:
    """List the files that were made, and those that were there already."""
    for path in paths:
        click.echo(f"made: {path}")
    for path in kept:
        click.echo(f"kept: {path}")


def refuse(error: Exception) -> NoReturn:
    """End because files cannot be written."""
    if isinstance(error, OSError):
        raise click.ClickException(f"{error.strerror}: {error.filename}") from None
    raise click.UsageError(str(error)) from None
