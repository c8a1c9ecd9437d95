"""`python -m hivecheck`."""

from hivecheck.cli import main

if __name__ == "__main__":
    main()
