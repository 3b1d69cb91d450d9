/*
 * Media types of attachments: a table of extensions.
 */
#include "config.h"

#include <string.h>

#include "libsrc/mediatype.h"
#include "policy/text.h"

/* An extension, a space and its type, one after the other: half the size of a table of pointers. */
static const char media_rows[] =
    "7z application/x-7z-compressed\0"
    "avif image/avif\0"
    "bmp image/bmp\0"
    "bz2 application/x-bzip2\0"
    "conf text/plain\0"
    "css text/css\0"
    "csv text/csv\0"
    "doc application/msword\0"
    "docx application/vnd.openxmlformats-officedocument.wordprocessingml.document\0"
    "gif image/gif\0"
    "gz application/gzip\0"
    "htm text/html\0"
    "html text/html\0"
    "ics text/calendar\0"
    "ini text/plain\0"
    "jpeg image/jpeg\0"
    "jpg image/jpeg\0"
    "js text/javascript\0"
    "json application/json\0"
    "log text/plain\0"
    "md text/markdown\0"
    "mp3 audio/mpeg\0"
    "mp4 video/mp4\0"
    "odp application/vnd.oasis.opendocument.presentation\0"
    "ods application/vnd.oasis.opendocument.spreadsheet\0"
    "odt application/vnd.oasis.opendocument.text\0"
    "pdf application/pdf\0"
    "png image/png\0"
    "ppt application/vnd.ms-powerpoint\0"
    "pptx application/vnd.openxmlformats-officedocument.presentationml.presentation\0"
    "ps application/postscript\0"
    "rtf application/rtf\0"
    "svg image/svg+xml\0"
    "tar application/x-tar\0"
    "tgz application/gzip\0"
    "tif image/tiff\0"
    "tiff image/tiff\0"
    "tsv text/tab-separated-values\0"
    "txt text/plain\0"
    "vcf text/vcard\0"
    "wav audio/x-wav\0"
    "webp image/webp\0"
    "xls application/vnd.ms-excel\0"
    "xlsx application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\0"
    "xml application/xml\0"
    "xz application/x-xz\0"
    "yaml application/yaml\0"
    "yml application/yaml\0"
    "zip application/zip\0"
    "zst application/zstd\0";

const char *ucm_media_type_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (dot)
		for (const char *row = media_rows; *row; row += strlen(row) + 1) {
			size_t i = 0;

			while (row[i] != ' ' && ucm_lower(dot[1 + i]) == row[i])
				i++;
			if (row[i] == ' ' && !dot[1 + i])
				return row + i + 1;
		}
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
