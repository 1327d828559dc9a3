"""The ``azscraper`` command, also ``python -m azscraper``."""

import gc
import os


def main() -> None:
    """Run the command line with the process's arguments; does not return."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else pydantic looks through all that is installed
    gc.disable()  # modules are never garbage: looking for it while they are imported is a tenth of a start
    from azscraper.cli import main as run  # noqa: PLC0415 - the import is what should go without

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
