"""Sealed pages: the format, and that nothing of a client stands outside of it."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.model.links import Passphrase, PrivateLink, Protection
from site_builder.model.page import BOX
from site_builder.seal import script
from site_builder.seal.envelope import (
    Content,
    Unopened,
    framed,
    name_of,
    nonce_of,
    opened,
    sealed,
    unframed,
)
from site_builder.seal.folder import Shells, sealed_folder
from site_builder.seal.keys import derive, normalised, stretched
from site_builder.seal.strength import LEAST_BITS, bits
from tests.seal.make_vectors import KEY, TOKEN, VECTORS

if TYPE_CHECKING:
    from site_builder.seal.keys import Keys

FOUND: list[dict[str, Any]] = json.loads(VECTORS.read_text("utf-8"))
LINK = PrivateLink(TOKEN, KEY)
SCRIPT = Path(script.__file__).with_name(script.NAME)
SHELL = f"<title>Locked page</title>{BOX}<p>"
PAGES = {
    "index.html": '<a href="shop/">x</a><img src="shop/files/a.png" alt="A">',
    "shop/index.html": '<a href="../">x</a> <a href="files/plan.pdf#page=2">y</a>',
}
FILES = {"shop/files/plan.pdf": b"%PDF", "shop/files/a.png": b"png", "progress.json": b"{}"}
PLAIN = {way: text.encode() for way, text in PAGES.items()} | FILES


@pytest.fixture(scope="module")
def keys() -> Keys:
    """The keys of a link without words."""
    return derive(LINK)


@pytest.mark.parametrize("vector", FOUND, ids=lambda vector: vector["why"])
def test_the_format_is_that_of_the_vectors(vector: dict[str, Any]) -> None:
    """Byte for byte: whoever writes another program after the record gets the same."""
    words = Passphrase(vector["typed"]) if vector["typed"] else None
    assert normalised(vector["typed"]) == vector["words"]
    assert (stretched(words, TOKEN) if words else b"").hex() == vector["stretched"]
    made = derive(LINK, words)
    assert made.mode == vector["mode"]
    assert made.encryption.hex() == vector["encryption key"]
    assert made.nonces.hex() == vector["nonces key"]
    assert made.names.hex() == vector["names key"]
    assert name_of(made, vector["address"]) == vector["name"]
    file = bytes.fromhex(vector["file"])
    content = Content(
        page=vector["page"],
        file=file,
        name="visits.csv" if file else "",
        kind="text/csv" if file else "",
    )
    box = base64.b64decode(vector["box"])
    assert sealed(made, vector["name"], content) == box
    assert opened(made, vector["name"], box) == content


def test_the_script_opens_the_vectors_in_node() -> None:
    """The other half of the format, in a second implementation of the same algorithms."""
    node = shutil.which("node")
    if not node:
        pytest.skip("there is no node here; Chromium looks at the same vectors")
    command = [node, str(VECTORS.with_name("open_vectors.js")), str(SCRIPT), str(VECTORS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == []


def test_another_bit_anywhere_in_a_box_is_refused(keys: Keys) -> None:
    """Each of its bytes, nonce, text and tag, with one bit turned; and a byte more or less."""
    box = sealed(keys, "", Content(page="<p>We agreed on three goals."))
    for place in range(len(box)):
        other = bytearray(box)
        other[place] ^= 1 << place % 8
        with pytest.raises(Unopened):
            opened(keys, "", bytes(other))
    for other_box in (box + b"\0", box[:-1], box[1:], b"", box[:12]):
        with pytest.raises(Unopened):
            opened(keys, "", other_box)


def test_a_box_opens_at_its_own_place_only(keys: Keys) -> None:
    """Nobody can show one page at the address of another, of another link, or in another mode."""
    box = sealed(keys, name_of(keys, "shop/"), Content(page="<p>"))
    words = derive(LINK, Passphrase("amber field"))
    elsewhere = derive(PrivateLink("pine" * 6 + "pi", KEY))
    other_key = derive(PrivateLink(TOKEN, f"b{KEY[1:]}"))
    for made, address in ((keys, ""), (keys, "shop/open/"), (words, "shop/")):
        with pytest.raises(Unopened):
            opened(made, name_of(made, address), box)
    for made in (elsewhere, other_key):
        with pytest.raises(Unopened):
            opened(made, name_of(keys, "shop/"), box)


def test_no_nonce_repeats_in_a_million_different_texts(keys: Keys) -> None:
    """Two texts under one nonce would give both away."""
    count = 1_000_000
    seen = {nonce_of(keys.nonces, b"c/x/", number.to_bytes(4, "big")) for number in range(count)}
    assert len(seen) == count


@given(st.binary(max_size=20), st.binary(max_size=20), st.integers(0, 20))
def test_what_is_beside_a_text_never_runs_into_it(beside: bytes, text: bytes, cut: int) -> None:
    """The same bytes, parted elsewhere, are another message and have another nonce."""
    whole = beside + text
    others = (whole[:cut], whole[cut:])
    same = others == (beside, text)
    assert (nonce_of(b"k" * 32, *others) == nonce_of(b"k" * 32, beside, text)) == same


@given(st.text(max_size=50), st.binary(max_size=5000), st.text(max_size=20))
def test_what_is_framed_is_read_again(page: str, file: bytes, name: str) -> None:
    """Every text and file, in whole steps of 4 KiB."""
    page = page.encode("utf-8", "replace").decode()
    name = name.encode("utf-8", "replace").decode()
    content = Content(page=page, file=file, name=name, kind="text/plain")
    assert unframed(framed(content)) == content
    assert len(framed(content)) % 4096 == 0


@given(st.text(max_size=40))
def test_words_are_the_same_however_often_they_are_normalised(words: str) -> None:
    """What a reader copies from the page of words is the same passphrase."""
    assert normalised(normalised(words)) == normalised(words)


def test_a_link_without_a_key_seals_nothing() -> None:
    """An empty key would be one that everybody has."""
    with pytest.raises(ValueError, match="without a key"):
        derive(PrivateLink(TOKEN))


def test_words_show_up_in_no_text_of_ours() -> None:
    """Neither in a debugger's view nor in a formatted string; and no key does."""
    words = Passphrase("amber field spoon")
    made = derive(LINK, words)
    for text in (str(words), repr(words), f"{words}", repr(made), repr(LINK), repr([made, words])):
        assert "amber" not in text
        assert KEY not in text
        assert made.encryption.hex() not in text
        assert repr(made.encryption) not in text


@pytest.mark.parametrize(
    ("words", "is_enough"),
    [
        ("hangout papyrus demystify bundle sadden copper", True),
        ("Larkfield2026!", False),
        ("password password password", False),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", False),
        ("correct horse", False),
        ("qwertyuiopasdfghjkl", False),
        ("", False),
        ("long " * 200, False),
    ],
)
def test_easy_words_have_too_few_bits(words: str, *, is_enough: bool) -> None:
    """Names, years, patterns and repetitions are guessed soon, whatever their length."""
    assert (bits(words) >= LEAST_BITS) is is_enough


def _sealed(made: Keys) -> dict[str, bytes]:
    pages = {way: f"<h1>{way}</h1>" for way in FILES}
    return dict(sealed_folder(PLAIN, pages, made, Shells(landing=SHELL, beside=SHELL)))


def test_a_sealed_folder_holds_everything_under_names_that_tell_nothing(keys: Keys) -> None:
    """Pages and files; a picture that pages only show is inside of them."""
    found = _sealed(keys)
    names = {name_of(keys, way) for way in ("shop/", "shop/files/plan.pdf", "progress.json")}
    assert set(found) == {"index.html", *(f"{name}/index.html" for name in names)}
    assert all(re.fullmatch("[a-z2-7]{20}", name) for name in names)
    pages = {way: _open(keys, way, page) for way, page in found.items()}
    landing = pages["index.html"].page
    assert f'href="{name_of(keys, "shop/")}/"' in landing
    assert f'src="data:image/png;base64,{base64.b64encode(b"png").decode()}"' in landing
    shop = pages[f"{name_of(keys, 'shop/')}/index.html"].page
    assert f'href="../{name_of(keys, "shop/files/plan.pdf")}/"' in shop
    assert 'href="../"' in shop
    plan = pages[f"{name_of(keys, 'shop/files/plan.pdf')}/index.html"]
    assert (plan.file, plan.name, plan.kind) == (b"%PDF", "plan.pdf", "application/pdf")


def _open(made: Keys, way: str, page: bytes) -> Content:
    before, after = SHELL.split(BOX)
    box = page.decode().removeprefix(before).removesuffix(after)
    return opened(made, way.rpartition("/")[0], base64.b64decode(box))


def test_two_links_share_no_byte_and_no_name(keys: Keys) -> None:
    """Who compares two folders sees not even that they hold the same."""
    other = derive(PrivateLink("pine" * 6 + "pi", KEY))
    assert set(_sealed(keys)) & set(_sealed(other)) == {"index.html"}
    one, two = (
        sealed(made, "", Content(page="<p>The same text on both pages")) for made in (keys, other)
    )
    assert len(one) == len(two)
    assert sum(a == b for a, b in zip(one, two, strict=True)) < 60


def test_modes_are_part_of_every_key() -> None:
    """The words do not only come on top: with them every key is another one."""
    one, two = derive(LINK), derive(LINK, Passphrase("amber field"))
    assert (one.mode, two.mode) == (Protection.SEALED, Protection.PASSPHRASE)
    assert not {one.encryption, one.nonces, one.names} & {two.encryption, two.nonces, two.names}


def test_names_that_everybody_knows_are_no_passphrase() -> None:
    """Whoever guesses begins with the client, the agency and what they make; other words count."""
    known = ("Larkfield Vets", "larkfield-vets", "Northlight Studio", "Your new website")
    assert bits("Larkfield Vets Northlight Studio") >= LEAST_BITS
    assert bits("Larkfield Vets Northlight Studio", known) < LEAST_BITS
    assert bits("hangout papyrus demystify bundle sadden copper", known) >= LEAST_BITS
