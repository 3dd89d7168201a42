"""Texts that programs have stumbled over: of injection, of numbers, of letters, of days."""

from hypothesis import strategies as st

TEXTS = (
    "",
    " ",
    "%",
    "_",
    "\\",
    "%25%_\\",
    "' OR '1'='1",
    '"; DROP TABLE person; --',
    "1) UNION SELECT NULL--",
    "\x00",
    "a\x00b",
    "\r\nBcc: everybody@example.org",
    "\n2026-01-01 [info] signed in",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "{{ 7*7 }}",
    "{% for x in () %}",
    "${7*7}",
    "%(name)s",
    "%s%s%s%n",
    "{0.__class__}",
    "../../etc/passwd",
    "//elsewhere.example",
    "/\\elsewhere.example",
    "https://elsewhere.example",
    "http://169.254.169.254/latest",
    "-1",
    "0",
    "1",
    "2147483648",
    "9223372036854775808",
    "99999999999999999999999999",
    "1e400",
    "NaN",
    "-Infinity",
    "1_000",
    "٣",
    "²",
    "½",
    "0x10",
    "true",
    "null",
    "[]",
    "{}",
    "2027-02-30",
    "0001-01-01",
    "9999-12-31",
    "2028-02-29",
    "24:00",
    "2027-03-28T02:30",
    "9999-12-31T23:59:59+14:00",
    "a@b",
    "ana@example.org",
    "\u202etxt.exe",
    "e\u0301\u200b\ufeff",
    "👩‍👩‍👧‍👦",
    "ﬀİı",
    "\ud7ff\ue000\uffff",
    "x" * 20_001,
    "(" * 400,
    "a " * 3000,
)
ODD = st.sampled_from(TEXTS)
ANY = st.text(st.characters(codec="utf-8"), max_size=40)


def values(usual: tuple[str, ...] = ()) -> st.SearchStrategy[str]:
    """A usual value as often as an odd one, and now and then anything."""
    if not usual:
        return st.one_of(ODD, ODD, ANY)
    return st.one_of(st.sampled_from(usual), st.sampled_from(usual), ODD, ANY)


def rows(known: tuple[int, ...]) -> st.SearchStrategy[int]:
    """The id of a row there is, mostly."""
    strange = st.sampled_from((0, 1, 2**31, 2**63, 10**25))
    return st.one_of(*[st.sampled_from(known)] * 5, strange) if known else strange
