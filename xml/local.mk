# Inputs to model. Nothing here is needed where only snapshots are read, but for the snapshot itself.
if ENABLE_XML
noinst_LTLIBRARIES += xml/libreader.la
xml_libreader_la_SOURCES = xml/load.h
xml_libreader_la_SOURCES += xml/reason.h xml/reason.c xml/source.h xml/source.c
xml_libreader_la_SOURCES += xml/encoding.h xml/encoding.c xml/window.h xml/window.c
xml_libreader_la_SOURCES += xml/markup.h xml/markup.c xml/client.h xml/client.c
xml_libreader_la_SOURCES += xml/hosttype.h xml/hosttype.c xml/reader.h xml/export.h
xml_libreader_la_SOURCES += xml/export.c xml/object.c xml/content.c xml/fault.c
xml_libreader_la_SOURCES += xml/scripts.h xml/scripts.c
xml_libreader_la_SOURCES += xml/path.h xml/path.c xml/inside.h xml/inside.c xml/walk.h xml/walk.c
xml_libreader_la_SOURCES += xml/payload.h xml/payload.c xml/input.h xml/input.c xml/json.h xml/json.c
xml_libreader_la_SOURCES += xml/merge.h xml/merge.c xml/load.c
xml_libreader_la_SOURCES += xml/workers.h xml/workers.c
xml_libreader_la_SOURCES += xml/zip.h xml/zip.c xml/member.h xml/member.c
xml_libreader_la_CPPFLAGS = $(AM_CPPFLAGS) $(LIBXML2_CFLAGS) $(LIBZIP_CFLAGS)
xml_libreader_la_LIBADD = xml/libsnapshot.la $(LIBXML2_LIBS) $(LIBZIP_LIBS)
endif

# SEND_MAIL calls in scripts.
if ENABLE_XML
xml_libreader_la_SOURCES += xml/script.h xml/script.c
endif

# Snapshots: needs no XML, and is part of the library itself.
noinst_LTLIBRARIES += xml/libsnapshot.la
xml_libsnapshot_la_SOURCES = xml/snapshot.h xml/snapshot.c xml/snapshot_write.c
xml_libsnapshot_la_SOURCES += xml/snapshot_line.h xml/snapshot_line.c
xml_libsnapshot_la_CPPFLAGS = $(AM_CPPFLAGS)
xml_libsnapshot_la_CFLAGS = $(core_cflags)
