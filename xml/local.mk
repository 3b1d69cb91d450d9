# Inputs to model. Nothing here is needed where only snapshots are read, but for the snapshot itself.
if ENABLE_XML
noinst_LTLIBRARIES += xml/libreader.la
xml_libreader_la_SOURCES = xml/load.h
xml_libreader_la_CPPFLAGS = $(AM_CPPFLAGS) $(LIBXML2_CFLAGS) $(LIBZIP_CFLAGS)
xml_libreader_la_LIBADD = $(LIBXML2_LIBS) $(LIBZIP_LIBS)
endif

# SEND_MAIL calls in scripts.
if ENABLE_XML
xml_libreader_la_SOURCES += xml/script.h xml/script.c
endif
