"""What was read from short texts is kept, and no more than a bound of it."""

from azscraper.parse.remembered import remembered


def test_short_texts_are_read_once_and_long_ones_are_not_kept():
    read = []

    @remembered
    def length(text: str, factor: int = 1) -> int:
        read.append(text)
        return len(text) * factor

    short, long = "€ 12,99", "x" * 10_000
    assert [length(short), length(short), length(short, 2), length(long), length(long)] == [7, 7, 14, 10_000, 10_000]
    assert read == [short, short, long, long]
