"""The examples of a page, as a shell script: what a reader would type, in the reader's order.

A fenced block under the invisible comment ``<!-- run -->`` is an example that must work. Shell
blocks are typed as they stand; a program in another language is saved to a file and started.
"""

import re
from pathlib import Path
from shutil import which

MARK = re.compile(
    r"^<!-- run -->\n```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_SAVED = "cat > {file} <<'END_OF_EXAMPLE'\n{text}END_OF_EXAMPLE\n{program} {file}\n"
_PROGRAMS = {"python": ("python", "example.py"), "js": ("node", "example.mjs")}


def script(page: Path) -> str:
    """All marked examples of a page; those of a program that is not installed are left out."""
    blocks = [(found["language"], found["text"]) for found in MARK.finditer(page.read_text())]
    return "\n".join(text for block in blocks if (text := _typed(*block)))


def _typed(language: str, text: str) -> str:
    if language == "bash":
        return text
    program, file = _PROGRAMS[language]
    return _SAVED.format(file=file, text=text, program=program) if which(program) else ""
