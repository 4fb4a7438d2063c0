"""Drawings: whatever an SVG file tries, its copy holds shapes and words only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.drawings import MAX_BYTES, SHAPES, _Copy, clean_drawing, drawing_size
from site_builder.pictures import UnusablePicture

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">'
LINKS = ' xmlns:xlink="http://www.w3.org/1999/xlink"'


def drawn(folder: Path, inside: str, attributes: str = "") -> str:
    """Write a drawing, and read its clean copy."""
    path = folder / "a.svg"
    path.write_text(f"{BEGIN[:-1]}{attributes}>{inside}</svg>", "utf-8")
    return clean_drawing(path).decode()


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<script/>",
        '<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>',
        '<g><rect onload="alert(1)"/></g>',
        "<rect\nonclick = 'alert(1)'/>",
        '<rect ONFOCUS="alert(1)"/>',
        '<a href="https://tracker.example/"><path d="M1 1"/></a>',
        '<a xlink:href="javascript:alert(1)"/>',
        '<image href="https://tracker.example/a.png"/>',
        '<image xlink:href="data:image/png;base64,AAAA"/>',
        '<feImage href="https://tracker.example/a.png"/>',
        '<use xlink:href="https://tracker.example/a.svg#b"/>',
        '<use href="data:image/svg+xml,a#b"/>',
        '<linearGradient xlink:href="https://tracker.example/a.svg#b"/>',
        '<linearGradient href="&#104;ttps://tracker.example/a.svg#b"/>',
        '<rect href="java&#x09;script:alert(1)"/>',
        "<style>@import 'https://tracker.example/a.css'</style>",
        "<style><![CDATA[rect{fill:url(https://tracker.example/a)}]]></style>",
        '<rect fill="url(https://tracker.example/a)"/>',
        "<rect fill=\"url( 'https://tracker.example/a' )\"/>",
        '<rect fill="u&#114;l(//tracker.example/a)"/>',
        '<rect fill="URL(a.svg#b)"/>',
        '<rect fill="url(#a) url(b.svg#c)"/>',
        '<rect style="fill:url(https://tracker.example/a)"/>',
        '<rect style="background:u\\72l(//tracker.example/a)"/>',
        "<rect style=\"mask:image-set('https://tracker.example/a')\"/>",
        "<rect mask=\"image-set('https://tracker.example/a')\"/>",
        '<rect filter="src(https://tracker.example/a)"/>',
        '<rect style="fill:/*a*/ur/**/l(b)"/>',
        '<rect cursor="url(https://tracker.example/a.cur),auto"/>',
        "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>Hi</p></foreignObject>",
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="onload" to="alert(1)"/>',
        '<animateTransform attributeName="transform"/>',
        '<handler type="application/ecmascript">alert(1)</handler>',
        "<iframe src='https://tracker.example/'/>",
        "<video src='https://tracker.example/'/>",
        '<?xml-stylesheet href="https://tracker.example/a.css"?>',
        '<svg><g><svg onload="alert(1)"/></g></svg>',
        "<g>" * 120 + "</g>" * 120,
    ],
)
def test_a_drawing_that_could_run_or_load_is_refused(tmp_path: Path, inside: str) -> None:
    """Scripts, handlers, references to the outside, however they are spelled."""
    with pytest.raises(UnusablePicture) as refused:
        drawn(tmp_path, inside, LINKS)
    assert refused.value.hint


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE svg [<!ENTITY a 'b'>]>",
        "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE svg [<!ENTITY % a SYSTEM 'https://tracker.example/a.dtd'> %a;]>",
        "<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>",
        "<!DOCTYPE svg [<!ATTLIST svg onload CDATA 'alert(1)'>]>",
        '<?xml-stylesheet type="text/xsl" href="a.xsl"?>',
    ],
)
def test_a_document_type_of_its_own_is_refused(tmp_path: Path, head: str) -> None:
    """Entities grow, read files and hide scripts: none is ever read."""
    (tmp_path / "a.svg").write_text(f"{head}{BEGIN}<title>&a;</title></svg>", "utf-8")
    with pytest.raises(UnusablePicture, match="line 1"):
        clean_drawing(tmp_path / "a.svg")


def test_the_line_is_told(tmp_path: Path) -> None:
    """Who drew it can look there."""
    with pytest.raises(UnusablePicture, match="line 3 of the drawing holds '<script>'"):
        drawn(tmp_path, "\n<g/>\n<script/>")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1", "utf-7"])
def test_another_encoding_hides_nothing(tmp_path: Path, encoding: str) -> None:
    """What is published is what was read, in UTF-8."""
    for inside in ("<script>alert(1)</script>", "<text>\u00dcber+ADw-script+AD4-</text>"):
        head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
        (tmp_path / "a.svg").write_bytes(f"{head}{BEGIN}{inside}</svg>".encode(encoding))
        try:
            copy = clean_drawing(tmp_path / "a.svg").decode()
        except UnusablePicture:
            continue
        assert "<script" not in copy
        assert "\u00dcber" in copy


@pytest.mark.parametrize(
    ("inside", "copied"),
    [
        ('<path d="M1 1h6v6z" fill="#0b5a6b"/>', '<path d="M1 1h6v6z" fill="#0b5a6b"/>'),
        ("<g fill='url(#shade)'><circle r='3'/></g>", '<g fill="url(#shade)"><circle r="3"/></g>'),
        ("<title>Our &lt;mark&gt; &amp; more</title>", None),
        ('<rect transform="rotate(45 4 4) scale(.5)" fill="rgba(0,0,0,.5)"/>', None),
        (
            '<linearGradient id="b" xlink:href="#a"><stop offset="0" stop-color="#fff"/></linearGradient>',
            '<linearGradient id="b" href="#a"><stop offset="0" stop-color="#fff"/></linearGradient>',
        ),
        (
            '<rect fill="red" style="fill:#00f !important; stroke : none;-inkscape-x:1;cursor:move"/>',
            '<rect fill="#00f" stroke="none"/>',
        ),
        ("<!-- Made by Somebody --><g/>", "<g/>"),
        ("<desc>Created with Penpot.</desc><metadata><a/></metadata><g/>", "<g/>"),
        (
            '<g xmlns:i="https://editor.example/" i:label="/home/ada/secret"><i:view><script/></i:view></g>',
            "<g/>",
        ),
        ('<g class="cls-1" data-name="Client: late payer"><g/></g>', "<g><g/></g>"),
        ("<text>Two <tspan>words</tspan>\u202e</text>", None),
    ],
)
def test_shapes_and_words_stay_and_notes_go(
    tmp_path: Path, inside: str, copied: str | None
) -> None:
    """What an editor notes in the file (its user's folders, names, layers) is not published."""
    assert drawn(tmp_path, inside, LINKS) == f"{BEGIN}{copied or inside}</svg>\n"


def test_the_document_type_of_older_programs_is_left_out(tmp_path: Path) -> None:
    """It only names the format."""
    told = '"-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"'
    (tmp_path / "a.svg").write_text(f"<!DOCTYPE svg PUBLIC {told}>{BEGIN}<g/></svg>", "utf-8")
    assert clean_drawing(tmp_path / "a.svg").decode() == f"{BEGIN}<g/></svg>\n"


def test_a_copy_of_a_copy_is_the_same(tmp_path: Path) -> None:
    """A clean drawing passes as it is."""
    once = drawn(tmp_path, '<g style="fill:red"><text x="1">A &amp; B</text></g><path d="M1 1"/>')
    (tmp_path / "b.svg").write_text(once, "utf-8")
    assert clean_drawing(tmp_path / "b.svg").decode() == once


@pytest.mark.parametrize(
    "text",
    [
        "<html></html>",
        "",
        "GIF89a",
        '<svg viewBox="0 0 8 8"><path/></svg>',
        f"{BEGIN}<g></svg>",
        f"{BEGIN}</svg>{BEGIN}</svg>",
        f"{BEGIN}{'<g/>' * (MAX_BYTES // 4)}</svg>",
        f'<html xmlns="http://www.w3.org/1999/xhtml">{BEGIN}</svg></html>',
    ],
)
def test_what_is_no_drawing_is_refused(tmp_path: Path, text: str) -> None:
    """Whatever its name says."""
    (tmp_path / "a.svg").write_text(text, "utf-8")
    with pytest.raises(UnusablePicture):
        clean_drawing(tmp_path / "a.svg")


@given(st.text(alphabet="<>/\"'=&;:#() \\ustyleonaimghrfp!-[]", max_size=60))
def test_no_text_makes_an_element_that_is_not_listed(text: str) -> None:
    """Whatever stands in an attribute or between elements."""
    copy = _Copy()
    quoted = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    try:
        copy.parser.Parse(f'{BEGIN}<text style="{quoted}" id="{quoted}">{quoted}</text></svg>')
    except UnusablePicture:
        return
    out = "".join(copy.out)
    assert set(re.findall(r"<([\w:]+)", out)) <= SHAPES
    assert not re.search(r"(?i)url\((?!#)", re.sub(r'id="[^"]*"|>[^<]*<', "", out))


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('viewBox="0 0 120 28"', (12000, 2800)),
        ("viewBox='-2,-2 60.5 14'", (6050, 1400)),
        ('width="3" viewBox="0 0 1e3 7"', None),
        ('viewBox="0 0 0 7"', None),
        ('viewBox="0 0 1.2.3 7"', None),
        ("", None),
    ],
)
def test_a_drawing_says_its_proportions(attributes: str, expected: tuple[int, int] | None) -> None:
    """So that nothing moves when it arrives; where it does not, the page waits for it."""
    assert drawing_size(f"<svg {attributes}><path/></svg>".encode()) == expected
