/*
 * The floor of any reader on libxml2: a push parse in 64 kB chunks with empty callbacks.
 *
 *   bench_parse FILE...
 */
#include "config.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#include "measure.h"

#define CHUNK 65536

static void on_start(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
    int namespaces, const xmlChar **namespace, int attributes, int defaulted,
    const xmlChar **attribute)
{
	(void)arg;
	(void)name;
	(void)prefix;
	(void)uri;
	(void)namespaces;
	(void)namespace;
	(void)attributes;
	(void)defaulted;
	(void)attribute;
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)arg;
	(void)name;
	(void)prefix;
	(void)uri;
}

static long long parse(const char *path)
{
	static char chunk[CHUNK];
	xmlSAXHandler handler;
	xmlParserCtxtPtr parser;
	FILE *file = fopen(path, "rbe");
	long long sum = 0;
	size_t got;

	if (!file)
		return -1;
	setvbuf(file, NULL, _IONBF, 0);
	memset(&handler, 0, sizeof handler);
	handler.initialized = XML_SAX2_MAGIC;
	handler.startElementNs = on_start;
	handler.endElementNs = on_end;
	parser = xmlCreatePushParserCtxt(&handler, NULL, NULL, 0, NULL);
	while ((got = fread(chunk, 1, sizeof chunk, file)) > 0) {
		sum += (long long)got;
		if (xmlParseChunk(parser, chunk, (int)got, 0))
			return -1;
	}
	xmlParseChunk(parser, chunk, 0, 1);
	xmlFreeParserCtxt(parser);
	fclose(file);
	return sum;
}

int main(int argc, char **argv)
{
	struct measure measure;
	long long sum = 0;

	measure_start(&measure);
	for (int i = 1; i < argc; i++) {
		long long size = parse(argv[i]);

		if (size < 0)
			return 1;
		sum += size;
	}
	measure_print(&measure, argc - 1, sum);
	return 0;
}
