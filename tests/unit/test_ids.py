from hypothesis import given
from hypothesis import strategies as st

from azscraper.ids import id_of, is_id, new_id

_TIME = st.integers(0, 2**48 - 1)
_RANDOM = st.binary(min_size=6, max_size=6)


@given(_TIME, _TIME, _RANDOM, _RANDOM)
def test_ids_sort_by_time(first, second, a, b):
    if first < second:
        assert id_of(first, a) < id_of(second, b)


@given(_TIME, _RANDOM)
def test_an_id_has_the_form_of_an_id(time, randomness):
    assert is_id(id_of(time, randomness))


def test_other_texts_have_not():
    assert is_id(new_id())
    for text in ("", "67d1", "g" * 24, "A" * 24, "0" * 25, "0" * 23 + "\n", "٠" * 24):
        assert not is_id(text)
