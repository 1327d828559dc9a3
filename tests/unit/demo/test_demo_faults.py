import pytest

from azscraper.demo.faults import (
    TRIGGERS,
    Asked,
    Fault,
    Faults,
    RobotsAnswer,
    asked_by_asin,
    asked_by_keyword,
    chosen,
    read_faults,
)
from azscraper.demo.traffic import Traffic
from azscraper.errors import InvalidInputError


def test_every_fault_has_one_trigger():
    assert sorted(trigger.fault for trigger in TRIGGERS) == sorted(Fault)
    assert len({trigger.code for trigger in TRIGGERS}) == len(TRIGGERS)


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda trigger: trigger.code)
def test_an_asin_asks_for_its_fault(trigger):
    assert asked_by_asin(f"B0FAULT{trigger.code}") == Asked(trigger.fault, None)
    assert asked_by_asin(f"B0FAIL2{trigger.code}") == Asked(trigger.fault, 2)


@pytest.mark.parametrize("asin", ["B0DEMO0001", "B0FAULTXXX", "B0FAULTROB", "B0FAULT50", "xB0FAULT503"])
def test_other_asins_ask_for_nothing(asin):
    assert asked_by_asin(asin) is None


@pytest.mark.parametrize(
    ("keyword", "asked"),
    [
        ("fault:503", Asked(Fault.UNAVAILABLE, None)),
        ("FAULT:cap kettle", Asked(Fault.ROBOT_CHECK, None, "kettle")),
        ("fail2:503 green tea", Asked(Fault.UNAVAILABLE, 2, "green tea")),
        ("fault:xyz", None),
        ("default:503", None),
        ("kettle", None),
    ],
)
def test_a_keyword_asks_for_its_fault(keyword, asked):
    assert asked_by_keyword(keyword) == asked


def test_some_faults_end_after_a_few_requests():
    asked = Asked(Fault.UNAVAILABLE, 2)

    assert [asked.at(n) for n in (1, 2, 3)] == [Fault.UNAVAILABLE, Fault.UNAVAILABLE, None]


def test_rates_are_kept():
    faults = Faults({Fault.ROBOT_CHECK: 0.2, Fault.CUT_OFF: 0.1}, seed=7)
    drawn = [chosen(faults, f"/dp/{n}", 1) for n in range(5000)]

    assert 900 < drawn.count(Fault.ROBOT_CHECK) < 1100
    assert 400 < drawn.count(Fault.CUT_OFF) < 600
    assert set(drawn) == {Fault.ROBOT_CHECK, Fault.CUT_OFF, None}


def test_faults_depend_on_seed_page_and_how_often_it_was_asked():
    def draw(seed):
        faults = Faults({Fault.EMPTY: 0.5}, seed=seed)
        return [chosen(faults, f"/dp/{n}", ask) for n in range(20) for ask in (1, 2, 3)]

    assert draw(1) == draw(1)
    assert draw(1) != draw(2)
    assert draw(1)[::3] != draw(1)[1::3]


def test_rates_can_hold_for_the_first_requests_only():
    faults = Faults({Fault.EMPTY: 1.0}, times=1)

    assert [chosen(faults, "/dp/x", ask) for ask in (1, 2)] == [Fault.EMPTY, None]


@pytest.mark.parametrize("rates", [{Fault.EMPTY: 1.1}, {Fault.SLOW: -0.1}, {Fault.EMPTY: 0.6, Fault.SLOW: 0.6}])
def test_impossible_rates_are_refused(rates):
    with pytest.raises(InvalidInputError):
        Faults(rates)


def test_faults_are_read_from_json():
    text = '{"robot_check": 0.1, "robots": "missing", "delay_seconds": 0.5}'

    assert read_faults(text, 9) == Faults(
        {Fault.ROBOT_CHECK: 0.1}, robots=RobotsAnswer.MISSING, delay_seconds=0.5, seed=9
    )
    assert read_faults('{"seed": 3}', 9).seed == 3


@pytest.mark.parametrize("text", ["", "[]", "1", '{"robot": 1}', '{"robots": "maybe"}', '{"slow": "often"}'])
def test_other_json_is_refused(text):
    with pytest.raises(InvalidInputError):
        read_faults(text, 1)


def test_traffic_is_counted_and_forgotten():
    traffic = Traffic()
    assert [traffic.note("product", "www.amazon.de", "a"), traffic.note("product", "www.amazon.de", "a")] == [1, 2]
    traffic.note("robots", "www.amazon.de", "r")
    traffic.note_fault("empty")

    stats = traffic.stats()
    assert stats["counts"] == {"product": 2, "robots": 1}
    assert stats["asked"] == {"a": 2, "r": 1}
    assert stats["faults"] == {"empty": 1}
    assert len(stats["hosts"]["www.amazon.de"]["pages"]) == 2
    assert sum(stats["hosts"]["www.amazon.de"]["pagesPerSecond"].values()) == 2

    traffic.clear()
    assert traffic.stats() == {"counts": {}, "faults": {}, "asked": {}, "hosts": {}}
    assert traffic.note("product", "www.amazon.de", "a") == 1


def test_traffic_without_pages_has_no_seconds():
    traffic = Traffic()
    traffic.note("robots", "www.amazon.de", "r")

    assert traffic.stats()["hosts"]["www.amazon.de"]["pagesPerSecond"] == {}
