/*
 * Exports in memory, for tests: written as text, read into a system.
 */
#ifndef UCM_TESTS_EXPORT_TEXT_H
#define UCM_TESTS_EXPORT_TEXT_H

#include <string.h>

#include "policy/model.h"
#include "xml/export.h"

#define HEAD15 "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\n"
#define HEAD8 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define ROOT "<uc-export clientvers=\"21.0.10+build.1\">\n"
#define END "</uc-export>"

/* A STATIC variable with the given rows, in the shape of real exports. */
#define VARA(name, attributes, rows)                                                               \
	"<VARA OVD_VRName=\"FREI\" " attributes "name=\"" name "\" replacementmode=\"2\">\n"       \
	"<HEADER state=\"1\">\n<Title/>\n<OH_SubType>STATIC</OH_SubType>\n</HEADER>\n"             \
	"<ATTR_VARA state=\"1\">\n<Type>C|Text</Type>\n<source>STATIC</source>\n</ATTR_VARA>\n"    \
	"<VARA state=\"1\">\n<Variables>\n" rows "</Variables>\n</VARA>\n"                         \
	"<DOCU_Docu state=\"1\" type=\"text\">\n<DOC/>\n</DOCU_Docu>\n</VARA>\n"
#define ROW(name, value) "<row Name=\"" name "\" Value=\"" value "\" Value1=\"\" Value2=\"\"/>\n"

/* Reads bytes into a fresh system, as client 100; unfinished. */
static inline void read_bytes(struct ucm_system *system, const void *bytes, size_t size)
{
	struct ucm_memory_source source;
	const struct ucm_export export = {.name = "a.xml", .client = 100};

	ucm_system_init(system, NULL, 0);
	ucm_source_memory(&source, bytes, size);
	assert_int_equal(ucm_export_read(system, &source.base, &export), 0);
}

static inline void read_text(struct ucm_system *system, const char *text)
{
	read_bytes(system, text, strlen(text));
}

/* The row of that key in a variable; the test fails where it is missing. */
static inline const struct ucm_row *row_of(const struct ucm_variable *variable, const char *name)
{
	static const struct ucm_row missing;

	if (variable != NULL)
		for (const struct ucm_row *row = variable->rows; row != NULL; row = row->next)
			if (strcmp(row->name, name) == 0)
				return row;
	fail_msg("no row %s", name);
	return &missing;
}

/* The row of that key in the first variable. */
static inline const struct ucm_row *find_row(const struct ucm_system *system, const char *name)
{
	return row_of(system->variables, name);
}

#endif
