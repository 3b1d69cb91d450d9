# Tests of libsrc.

# Messages, with a handle that only has memory.
fake_handle = tests/unit/fake_handle.c tests/unit/fake_handle.h
check_PROGRAMS += tests/interop/mime_generate
tests_interop_mime_generate_SOURCES = tests/interop/mime_generate.c $(fake_handle)
tests_interop_mime_generate_CPPFLAGS = $(unit_cppflags) -DUCM_BUILDING_LIBRARY
tests_interop_mime_generate_LDADD = libsrc/libcore.la
TESTS += tests/interop/mime_roundtrip.sh
EXTRA_DIST += tests/interop/mime_roundtrip.sh tests/interop/mime_reader.py

check_PROGRAMS += tests/unit/test_told.tap
tests_unit_test_told_tap_SOURCES = tests/unit/test_told.c
tests_unit_test_told_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_told_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_told.tap

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

message_fixture = $(fake_handle) tests/unit/message_fixture.c tests/unit/message_fixture.h

check_PROGRAMS += tests/unit/test_message.tap
tests_unit_test_message_tap_SOURCES = tests/unit/test_message.c $(message_fixture)
tests_unit_test_message_tap_CPPFLAGS = $(unit_cppflags) -DUCM_BUILDING_LIBRARY
tests_unit_test_message_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_message.tap

check_PROGRAMS += tests/unit/test_mime.tap
tests_unit_test_mime_tap_SOURCES = tests/unit/test_mime.c $(message_fixture)
tests_unit_test_mime_tap_CPPFLAGS = $(unit_cppflags) -DUCM_BUILDING_LIBRARY
tests_unit_test_mime_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_mime.tap

check_PROGRAMS += tests/unit/test_raw.tap
tests_unit_test_raw_tap_SOURCES = tests/unit/test_raw.c $(message_fixture)
tests_unit_test_raw_tap_CPPFLAGS = $(unit_cppflags) -DUCM_BUILDING_LIBRARY
tests_unit_test_raw_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_raw.tap

check_PROGRAMS += tests/unit/test_encode.tap
tests_unit_test_encode_tap_SOURCES = tests/unit/test_encode.c
tests_unit_test_encode_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_encode_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_encode.tap

check_PROGRAMS += tests/unit/test_handle.tap
tests_unit_test_handle_tap_SOURCES = tests/unit/test_handle.c
tests_unit_test_handle_tap_CPPFLAGS = $(unit_cppflags) -DUCM_BUILDING_LIBRARY
tests_unit_test_handle_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_handle.tap

check_PROGRAMS += tests/unit/test_items.tap
tests_unit_test_items_tap_SOURCES = tests/unit/test_items.c
tests_unit_test_items_tap_CPPFLAGS = $(unit_cppflags) -DUCM_BUILDING_LIBRARY
tests_unit_test_items_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_items.tap

check_PROGRAMS += tests/unit/test_policy_view.tap
tests_unit_test_policy_view_tap_SOURCES = tests/unit/test_policy_view.c
tests_unit_test_policy_view_tap_CPPFLAGS = $(unit_cppflags) -DUCM_BUILDING_LIBRARY
tests_unit_test_policy_view_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_policy_view.tap
