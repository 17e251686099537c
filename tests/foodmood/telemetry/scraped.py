"""What a scrape of /metrics says."""

from functools import cached_property

from django.test import Client
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]
TOKEN = "a-token-for-tests"


class Scrape:
    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def families(self) -> dict[str, Metric]:
        return {family.name: family for family in text_string_to_metric_families(self.text)}

    @cached_property
    def samples(self) -> Samples:
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in self.families.values()
            for sample in family.samples
        }

    def value(self, name: str, **labels: str) -> float:
        """Of one series; 0 for one that nothing was counted under yet."""
        return self.samples.get((name, frozenset(labels.items())), 0.0)

    def total(self, name: str) -> float:
        """Of all series of this name."""
        return sum(value for (each, _labels), value in self.samples.items() if each == name)

    @property
    def names(self) -> set[str]:
        return {name for name, _labels in self.samples}


def scrape(client: Client) -> Scrape:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return Scrape(answer.content.decode())
