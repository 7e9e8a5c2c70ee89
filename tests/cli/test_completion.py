"""``orouter completion``, in the shells themselves."""

import subprocess
from pathlib import Path
from shutil import which

import pytest

from orouter.cli.main import main
from tests.cli.terminal import Session, environment

SHELLS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(bare, shell):
    script = bare("completion", shell)
    assert script.code == 0
    assert "_OROUTER_COMPLETE=complete_" + shell in script.out


def test_the_script_s_questions_are_answered(bare, monkeypatch, capsys):
    monkeypatch.setenv("_OROUTER_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "orouter key ro")
    monkeypatch.setenv("COMP_CWORD", "2")
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 0
    assert capsys.readouterr().out.split() == ["rotate"]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_a_verb_when_tab_is_pressed(shell: str, tmp_path: Path) -> None:
    if which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    with Session(SHELLS[shell], tmp_path, PROMPT="$ ") as session:
        if shell == "zsh":
            session.type("autoload -U compinit && compinit -u -D\n")
        session.type(f"source <(orouter completion {shell}) && echo lo''aded\n")
        session.until("loaded")
        session.type("orouter key ro\t")
        session.until("orouter key rotate")


def test_fish_completes_verbs_and_values(tmp_path: Path) -> None:
    if which("fish") is None:
        pytest.skip("fish is not installed")
    asked = "orouter completion fish | source; complete -C '{}'"
    for line, wanted in (("orouter key ro", "rotate"), ("orouter key list --status dis", "disab")):
        done = subprocess.run(  # noqa: S603 - a shell and our own command line
            ["fish", "-c", asked.format(line)],  # noqa: S607 - found as by its user
            cwd=tmp_path,
            env=environment(HOME=str(tmp_path)),
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.startswith(wanted)
