"""The recipe of the images: Hadolint's rules and our own; and the compose file, as Docker Compose reads it."""

import json
import re
import subprocess
from typing import Any

import pytest

from tests.deploy.conftest import DEPLOY, tool

DOCKERFILE = DEPLOY / "docker/Dockerfile"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """What `docker compose config` makes of the file, every profile on."""
    command = [
        tool("docker-compose"),
        "-f",
        str(DEPLOY / "compose.yml"),
        "--profile",
        "*",
        "config",
        "--format",
        "json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    whole: dict[str, Any] = json.loads(done.stdout)
    return whole


def test_hadolint_finds_nothing() -> None:
    command = [tool("hadolint"), "--failure-threshold", "style", str(DOCKERFILE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")


def test_images_are_built_in_stages_from_the_locks_and_run_as_nobody() -> None:
    recipe = DOCKERFILE.read_text(encoding="utf-8")
    stages = re.findall(r"^FROM (\S+) AS (\w+)", recipe, re.MULTILINE)
    assert [name for _, name in stages] == ["tactful", "rasa", "base", "door", "engine"]
    assert all("--frozen" in line for line in recipe.splitlines() if "uv sync" in line)
    last = recipe[recipe.index("AS base") :]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "USER root" not in last
    # Keys and logs of whoever builds do not travel into an image.
    kept = (DEPLOY / "docker/Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert kept[0] == "*"
    assert not {"!var", "!.env", "!models", "!deploy"} & set(kept)


def test_nothing_runs_as_root_or_writes_outside_its_places(services: dict[str, Any]) -> None:
    for name, service in services["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        if name != "nginx":  # it gives its rights up itself
            assert service["user"] not in ("", "0", "root"), name


def test_engines_have_no_way_out_and_no_secret_of_the_doors(services: dict[str, Any]) -> None:
    for name in ("engine-1", "engine-2"):
        engine = services["services"][name]
        assert all(services["networks"][network]["internal"] for network in engine["networks"])
        assert "front" not in engine["networks"]
        assert {secret["source"] for secret in engine["secrets"]} == {"tracker_url", "engine_secret", "actions_secret"}
        assert "ports" not in engine


def test_secrets_are_files_and_only_the_proxy_is_published(services: dict[str, Any]) -> None:
    for name, service in services["services"].items():
        for variable, value in (service.get("environment") or {}).items():
            assert not re.search("SECRET|KEY|PASSWORD|_URL$", variable) or variable.endswith("_FILE") or variable in (
                "TACTFUL_ACTIONS_URLS", "TACTFUL_PUBLIC_URL",
            ), (name, variable)  # fmt: skip
            assert not variable.endswith("_FILE") or value.startswith("/run/secrets/")
            if variable.endswith("_FILE"):
                assert value.rpartition("/")[2] in {secret["source"] for secret in service["secrets"]}, (name, variable)
    published = [name for name, service in services["services"].items() if service.get("ports")]
    assert published == ["nginx"]


def test_any_engine_asks_any_door(services: dict[str, Any]) -> None:
    doors = {name for name in services["services"] if name.startswith("door-")}
    engines = {name for name in services["services"] if name.startswith("engine-")}
    for name in doors:
        urls = services["services"][name]["environment"]["TACTFUL_ENGINE_URLS"].split(",")
        assert {url.split("//")[1].split(":")[0] for url in urls} == engines
    for name in engines:
        urls = services["services"][name]["environment"]["TACTFUL_ACTIONS_URLS"].split(",")
        assert {url.split("//")[1].split(":")[0] for url in urls} == doors
