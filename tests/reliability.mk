# What the library promises as a whole: that it agrees with the audit, leaves the process that it lives
# in alone, outlives hostile servers, and loses no mail.

# Agreement. Some hundred cells here; many more with `make agreement CELLS=5000 SEED=1`.
if ENABLE_XML
if ENABLE_SHARED
check_PROGRAMS += tests/agreement/cells
tests_agreement_cells_SOURCES = tests/agreement/cells.c
tests_agreement_cells_LDADD = libsrc/libucmail.la
reliability_tests = tests/agreement/test_agreement.py

# In another's process.
check_PROGRAMS += tests/process/reopen tests/process/threads tests/process/manners tests/process/forks \
	tests/process/secrets
guest = tests/process/guest.h tests/process/guest.c
loaded = tests/process/loaded.h tests/process/loaded.c
tests_process_reopen_SOURCES = tests/process/reopen.c $(loaded)
tests_process_threads_SOURCES = tests/process/threads.c $(guest)
tests_process_threads_LDADD = libsrc/libucmail.la
tests_process_manners_SOURCES = tests/process/manners.c $(guest)
tests_process_manners_LDADD = libsrc/libucmail.la
tests_process_forks_SOURCES = tests/process/forks.c $(guest)
tests_process_forks_LDADD = libsrc/libucmail.la
tests_process_secrets_SOURCES = tests/process/secrets.c $(guest)
tests_process_secrets_LDADD = libsrc/libucmail.la
reliability_tests += tests/process/test_process.py

# Loaded, also beside a host that uses wolfSSL too. By request, since it builds one: `make neighbours
# WOLFSSL=PREFIX`, beside a library that brings the wolfSSL of libsrc/wolfssl-minimal.sh.
if !WOLFSSL_STATIC
check_PROGRAMS += tests/process/neighbours
tests_process_neighbours_SOURCES = tests/process/neighbours.c $(loaded)
tests_process_neighbours_CPPFLAGS = $(AM_CPPFLAGS) $(WOLFSSL_CFLAGS)
tests_process_neighbours_LDADD = $(WOLFSSL_LIBS)
reliability_tests += tests/process/test_loaded.py
valgrind_tests += tests/process/test_loaded.py
neighbours: all tests/process/neighbours
	@test -e '$(WOLFSSL)/lib/libwolfssl.a' || $(top_srcdir)/libsrc/wolfssl-minimal.sh '$(WOLFSSL)'
	$(MKDIR_P) neighbours
	cd neighbours && { test -e config.status || $(abs_top_srcdir)/configure --disable-xml \
		--disable-tests --with-wolfssl-static='$(WOLFSSL)'; } && $(MAKE) libsrc/libucmail.la
	$(AM_TESTS_ENVIRONMENT) OWN=neighbours/libsrc/.libs/libucmail.so.0 $(PYTHON) -B \
		$(top_srcdir)/tests/process/test_loaded.py neighbour
endif

# A sanitizer makes calls of its own, and is no hardening. The manual's lists of calls are those of 64-bit
# systems: i386 has one call for all that sockets do. Not every C library has calls that know their room.
check_PROGRAMS += tests/process/confined
tests_process_confined_SOURCES = tests/process/confined.c $(guest)
tests_process_confined_LDADD = libsrc/libucmail.la
if !SANITIZED
if SIXTY_FOUR_BITS
reliability_tests += tests/process/test_confined.py
endif
if HARDENED
reliability_tests += tests/process/test_hardened.py
if FORTIFIED
reliability_tests += tests/process/test_fortified.py
endif
if X86_64
reliability_tests += tests/process/test_branches.py
endif
endif
endif

# Soak. More with `make soak MESSAGES=100000 SEED=1 RATE=0.03`.
check_PROGRAMS += tests/soak/soak
tests_soak_soak_SOURCES = tests/soak/soak.c
tests_soak_soak_LDADD = libsrc/libucmail.la
reliability_tests += tests/soak/test_soak.py

# A hostile server.
reliability_tests += tests/send/test_hostile.py

TESTS += $(reliability_tests)
endif
endif
EXTRA_DIST += tests/agreement/test_agreement.py tests/agreement/systems.py tests/agreement/world.py \
	tests/process/test_process.py tests/soak/test_soak.py tests/soak/failing.py \
	tests/send/test_hostile.py tests/process/test_confined.py tests/process/test_loaded.py \
	tests/process/hardened.py tests/process/test_hardened.py tests/process/test_fortified.py \
	tests/process/test_branches.py
CELLS = 5000
SEED = 1
agreement: tests/agreement/cells tools/policy-lint tools/ucmail
	$(AM_TESTS_ENVIRONMENT) CELLS=$(CELLS) SEED=$(SEED) $(PYTHON) -B \
		$(top_srcdir)/tests/agreement/test_agreement.py

MESSAGES = 100000
RATE = 0.03
soak: tests/soak/soak tools/ucmail
	$(AM_TESTS_ENVIRONMENT) MESSAGES=$(MESSAGES) SEED=$(SEED) RATE=$(RATE) $(PYTHON) -B \
		$(top_srcdir)/tests/soak/test_soak.py

# Threads under clang's ThreadSanitizer, which takes a build of its own. Run by ./bootstrap check.
threads_sources = $(libsrc_libcore_la_SOURCES) $(policy_libpolicy_la_SOURCES) \
	$(xml_libsnapshot_la_SOURCES) tests/process/threads.c tests/process/guest.c
check-threads: all tests/process/threads
	@$(MKDIR_P) tests/process/tsan
	clang -std=c11 -O1 -g -fsanitize=thread $(lint_cppflags) -o tests/process/tsan/threads \
		`for file in $(threads_sources); do case $$file in *.c) echo $(top_srcdir)/$$file;; esac; done` \
		$(WOLFSSL_LIBS) $(LIBS)
	$(AM_TESTS_ENVIRONMENT) GUESTS=tests/process/tsan THREADS=16 $(PYTHON) -B \
		$(top_srcdir)/tests/process/test_process.py threads
clean-local::
	rm -rf tests/process/tsan neighbours
