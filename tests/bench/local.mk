# Measurements: make bench. Nothing here is part of `make check`, and no time is asserted.
if ENABLE_XML
bench_programs = tests/bench/bench_ucmail tests/bench/bench_records tests/bench/bench_parse
if HAVE_LIBCURL
bench_programs += tests/bench/bench_libcurl
endif
EXTRA_PROGRAMS += tests/bench/bench_ucmail tests/bench/bench_records tests/bench/bench_parse \
	tests/bench/bench_libcurl
tests_bench_bench_ucmail_SOURCES = tests/bench/bench_ucmail.c tests/bench/measure.c tests/bench/measure.h
tests_bench_bench_ucmail_LDADD = libsrc/libucmail.la
tests_bench_bench_records_SOURCES = tests/bench/bench_records.c tests/bench/measure.c
tests_bench_bench_records_CPPFLAGS = $(AM_CPPFLAGS) $(WOLFSSL_CFLAGS)
tests_bench_bench_records_LDADD = $(WOLFSSL_LIBS)
tests_bench_bench_parse_SOURCES = tests/bench/bench_parse.c tests/bench/measure.c
tests_bench_bench_parse_CPPFLAGS = $(AM_CPPFLAGS) $(LIBXML2_CFLAGS)
tests_bench_bench_parse_LDADD = $(LIBXML2_LIBS)
tests_bench_bench_libcurl_SOURCES = tests/bench/bench_libcurl.c tests/bench/measure.c
tests_bench_bench_libcurl_CPPFLAGS = $(AM_CPPFLAGS) $(LIBCURL_CFLAGS)
tests_bench_bench_libcurl_LDADD = $(LIBCURL_LIBS)
CLEANFILES += $(EXTRA_PROGRAMS)

# Writes the table, bench.json and bench.svg. BENCH_FLAGS: --quick, or words of the rows wanted.
bench: all $(bench_programs)
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(PYTHON) -B $(srcdir)/tests/bench/bench.py $(BENCH_FLAGS)
endif
EXTRA_DIST += tests/bench/bench.py tests/bench/servers.py tests/bench/README
