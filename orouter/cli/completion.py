"""``orouter completion``."""

from typing import Annotated, Literal

import typer
from typer._completion_shared import get_completion_script

from orouter.cli.frame import single
from orouter.cli.output import write_lines

app = single()


@app.command()
def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(help="The shell you use.")],
) -> None:
    """Print what the shell must read: `source <(orouter completion bash)`."""
    script = get_completion_script(
        prog_name="orouter", complete_var="_OROUTER_COMPLETE", shell=shell
    )
    write_lines([script])
