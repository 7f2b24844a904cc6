"""A person opens the interface, presses "Materialize all" for the sample collection, and sees it succeed with every check green."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from pipeline.definitions import OF_A_COLLECTION, OF_ALL
from tests.conftest import REPOSITORY, environment
from tests.integration.tables import lake_table

pytestmark = pytest.mark.browser
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
SECONDS = 120
Found = TypeVar("Found")

RUNS = "{ runsOrError { ... on Runs { results { id status tags { key value } } } } }"
CHECKS = """{ assetNodes { assetKey { path } assetChecksOrError { ... on AssetChecks { checks {
    name blocking executionForLatestMaterialization { status } } } } } }"""


def eventually(look: Callable[[], Found | None], what: str) -> Found:
    """What `look` finds, as soon as it finds something."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.3)
    raise AssertionError(f"after {SECONDS} s there is still no {what}")


class Interface:
    """A running `dagster dev`: its address, and what its own API says."""

    def __init__(self, address: str) -> None:
        self.address = address

    def ask(self, query: str) -> Any:
        """The answer of the GraphQL API; None while nobody answers."""
        request = urllib.request.Request(
            f"{self.address}/graphql", json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return json.load(response)["data"]
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return None

    def is_idle(self) -> bool:
        """Whether there were runs and none is under way."""
        statuses = [run["status"] for run in self.ask(RUNS)["runsOrError"]["results"]]
        return bool(statuses) and set(statuses) <= {"SUCCESS", "FAILURE"}

    def runs_by_hand(self) -> list[Any]:
        """The runs that no sensor asked for."""
        runs = self.ask(RUNS)["runsOrError"]["results"]
        return [run for run in runs if not any(tag["key"] == "dagster/sensor_name" for tag in run["tags"])]


@pytest.fixture
def interface(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interface]:
    """`dagster dev` as `make dev` starts it, on a project with the sample collection."""
    home = tmp_path_factory.mktemp("dagster")
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\nnux:\n  enabled: false\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dagster", "dev", "--port", str(port)]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env={**environment(project), "DAGSTER_HOME": str(home)}, stdout=log, stderr=log, start_new_session=True
        )
        started = Interface(f"http://127.0.0.1:{port}")
        try:
            eventually(lambda: started.ask("{ version }"), f"answer; see {home / 'log'}")
            yield started
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    if not CHROMIUM or not DRIVER:
        pytest.skip("no chromium and chromedriver here; on Debian and Ubuntu: apt install chromium chromium-driver")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1600,1200"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


def press(browser: Any, words: str) -> None:
    """Press the button that begins with these words, once it is there and can be pressed."""
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.common.by import By

    def pressed() -> bool:
        try:
            for button in browser.find_elements(By.TAG_NAME, "button"):
                if button.text.strip().startswith(words) and button.is_enabled():
                    button.click()
                    return True
        except WebDriverException:
            return False  # the page was drawn anew; look again
        return False

    eventually(pressed, f"button {words!r}")


def test_materialize_all_on_the_sample_collection_succeeds_with_every_check_green(
    interface: Interface, browser: Any, project: Path
) -> None:
    partitions = "{ assetNodes { partitionKeys } }"
    eventually(lambda: ["seeds"] in [node["partitionKeys"] for node in interface.ask(partitions)["assetNodes"]], "partition seeds")
    # The sensor's own run comes first, so that the checks looked at below are those of the run by hand.
    eventually(interface.is_idle, "end of the sensor's run")
    browser.get(f"{interface.address}/asset-groups")
    press(browser, "Materialize all")
    press(browser, "All")
    press(browser, "Launch 1 run")
    (run,) = eventually(interface.runs_by_hand, "run")
    browser.get(f"{interface.address}/runs/{run['id']}")
    eventually(lambda: "Success" in browser.page_source or "Failure" in browser.page_source, "end of the run in the browser")
    assert [run["status"] for run in interface.runs_by_hand()] == ["SUCCESS"]

    nodes = {node["assetKey"]["path"][0]: node for node in interface.ask(CHECKS)["assetNodes"]}
    tables = {key.path[0] for asset in (*OF_A_COLLECTION, *OF_ALL) for key in asset.keys}
    assert set(nodes) == tables | {"release"}
    for node in (nodes[name] for name in sorted(tables)):
        checks = node["assetChecksOrError"]["checks"]
        assert checks, node
        assert [check["executionForLatestMaterialization"]["status"] for check in checks] == ["SUCCEEDED"] * len(checks)
        assert any(check["blocking"] for check in checks)
    assert lake_table(project, "panel").height > 0
