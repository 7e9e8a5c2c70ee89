"""``orouter completion``."""

import pytest

from orouter.cli.main import main


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
