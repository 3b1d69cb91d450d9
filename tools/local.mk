include tools/policy_lint.mk
# ucmail: the public library, and the pure tables for agents, texts and names.
bin_PROGRAMS += tools/ucmail
tools_ucmail_SOURCES = tools/ucmail.c tools/ucmail_tool.h tools/ucmail_options.c tools/ucmail_run.c \
	tools/ucmail_send.c tools/ucmail_batch.c tools/ucmail_batch_line.c tools/ucmail_message.c \
	tools/ucmail_outcome.c \
	tools/ucmail_policy.c tools/ucmail_check.c tools/ucmail_agents.c tools/ucmail_compile.c \
	tools/ucmail_json.c tools/secret.c tools/secret.h
tools_ucmail_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tools_ucmail_LDADD = libsrc/libucmail.la policy/libpolicy.la $(JANSSON_LIBS)
dist_man_MANS += tools/ucmail.1
