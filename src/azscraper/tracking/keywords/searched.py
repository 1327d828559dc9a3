"""What a keyword's page is of: words that were searched, or a list of best sellers by its address. Pure."""

from dataclasses import dataclass

from azscraper.kinds.bestsellers.address import of_address


@dataclass(frozen=True, slots=True)
class Searched:
    """How people call it, and how a job asks for it."""

    kind: str
    """Type of such jobs."""
    target: str
    name: str
    chart: str | None = None
    """Which of the lists it is, None for words."""

    @property
    def targets(self) -> list[str]:
        """Spellings that jobs had for it: where an option says which list, the target does not."""
        return [self.target, self.target.removeprefix(f"{self.chart}/")] if self.chart else []


def searched(keyword: str) -> Searched:
    """Rankings are kept by their keyword, those of lists by the address."""
    chart = of_address(keyword) if keyword.startswith("https://") else None
    if chart is None:
        return Searched("search", keyword, keyword)
    name = f"{chart.department} {chart.node}" if chart.node else chart.department
    return Searched("bestsellers", chart.key, name.replace("-", " ").capitalize(), chart.list)
