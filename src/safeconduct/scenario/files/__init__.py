"""The files of a case folder: read, and every fault reported."""
