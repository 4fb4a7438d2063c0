"""The rules of the audit, each with the words of its finding. No word repeats a secret."""

from __future__ import annotations

from enum import StrEnum


class Rule(StrEnum):
    """What a finding is about."""

    OTHER_CLIENT = "other-client"
    OTHER_ID = "other-id"
    OTHER_LINK = "other-link"
    OTHER_DOMAIN = "other-domain"
    OTHER_FILE = "other-file"
    OWN_LINK = "own-link"
    KEY = "published-key"
    DRAFT = "draft-text"
    INTERNAL = "internal-text"
    FORBIDDEN = "forbidden-word"
    AUTHOR = "author-email"
    MACHINE = "machine-path"
    COMMENT = "html-comment"
    YAML = "yaml-text"
    MARKDOWN = "markdown-text"
    TEMPLATE = "template-text"
    PICTURE_DATA = "picture-data"
    PICTURE_PLACE = "picture-place"
    REQUEST = "outside-request"
    SCRIPT = "foreign-script"
    HANDLER = "event-handler"
    STYLE = "inline-style"
    ACTIVE = "active-element"
    NO_INDEX = "missing-noindex"
    NO_REFERRER = "missing-no-referrer"
    NO_POLICY = "missing-policy"
    SITEMAP = "sitemap"
    SOURCE_MAP = "source-map"
    GENERATOR = "generator"
    NO_PAGE = "folder-without-page"
    KIND = "unexpected-file"
    SYMLINK = "published-symlink"
    UNSEARCHED = "not-searched"


WORDS: dict[Rule, tuple[str, str]] = {
    Rule.OTHER_CLIENT: (
        "the name of another client, {}, stands here",
        "take it out; if it may stand here, name it under mentions: in client.yml",
    ),
    Rule.OTHER_ID: ("the folder name of another client, {}, stands here", "take it out"),
    Rule.OTHER_LINK: (
        "a private link of {} stands here",
        "take it out, then give that client a new link: this one may have been seen",
    ),
    Rule.OTHER_DOMAIN: (
        "an address at the domain of another client, {}, stands here",
        "take it out; if it may stand here, name the domain under mentions: in client.yml",
    ),
    Rule.OTHER_FILE: (
        "the name of a file of another client, {}, stands here",
        "take it out, or give your file another name",
    ),
    Rule.OWN_LINK: (
        "this page's own private link stands in its content",
        "take it out: what is copied from the page would carry the link along",
    ),
    Rule.KEY: (
        "the key or the passphrase of {} stands here",
        "take it out, then make a new one: this one may have been seen",
    ),
    Rule.DRAFT: (
        "a text of the step {} stands here, which is not published yet",
        "take it out, or publish the step",
    ),
    Rule.INTERNAL: (
        "an internal note of {} stands here",
        "take it out; what clients may read belongs under another key",
    ),
    Rule.FORBIDDEN: (
        "a word stands here that forbidden: in mkdocs.yml names",
        "take it out",
    ),
    Rule.AUTHOR: (
        "the e-mail address of somebody who writes in git stands here",
        "take it out, or name the person as contact",
    ),
    Rule.MACHINE: ("a folder of the computer that built this stands here", "take it out"),
    Rule.COMMENT: ("an HTML comment stands here", "take it out: everybody can read the source"),
    Rule.YAML: ("keys of a file stand here as text", "mend the --- lines of that file"),
    Rule.MARKDOWN: (
        "Markdown stands here that did not become a page",
        "mend the text: an empty line above it is often missing",
    ),
    Rule.TEMPLATE: ("a template stands here that nobody filled in", "mend the theme's template"),
    Rule.PICTURE_DATA: (
        "the picture holds hidden data ({})",
        "export it without them, for example as PNG",
    ),
    Rule.PICTURE_PLACE: (
        "the picture says where it was taken",
        "export it without its place, for example as PNG",
    ),
    Rule.REQUEST: (
        "the page would ask another host for something ({})",
        "keep the file in the project's folder, or link to it",
    ),
    Rule.SCRIPT: ("a script stands here that is none of ours", "take it out"),
    Rule.HANDLER: ("the attribute {} runs a script", "take it out"),
    Rule.STYLE: ("style {} stands in the page", "use a class and a stylesheet"),
    Rule.ACTIVE: ("the element {} has no place on a page", "take it out"),
    Rule.NO_INDEX: ("the page does not tell search engines to stay away", "mend the theme"),
    Rule.NO_REFERRER: ("the page does not keep its address from other sites", "mend the theme"),
    Rule.NO_POLICY: ("the page has no policy against scripts, or a weak one", "mend the theme"),
    Rule.SITEMAP: ("a sitemap lists private addresses", "remove it"),
    Rule.SOURCE_MAP: ("a source map leads to source files", "remove it"),
    Rule.GENERATOR: ("the page names the program that made it", "mend the theme"),
    Rule.NO_PAGE: (
        "the folder {} has no index.html: some hosts list what is in it",
        "build again, or remove the folder",
    ),
    Rule.KIND: ("a file of this kind is not published ({})", "remove it"),
    Rule.SYMLINK: ("this is a symbolic link: it may lead out of the site", "remove it"),
    Rule.UNSEARCHED: ("not all of this file can be looked into: {}", "look into it yourself"),
}
"""What is wrong, and what to do."""
