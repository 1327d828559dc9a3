"""Files that a browser saves: their names in a header."""

import unicodedata
from urllib.parse import quote


def attachment(name: str) -> str:
    """A Content-Disposition (RFC 6266) for a name of letters, digits, dots and hyphens, in any script."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    told = f'attachment; filename="{plain}"'
    return told if plain == name else f"{told}; filename*=UTF-8''{quote(name)}"
