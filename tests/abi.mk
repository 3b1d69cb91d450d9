# The binary interface against that of the last release.
EXTRA_DIST += tests/abi/test_abi.py tests/abi/dump.py tests/abi/released.h tests/abi/released.map
TESTS += tests/abi/test_abi.py
