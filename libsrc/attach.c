/*
 * Attachments, reports and ready messages: opened or copied when they are set.
 */
#include "config.h"

#include <string.h>

#include "libsrc/composition.h"
#include "libsrc/field.h"
#include "libsrc/handle.h"
#include "libsrc/mediatype.h"
#include "policy/text.h"

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int check_name(const char *name, struct ucm_error *error)
{
	if (!*name || strlen(name) > UCM_ATTACHMENT_NAME_MAX)
		return ucm_fail(error, UCM_CLASS_MESSAGE,
		    "the attachment's name \"%s\" is empty or longer than %d octets", name,
		    UCM_ATTACHMENT_NAME_MAX);
	return ucm_field_check_value("the attachment's name", name, error);
}

static int check_type(const char *type, struct ucm_error *error)
{
	if (!ucm_media_type_is_valid(type))
		return ucm_fail(error, UCM_CLASS_MESSAGE,
		    "the media type \"%s\" is not of the form type/subtype", type);
	if (!ucm_media_type_is_leaf(type))
		return ucm_fail(error, UCM_CLASS_MESSAGE,
		    "an attachment cannot be %s, which may not be base64: leave the type out",
		    type);
	return 0;
}

/* A new attachment that is not in the list yet; NULL with error. */
static struct ucm_attachment *make(
    struct ucm_message *message, const char *name, const char *type, struct ucm_error *error)
{
	struct ucm_attachment *attachment;

	if (check_name(name, error) || (type && check_type(type, error)))
		return NULL;
	attachment = ucm_arena_alloc(&message->arena, sizeof(*attachment));
	if (attachment) {
		ucm_octets_init(&attachment->data);
		attachment->name = ucm_arena_string(&message->arena, name);
		attachment->type =
		    ucm_arena_string(&message->arena, type ? type : ucm_media_type_of(name));
	}
	if (!attachment || !attachment->name || !attachment->type) {
		(void)ucm_out_of_memory(error);
		return NULL;
	}
	return attachment;
}

static void append(struct ucm_message *message, struct ucm_attachment *attachment)
{
	if (message->last_attachment)
		message->last_attachment->next = attachment;
	else
		message->attachments = attachment;
	message->last_attachment = attachment;
}

static int attach_path(
    struct ucm_message *message, const char *path, const char *type, int is_report)
{
	struct ucm_attachment *attachment;
	struct ucm_error *error;

	if (!message || !path)
		return UCM_E_USAGE;
	error = ucm_message_error(message);
	if (!error)
		return UCM_E_USAGE;
	attachment = make(message, base_name(path), type, error);
	if (!attachment || ucm_octets_open(&attachment->data, &message->arena, path, error))
		return (int)error->class;
	attachment->is_report = is_report;
	append(message, attachment);
	return UCM_OK;
}

int ucm_message_attach_file(struct ucm_message *message, const char *path, const char *type)
{
	return attach_path(message, path, type, 0);
}

int ucm_message_attach_report(struct ucm_message *message, const char *path)
{
	return attach_path(message, path, "text/plain", 1);
}

int ucm_message_attach_data(struct ucm_message *message, const char *name, const char *type,
    const void *data, size_t length)
{
	struct ucm_attachment *attachment;
	struct ucm_error *error;

	if (!message || !name || (!data && length))
		return UCM_E_USAGE;
	error = ucm_message_error(message);
	if (!error)
		return UCM_E_USAGE;
	attachment = make(message, name, type, error);
	if (!attachment || ucm_octets_copy(&attachment->data, &message->arena, data, length, error))
		return (int)error->class;
	append(message, attachment);
	return UCM_OK;
}

/* ---- Ready messages ----------------------------------------------------------------------- */

static void init_raw(struct ucm_raw *raw)
{
	memset(raw, 0, sizeof(*raw));
	ucm_octets_init(&raw->data);
	raw->data.name = "the message";
}

/* Puts a judged message in the place of the last, or closes it. */
static int keep_raw(struct ucm_message *message, struct ucm_raw *raw, int result)
{
	if (result) {
		ucm_octets_close(&raw->data);
		return (int)message->handle->error.class;
	}
	raw->is_set = 1;
	ucm_octets_close(&message->raw.data);
	message->raw = *raw;
	return UCM_OK;
}

int ucm_message_set_raw(struct ucm_message *message, const void *data, size_t length)
{
	struct ucm_error *error;
	struct ucm_raw raw;
	int result;

	if (!message || (!data && length))
		return UCM_E_USAGE;
	error = ucm_message_error(message);
	if (!error)
		return UCM_E_USAGE;
	init_raw(&raw);
	result = ucm_octets_copy(&raw.data, &message->arena, data, length, error);
	if (!result)
		result = ucm_raw_parse(&raw, &message->arena, error);
	return keep_raw(message, &raw, result);
}

int ucm_message_set_raw_fd(struct ucm_message *message, int fd)
{
	struct ucm_error *error;
	struct ucm_raw raw;
	int result;

	if (!message)
		return UCM_E_USAGE;
	error = ucm_message_error(message);
	if (!error)
		return UCM_E_USAGE;
	init_raw(&raw);
	result = ucm_octets_spool(&raw.data, &message->arena, fd, error);
	if (!result)
		result = ucm_raw_parse(&raw, &message->arena, error);
	return keep_raw(message, &raw, result);
}
