# Tests of xml.

if ENABLE_XML
check_PROGRAMS += tests/unit/test_script.tap
tests_unit_test_script_tap_SOURCES = tests/unit/test_script.c tests/unit/cmocka_all.h
tests_unit_test_script_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_script_tap_LDADD = xml/libreader.la policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_script.tap
endif

# The reader of exports.
if ENABLE_XML
check_PROGRAMS += tests/unit/test_export.tap
tests_unit_test_export_tap_SOURCES = tests/unit/test_export.c tests/unit/export_text.h tests/unit/scarce.h
tests_unit_test_export_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_export_tap_LDADD = xml/libreader.la policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_export.tap
endif

check_PROGRAMS += tests/unit/test_snapshot.tap
tests_unit_test_snapshot_tap_SOURCES = tests/unit/test_snapshot.c tests/unit/snapshot_system.c \
	tests/unit/snapshot_system.h \
	tests/unit/certs.h tests/unit/certs.c
tests_unit_test_snapshot_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_snapshot_tap_LDADD = xml/libsnapshot.la policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_snapshot.tap

check_PROGRAMS += tests/unit/test_snapshot_damage.tap
tests_unit_test_snapshot_damage_tap_SOURCES = tests/unit/test_snapshot_damage.c \
	tests/unit/failing.h tests/unit/snapshot_system.c tests/unit/snapshot_system.h
tests_unit_test_snapshot_damage_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_snapshot_damage_tap_LDADD = xml/libsnapshot.la policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_snapshot_damage.tap

# Inputs: files, folders, links, payloads.
if ENABLE_XML
check_PROGRAMS += tests/unit/test_load.tap
tests_unit_test_load_tap_SOURCES = tests/unit/test_load.c tests/unit/tree.h tests/unit/load_text.h
tests_unit_test_load_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_load_tap_LDADD = xml/libreader.la policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_load.tap
endif
EXTRA_DIST += tests/exports/traps

# ZIPs.
if ENABLE_XML
check_PROGRAMS += tests/unit/test_zip.tap
tests_unit_test_zip_tap_SOURCES = tests/unit/test_zip.c tests/unit/zip_text.h
tests_unit_test_zip_tap_CPPFLAGS = $(unit_cppflags) $(LIBZIP_CFLAGS)
tests_unit_test_zip_tap_LDADD = xml/libreader.la policy/libpolicy.la $(LIBZIP_LIBS) $(unit_libs)
TESTS += tests/unit/test_zip.tap
endif

# Encodings.
if ENABLE_XML
check_PROGRAMS += tests/unit/test_encoding.tap
tests_unit_test_encoding_tap_SOURCES = tests/unit/test_encoding.c
tests_unit_test_encoding_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_encoding_tap_LDADD = xml/libreader.la policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_encoding.tap
endif

# The parts of the reader.
if ENABLE_XML
check_PROGRAMS += tests/unit/test_window.tap
tests_unit_test_window_tap_SOURCES = tests/unit/test_window.c
tests_unit_test_window_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_window_tap_LDADD = xml/libreader.la policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_window.tap
check_PROGRAMS += tests/unit/test_fault.tap
tests_unit_test_fault_tap_SOURCES = tests/unit/test_fault.c
tests_unit_test_fault_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_fault_tap_LDADD = xml/libreader.la policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_fault.tap
check_PROGRAMS += tests/unit/test_input.tap
tests_unit_test_input_tap_SOURCES = tests/unit/test_input.c
tests_unit_test_input_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_input_tap_LDADD = xml/libreader.la policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_input.tap
check_PROGRAMS += tests/unit/test_payload.tap
tests_unit_test_payload_tap_SOURCES = tests/unit/test_payload.c
tests_unit_test_payload_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_payload_tap_LDADD = xml/libreader.la policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_payload.tap
endif
