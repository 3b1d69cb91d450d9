# Analyses, and the unit tests and some of the system tests under valgrind. Run by ./bootstrap check; also by hand.
lint_cppflags = -DHAVE_CONFIG_H -I. $(AM_CPPFLAGS) $(WOLFSSL_CFLAGS) $(LIBXML2_CFLAGS) \
	$(LIBZIP_CFLAGS) $(JANSSON_CFLAGS) -DUCM_BUILDING_LIBRARY -DPKGLIBDIR=\"\"

VALGRIND = valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,possible \
	--errors-for-leak-kinds=definite,possible --num-callers=30 \
	--suppressions=$(abs_top_srcdir)/tests/valgrind.supp

.PHONY: agreement soak fuzz fuzz-afl neighbours check-threads check-sarif check-valgrind cppcheck gcc-analyzer standards clang-tidy peers
check-valgrind:
	UCM_WRAP='$(VALGRIND)' $(MAKE) $(AM_MAKEFLAGS) check \
		TAP_LOG_COMPILER='$(LIBTOOL) --mode=execute $(VALGRIND)' \
		TESTS="`echo $(TESTS) | tr ' ' '\n' | grep '[.]tap$$' | tr '\n' ' '` $(valgrind_tests)"

cppcheck:
	cppcheck -q -j 2 --std=c11 --enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 --suppress=missingIncludeSystem -D__GNUC__=12 \
		-DHAVE_CONFIG_H -I. $(AM_CPPFLAGS) \
		$(top_srcdir)/policy $(top_srcdir)/libsrc $(top_srcdir)/xml $(top_srcdir)/tools

# The analyzer takes a vector's elements to have two bits; the compiler's own warning of such shifts stays.
gcc-analyzer:
	find $(top_srcdir)/policy $(top_srcdir)/libsrc $(top_srcdir)/xml $(top_srcdir)/tools \
		-name '*.c' -print0 | xargs -0 -n 1 -P 2 sh -c \
		'$(CC) -std=c11 -O1 -fanalyzer -Werror -Wno-analyzer-shift-count-overflow $(lint_cppflags) -c -o /dev/null "$$1"' sh

# As C of other years: what changes with the compiler's next default. By request.
STANDARDS = c11 c17 c2x gnu11 gnu2x
standards:
	for standard in $(STANDARDS); do \
		find $(top_srcdir)/policy $(top_srcdir)/libsrc $(top_srcdir)/xml $(top_srcdir)/tools \
			$(top_srcdir)/examples $(top_srcdir)/tests/unit -name '*.c' -print0 | \
			xargs -0 -n 4 -P 2 sh -c 'for file; do \
				$(CC) $(WARN_CFLAGS) -O2 -Werror -std='$$standard' $(lint_cppflags) $(CMOCKA_CFLAGS) \
					-I$(top_srcdir)/tests -c -o /dev/null "$$file" || exit 255; done' sh || exit; \
	done

clang-tidy:
	find $(top_srcdir)/policy $(top_srcdir)/libsrc $(top_srcdir)/xml $(top_srcdir)/tools \
		-name '*.c' -print0 | xargs -0 -n 2 -P 2 sh -c \
		'clang-tidy --quiet "$$@" -- -std=c11 $(lint_cppflags) 2>/dev/null' sh

# What editors and language servers want.
compile_commands.json:
	$(MAKE) $(AM_MAKEFLAGS) clean
	bear --output $@ -- $(MAKE) $(AM_MAKEFLAGS) all
CLEANFILES += compile_commands.json

# Other clients against one scripted server: the table of README. Not a test; whoever has no libcurl,
# libESMTP, libEtPan or msmtp gets a table without it.
peer_programs = curl:libcurl esmtp:libesmtp-1.0 etpan:libetpan
EXTRA_DIST += tests/interop/peers.py tests/interop/peers/peer.h tests/interop/peers/curl.c \
	tests/interop/peers/esmtp.c tests/interop/peers/etpan.c
peers: tools/ucmail
	@$(MKDIR_P) peers
	@for peer in $(peer_programs); do \
		program=$${peer%:*} package=$${peer#*:}; \
		if pkg-config --exists $$package; then \
			$(CC) -O1 -o peers/$$program $(top_srcdir)/tests/interop/peers/$$program.c \
				`pkg-config --cflags --libs $$package` || exit 1; \
		fi; \
	done
	@$(AM_TESTS_ENVIRONMENT) $(PYTHON) -B $(top_srcdir)/tests/interop/peers.py peers
CLEANFILES += peers/curl peers/esmtp peers/etpan
