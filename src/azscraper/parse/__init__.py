"""Amazon pages to right rows: bytes in, a typed record out, no clock, no network."""
