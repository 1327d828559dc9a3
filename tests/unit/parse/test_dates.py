import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.parse.dates import iso_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16 października 2022", "2022-10-16"),
        ("June 26, 2023", "2023-06-26"),
        ("26 June 2023", "2023-06-26"),
        ("Reviewed in India on 26 June 2023", "2023-06-26"),
        ("26. Juni 2023", "2023-06-26"),
        ("7. März 2021", "2021-03-07"),
        ("3 février 2020", "2020-02-03"),
        ("1er août 2020", "2020-08-01"),
        ("26 giugno 2023", "2023-06-26"),
        ("26 de junio de 2023", "2023-06-26"),
        ("26 de dezembro de 2023", "2023-12-26"),
        ("5 maart 2022", "2022-03-05"),
        ("26 oktober 2022", "2022-10-26"),
        ("3 września 2021", "2021-09-03"),
        ("12 Ağustos 2022", "2022-08-12"),
        ("٢٦ يونيو ٢٠٢٣", "2023-06-26"),
        ("2023年6月26日", "2023-06-26"),
        ("2023/6/26", "2023-06-26"),
        ("Sept. 3, 2014", "2014-09-03"),
        ("26.06.2023", "2023-06-26"),
        ("26/06/2023", "2023-06-26"),
        ("06/05/2023", None),
        ("31 June 2023", None),
        ("yesterday", None),
        ("12 parrots 2020", None),
    ],
)
def test_dates_of_every_language(text: str, expected: str | None) -> None:
    assert iso_date(text) == expected


@given(st.text())
def test_any_text_is_a_date_or_none(text: str) -> None:
    assert iso_date(text) is None or len(str(iso_date(text))) == 10
