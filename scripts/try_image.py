"""Builds the image of the Dockerfile and sees whether it serves: `make image`.

With a container engine it is built and run for real. Without one each instruction is carried out
in a root file system of its own: an overlay over this machine's, whose Python and Node stand for
those of the base images. What a stage wrote is kept apart, so that COPY --from finds only what was
made there, and the result runs as its USER with a read-only root. That needs root and Linux; where
they are missing it says that nothing was tried, and ends with 0.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

HERE = Path(__file__).parents[1]
PATIENCE_S = 90
INSIDE = "--inside-a-mount-namespace"
REGISTRIES = re.compile(r"(?i)^(pip|npm|ssl|node|requests|curl)_|proxy$")
"""Variables by which this machine reaches its package registries."""


@dataclass
class Stage:
    """``FROM base AS name`` and the instructions below it."""

    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)


def parsed(text: str) -> list[Stage]:
    """The stages of a Dockerfile, in order."""
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    stages: list[Stage] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            stages.append(Stage(rest.partition(" AS ")[2] or str(len(stages))))
        else:
            stages[-1].steps.append((word, " ".join(rest.split())))
    return stages


def in_context(path: str, rules: list[str]) -> bool:
    """Whether .dockerignore lets a path into the build: the last rule that fits it decides."""
    parts = Path(path).parts
    above = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    kept = True
    for rule in rules:
        pattern = rule.removeprefix("!")
        names = parts if pattern.startswith("**/") else above
        if any(fnmatch(each, pattern.removeprefix("**/")) for each in names):
            kept = rule.startswith("!")
    return kept


def make_context(folder: Path) -> None:
    """The files of the repository that a builder is sent."""
    rules = (HERE / ".dockerignore").read_text().split()
    for place, folders, files in os.walk(HERE):
        inside = Path(place).relative_to(HERE)
        folders[:] = [each for each in folders if in_context(str(inside / each), rules)]
        for name in files:
            if in_context(str(inside / name), rules):
                (folder / inside).mkdir(parents=True, exist_ok=True)
                shutil.copy2(Path(place) / name, folder / inside / name)


def run(*argv: str, env: dict[str, str] | None = None) -> None:
    """Runs a command; CalledProcessError if it fails."""
    subprocess.run(argv, check=True, env=env)  # noqa: S603 - commands of ours and of the Dockerfile


class Root:
    """The root file system of a stage: it sees all of the machine's, and writes to its own."""

    def __init__(self, folder: Path) -> None:
        self.upper, self.merged = folder / "upper", folder / "merged"
        for each in (self.upper, folder / "work", self.merged):
            each.mkdir(parents=True)
        layers = f"lowerdir=/,upperdir={self.upper},workdir={folder / 'work'}"
        run("mount", "-t", "overlay", "overlay", "-o", layers, str(self.merged))
        for each in ("proc", "dev"):
            run("mount", "--rbind", f"/{each}", f"{self.merged}/{each}")
        run("mount", "-t", "tmpfs", "tmpfs", f"{self.merged}/tmp")  # noqa: S108 - the stage's own
        self.env = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/root"}
        self.workdir = "/"
        self.told: dict[str, str] = {}
        python = self.merged / "usr/local/bin/python"
        python.unlink(missing_ok=True)
        python.symlink_to(python_for_everybody())

    def at(self, path: str) -> Path:
        """Where a path of the stage is seen from outside."""
        return self.merged / (Path(self.workdir) / path).relative_to("/")

    def chroot(self, *argv: str) -> list[str]:
        """A command in the stage's directory, as its user."""
        user = self.told.get("USER", "0")
        script = f"cd {shlex.quote(self.workdir)} && exec {shlex.join(argv)}"
        return ["chroot", f"--userspec={user}:{user}", str(self.merged), "/bin/sh", "-c", script]

    def environment(self) -> dict[str, str]:
        """ENV, and what reaches the registries."""
        reach = {name: value for name, value in os.environ.items() if REGISTRIES.search(name)}
        return reach | self.env


def python_for_everybody() -> Path:
    """A Python >= 3.11 of the system: one in somebody's home is closed to other users."""
    for name in ("python3.13", "python3.12", "python3.11", "python3"):
        for place in ("/usr/local/bin", "/usr/bin"):
            if (Path(place) / name).exists():
                return (Path(place) / name).resolve()
    raise SystemExit("error: there is no system Python")


def carry_out(step: tuple[str, str], root: Root, context: Path, roots: dict[str, Root]) -> None:
    """One instruction."""
    word, rest = step
    print(f"  {word} {rest}", flush=True)
    if word == "RUN":
        run(*root.chroot("/bin/sh", "-c", rest), env=root.environment())
    elif word == "COPY":
        copy(rest, root, context, roots)
    elif word == "WORKDIR":
        root.workdir = rest
        root.at(".").mkdir(parents=True, exist_ok=True)
    elif word == "ENV":
        for name, value in (pair.split("=", 1) for pair in shlex.split(rest)):
            root.env[name] = value.replace("$PATH", root.env["PATH"])
    elif word in ("USER", "VOLUME", "EXPOSE", "ENTRYPOINT", "CMD", "HEALTHCHECK"):
        root.told[word] = rest
    else:
        raise SystemExit(f"error: {word} is not known to {Path(__file__).name}")


def copy(rest: str, root: Root, context: Path, roots: dict[str, Root]) -> None:
    """COPY from the build context, or from another stage."""
    *sources, target = rest.split()
    stage = sources.pop(0).partition("=")[2] if rest.startswith("--from=") else ""
    for source in sources:
        origin = roots[stage].merged / source.lstrip("/") if stage else context / source
        into = root.at(target)
        if origin.is_dir():
            shutil.copytree(origin, into, symlinks=True, dirs_exist_ok=True)
        else:
            into.mkdir(parents=True, exist_ok=True) if target.endswith("/") else None
            shutil.copy2(origin, into)


def try_without_an_engine() -> None:
    """Carries everything out below a temporary file system that goes with this process."""
    folder = Path(tempfile.mkdtemp())
    run("mount", "-t", "tmpfs", "tmpfs", str(folder))
    context, roots = folder / "context", dict[str, Root]()
    context.mkdir()
    make_context(context)
    for stage in parsed((HERE / "Dockerfile").read_text()):
        print(f"stage {stage.name}", flush=True)
        root = roots[stage.name] = Root(folder / stage.name)
        for step in stage.steps:
            carry_out(step, root, context, roots)
    serve(root)


def serve(root: Root) -> None:
    """Starts the last stage as a container is started, asks its health check, and ends it."""
    volume = root.at(root.told["VOLUME"])
    owner = volume.stat()
    run("mount", "-o", "remount,ro", str(root.merged))
    run("mount", "-t", "tmpfs", "tmpfs", str(volume))
    os.chown(volume, owner.st_uid, owner.st_gid)
    entry, command = (json.loads(root.told[word]) for word in ("ENTRYPOINT", "CMD"))
    env = root.env | {"OROUTER_SERVER__PORT": "18000"}
    run(*root.chroot(*entry, "init"), env=env)
    server = subprocess.Popen(root.chroot(*entry, *command), env=env)  # noqa: S603 - the image's own
    check = json.loads(root.told["HEALTHCHECK"].partition("CMD ")[2])
    try:
        until_it_answers(root.chroot(*check), env, server)
        for path in ("/health/ready", "/admin/"):
            script = f"import urllib.request as u; u.urlopen('http://127.0.0.1:18000{path}')"
            run(*root.chroot("python", "-c", script), env=env)
    finally:
        server.terminate()
    code = server.wait(PATIENCE_S)
    size = sum(each.stat().st_size for each in root.upper.rglob("*") if each.is_file())
    print(f"served as user {root.told['USER']} on a read-only root, ended with {code}; ", end="")
    print(f"{size / 2**20:.0f} MiB above the base image")
    sys.exit(code)


def until_it_answers(
    check: list[str], env: dict[str, str], server: "subprocess.Popen[bytes]"
) -> None:
    """Asks the health check as an engine does."""
    deadline = time.monotonic() + PATIENCE_S
    while subprocess.run(check, env=env, check=False, stderr=subprocess.DEVNULL).returncode:  # noqa: S603 - as above
        if server.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("error: the server did not answer its health check")
        time.sleep(0.5)


def try_with_an_engine(engine: str) -> None:
    """Builds and runs it for real."""
    run(engine, "build", "--tag", "orouter:tried", str(HERE))
    options = ["--rm", "--read-only", "--tmpfs", "/tmp"]  # noqa: S108 - inside the container
    asked = "until orouter status -o json | grep -q '\"answering\": true'; do sleep 1; done"
    script = f"orouter init && (orouter serve &) && {asked}"
    run(engine, "run", *options, "--entrypoint", "/bin/sh", "orouter:tried", "-c", script)


def answers(*argv: str) -> bool:
    """Whether a command is there and succeeds."""
    if shutil.which(argv[0]) is None:
        return False
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0  # noqa: S603 - commands of ours


def main() -> None:
    """Whatever can be done here."""
    engine = next((each for each in ("docker", "podman") if answers(each, "info")), None)
    if INSIDE in sys.argv:
        try_without_an_engine()
    elif engine:
        try_with_an_engine(engine)
    elif os.geteuid() == 0 and shutil.which("npm") and answers("unshare", "--mount", "true"):
        inside = [
            "unshare",
            "--mount",
            "--propagation",
            "private",
            sys.executable,
            __file__,
            INSIDE,
        ]
        sys.exit(subprocess.run(inside, check=False).returncode)  # noqa: S603 - this file again
    else:
        print("the image was not tried: no container engine; without one it needs root and npm")


if __name__ == "__main__":
    main()
