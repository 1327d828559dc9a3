"""``python -m azscraper``."""

from azscraper.cli import main

if __name__ == "__main__":
    main()
