include tools/policy_lint.mk
include tools/completion/local.mk
# ucmail: the public library, and the pure tables for agents, texts and names.
bin_PROGRAMS += tools/ucmail
tools_ucmail_SOURCES = tools/ucmail.c tools/ucmail_tool.h tools/ucmail_options.c tools/ucmail_run.c \
	tools/ucmail_send.c tools/ucmail_batch.c tools/ucmail_batch_line.c tools/ucmail_message.c \
	tools/ucmail_outcome.c \
	tools/ucmail_policy.c tools/ucmail_check.c tools/ucmail_agents.c tools/ucmail_compile.c \
	tools/ucmail_json.c tools/streams.c tools/streams.h tools/secret.c tools/secret.h \
	tools/lint_file.c tools/lint_file.h tools/report_escape.c tools/report_escape.h \
	tools/json_read.c tools/json_read.h \
	tools/json_help.c tools/json_help.h
tools_ucmail_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tools_ucmail_LDADD = libsrc/libucmail.la policy/libpolicy.la $(JANSSON_LIBS)
if ENABLE_SHARED
tools_ucmail_CFLAGS = $(AM_CFLAGS)
tools_ucmail_LDFLAGS = $(AM_LDFLAGS)
else
tools_ucmail_CFLAGS = $(core_cflags)
tools_ucmail_LDFLAGS = $(core_ldflags)
endif
dist_man_MANS += tools/ucmail.1

# ucmail-sendmail: the public library, and the pure parts that put a header in order.
bin_PROGRAMS += tools/ucmail-sendmail
tools_ucmail_sendmail_SOURCES = tools/sendmail.c tools/sendmail.h tools/sendmail_options.c \
	tools/sendmail_config.c tools/sendmail_header.c tools/sendmail_address.c \
	tools/sendmail_words.c tools/sendmail_words.h tools/sendmail_input.c tools/sendmail_message.c \
	tools/secret.c tools/streams.c tools/lint_ini.c tools/lint_ini.h tools/lint_file.c tools/lint_file.h \
	libsrc/buffer.c libsrc/encode_word.c libsrc/qp.c
tools_ucmail_sendmail_CPPFLAGS = $(AM_CPPFLAGS)
tools_ucmail_sendmail_LDADD = libsrc/libucmail.la policy/libpolicy.la
dist_man_MANS += tools/ucmail-sendmail.1
dist_man_MANS += tools/ucmail-agents.7 tools/ucmail-snapshot.5 tools/ucmail-tutorial.7
