"""The letters that people type behind a word, by language. Pure data."""

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわ"
_OWN = {
    "de": _LATIN + "äöü",
    "es": _LATIN + "ñ",
    "fr": _LATIN + "é",
    "pl": _LATIN + "łśżó",
    "sv": _LATIN + "åäö",
    "tr": "abcçdefgğhıijklmnoöprsştuüvyz",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "ja": _KANA,
}
MOST = max(map(len, (_LATIN, *_OWN.values())))
"""Of any language."""


def letters_of(language: str) -> str:
    """The letters of a language (BCP 47), in its order; those of Latin script where it has no list of its own."""
    return _OWN.get(language.partition("-")[0].lower(), _LATIN)
