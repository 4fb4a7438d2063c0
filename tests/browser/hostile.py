"""Strings that try to be more than text: what they try, times how they try to get there.

`alert(N)` and `tracker.example/N` tell which one got through. None holds a control character: a
file with one is refused before it is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAYLOADS = (
    "<script>alert({n})</script>",
    "<script src=//tracker.example/{n}.js></script>",
    "<img src=x onerror=alert({n})>",
    "<img src=https://tracker.example/{n}.gif>",
    "<svg onload=alert({n})>",
    "<svg><script>alert({n})</script></svg>",
    "<svg><animate onbegin=alert({n}) attributeName=x dur=1s>",
    "<body onload=alert({n})>",
    "<iframe src=javascript:parent.alert({n})></iframe>",
    '<iframe srcdoc="<script>parent.alert({n})</script>"></iframe>',
    "<details open ontoggle=alert({n})>",
    "<input autofocus onfocus=alert({n})>",
    "<video src=https://tracker.example/{n}.mp4 autoplay onerror=alert({n})></video>",
    "<audio><source src=x onerror=alert({n})></audio>",
    "<object data=https://tracker.example/{n}></object>",
    "<embed src=https://tracker.example/{n}>",
    "<link rel=stylesheet href=https://tracker.example/{n}.css>",
    "<style>@import 'https://tracker.example/{n}.css'</style>",
    '<p style="background:url(https://tracker.example/{n})">words</p>',
    '<p style="animation:x" onanimationstart=alert({n})>words</p>',
    "<meta http-equiv=refresh content='0;url=https://tracker.example/{n}'>",
    "<base href=https://tracker.example/{n}/>",
    "<form action=https://tracker.example/{n}><button autofocus onfocus=alert({n})>x</button>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert({n})>",
    '<noscript><p title="</noscript><img src=x onerror=alert({n})>">',
    "<svg></p><style><a id='</style><img src=x onerror=alert({n})>'>",
    "<xmp><p title='</xmp><img src=x onerror=alert({n})>'>",
    "<a href=javascript:alert({n}) autofocus onfocus=alert({n})>words</a>",
    "[words](javascript:alert({n}))",
    "![words](https://tracker.example/{n}.png)",
    '![words](x"onerror="alert({n}))',
    "words {{: onclick=alert({n}) style=background:url(https://tracker.example/{n}) }}",
    "<javascript:alert({n})>",
    "[words]: javascript:alert({n})",
)
"""What a string tries."""


WAYS: tuple[Callable[[str], str], ...] = (
    lambda it: it,
    lambda it: f'"{it}',
    lambda it: f'">{it}',
    lambda it: f"' autofocus x='>{it}",
    lambda it: f"</title>{it}",
    lambda it: f"</style></textarea>{it}",
    lambda it: f"--></template>{it}",
    lambda it: f"<![CDATA[{it}]]>",
    lambda it: f"<!--[if IE]>{it}<![endif]-->",
    lambda it: f"]]>{it}",
    lambda it: f"`{it}",
    lambda it: f"> - {it}",
    lambda it: f"| a |\n|---|\n| {it} |",
    lambda it: f"[^1]\n\n[^1]: {it}",
    lambda it: f"??? note {it}\n\n    {it}",
    lambda it: it.swapcase().replace("ALERT(", "alert("),
    lambda it: it.replace("<", "&#60;").replace("(", "&lpar;").replace(":", "&#x3a"),
    lambda it: quote(it, safe="= "),
    lambda it: it.replace("<", "\uff1c").replace(">", "\uff1e"),
    lambda it: it.replace("<", "<\u200b"),
    lambda it: f"\u202e{it}",
)
"""How it tries to get out of the place that it stands in."""

PLAIN = (
    *("undefined", "null", "None", "nil", "NaN", "-Infinity", "true", "no", "0x0", "1e309", "-0"),
    *("1,000.00", "1.10", "2026-02-30", "0123", "12:30:00", "1/0", "+44 20 7946 0123", "~", "..."),
    *("../../../../etc/passwd", "C:\\Windows\\system32", "%2e%2e%2f", "file:///etc/passwd", "CON"),
    *("%s%n%x%d", "%(name)s", "{0}", "{name}", "${HOME}", "$(id)", "`id`", "; rm -rf /", "&& ls"),
    *("' OR 1=1 --", '" or ""="', "Robert'); DROP TABLE clients;--", "=cmd|' /C calc'!A0", "@SUM"),
    *("{{ 7 * 7 }}", "{% raw %}", "{{ config.items() }}", "{# #}", "<%= 7 * 7 %>", "#{7*7}", "[[7]]"),
    *("AT&T", "R&D &amp; more", "&lt;b&gt;", "&#x3C;", "&nbsp;", "a < b > c", "<3", "x <- y", "-->"),
    *("it's", 'say "yes"', "\u201cquoted\u201d", "`code`", "a*b*c", "a_b_c", "[x]", "(c)", "C++", "#1"),
    *("\u00e9\u00e8\u00ea", "e\u0301", "\u01c5", "\u00df", "I\u0307\u0131", "\ufb03", "\u2126\u2248\u00e7\u221a", "\u1e9e"),
    *("\u7530\u4e2d\u3055\u3093", "\ud55c\uad6d\uc5b4", "\u0e20\u0e32\u0e29\u0e32", "\u0939\u093f\u0928\u094d\u0926\u0940", "\u0410\u0411\u0412", "\u10e5\u10d0\u10e0\u10d7"),
    *("\u0645\u0631\u062d\u0628\u0627", "\u05e9\u05dc\u05d5\u05dd", "a \u05d0 b \u05d1", "\ufdfa", "\u200fabc\u200e", "\u2067abc\u2069"),
    *("\U0001f436\U0001f408", "\U0001f469\u200d\u2695\ufe0f", "\U0001f1e9\U0001f1ea", "1\ufe0f\u20e3", "\U0001d54f", "\U00020000", "\u2764\ufe0f"),
    *("Z\u0351\u036b\u0343a\u0329\u0345l\u0348", "a\u00a0b", "a\u2003b", "a\u00adb", "a\u2060b", "\ufffd", "\u2028x", "\u2029y"),
    *("https://docs.example/?a=1&b=2#c", "mailto:maya@northlight.example", "www.example", "//x.example"),
    *("--8<-- 'mkdocs.yml'", "![[client.yml]]", "::include{x}", "---", "+++", "```", "===", "\\n\\t\\0"),
    "Donaudampfschifffahrtselektrizit\u00e4tenhauptbetriebswerkbauunterbeamtengesellschaft",
)  # fmt: skip
"""What people write, and programs take for something else."""


def _hostile() -> Iterator[str]:
    number = 0
    for payload in PAYLOADS:
        for way in WAYS:
            number += 1
            yield way(payload.format(n=number))


STRINGS = (*_hostile(), *PLAIN)

MARKDOWN = tuple(
    text for text in STRINGS if "![" not in text and text not in {"```", "---", "===", "+++"}
)
"""Those that a text may hold: pictures from elsewhere are refused, a fence hides what follows."""
DESCRIPTIONS = tuple(text for text in MARKDOWN if not re.search(r"[][\n]", text))
"""Those that may stand between the brackets of a picture."""


def letters(text: str) -> str:
    """Leave out white space, and what pages add so that words break and keep their direction."""
    return re.sub(r"[\s\u00ad\u200b\u2028-\u202e\u2060\u2066-\u2069]", "", text)
