# Unit tests: one program per source file, one CMocka group per program.
if ENABLE_TESTS
include tests/policy.mk
include tests/xml.mk
include tests/libsrc.mk
include tests/engine.mk
include tests/tools.mk
include tests/systems.mk
include tests/bench/local.mk
include tests/fuzz.mk
include tests/faults.mk
include tests/abi.mk
include tests/docs.mk
include tests/examples.mk
include tests/reliability.mk
else
check-local:
	@echo 'No test was run: this build is configured with --disable-tests.'
endif

include tests/packaging.mk

# Stages of ./bootstrap.
EXTRA_DIST += tests/valgrind.supp tests/check.sh tests/demo.sh tests/stages.sh
include tests/lint.mk

# Size of the library. The ceiling holds for this compiler's default options on x86-64.
SIZE_CEILING = 176128
.PHONY: size bench
size: libsrc/libucmail.la
	$(AM_V_at)$(SHELL) $(srcdir)/tests/size.sh $(SIZE_CEILING) libsrc/.libs/libucmail.so.0 \
		$(libsrc_libcore_la_OBJECTS) $(policy_libpolicy_la_OBJECTS) $(xml_libsnapshot_la_OBJECTS)
EXTRA_DIST += tests/size.sh

# The unit tests alone: what needs neither network nor servers.
check-unit:
	$(MAKE) $(AM_MAKEFLAGS) check \
		TESTS="`for test in $(TESTS); do case $$test in tests/unit/*|tests/fuzz/*) echo $$test ;; esac; done`"
.PHONY: check-unit
