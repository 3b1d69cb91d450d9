# policy-lint. It needs the reader of exports: a build without XML has no audit.
if ENABLE_XML
noinst_LTLIBRARIES += tools/liblint.la
tools_liblint_la_SOURCES = \
	tools/lint_options.c tools/lint_options.h tools/lint_usage.c \
	tools/lint_select.c tools/lint_select.h \
	tools/lint_ini.c tools/lint_ini.h tools/lint_config.c tools/lint_config.h \
	tools/lint_init.c tools/lint_init.h \
	tools/lint_file.c tools/lint_file.h \
	tools/lint_findings.c tools/lint_policies.c tools/lint_references.c tools/lint_model.h \
	tools/lint_baseline.c tools/lint_baseline.h \
	tools/lint_parse.c tools/lint_parse.h tools/lint_merge.c tools/lint_merge.h \
	tools/lint_merge_findings.c tools/lint_merge_lists.c tools/lint_merge_parts.h \
	tools/lint_rules.c tools/lint_rules.h tools/lint_examples.c tools/lint_examples.h \
	tools/lint_run.c tools/lint_output.c tools/lint_run.h \
	tools/lint_questions.c tools/lint_outcome.c tools/lint_impact.c tools/lint_timeline.c \
	tools/lint_whatif.h \
	tools/lint_probe.c tools/lint_probe_wire.c tools/lint_probe.h \
	tools/lint_evidence.c tools/lint_verify.c tools/lint_evidence.h \
	tools/json_help.c tools/json_help.h tools/json_read.c tools/json_read.h tools/json_member.c tools/json_member.h \
	tools/report.c tools/report.h tools/report_escape.c tools/report_escape.h \
	tools/report_text.c tools/report_text.h tools/report_text_matrix.c \
	tools/report_junit.c tools/report_junit.h tools/report_junit_cases.c \
	tools/report_members.c tools/report_members.h tools/report_json.c tools/report_sarif.c \
	tools/report_github.c tools/report_gitlab.c tools/report_csv.c tools/report_prometheus.c \
	tools/report_html.c tools/report_html.h tools/report_html_style.c \
	tools/report_html_findings.c tools/report_html_matrix.c tools/report_html_more.c
tools_liblint_la_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tools_liblint_la_LIBADD = policy/libpolicy.la $(JANSSON_LIBS)

bin_PROGRAMS += tools/policy-lint
tools_policy_lint_SOURCES = tools/lint.c tools/streams.c tools/streams.h
tools_policy_lint_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tools_policy_lint_LDADD = tools/liblint.la xml/libreader.la xml/libsnapshot.la \
	policy/libpolicy.la libsrc/libucmail.la $(JANSSON_LIBS)
endif
dist_man_MANS += tools/policy-lint.1 tools/policy-lint.conf.5 tools/ucmail-rules.7
