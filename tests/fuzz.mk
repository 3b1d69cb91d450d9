# Fuzzing. `make fuzz SECONDS=600` runs each target for so long (FUZZ_TARGETS='smtp raw': only these) under
# libFuzzer, `make fuzz-afl` under AFL++; `make check` runs the corpus and a fixed number of mutations of it.
if ENABLE_XML
fuzz_driver = tests/fuzz/driver.c tests/fuzz/fuzz.h
fuzz_system = $(fuzz_driver) tests/fuzz/system_claims.c tests/fuzz/system_claims.h
fuzz_wire = $(fuzz_driver) tests/fuzz/wire_claims.c tests/fuzz/wire_claims.h $(fake_handle)
fuzz_cppflags = $(AM_CPPFLAGS) -DUCM_BUILDING_LIBRARY
if FUZZING
fuzz_cppflags += -DUCM_FUZZING
fuzz_ldflags = $(AM_LDFLAGS) -fsanitize=fuzzer
else
fuzz_ldflags = $(AM_LDFLAGS)
TESTS += $(fuzz_programs)
endif
FUZZ_TARGETS = address batch cert config_file export message raw report sasl script smtp snapshot zip
fuzz_programs =
check_PROGRAMS += $(fuzz_programs)

fuzz_programs += tests/fuzz/address.tap
tests_fuzz_address_tap_SOURCES = tests/fuzz/address.c $(fuzz_driver)
tests_fuzz_address_tap_CPPFLAGS = $(fuzz_cppflags) -DFUZZ_TARGET='"address"' -DFUZZ_MUTATIONS=20000
tests_fuzz_address_tap_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_address_tap_LDADD = policy/libpolicy.la

fuzz_programs += tests/fuzz/batch.tap
tests_fuzz_batch_tap_SOURCES = tests/fuzz/batch.c $(fuzz_driver) $(fake_handle) \
	tools/ucmail_batch_line.c tools/ucmail_tool.h tools/json_read.c tools/json_read.h
tests_fuzz_batch_tap_CPPFLAGS = $(fuzz_cppflags) $(JANSSON_CFLAGS) -DFUZZ_TARGET='"batch"' \
	-DFUZZ_MUTATIONS=5000
tests_fuzz_batch_tap_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_batch_tap_LDADD = libsrc/libcore.la $(JANSSON_LIBS)

fuzz_programs += tests/fuzz/cert.tap
tests_fuzz_cert_tap_SOURCES = tests/fuzz/cert.c $(fuzz_driver)
tests_fuzz_cert_tap_CPPFLAGS = $(fuzz_cppflags) -DFUZZ_TARGET='"cert"' -DFUZZ_MUTATIONS=3000
tests_fuzz_cert_tap_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_cert_tap_LDADD = policy/libpolicy.la

fuzz_programs += tests/fuzz/config_file.tap
tests_fuzz_config_file_tap_SOURCES = tests/fuzz/config_file.c $(fuzz_driver)
tests_fuzz_config_file_tap_CPPFLAGS = $(fuzz_cppflags) -DFUZZ_TARGET='"config_file"' -DFUZZ_MUTATIONS=5000
tests_fuzz_config_file_tap_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_config_file_tap_LDADD = tools/liblint.la xml/libreader.la xml/libsnapshot.la policy/libpolicy.la $(JANSSON_LIBS)

fuzz_programs += tests/fuzz/export.tap
tests_fuzz_export_tap_SOURCES = tests/fuzz/export.c $(fuzz_system)
tests_fuzz_export_tap_CPPFLAGS = $(fuzz_cppflags) -DFUZZ_TARGET='"export"' -DFUZZ_MUTATIONS=1000
tests_fuzz_export_tap_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_export_tap_LDADD = xml/libreader.la xml/libsnapshot.la policy/libpolicy.la

fuzz_programs += tests/fuzz/message.tap
tests_fuzz_message_tap_SOURCES = tests/fuzz/message.c $(fuzz_wire)
tests_fuzz_message_tap_CPPFLAGS = $(fuzz_cppflags) -DFUZZ_TARGET='"message"' -DFUZZ_MUTATIONS=1000
tests_fuzz_message_tap_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_message_tap_LDADD = libsrc/libcore.la

fuzz_programs += tests/fuzz/raw.tap
tests_fuzz_raw_tap_SOURCES = tests/fuzz/raw.c $(fuzz_wire)
tests_fuzz_raw_tap_CPPFLAGS = $(fuzz_cppflags) -DFUZZ_TARGET='"raw"' -DFUZZ_MUTATIONS=1000
tests_fuzz_raw_tap_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_raw_tap_LDADD = libsrc/libcore.la

fuzz_programs += tests/fuzz/report.tap
tests_fuzz_report_tap_SOURCES = tests/fuzz/report.c $(fuzz_driver)
tests_fuzz_report_tap_CPPFLAGS = $(fuzz_cppflags) $(JANSSON_CFLAGS) -DFUZZ_TARGET='"report"' \
	-DFUZZ_MUTATIONS=300
tests_fuzz_report_tap_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_report_tap_LDADD = tools/liblint.la xml/libreader.la xml/libsnapshot.la policy/libpolicy.la \
	libsrc/libucmail.la $(JANSSON_LIBS)

fuzz_programs += tests/fuzz/sasl.tap
tests_fuzz_sasl_tap_SOURCES = tests/fuzz/sasl.c $(fuzz_driver)
tests_fuzz_sasl_tap_CPPFLAGS = $(fuzz_cppflags) -DFUZZ_TARGET='"sasl"' -DFUZZ_MUTATIONS=300
tests_fuzz_sasl_tap_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_sasl_tap_LDADD = libsrc/libcore.la

fuzz_programs += tests/fuzz/script.tap
tests_fuzz_script_tap_SOURCES = tests/fuzz/script.c $(fuzz_driver)
tests_fuzz_script_tap_CPPFLAGS = $(fuzz_cppflags) -DFUZZ_TARGET='"script"' -DFUZZ_MUTATIONS=10000
tests_fuzz_script_tap_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_script_tap_LDADD = xml/libreader.la xml/libsnapshot.la policy/libpolicy.la

fuzz_programs += tests/fuzz/smtp.tap
tests_fuzz_smtp_tap_SOURCES = tests/fuzz/smtp.c $(fuzz_driver)
tests_fuzz_smtp_tap_CPPFLAGS = $(fuzz_cppflags) -DFUZZ_TARGET='"smtp"' -DFUZZ_MUTATIONS=5000
tests_fuzz_smtp_tap_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_smtp_tap_LDADD = libsrc/libcore.la

fuzz_programs += tests/fuzz/snapshot.tap
tests_fuzz_snapshot_tap_SOURCES = tests/fuzz/snapshot.c $(fuzz_system)
tests_fuzz_snapshot_tap_CPPFLAGS = $(fuzz_cppflags) -DFUZZ_TARGET='"snapshot"' -DFUZZ_MUTATIONS=1000
tests_fuzz_snapshot_tap_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_snapshot_tap_LDADD = xml/libsnapshot.la policy/libpolicy.la

fuzz_programs += tests/fuzz/zip.tap
tests_fuzz_zip_tap_SOURCES = tests/fuzz/zip.c $(fuzz_system)
tests_fuzz_zip_tap_CPPFLAGS = $(fuzz_cppflags) -DFUZZ_TARGET='"zip"' -DFUZZ_MUTATIONS=1000
tests_fuzz_zip_tap_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_zip_tap_LDADD = xml/libreader.la xml/libsnapshot.la policy/libpolicy.la

EXTRA_DIST += tests/fuzz/run.sh tests/fuzz/afl.sh tests/fuzz/corpus tests/fuzz/words

SECONDS = 60
fuzz_words = SECONDS=$(SECONDS) FUZZ_TARGETS='$(FUZZ_TARGETS)'
if FUZZING
fuzz fuzz-afl: all $(fuzz_programs)
	case $@ in fuzz) engine=run ;; *) engine=afl ;; esac; for target in $(FUZZ_TARGETS); do \
		$(SHELL) $(top_srcdir)/tests/fuzz/$$engine.sh $$target $(SECONDS) $(top_srcdir) || exit 1; \
	done
else
fuzz:
	$(MKDIR_P) fuzzing
	cd fuzzing && { test -e config.status || \
		$(abs_top_srcdir)/configure -C CC=clang --enable-fuzzing; } && $(MAKE) fuzz $(fuzz_words)
fuzz-afl:
	$(MKDIR_P) fuzzing-afl
	cd fuzzing-afl && { test -e config.status || \
		$(abs_top_srcdir)/configure -C CC=afl-clang-fast --enable-fuzzing; } && \
		$(MAKE) fuzz-afl $(fuzz_words)
endif
endif
