"""`python -m safeconduct`: the command line."""

from safeconduct.app import main

if __name__ == "__main__":
    main()
