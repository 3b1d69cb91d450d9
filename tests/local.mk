# Unit tests: one program per source file, one CMocka group per program.
if ENABLE_TESTS
include tests/policy.mk
include tests/xml.mk
include tests/libsrc.mk
include tests/engine.mk
include tests/tools.mk
include tests/systems.mk
include tests/fuzz.mk
include tests/faults.mk
endif

# Stages of ./bootstrap.
EXTRA_DIST += tests/check.sh tests/demo.sh tests/stages.sh
include tests/lint.mk
