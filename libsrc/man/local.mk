# A manual page for each function or group of them. A page that tells of several functions is found
# under each name: the other names are links to it, made from its NAME section.
libucmail_manual = libsrc/man/ucm_start.3 libsrc/man/ucm_set_text.3 libsrc/man/ucm_add_input.3 \
	libsrc/man/ucm_add_connect_to.3 libsrc/man/ucm_decide_policy.3 libsrc/man/ucm_compile.3 \
	libsrc/man/ucm_message_new.3 libsrc/man/ucm_message_set_body.3 \
	libsrc/man/ucm_message_set_raw.3 libsrc/man/ucm_message_write.3 libsrc/man/ucm_send.3 \
	libsrc/man/ucm_send_begin.3 libsrc/man/ucm_send_batch.3 libsrc/man/ucm_check.3 \
	libsrc/man/ucm_outcome_text.3 libsrc/man/ucm_error.3 libsrc/man/ucm_version.3
dist_man_MANS += $(libucmail_manual)

libucmail_manual_links = libsrc/man/ucm_end.3 libsrc/man/ucm_set_number.3 \
	libsrc/man/ucm_get_text.3 libsrc/man/ucm_get_number.3 libsrc/man/ucm_policy_text.3 \
	libsrc/man/ucm_policy_number.3 libsrc/man/ucm_policy_source.3 \
	libsrc/man/ucm_policy_finding_at.3 libsrc/man/ucm_message_free.3 \
	libsrc/man/ucm_message_add_recipient.3 libsrc/man/ucm_message_set.3 \
	libsrc/man/ucm_message_add_header.3 libsrc/man/ucm_message_set_html.3 \
	libsrc/man/ucm_message_attach_file.3 libsrc/man/ucm_message_attach_data.3 \
	libsrc/man/ucm_message_attach_report.3 libsrc/man/ucm_message_set_raw_fd.3 \
	libsrc/man/ucm_disconnect.3 libsrc/man/ucm_advance.3 libsrc/man/ucm_descriptor.3 \
	libsrc/man/ucm_timeout_ms.3 libsrc/man/ucm_outcome_number.3 \
	libsrc/man/ucm_outcome_recipient.3 libsrc/man/ucm_outcome_free.3 \
	libsrc/man/ucm_error_rule.3 libsrc/man/ucm_strerror.3
nodist_man_MANS = $(libucmail_manual_links)
CLEANFILES += $(libucmail_manual_links)

$(libucmail_manual_links): $(libucmail_manual)
	$(AM_V_GEN)$(MKDIR_P) libsrc/man && name=`basename $@ .3` && \
	page=`cd $(srcdir) && grep -lx "\.Nm $$name\( ,\)*" $(libucmail_manual)` && \
	echo ".so man3/`basename $$page`" >$@
