# Tests of libsrc.

# Messages, with a handle that only has memory.
fake_handle = tests/unit/fake_handle.c tests/unit/fake_handle.h
check_PROGRAMS += tests/interop/mime_generate
tests_interop_mime_generate_SOURCES = tests/interop/mime_generate.c $(fake_handle)
tests_interop_mime_generate_CPPFLAGS = $(unit_cppflags) -DUCM_BUILDING_LIBRARY
tests_interop_mime_generate_LDADD = libsrc/libcore.la
TESTS += tests/interop/mime_roundtrip.sh
EXTRA_DIST += tests/interop/mime_roundtrip.sh tests/interop/mime_reader.py

check_PROGRAMS += tests/unit/test_sasl.tap
tests_unit_test_sasl_tap_SOURCES = tests/unit/test_sasl.c
tests_unit_test_sasl_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_sasl_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_sasl.tap

check_PROGRAMS += tests/unit/test_scram.tap
tests_unit_test_scram_tap_SOURCES = tests/unit/test_scram.c
tests_unit_test_scram_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_scram_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_scram.tap
