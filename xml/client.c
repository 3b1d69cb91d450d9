/*
 * Client numbers in attributes and folder names.
 */
#include "config.h"

#include "xml/client.h"

#include <string.h>

#include "policy/findings.h"
#include "policy/limits.h"

#define FOLDER_DIGITS 4

int ucm_client_parse(const char *text, size_t length)
{
	int client = 0;

	if (length == 0)
		return UCM_CLIENT_UNKNOWN;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return UCM_CLIENT_UNKNOWN;
		client = client * 10 + (text[i] - '0');
		if (client > UCM_CLIENT_MAX)
			return UCM_CLIENT_UNKNOWN;
	}
	return client;
}

static int client_of_folder(const char *name, size_t length)
{
	static const char dash[] = " - ";
	const size_t dash_length = sizeof(dash) - 1;
	const char *digits;

	if (length < FOLDER_DIGITS)
		return UCM_CLIENT_UNKNOWN;
	digits = name + length - FOLDER_DIGITS;
	if (length > FOLDER_DIGITS && (length < FOLDER_DIGITS + dash_length ||
					  memcmp(digits - dash_length, dash, dash_length) != 0))
		return UCM_CLIENT_UNKNOWN;
	return ucm_client_parse(digits, FOLDER_DIGITS);
}

int ucm_client_of_path(const char *path)
{
	const char *end = strrchr(path, '/'), *start;
	int client;

	while (end != NULL && end > path) {
		for (start = end; start > path && start[-1] != '/'; start--)
			;
		client = client_of_folder(start, (size_t)(end - start));
		if (client != UCM_CLIENT_UNKNOWN)
			return client;
		end = start > path ? start - 1 : NULL;
	}
	return UCM_CLIENT_UNKNOWN;
}
