"""What is sealed opens for its purpose and with its secret key only."""

import base64

import pytest

from orouter.errors import CheckFailed
from orouter.services.sealing import seal, unseal

KEY = "a-secret-key-for-tests-0123456789"
SECRET = "sk-canary-größe"


def test_what_is_sealed_can_be_opened_and_looks_new_each_time() -> None:
    boxes = {seal(KEY, SECRET, "openai") for _ in range(3)}
    assert len(boxes) == 3
    assert {unseal(KEY, box, "openai") for box in boxes} == {SECRET}
    assert all("canary" not in base64.b64decode(box[3:]).decode("latin-1") for box in boxes)


def test_another_key_or_purpose_does_not_open_it() -> None:
    box = seal(KEY, SECRET, "openai")
    with pytest.raises(CheckFailed):
        unseal(KEY + "x", box, "openai")
    with pytest.raises(CheckFailed):
        unseal(KEY, box, "elsewhere")


def test_a_box_that_was_touched_does_not_open() -> None:
    box = seal(KEY, SECRET, "openai")
    raw = base64.b64decode(box[3:])
    for at in range(len(raw)):
        touched = bytes(byte ^ (place == at) for place, byte in enumerate(raw))
        with pytest.raises(CheckFailed):
            unseal(KEY, "v1." + base64.b64encode(touched).decode(), "openai")


@pytest.mark.parametrize("box", ["", "v1.", "v1.####", "v2.AAAA", "größe", "v1." + "A" * 400])
def test_what_is_no_box_is_refused(box: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        unseal(KEY, box, "openai")
    assert KEY not in caught.value.message
