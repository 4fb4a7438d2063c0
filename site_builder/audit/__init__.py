"""Look for leaks in a folder that would be published, and for what pages may not do.

Reads what was written and changes nothing. It is told what to look for (`sought`), and knows no
other room of the program: what is wrong there is found here. Findings never repeat a secret.
"""

from site_builder.audit.inspect import Inspector, inspector
from site_builder.audit.names import words_of
from site_builder.audit.rules import Rule
from site_builder.audit.sought import NOBODY, Hidden, Own, Party, Sought

__all__ = [
    "NOBODY",
    "Hidden",
    "Inspector",
    "Own",
    "Party",
    "Rule",
    "Sought",
    "inspector",
    "words_of",
]
