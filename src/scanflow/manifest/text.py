"""Text as offices type it: folding for comparison, cleaning for keeping, and the encodings before Unicode."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Direction controls: they make a cell look different from what it holds."""

_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """Lower case without diacritics, spaces and punctuation: "Số, ký hiệu" becomes "sokyhieu".

    For headings and hints only. A độ mật is never compared folded: MẬT, MẶT and MẤT are one word without
    their marks.
    """
    bare = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in bare.casefold() if c.isalnum() and not unicodedata.combining(c))


def clean(text: str) -> str | None:
    """Text in NFC on one line with single spaces, invisible joiners removed; None when it is damaged.

    Damage: control characters, direction controls, U+FFFD, private use, surrogates, unassigned.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept: list[str] = []
    for char in text:
        if char in _BIDI or char == "\ufffd":
            return None
        category = unicodedata.category(char)
        if category == "Cf":
            continue
        if category in {"Cc", "Co", "Cs", "Cn"} and char not in "\t\n\r":
            return None
        kept.append(char)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", "".join(kept))).strip()


# TCVN 5712:1993 (VN3, the ".Vn" fonts) as Windows shows its bytes, that is read as windows-1252.
_TCVN3_FROM = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉËÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô­õøö÷ùúýûüþ®¡¢§£¤¥¦"
_TCVN3_TO = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđĂÂĐÊÔƠƯ"
_TCVN3 = str.maketrans(_TCVN3_FROM, _TCVN3_TO)

# VNI-Windows: base letter followed by a mark letter, as windows-1252.
_VNI_MARKS = {
    "a": {"ø": "à", "ù": "á", "û": "ả", "õ": "ã", "ï": "ạ", "ê": "ă", "è": "ằ", "é": "ắ", "ú": "ẳ", "ü": "ẵ",
          "ë": "ặ", "â": "â", "à": "ầ", "á": "ấ", "å": "ẩ", "ã": "ẫ", "ä": "ậ"},
    "e": {"ø": "è", "ù": "é", "û": "ẻ", "õ": "ẽ", "ï": "ẹ", "â": "ê", "à": "ề", "á": "ế", "å": "ể", "ã": "ễ",
          "ä": "ệ"},
    "o": {"ø": "ò", "ù": "ó", "û": "ỏ", "õ": "õ", "ï": "ọ", "â": "ô", "à": "ồ", "á": "ố", "å": "ổ", "ã": "ỗ",
          "ä": "ộ"},
    "ô": {"ø": "ờ", "ù": "ớ", "û": "ở", "õ": "ỡ", "ï": "ợ"},
    "u": {"ø": "ù", "ù": "ú", "û": "ủ", "õ": "ũ", "ï": "ụ"},
    "ö": {"ø": "ừ", "ù": "ứ", "û": "ử", "õ": "ữ", "ï": "ự"},
    "y": {"ø": "ỳ", "ù": "ý", "û": "ỷ", "õ": "ỹ"},
}  # fmt: skip
_VNI_SINGLE = {"ñ": "đ", "ö": "ư", "ô": "ơ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}

_CLOSED = "a ă â e ê i o ô ơ u ư y oa oă oe oo uâ uê uô uơ uy iê yê ươ uyê"
_OPEN = (
    "ai ao au ay âu ây eo êu ia iu oi ôi ơi ua ue ui ưa ưi ưu iêu yêu oai oay oao oeo uây uôi uya uyu ươi "
    "ươu uai uao uay ueo uau"
)
_CLOSING = frozenset(_CLOSED.split())
"""Vowels that a consonant may follow, without tone; those behind "qu" are read with their u."""

_ENDING = frozenset(_OPEN.split())
"""Vowels that end the syllable."""

_SYLLABLE = re.compile(
    r"(?P<onset>ngh|ng|nh|ch|gh|gi(?=[aăâeêoôơuư])|kh|ph|th|tr|q(?=u)|[bcdđghklmnprstvx])?"
    r"(?P<nucleus>[aăâeêioôơuưy]{1,3})(?P<coda>ch|ng|nh|[cmnpt])?"
)
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def from_tcvn3(text: str) -> str:
    """The Unicode reading of TCVN3 text that was shown as windows-1252."""
    return text.translate(_TCVN3)


def from_vni(text: str) -> str:
    """The Unicode reading of VNI-Windows text that was shown as windows-1252, in lower case."""
    lower = text.lower()
    out: list[str] = []
    at = 0
    while at < len(lower):
        pair = _VNI_MARKS.get(lower[at], {}).get(lower[at + 1 : at + 2])
        if pair is not None:
            out.append(pair)
            at += 2
        else:
            out.append(_VNI_SINGLE.get(lower[at], lower[at]))
            at += 1
    return "".join(out)


def legacy_encoding(text: str) -> str | None:
    """Name the old encoding (TCVN3, VNI) or the wrong reading that ``text`` shows; None when it is Unicode.

    A word speaks for an encoding when it is no Vietnamese syllable as it stands, and becomes one with a tone
    or a letter of the Vietnamese alphabet when that encoding is undone. ASCII words say nothing.
    """
    if text.isascii():
        return None
    votes = {"TCVN3": 0, "VNI": 0}
    sound = 0
    for word in re.findall(r"[^\s\d.,;:/()\-–“”\"'?!&+=_]+", text):
        if word.isascii() or len(word) < 2 or not any(char.isalpha() for char in word):
            continue
        if _is_vietnamese(unicodedata.normalize("NFC", word)):
            sound += 1
            continue
        if _mojibake(word):
            return "UTF-8 đọc nhầm"
        if _is_vietnamese(from_tcvn3(word)):
            votes["TCVN3"] += 1
        if _is_vietnamese(from_vni(word)):
            votes["VNI"] += 1
    name = max(votes, key=lambda key: votes[key])
    return name if votes[name] * 2 > sound else None


def _is_vietnamese(word: str) -> bool:
    """One syllable of Vietnamese letters only, with at least one that is not ASCII.

    A marked capital behind a small letter ("lÝ") is the mark of a legacy font; "TốM" is an abbreviation.
    """
    if word.isascii() or any(a.islower() and b.isupper() and not b.isascii() for a, b in pairwise(word)):
        return False
    apart = unicodedata.normalize("NFD", word.lower())
    tones = sum(char in _TONES for char in apart)
    toneless = unicodedata.normalize("NFC", "".join(char for char in apart if char not in _TONES))
    shape = _SYLLABLE.fullmatch(toneless)
    if shape is None or tones > 1:
        return False
    return shape["nucleus"] in _CLOSING or (shape["coda"] is None and shape["nucleus"] in _ENDING)


def _mojibake(word: str) -> bool:
    """UTF-8 bytes that were read as windows-1252 or windows-1258."""
    for codec in ("cp1252", "cp1258"):
        try:
            undone = word.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
        if undone != word and any(ord(c) > 0x7F for c in undone):
            return True
    return False
