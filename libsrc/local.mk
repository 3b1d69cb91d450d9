# Public API and engine.
include_HEADERS += libsrc/ucmail.h
noinst_LTLIBRARIES += libsrc/libcore.la
libsrc_libcore_la_SOURCES = libsrc/ucmail.h
libsrc_libcore_la_CPPFLAGS = $(AM_CPPFLAGS) $(WOLFSSL_CFLAGS) -DUCM_BUILDING_LIBRARY
libsrc_libcore_la_CFLAGS = $(core_cflags)
libsrc_libcore_la_LIBADD = policy/libpolicy.la $(WOLFSSL_LIBS)

# The library: nothing but the functions of ucmail.h is exported.
lib_LTLIBRARIES += libsrc/libucmail.la
libsrc_libucmail_la_SOURCES =
libsrc_libucmail_la_LIBADD = libsrc/libcore.la
libsrc_libucmail_la_LDFLAGS = $(core_ldflags) -version-info $(UCM_LIBRARY_VERSION) $(DEFS_LDFLAGS) \
	$(VERSION_LDFLAGS) -Wl,--version-script=$(top_srcdir)/libsrc/libucmail.map
EXTRA_libsrc_libucmail_la_DEPENDENCIES = libsrc/libucmail.map
EXTRA_DIST += libsrc/libucmail.map
EXTRA_DIST += libsrc/wolfssl-minimal.sh
pkgconfig_DATA = libsrc/ucmail.pc

# The handle.
libsrc_libcore_la_SOURCES += libsrc/handle.h libsrc/handle.c libsrc/items.c libsrc/connect_to.c
libsrc_libcore_la_SOURCES += libsrc/system.h libsrc/system.c libsrc/reader.c libsrc/xml_module.h
libsrc_libcore_la_SOURCES += libsrc/decide_policy.c libsrc/policy_view.c
libsrc_libcore_la_SOURCES += libsrc/version.c libsrc/status.c
libsrc_libcore_la_CPPFLAGS += -DPKGLIBDIR='"$(pkglibdir)"'
EXTRA_DIST += libsrc/ucmail-xml.map
libsrc_libcore_la_LIBADD += xml/libsnapshot.la
dist_man_MANS += libsrc/libucmail.3
include libsrc/man/local.mk

# The reader of exports: a module, so that the library itself needs no XML library.
if ENABLE_XML
libsrc_libcore_la_CPPFLAGS += $(LIBXML2_CFLAGS)
if ENABLE_SHARED
pkglib_LTLIBRARIES += libsrc/ucmail-xml.la
libsrc_ucmail_xml_la_SOURCES = libsrc/xml_module.c libsrc/xml_module.h
libsrc_ucmail_xml_la_LIBADD = xml/libreader.la policy/libpolicy.la
libsrc_ucmail_xml_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared $(DEFS_LDFLAGS) \
	$(VERSION_LDFLAGS) -Wl,--version-script=$(top_srcdir)/libsrc/ucmail-xml.map
EXTRA_libsrc_ucmail_xml_la_DEPENDENCIES = libsrc/ucmail-xml.map
else
libsrc_libcore_la_CPPFLAGS += -DUCM_XML_BUILTIN
libsrc_libcore_la_LIBADD += xml/libreader.la
EXTRA_DIST += libsrc/xml_module.c
endif
endif

# Messages
libsrc_libcore_la_SOURCES += libsrc/message.h libsrc/composition.h libsrc/message.c libsrc/message_item.c
libsrc_libcore_la_SOURCES += libsrc/attach.c libsrc/prepare.c libsrc/compose.c libsrc/mime.c
libsrc_libcore_la_SOURCES += libsrc/report.h libsrc/report.c libsrc/pieces.h libsrc/pieces.c
libsrc_libcore_la_SOURCES += libsrc/octets.h libsrc/octets.c libsrc/buffer.h libsrc/buffer.c
libsrc_libcore_la_SOURCES += libsrc/recipients.h libsrc/recipients.c libsrc/recipients_field.c
libsrc_libcore_la_SOURCES += libsrc/raw.h libsrc/raw.c libsrc/raw_scan.c
libsrc_libcore_la_SOURCES += libsrc/field.h libsrc/field.c libsrc/field_check.c libsrc/param2231.c
libsrc_libcore_la_SOURCES += libsrc/encode_word.h libsrc/encode_word.c libsrc/qp.h libsrc/qp.c
libsrc_libcore_la_SOURCES += libsrc/date.h libsrc/date.c libsrc/mediatype.h libsrc/mediatype.c

# SASL
libsrc_libcore_la_SOURCES += libsrc/sasl.h libsrc/sasl_exchange.h libsrc/sasl.c libsrc/sasl_simple.c
libsrc_libcore_la_SOURCES += libsrc/told.h libsrc/told.c
libsrc_libcore_la_SOURCES += libsrc/scram.c libsrc/saslprep.h libsrc/saslprep.c libsrc/saslprep_table.c
EXTRA_DIST += libsrc/saslprep_table.py

# The engine: replies, commands and bodies as pure functions; SMTP as a machine; TLS; sockets.
libsrc_libcore_la_SOURCES += libsrc/outcome.h libsrc/outcome.c libsrc/reply.h libsrc/reply.c
libsrc_libcore_la_SOURCES += libsrc/command.h libsrc/command.c libsrc/body.h libsrc/body.c
libsrc_libcore_la_SOURCES += libsrc/smtp.h libsrc/smtp_internal.h libsrc/smtp.c
libsrc_libcore_la_SOURCES += libsrc/smtp_auth.c libsrc/smtp_body.c libsrc/smtp_mail.c
libsrc_libcore_la_SOURCES += libsrc/peer.h libsrc/peer.c libsrc/tls.h libsrc/tls_internal.h libsrc/tls.c
libsrc_libcore_la_SOURCES += libsrc/tls_setup.c libsrc/tls_verify.c
libsrc_libcore_la_SOURCES += libsrc/resolve.h libsrc/resolve.c libsrc/net.h libsrc/net.c
libsrc_libcore_la_SOURCES += libsrc/session.h libsrc/session.c libsrc/session_step.h libsrc/session_step.c
libsrc_libcore_la_SOURCES += libsrc/session_login.h libsrc/session_login.c
libsrc_libcore_la_SOURCES += libsrc/send.h libsrc/send.c libsrc/batch.c libsrc/check.c
