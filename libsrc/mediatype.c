/*
 * Media types of attachments: a table of extensions.
 */
#include "config.h"

#include <string.h>

#include "libsrc/mediatype.h"
#include "policy/text.h"

static const struct media_row {
	const char *extension, *type;
} media_rows[] = {
    {"7z", "application/x-7z-compressed"},
    {"avif", "image/avif"},
    {"bmp", "image/bmp"},
    {"bz2", "application/x-bzip2"},
    {"conf", "text/plain"},
    {"css", "text/css"},
    {"csv", "text/csv"},
    {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"gif", "image/gif"},
    {"gz", "application/gzip"},
    {"htm", "text/html"},
    {"html", "text/html"},
    {"ics", "text/calendar"},
    {"ini", "text/plain"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript"},
    {"json", "application/json"},
    {"log", "text/plain"},
    {"md", "text/markdown"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"odp", "application/vnd.oasis.opendocument.presentation"},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"ps", "application/postscript"},
    {"rtf", "application/rtf"},
    {"svg", "image/svg+xml"},
    {"tar", "application/x-tar"},
    {"tgz", "application/gzip"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"tsv", "text/tab-separated-values"},
    {"txt", "text/plain"},
    {"vcf", "text/vcard"},
    {"wav", "audio/x-wav"},
    {"webp", "image/webp"},
    {"xls", "application/vnd.ms-excel"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"xml", "application/xml"},
    {"xz", "application/x-xz"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"zip", "application/zip"},
    {"zst", "application/zstd"},
};

const char *ucm_media_type_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (dot)
		for (size_t i = 0; i < sizeof(media_rows) / sizeof(media_rows[0]); i++)
			if (ucm_equal_nocase(dot + 1, media_rows[i].extension))
				return media_rows[i].type;
	return "application/octet-stream";
}

/* token of RFC 2045 section 5.1 */
static size_t token_length(const char *text)
{
	size_t length = 0;

	while (
	    text[length] > ' ' && text[length] < 0x7F && !strchr("()<>@,;:\\\"/[]?=", text[length]))
		length++;
	return length;
}

int ucm_media_type_is_valid(const char *type)
{
	size_t first = token_length(type), second;

	if (!first || type[first] != '/')
		return 0;
	second = token_length(type + first + 1);
	return second && !type[first + 1 + second] && first + 1 + second <= UCM_MEDIA_TYPE_MAX;
}

static int has_top(const char *type, const char *top)
{
	size_t length = token_length(type), i = 0;

	while (i < length && top[i] && ucm_lower(type[i]) == top[i])
		i++;
	return i == length && !top[i];
}

int ucm_media_type_is_leaf(const char *type)
{
	return !has_top(type, "multipart") && !has_top(type, "message");
}

int ucm_media_type_is_text(const char *type)
{
	return has_top(type, "text");
}
