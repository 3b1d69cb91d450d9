# Unit tests: one program per source file, one CMocka group per program.
if ENABLE_TESTS
include tests/policy.mk
include tests/xml.mk
include tests/libsrc.mk
include tests/tools.mk
include tests/systems.mk
endif
