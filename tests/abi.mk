# The binary interface against that of the last release, which was recorded on x86-64.
EXTRA_DIST += tests/abi/test_abi.py tests/abi/dump.py tests/abi/libucmail.abi
if X86_64
TESTS += tests/abi/test_abi.py
endif
