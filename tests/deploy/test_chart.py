"""The Helm chart: linted and rendered by Helm's own library, each object held against Kubernetes' own schemas."""

from typing import Any

import pytest
import yaml

from tactful.config import Settings
from tests.deploy.conftest import DEPLOY

helm = pytest.importorskip("helm_python", reason="Helm is not installed; scripts/install deploy brings it, as in CI")
kubernetes_validate = pytest.importorskip("kubernetes_validate", reason="scripts/install deploy brings it, as in CI")

CHART = str(DEPLOY / "helm/tactful")
EVERYTHING = {"relay": {"enabled": True}, "ingress": {"enabled": True, "tlsSecret": "tls"}}
VERSIONS = ("1.31", "1.34")


def rendered(values: dict[str, Any]) -> list[dict[str, Any]]:
    with helm.Chart.load(CHART) as chart:
        files = chart.render(values, name="chat", namespace="prod")
    return [found for text in files.values() for found in yaml.safe_load_all(text) if found]


@pytest.fixture(scope="module", params=[{}, EVERYTHING], ids=["as it is", "everything on"])
def objects(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return rendered(request.param)


def pods(objects: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    made = {}
    for found in objects:
        if found["kind"] in ("StatefulSet", "Deployment", "Job"):
            made[found["metadata"]["name"]] = found["spec"]["template"]
    return made


def test_helm_finds_nothing_wrong() -> None:
    found = helm.lint(CHART)
    assert (found["messages"], found["errors"]) == ([], [])


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_would_take_every_object(objects: list[dict[str, Any]], version: str) -> None:
    assert len(objects) >= 12
    for found in objects:
        kubernetes_validate.validate(found, version, strict=True)


@pytest.mark.parametrize("values", [{"door": {"replicas": 0}}, {"publicUrl": "chat"}, {"tpyo": 1}])
def test_values_that_make_no_sense_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(helm.HelmError), helm.Chart.load(CHART) as chart:
        chart.validate_schema(values)


def test_nothing_runs_as_root_or_writes_outside_its_places(objects: list[dict[str, Any]]) -> None:
    for name, pod in pods(objects).items():
        spec = pod["spec"]
        assert spec["securityContext"]["runAsNonRoot"], name
        assert spec["automountServiceAccountToken"] is False, name
        for container in spec["containers"]:
            closed = container["securityContext"]
            assert closed["readOnlyRootFilesystem"], name
            assert closed["allowPrivilegeEscalation"] is False, name
            assert closed["capabilities"]["drop"] == ["ALL"], name
            assert container["resources"]["limits"]["memory"], name
            assert not [v for v in container["env"] if v["name"].endswith("_SECRET")], name


def test_an_engine_has_no_way_out(objects: list[dict[str, Any]]) -> None:
    policies = {found["metadata"]["name"]: found["spec"] for found in objects if found["kind"] == "NetworkPolicy"}
    for name, pod in pods(objects).items():
        labels = pod["metadata"]["labels"]
        chosen = [p for p in policies.values() if selects(p["podSelector"], labels)]
        assert len(chosen) == 1, name
        assert chosen[0]["policyTypes"] == ["Ingress", "Egress"]
    engine = policies["chat-engine"]
    assert {port["port"] for rule in engine["egress"] for port in rule["ports"]} == {8382, 5432, 53}
    assert all(rule["to"] for rule in engine["egress"])
    askers = [rule["from"][0]["podSelector"]["matchLabels"] for rule in engine["ingress"]]
    assert [asker["app.kubernetes.io/component"] for asker in askers] == ["door"]


def selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    wanted = selector.get("matchLabels", {}).items() <= labels.items()
    return wanted and all(labels.get(e["key"]) in e["values"] for e in selector.get("matchExpressions", ()))


def test_an_engine_gets_no_secret_of_the_doors(objects: list[dict[str, Any]]) -> None:
    volume = pods(objects)["chat-engine"]["spec"]["volumes"][0]
    assert {item["key"] for item in volume["secret"]["items"]} == {"tracker_url", "engine_secret", "actions_secret"}


def test_every_door_knows_every_engine_and_every_engine_every_door() -> None:
    made = pods(rendered({"door": {"replicas": 3}, "engine": {"replicas": 4}}))
    door = {v["name"]: v["value"] for v in made["chat-door"]["spec"]["containers"][0]["env"]}
    engine = {v["name"]: v["value"] for v in made["chat-engine"]["spec"]["containers"][0]["env"]}
    assert door["TACTFUL_ENGINE_URLS"].split(",") == [f"http://chat-engine-{i}.chat-engine:8381" for i in range(4)]
    assert engine["TACTFUL_ACTIONS_URLS"].split(",") == [f"http://chat-door-{i}.chat-doors:8382" for i in range(3)]


def test_every_setting_that_the_chart_makes_exists() -> None:
    from_chart = {v["name"] for pod in pods(rendered(EVERYTHING)).values() for v in pod["spec"]["containers"][0]["env"]}
    known = {name.upper() for name in Settings.model_fields}
    assert {name.removesuffix("_FILE").removeprefix("TACTFUL_") for name in from_chart} <= known
