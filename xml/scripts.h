/*
 * Scripts of an export: their text and place, handed to the scanner of SEND_MAIL calls.
 */
#ifndef UCM_XML_SCRIPTS_H
#define UCM_XML_SCRIPTS_H

#include <stddef.h>

#include "xml/reader.h"

/* Scans the content of a script element, which lies in the reader's window. */
void ucm_reader_script(struct ucm_reader *reader, const char *content, size_t size);

#endif
