"""What may stand in no file of the repository."""

import re

import pytest

from tests.house.source import ROOT, modules, tracked

# In two halves, so that this file does not hold them itself.
FOREIGN = {
    "a package registry's host": [
        r"\b(files\.)?python" + r"hosted\.org",
        r"\bpypi" + r"\.org",
        r"registry\.npm" + r"js",
        r"registry\.npm" + r"mirror",
        r"deb\.debian" + r"\.org",
        r"--find" + r"-links",
        r"index-" + r"url\s*=",
    ],
    "a path of somebody's machine": [
        r"(?<![\w.])/wo" + r"rk/\w",
        r"(?<![\w.])/ro" + r"ot/\w",
        r"(?<![\w.])/ho" + r"me/\w",
        r"/opt/(wh" + r"eels|py" + r"pi)",
    ],
    "a folder that is not in the repository": [r"\.\./sh" + r"ared\b"],
}

# A suppression names its rule and, after it, a reason of at least two words.
SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:|nosec)", re.IGNORECASE)
REASONED = re.compile(
    r"#\s*(noqa:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|type:\s*ignore\[[\w, -]+\])"
    r"(\s*[-#:]+\s*|\s{2,})\S+ \S+"
)


@pytest.mark.parametrize("kind", FOREIGN)
def test_no_file_holds(kind: str) -> None:
    pattern = re.compile("|".join(FOREIGN[kind]))
    found = []
    for path in tracked():
        text = (ROOT / path).read_bytes().decode("utf-8", errors="replace")
        lines = enumerate(text.splitlines(), start=1)
        found += [
            f"{path}:{number}: {line[:120]}" for number, line in lines if pattern.search(line)
        ]
    assert found == []


def test_every_suppression_tells_its_reason() -> None:
    found = [
        f"{path}:{number}: {line.strip()}"
        for folder in ("orouter", "tests", "benchmarks", "migrations", "scripts")
        for path, text in modules(folder).items()
        if path.name != "test_text.py"
        for number, line in enumerate(text.splitlines(), start=1)
        if SUPPRESSION.search(line) and not REASONED.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line", ["x = 1  # noqa", "x  # noqa: S311", "x  # type: ignore[arg-type]"]
)
def test_a_bare_suppression_is_seen(line: str) -> None:
    assert SUPPRESSION.search(line)
    assert not REASONED.search(line)


@pytest.mark.parametrize(
    "line",
    [
        "x  # noqa: S311 - jitter is no secret",
        "x  # noqa: ARG002  typer's signature",
        "x  # type: ignore[arg-type]  # the stubs are behind",
    ],
)
def test_a_reasoned_suppression_passes(line: str) -> None:
    assert REASONED.search(line)
