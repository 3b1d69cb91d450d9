# What the library promises as a whole: that it agrees with the audit, leaves the process that it lives
# in alone, outlives hostile servers, and loses no mail.

# Agreement. Some hundred cells here; many more with `make agreement CELLS=5000 SEED=1`.
if ENABLE_XML
if ENABLE_SHARED
check_PROGRAMS += tests/agreement/cells
tests_agreement_cells_SOURCES = tests/agreement/cells.c
tests_agreement_cells_LDADD = libsrc/libucmail.la
reliability_tests = tests/agreement/test_agreement.py
TESTS += $(reliability_tests)
endif
endif
EXTRA_DIST += tests/agreement/test_agreement.py tests/agreement/systems.py tests/agreement/world.py
CELLS = 5000
SEED = 1
agreement: tests/agreement/cells tools/policy-lint tools/ucmail
	$(AM_TESTS_ENVIRONMENT) CELLS=$(CELLS) SEED=$(SEED) $(PYTHON) -B \
		$(top_srcdir)/tests/agreement/test_agreement.py
