"""The files of docs/deploy, docker-compose.yml and the Dockerfile, as those who read them do."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from orouter.settings import load
from tests.scripts import script

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "docs/deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def program(name: str) -> str:
    """A program of the machine, or the test is skipped."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(*argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603 - the test's own


def certificate(folder: Path) -> None:
    """What the configurations name, in one file and in two."""
    key, pem = folder / "llm.key", folder / "llm.pem"
    subject = ("-subj", "/CN=llm.example.com", "-days", "1", "-nodes")
    made = run(
        program("openssl"), "req", "-x509", "-newkey", "rsa:2048", *subject,
        "-keyout", str(key), "-out", str(pem),
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    (folder / "llm-with-key.pem").write_text(pem.read_text() + key.read_text())


def placed(name: str, folder: Path) -> str:
    """A configuration with its certificates in a folder; the path of the copy."""
    certificate(folder)
    text = (DEPLOY / name).read_text().replace("/etc/ssl/", f"{folder}/")
    copy = folder / name
    copy.write_text(text)
    return str(copy)


def test_nginx_is_content(tmp_path: Path) -> None:
    done = run(program("nginx"), "-t", "-p", str(tmp_path), "-c", placed("nginx.conf", tmp_path))
    assert "test is successful" in done.stderr, done.stderr
    assert "proxy_buffering off" in (DEPLOY / "nginx.conf").read_text()


def test_haproxy_is_content(tmp_path: Path) -> None:
    done = run(program("haproxy"), "-c", "-f", placed("haproxy.cfg", tmp_path))
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_is_content(unit: Path, tmp_path: Path) -> None:
    for each in UNITS:
        text = each.read_text().replace("/srv/orouter/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / each.name).write_text(text)
    done = run(program("systemd-analyze"), "verify", str(tmp_path / unit.name))
    assert [line for line in done.stderr.splitlines() if unit.stem in line] == []


def test_the_units_wait_as_long_as_a_server_needs() -> None:
    known = load(environ={}, flags={})
    needed = known.server.drain_s + known.server.shutdown_grace_s
    unit = (DEPLOY / "systemd/orouter.service").read_text()
    [told] = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    seconds = {
        int(told),
        int(compose["services"]["orouter"]["stop_grace_period"].rstrip("s")),
        kubernetes()["StatefulSet"]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"],
    }
    assert min(seconds) > needed


def kubernetes() -> dict[str, Any]:
    """The objects by kind."""
    objects = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text())
    return {each["kind"]: each for each in objects}


def test_every_object_of_kubernetes_has_a_version_and_a_name() -> None:
    versions = {
        "ConfigMap": "v1",
        "Job": "batch/v1",
        "StatefulSet": "apps/v1",
        "Service": "v1",
        "PodDisruptionBudget": "policy/v1",
        "Ingress": "networking.k8s.io/v1",
    }
    assert {kind: each["apiVersion"] for kind, each in kubernetes().items()} == versions
    assert all(re.fullmatch(r"[a-z-]+", each["metadata"]["name"]) for each in kubernetes().values())


@pytest.mark.parametrize("kind", ["Job", "StatefulSet"])
def test_a_pod_mounts_what_there_is_and_may_do_little(kind: str) -> None:
    found = kubernetes()[kind]["spec"]
    pod = found["template"]["spec"]
    claims = [each["metadata"]["name"] for each in found.get("volumeClaimTemplates", ())]
    volumes = {each["name"] for each in pod["volumes"]} | {*claims}
    [container] = pod["containers"]
    assert {each["name"] for each in container["volumeMounts"]} == volumes
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_labels_ports_and_probes_of_kubernetes_agree() -> None:
    found = kubernetes()
    labels = found["StatefulSet"]["spec"]["template"]["metadata"]["labels"]
    assert found["StatefulSet"]["spec"]["selector"]["matchLabels"] == labels
    assert found["Service"]["spec"]["selector"] == labels
    [container] = found["StatefulSet"]["spec"]["template"]["spec"]["containers"]
    [port] = container["ports"]
    assert found["Service"]["spec"]["ports"][0]["targetPort"] == port["name"]
    probes = {name: each["httpGet"] for name, each in container.items() if name.endswith("Probe")}
    assert {each["port"] for each in probes.values()} == {port["name"]}
    assert probes["readinessProbe"]["path"] == "/health/ready"


def test_the_configuration_of_kubernetes_is_one(tmp_path: Path) -> None:
    file = tmp_path / "orouter.yaml"
    file.write_text(kubernetes()["ConfigMap"]["data"]["orouter.yaml"])
    known = load(str(file), environ={"OROUTER_SECRET_KEY": "0123456789abcdef"})
    assert known.server.host == "0.0.0.0"  # noqa: S104 - in a container
    assert known.server.port == 8000


def test_the_services_of_compose_hang_together() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    services = yaml.safe_load(text)["services"]
    for each in services.values():
        for name, wanted in each.get("depends_on", {}).items():
            healthy = wanted["condition"] == "service_healthy"
            assert not healthy or "healthcheck" in services[name]
    volumes = {v.split(":")[0] for each in services.values() for v in each.get("volumes", ())}
    assert volumes == set(yaml.safe_load(text)["volumes"])
    assert services["orouter"]["read_only"]
    if shutil.which("docker") and run("docker", "compose", "version").returncode == 0:
        path = str(ROOT / "docker-compose.yml")
        checked = run("env", "OROUTER_SECRET_KEY=x", "MYSQL_PASSWORD=x",
                      "docker", "compose", "-f", path, "config", "--quiet")  # fmt: skip
        assert checked.returncode == 0, checked.stderr


def test_the_image_is_built_in_stages_and_runs_as_nobody_in_particular() -> None:
    stages = script("try_image").parsed((ROOT / "Dockerfile").read_text())
    assert [stage.name for stage in stages] == ["ui", "build", "2"]
    last = dict(stages[-1].steps)
    assert last["USER"].isdigit()
    assert last["USER"] != "0"
    assert {"HEALTHCHECK", "ENTRYPOINT", "VOLUME"} <= last.keys()
    assert all("--from=" in rest for word, rest in stages[-1].steps if word == "COPY")


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("orouter/app.py", True),
        ("admin-frontend/src/main.ts", True),
        ("admin-frontend/node_modules/vue/index.js", False),
        ("orouter/__pycache__/app.pyc", False),
        ("orouter/admin_static/index.html", False),
        ("data/secret.key", False),
        (".git/config", False),
        ("tests/test_app.py", False),
    ],
)
def test_only_what_is_needed_is_sent_to_the_builder(path: str, sent: bool) -> None:
    rules = (ROOT / ".dockerignore").read_text().split()
    assert script("try_image").in_context(path, rules) is sent


def test_a_dockerfile_is_read_with_its_continued_lines_and_without_its_comments() -> None:
    text = "# a\nFROM x AS one\nRUN a \\\n    && b\n# c\nFROM y\nCOPY --from=one /a /b\n"
    one, last = script("try_image").parsed(text)
    assert (one.name, one.steps) == ("one", [("RUN", "a && b")])
    assert (last.name, last.steps) == ("1", [("COPY", "--from=one /a /b")])
