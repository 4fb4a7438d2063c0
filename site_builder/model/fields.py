"""The kinds of values that stand in files.

YAML gives text only (a date, a number and a flag arrive as they were typed), so that `no` stays a
word and `1.10` keeps its zero. Each kind here reads that text or says what to write instead.
Errors are `PydanticCustomError` with the rule's name as type and the keys `message` and `hint`.
"""

from __future__ import annotations

import calendar
import datetime
import difflib
import re
import unicodedata
import zoneinfo
from decimal import Decimal
from typing import Annotated, Any, LiteralString, NoReturn

from pydantic import AfterValidator, BeforeValidator, PlainValidator, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from site_builder.model import editors
from site_builder.model.characters import closed_directions, is_clean_address
from site_builder.model.days import LOOSE_DATE, meant_day
from site_builder.model.editors import (
    COLOUR_HINT,
    DATE_HINT,
    EMAIL_HINT,
    ID_HINT,
    LANGUAGE_PATTERN,
    LINK_HINT,
    NUMBER_HINT,
)
from site_builder.model.hosts import HOSTS

LINK_SCHEMES = ("https:", "http:", "mailto:", "tel:")
MAX_ID = editors.MAX_ID
OFFERINGS = "_offerings"
"""The folder of the services that the agency sells, beside the clients' folders."""
ANNOUNCED = "announced"
"""The folder beside a client's projects with the records of what was told."""
RESERVED_IDS = frozenset({"files", "assets", "changes", "scope", "start"})
ID_PATTERN = rf"(?=.{{1,{MAX_ID}}}\Z)[a-z0-9]+(-[a-z0-9]+)*"
MILESTONE_FILE = re.compile(r"(?P<number>\d+)-(?P<id>.+)\.md")
"""The name of a milestone's file: its place on the road, and its id."""
MAX_LABEL = 28
"""Characters of a milestone's label that the road has room for."""
LANGUAGES = {
    "en": "English",
    "de": "German",
    "nl": "Dutch",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "da": "Danish",
    "pl": "Polish",
    "ar": "Arabic",
    "he": "Hebrew",
}
"""The languages that we have all words of."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_BLANK = re.compile(r"[ \t\r\n]+")


def refuse(
    rule: LiteralString, message: str, hint: str = "", *, key: str = "", is_key: bool = False
) -> NoReturn:
    """Raise the error of one value, or of what stands under `key` in it.

    `is_key`: not the value is meant but its key.

    Raises:
        PydanticCustomError: always.
    """
    context = {"message": message, "hint": hint, "key": key, "is_key": is_key}
    raise PydanticCustomError(rule, "{message}", context)


def refusal(kind: Any, text: str) -> tuple[str, str] | None:
    """Say why a text is not of a kind of this module, and what to write; None if it is."""
    try:
        TypeAdapter(kind).validate_python(text)
    except ValidationError as error:
        context = error.errors(include_url=False)[0]["ctx"]
        return context["message"], context["hint"]
    return None


def _text(value: object) -> str:
    if not isinstance(value, str):
        if isinstance(value, list | tuple):
            message, hint = "one value is expected here, not a list", "write it without [ ] or '- '"
        else:
            message = "one value is expected here, not keys and values"
            hint = "write one line of text; if it holds ': ', put it in quotes"
        refuse("wrong-shape", message, hint)
    return value


def read_line(value: object) -> str:
    """Read a text on one line; blanks in a row are one, and directions end."""
    text = _text(value)
    if text.isascii() and text.isalnum():
        return text  # most values are one word, and there may be thousands
    return closed_directions(_BLANK.sub(" ", text).strip())


def _day(value: object) -> datetime.date:
    if isinstance(value, datetime.date):
        return value
    text = read_line(value)
    quoted = f"'{text}' is not a date"
    if meant := meant_day(text):
        refuse("date", quoted, meant)
    if re.fullmatch(r"\d{8}", text):
        refuse(
            "date", f"{text} is a number, not a date", f"write {text[:4]}-{text[4:6]}-{text[6:]}"
        )
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        refuse("date", f"{text} is a number, not a date", DATE_HINT)
    if re.match(r"\d{4}-\d\d-\d\d[T ]\d", text):
        refuse("date", f"'{text}' holds a time of day", f"write only the day: {text[:10]}")
    loose = LOOSE_DATE.fullmatch(text)
    if not loose:
        refuse("date", quoted, DATE_HINT)
    year, month, day = (int(part) for part in loose.groups())
    if not 1 <= month <= 12:  # noqa: PLR2004
        refuse("date", f"'{text}' is not a date: there is no month {month}", DATE_HINT)
    last = calendar.monthrange(max(year, 1), month)[1]
    if not 1 <= day <= last or year < 1:
        month_name = f"{calendar.month_name[month]} {year}"
        refuse("date", f"'{text}' is not a date: {month_name} has {last} days", DATE_HINT)
    proper = datetime.date(year, month, day)
    if text != proper.isoformat():
        refuse("date", quoted, f"write {proper.isoformat()}")
    return proper


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = read_line(value)
    if text in {"true", "false"}:
        return text == "true"
    near = {"yes": "true", "on": "true", "no": "false", "off": "false"}
    wanted = near.get(text.casefold()) or text.casefold()
    hint = f"write {wanted}" if wanted in {"true", "false"} else "write true or false"
    return refuse("flag", f"'{text}' is neither true nor false", hint)


def _number(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    text = read_line(value)
    if re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", text):
        return Decimal(text)
    bare = re.sub(r"[ ,_'\u00a0\u202f](?=\d{3}\b)", "", text)
    hint = f"write {bare}" if re.fullmatch(r"-?\d{1,15}(\.\d+)?", bare) else NUMBER_HINT
    return refuse("number", f"'{text}' is not a number", hint)


def _whole(value: object) -> int:
    number = _number(value)
    if number != int(number) or number < 1:
        refuse(
            "number",
            f"{number} is not a whole number of at least 1",
            "write digits only, for example 21",
        )
    return int(number)


def _share(value: Decimal) -> Decimal:
    if not 0 <= value <= 1:
        hint = f"write {value / 100}" if 1 < value <= 100 else "write for example 0.5 for half"  # noqa: PLR2004
        refuse("number", f"{value} is not between 0 and 1", hint)
    return value


def _weight(value: Decimal) -> Decimal:
    if value <= 0:
        refuse(
            "number", f"a weight of {value} says nothing", "write a number above 0, for example 10"
        )
    return value


def is_web_link(text: str) -> bool:
    """Tell whether a link leaves the client's pages: http, https, mailto or tel."""
    return text.casefold().startswith(LINK_SCHEMES)


def _link(value: object) -> str:
    text = _text(value).strip()
    if not is_web_link(text) or not is_clean_address(text) or len(text) < 8:  # noqa: PLR2004
        is_bare = re.fullmatch(r"[\w-]+(\.[\w-]+)*\.[a-z]{2,}(/\S*)?", text)
        hint = f"write https://{text}" if is_bare else LINK_HINT
        refuse("link", f"'{text}' is not a link", hint)
    return text


def _target(value: object) -> str:
    text = _text(value).strip()
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text)
    return _link(text) if scheme or text.startswith("//") else text


def _email(value: object) -> str:
    text = read_line(value)
    if not re.fullmatch(r"[^\s@<>\"',;:]+@[^\s@<>\"',;:]+\.[^\s@<>\"',;:.]+", text):
        refuse("email", f"'{text}' is not an e-mail address", EMAIL_HINT)
    return text


def _phone(value: object) -> str:
    text = read_line(value)
    if not re.fullmatch(r"\+?[\d ()./-]{3,30}", text) or not re.search(r"\d", text):
        refuse("phone", f"'{text}' is not a phone number", 'write it like "+44 20 7946 0123"')
    return text


def _colour(value: object) -> str:
    text = read_line(value).removeprefix("#").casefold()
    if re.fullmatch(r"[0-9a-f]{3}", text):
        text = "".join(digit * 2 for digit in text)
    if not re.fullmatch(r"[0-9a-f]{6}", text):
        refuse(
            "colour",
            f"'{read_line(value)}' is not a colour",
            COLOUR_HINT,
        )
    return text


def proper_id(text: str) -> str:
    """Make an id of a name; empty if it has no letter or digit of ours."""
    letters = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text.casefold()))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:MAX_ID].rstrip("-")


def _identifier(value: object) -> str:
    text = read_line(value)
    if not re.fullmatch(ID_PATTERN, text):
        proper = proper_id(text)
        if len(text) > MAX_ID:
            refuse("id", f"this id has {len(text)} characters", f"write at most {MAX_ID}")
        hint = f"write {proper}" if proper else ID_HINT
        refuse("id", f"'{text}' cannot be an id", hint)
    if text in RESERVED_IDS:
        refuse("id", f"'{text}' is reserved for pages of ours", f"write for example {text}-page")
    return text


def _language(value: object) -> str:
    text = read_line(value)
    if re.fullmatch(LANGUAGE_PATTERN, text):
        return text
    proper = {name.casefold(): code for code, name in LANGUAGES.items()}.get(text.casefold())
    if re.fullmatch(LANGUAGE_PATTERN, dashed := text.replace("_", "-")):
        proper = dashed
    hint = f"write {proper}" if proper else "write a code such as en"
    return refuse("language", f"'{text}' is not the code of a language", hint)


def _timezone(value: object) -> str:
    text = read_line(value)
    if text not in zoneinfo.available_timezones():
        city = text.rpartition("/")[2].replace(" ", "_").casefold()
        near = sorted(
            zone
            for zone in zoneinfo.available_timezones()
            if zone.rpartition("/")[2].casefold() == city
        )
        hint = f"write {near[0]}" if near else "write a name such as Europe/London or UTC"
        refuse("timezone", f"'{text}' is not a time zone", hint)
    return text


def _host(value: object) -> str:
    text = read_line(value)
    if text not in HOSTS:
        near = difflib.get_close_matches(text.casefold(), HOSTS, n=1)
        refuse(
            "unknown-value",
            f"'{text}' is not a host that we write files for",
            f"write {near[0] if near else 'one of: ' + ', '.join(HOSTS)}; for any other, leave the line out",
        )
    return text


def _holiday(value: object) -> datetime.date | str:
    if isinstance(value, datetime.date):
        return value
    text = read_line(value)
    return _day(text) if text[:1].isdigit() else text


Line = Annotated[str, BeforeValidator(read_line)]
"""One line of plain text; line breaks become spaces."""
Day = Annotated[datetime.date, BeforeValidator(_day), editors.DAY]
"""A day as YYYY-MM-DD, in the agency's time zone."""
Flag = Annotated[bool, BeforeValidator(_flag)]
"""`true` or `false`."""
Number = Annotated[Decimal, BeforeValidator(_number), editors.NUMBER]
"""A decimal number as it was typed, zeros kept."""
Whole = Annotated[int, BeforeValidator(_whole), editors.WHOLE]
"""A whole number of at least 1."""
Share = Annotated[Number, AfterValidator(_share), editors.SHARE]
"""A part of the whole, 0 to 1."""
Weight = Annotated[Number, AfterValidator(_weight), editors.WEIGHT]
"""A share of the work, compared with the other steps; above 0."""
Link = Annotated[str, BeforeValidator(_link), editors.LINK]
"""An address that begins with https:, http:, mailto: or tel:."""
Target = Annotated[str, BeforeValidator(_target)]
"""A link, or a file of the project, from the project's folder."""
Email = Annotated[str, BeforeValidator(_email), editors.EMAIL]
"""An e-mail address."""
Phone = Annotated[str, BeforeValidator(_phone)]
"""A phone number as people read it."""
Colour = Annotated[str, BeforeValidator(_colour), editors.COLOUR]
"""Six hexadecimal digits, in quotes because of the `#`."""
Id = Annotated[str, BeforeValidator(_identifier), editors.ID]
"""Lower-case ASCII letters, digits and single `-`."""
LanguageCode = Annotated[
    str, BeforeValidator(_language), editors.one_of_or(LANGUAGE_PATTERN, *LANGUAGES)
]
"""A language as a code: one that we have words of, or one that stands in theme/locale/."""
TimeZone = Annotated[str, BeforeValidator(_timezone)]
"""A time zone as the IANA database names it."""
Host = Annotated[str, BeforeValidator(_host), editors.one_of(*HOSTS)]
"""A host that files are written for: netlify, cloudflare, nginx and eight more."""
Holiday = Annotated[datetime.date | str, PlainValidator(_holiday), editors.HOLIDAY]
"""A country or a part of one, such as GB-ENG or DE-BY, with all its holidays; or a day."""
