# Tests of the engine.

# The engine, piece by piece.
check_PROGRAMS += tests/unit/test_reply.tap
tests_unit_test_reply_tap_SOURCES = tests/unit/test_reply.c
tests_unit_test_reply_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_reply_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_reply.tap

check_PROGRAMS += tests/unit/test_body.tap
tests_unit_test_body_tap_SOURCES = tests/unit/test_body.c
tests_unit_test_body_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_body_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_body.tap

check_PROGRAMS += tests/unit/test_command.tap
tests_unit_test_command_tap_SOURCES = tests/unit/test_command.c
tests_unit_test_command_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_command_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_command.tap

check_PROGRAMS += tests/unit/test_smtp.tap
tests_unit_test_smtp_tap_SOURCES = tests/unit/test_smtp.c tests/unit/smtp_dialogue.c
tests_unit_test_smtp_tap_SOURCES += tests/unit/smtp_dialogue.h
tests_unit_test_smtp_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_smtp_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_smtp.tap

check_PROGRAMS += tests/unit/test_smtp_mail.tap
tests_unit_test_smtp_mail_tap_SOURCES = tests/unit/test_smtp_mail.c tests/unit/smtp_dialogue.c tests/unit/smtp_dialogue.h
tests_unit_test_smtp_mail_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_smtp_mail_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_smtp_mail.tap

check_PROGRAMS += tests/unit/test_smtp_secrets.tap
tests_unit_test_smtp_secrets_tap_SOURCES = tests/unit/test_smtp_secrets.c tests/unit/smtp_dialogue.c tests/unit/smtp_dialogue.h
tests_unit_test_smtp_secrets_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_smtp_secrets_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_smtp_secrets.tap

# TLS against OpenSSL's server, with certificates for today.
check_PROGRAMS += tests/unit/test_tls.tap
tests_unit_test_tls_tap_SOURCES = tests/unit/test_tls.c tests/unit/tls_server.c tests/unit/tls_server.h
tests_unit_test_tls_tap_CPPFLAGS = $(unit_cppflags) $(WOLFSSL_CFLAGS)
tests_unit_test_tls_tap_LDADD = libsrc/libcore.la $(unit_libs) $(WOLFSSL_LIBS)
TESTS += tests/unit/test_tls.tap

# Sends through the public calls, to a server on the other end of a socket pair.
check_PROGRAMS += tests/unit/test_send.tap
tests_unit_test_send_tap_SOURCES = tests/unit/test_send.c tests/unit/send_stage.c \
	tests/unit/send_stage.h
tests_unit_test_send_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_send_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_send.tap

check_PROGRAMS += tests/unit/test_send_begin.tap
tests_unit_test_send_begin_tap_SOURCES = tests/unit/test_send_begin.c tests/unit/send_stage.c \
	tests/unit/send_stage.h
tests_unit_test_send_begin_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_send_begin_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_send_begin.tap

check_PROGRAMS += tests/unit/test_send_batch.tap
tests_unit_test_send_batch_tap_SOURCES = tests/unit/test_send_batch.c tests/unit/send_stage.c \
	tests/unit/send_stage.h
tests_unit_test_send_batch_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_send_batch_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_send_batch.tap

check_PROGRAMS += tests/unit/test_check.tap
tests_unit_test_check_tap_SOURCES = tests/unit/test_check.c tests/unit/send_stage.c \
	tests/unit/send_stage.h
tests_unit_test_check_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_check_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_check.tap

check_PROGRAMS += tests/unit/test_outcome.tap
tests_unit_test_outcome_tap_SOURCES = tests/unit/test_outcome.c
tests_unit_test_outcome_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_outcome_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_outcome.tap

check_PROGRAMS += tests/unit/test_net.tap
tests_unit_test_net_tap_SOURCES = tests/unit/test_net.c
tests_unit_test_net_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_net_tap_LDADD = libsrc/libcore.la $(unit_libs)
TESTS += tests/unit/test_net.tap
