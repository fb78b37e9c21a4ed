"""The files for Prometheus and Grafana name only what is exported, and the alerts fire when they should."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from services.metrics import METRICS
from tests.web.conftest import web
from web.exposition import PREFIX

__all__ = ["web"]
HERE = Path(__file__).parent
DEPLOY = HERE.parents[1] / "deploy"
_SUFFIXES = ("", "_bucket", "_sum", "_count")


def promtool(*arguments: object) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed (Debian's package prometheus has it); CI installs it")
    done = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_alert_rules_are_valid() -> None:
    promtool("check", "rules", DEPLOY / "alerts.yml")


def test_each_alert_fires_when_it_should_and_not_otherwise() -> None:
    promtool("test", "rules", HERE / "alerts_test.yml")


def test_every_alert_is_tried() -> None:
    alerts = re.findall(r"alert: (\w+)", (DEPLOY / "alerts.yml").read_text())
    tried = (HERE / "alerts_test.yml").read_text()
    assert [alert for alert in alerts if alert not in tried] == []


def panels() -> Iterator[dict[str, Any]]:
    dashboard = json.loads((DEPLOY / "grafana-dashboard.json").read_text())
    return (panel for panel in dashboard["panels"] if panel["type"] != "row")


def queries() -> list[str]:
    return [target["expr"] for panel in panels() for target in panel["targets"]]


def test_the_panels_of_the_dashboard_do_not_lie_on_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_every_query_of_the_dashboard_is_valid(tmp_path: Path) -> None:
    plain = [query.replace("$__rate_interval", "5m").replace("$__range", "6h") for query in queries()]
    rules = [{"record": f"query{number}", "expr": query} for number, query in enumerate(plain)]
    file = tmp_path / "rules.yml"
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
    promtool("check", "rules", file)


async def test_every_metric_that_is_named_is_exported(web: httpx.AsyncClient) -> None:
    page = (await web.get("/metrics/assistant")).text
    families = {family.name: family.type for family in text_string_to_metric_families(page)}
    exported = {name + suffix for name in families for suffix in (*_SUFFIXES, "_total")}
    for text in ((DEPLOY / "alerts.yml").read_text(), *queries()):
        named = set(re.findall(rf"\b{PREFIX}\w+", text))
        assert named <= exported, named - exported
    labels = {PREFIX + name: set(metric.labels) for name, metric in METRICS.items()}
    for query in queries():
        for name, chosen in re.findall(rf"\b({PREFIX}\w+)\{{([^}}]*)\}}", query):
            known = labels.get(re.sub("_(bucket|sum|count)$", "", name), {"dependency"})
            assert set(re.findall(r"(\w+)[!=]", chosen)) <= known, query


def test_the_dashboard_shows_every_metric_there_is() -> None:
    shown = " ".join(queries())
    assert [name for name in METRICS if PREFIX + name not in shown and name != "uncounted_total"] == []
