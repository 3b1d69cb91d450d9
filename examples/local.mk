# Examples for services: `make examples` builds those in C.
example_programs = examples/service examples/conversation
examples_service_SOURCES = examples/service.c
examples_conversation_SOURCES = examples/conversation.c
examples_conversation_LDADD = libsrc/libucmail.la
if HAVE_LIBEVENT
example_programs += examples/event_loop
examples_event_loop_SOURCES = examples/event_loop.c
examples_event_loop_CPPFLAGS = $(AM_CPPFLAGS) $(LIBEVENT_CFLAGS)
examples_event_loop_LDADD = libsrc/libucmail.la $(LIBEVENT_LIBS)
else
EXTRA_DIST += examples/event_loop.c
endif
EXTRA_PROGRAMS += $(example_programs)
examples: $(example_programs)
.PHONY: examples
CLEANFILES += $(example_programs)

EXTRA_DIST += examples/send.py examples/send.pl \
	examples/systemd/ucmail-report.service examples/systemd/ucmail-report.timer \
	examples/cron/mail-output examples/cron/nightly \
	examples/logrotate/mail-log examples/logrotate/nightly \
	examples/logrotate/systemd.conf \
	examples/tutorial/make-exports examples/scale/audit-shard \
	examples/scale/kubernetes-job.yaml examples/scale/slurm-array.sh \
	examples/scale/postfix-main.cf
EXTRA_DIST += .pre-commit-hooks.yaml examples/ci/pre-commit-config.yaml \
	examples/ci/github-workflow.yml examples/ci/gitlab-ci.yml examples/ci/Jenkinsfile
