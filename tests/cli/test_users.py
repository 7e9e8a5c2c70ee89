"""``orouter user``, verb by verb."""

import json
import re

LINK = re.compile(r"http://127\.0\.0\.1:8000/admin/setup#token=oral_[0-9A-Za-z]{49}")
PASSWORD = "correct horse battery"


def test_an_invitation_prints_the_link_alone_in_a_pipe(cli, acme):
    done = cli("user", "create", "Ada@example.com", "--role", "org_admin", "--org", "acme")
    assert done.code == 0, done.err
    assert LINK.fullmatch(done.out.strip())
    [user] = json.loads(cli("user", "list", "-o", "json").out)
    assert (user["email"], user["status"]) == ("ada@example.com", "invited")
    assert user["organizations"] == "acme"
    assert cli("user", "create", "ada@example.com").code == 5
    assert cli("user", "create", "ada").code == 2
    assert cli("user", "create", "b@example.com", "--org", "nowhere").code == 3


def test_passwords_come_from_a_pipe_and_are_checked(cli):
    cli("user", "create", "ada@example.com", "--role", "superadmin")
    assert cli("user", "passwd", "ada@example.com", input="password1\n").code == 2
    assert cli("user", "passwd", "ada@example.com", input="").code == 2
    done = cli("user", "passwd", "ada@example.com", "-o", "json", input=f"{PASSWORD}\n")
    assert (done.code, json.loads(done.out)["status"]) == (0, "active")
    assert PASSWORD not in done.out + done.err
    assert LINK.fullmatch(cli("user", "passwd", "ada@example.com", "--link").out.strip())


def test_the_last_superadmin_stays(cli):
    cli("user", "create", "ada@example.com", "--role", "superadmin")
    cli("user", "passwd", "ada@example.com", input=PASSWORD)
    for verb in (["role", "ada@example.com", "viewer"], ["disable", "ada@example.com"]):
        assert cli("user", *verb).code == 5
    assert cli("user", "delete", "ada@example.com", "-y").code == 5


def test_the_life_of_a_user(cli, acme):
    cli("user", "create", "ada@example.com")
    assert json.loads(cli("user", "show", "ada@example.com", "-o", "json").out)["all_orgs"]
    cli("user", "update", "ada@example.com", "--name", "Ada")
    changed = cli("user", "role", "ada@example.com", "org_admin", "--org", "acme", "-o", "json")
    assert json.loads(changed.out)["orgs"][0]["name"] == "acme"
    for verb, status in (("disable", "disabled"), ("enable", "invited")):
        assert (
            json.loads(cli("user", verb, "ada@example.com", "-o", "json").out)["status"] == status
        )
    assert cli("user", "delete", "ada@example.com").code == 9
    assert cli("user", "delete", "ada@example.com", "--dry-run").code == 0
    gone = cli("user", "delete", "ada@example.com", "-y", "-q").out.strip()
    assert cli("user", "show", "ada@example.com").code == 3
    assert cli("user", "restore", gone, "-q").out.strip() == gone


def test_tokens_and_sessions(cli):
    cli("user", "create", "ada@example.com", "--role", "superadmin")
    token = ("user", "token", "ada@example.com")
    secret = cli(*token, "--issue", "ci", "--expires", "90d").out.strip()
    assert re.fullmatch(r"orat_[0-9A-Za-z]{49}", secret)
    [issued] = cli(*token, "-q").lines
    assert secret not in cli(*token, "-o", "json").out
    assert cli(*token, "--revoke", issued, "-q").out == ""
    assert cli("user", "sessions", "ada@example.com", "--end", "-q").code == 0
