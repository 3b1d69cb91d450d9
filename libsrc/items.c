/*
 * The items of a handle: one row each says what a value must be and what depends on it.
 */
#include "config.h"

#include <limits.h>
#include <string.h>

#include "libsrc/handle.h"
#include "policy/address.h"
#include "policy/agents.h"
#include "policy/text.h"

/* What an item changes. */
enum depends { NOTHING, CONNECTION, POLICY, SYSTEM };

#define TEXT_MAX 4096 /* a path or a name; nothing an item holds is longer */

/* ---- Values ------------------------------------------------------------------------------- */

static int is_clean(const char *value)
{
	const char *at = value, *end = value + strlen(value);
	size_t length;

	for (; at < end; at += length) {
		length = ucm_utf8_sequence(at, (size_t)(end - at));
		if (length == 0 || (unsigned char)*at < 0x20 || *at == 0x7f)
			return 0;
	}
	return 1;
}

static int is_server(const char *value)
{
	return !ucm_is_blank(value) && strlen(value) <= UCM_XML_NAME_MAX && is_clean(value);
}

static int is_via(const char *value)
{
	return strcmp(value, "notification") == 0 || strcmp(value, "send_mail") == 0;
}

static int is_agent(const char *value)
{
	return ucm_agent_find(value) != UCM_AGENT_COUNT;
}

static int is_release(const char *value)
{
	struct ucm_release release;

	return ucm_release_parse(value, &release) == 0;
}

static int is_profile(const char *value)
{
	return strcmp(value, "compat") == 0 || strcmp(value, "strict") == 0;
}

static int is_path(const char *value)
{
	return *value != '\0';
}

static int is_user(const char *value)
{
	return *value != '\0' && is_clean(value);
}

/* RFC 5321 section 4.1.1.1: a domain, or an address literal. */
static int is_helo_name(const char *value)
{
	char inner[UCM_DOMAIN_MAX + 1];
	size_t length = strlen(value);
	int is_ipv6 = strncmp(value, "[IPv6:", 6) == 0;
	size_t skip = is_ipv6 ? 6 : 1;

	if (*value != '[')
		return ucm_host_parse(value, NULL) == UCM_HOST_NAME;
	if (length <= skip + 1 || length > sizeof inner || value[length - 1] != ']')
		return 0;
	memcpy(inner, value + skip, length - skip - 1);
	inner[length - skip - 1] = '\0';
	return ucm_host_parse(inner, NULL) == (is_ipv6 ? UCM_HOST_IPV6 : UCM_HOST_IPV4);
}

/* ---- Text --------------------------------------------------------------------------------- */

static const struct text_row {
	const char *name;
	const char *fallback;
	int (*is_valid)(const char *value);
	enum depends depends;
	const char *expected;
} text_rows[] = {
    [UCM_SERVER] = {"server", NULL, is_server, POLICY,
	"the <SERVER> of a variable UC_SMTP_<SERVER>"},
    [UCM_VIA] = {"sender", "send_mail", is_via, POLICY, "notification or send_mail"},
    [UCM_AGENT] = {"agent kind",
#if defined(UCM_AGENT_KIND)
	UCM_AGENT_KIND,
#elif defined(__linux__) && defined(__x86_64__)
	"unix-x64-linux",
#elif defined(__linux__) && defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
	"unix-linux-ppc64le",
#else
	"unix-other",
#endif
	is_agent, POLICY, "one of the kinds that ucmail agents lists"},
    [UCM_RELEASE] = {"release", NULL, is_release, POLICY, "a product version such as 24.4.1"},
    [UCM_PROFILE] = {"profile", "compat", is_profile, POLICY, "compat or strict"},
    [UCM_PAYLOADS] = {"payload folder", NULL, is_path, SYSTEM, "a folder"},
    [UCM_LOGIN_USER] = {"user name of the login", NULL, is_user, POLICY,
	"a name without control characters"},
    [UCM_HELO_NAME] = {"EHLO name", NULL, is_helo_name, CONNECTION,
	"a host name or an address literal in brackets"},
    [UCM_MODULE_DIR] = {"module folder", NULL, is_path, SYSTEM, "a folder"},
};

static const struct text_row *text_row(enum ucm_text_item item)
{
	size_t index = (size_t)item;

	if (index >= sizeof text_rows / sizeof text_rows[0] || text_rows[index].name == NULL)
		return NULL;
	return &text_rows[index];
}

static void forget(struct ucm *handle, enum depends depends)
{
	switch (depends) {
	case NOTHING:
		break;
	case CONNECTION:
		ucm_session_free(handle);
		break;
	case POLICY:
		ucm_handle_forget_policy(handle);
		break;
	case SYSTEM:
		ucm_handle_forget_system(handle);
		break;
	}
}

/* A server variable is of SEND_MAIL only; the two items may not contradict each other. */
static int check_sender(struct ucm *handle, enum ucm_text_item item, const char *value)
{
	if (item == UCM_VIA && handle->text[UCM_SERVER] != NULL && strcmp(value, "send_mail") != 0)
		return ucm_fail(&handle->error, UCM_CLASS_USAGE,
		    "a notification uses UC_CLIENT_SETTINGS only: no server can be named for it");
	return 0;
}

static int same_text(const char *left, const char *right)
{
	if (left == NULL || right == NULL)
		return left == right;
	return strcmp(left, right) == 0;
}

static int set_text(struct ucm *handle, enum ucm_text_item item, const char *value)
{
	const struct text_row *row = text_row(item);
	char *copy = NULL;

	if (row == NULL)
		return ucm_fail(
		    &handle->error, UCM_CLASS_USAGE, "no such item of text: %d", (int)item);
	if (value != NULL && (memchr(value, 0, TEXT_MAX) == NULL || !row->is_valid(value)))
		return ucm_fail(&handle->error, UCM_CLASS_USAGE, "%s \"%.100s\": must be %s",
		    row->name, value, row->expected);
	if (value != NULL && check_sender(handle, item, value) != 0)
		return -1;
	if (same_text(value, handle->text[item]))
		return 0;
	if (value != NULL) {
		copy = ucm_handle_copy(handle, value);
		if (copy == NULL)
			return ucm_fail(
			    &handle->error, UCM_CLASS_MEMORY, "no memory for the %s", row->name);
	}
	forget(handle, row->depends);
	ucm_handle_release(handle, &handle->text[item]);
	handle->text[item] = copy;
	if (item == UCM_SERVER && value != NULL)
		ucm_handle_release(handle, &handle->text[UCM_VIA]);
	return 0;
}

int ucm_set_text(struct ucm *handle, enum ucm_text_item item, const char *value)
{
	if (handle == NULL)
		return UCM_E_USAGE;
	ucm_error_clear(&handle->error);
	if (ucm_handle_check_idle(handle) != 0 || set_text(handle, item, value) != 0)
		return (int)handle->error.class;
	return UCM_OK;
}

const char *ucm_handle_text(const struct ucm *handle, enum ucm_text_item item)
{
	const struct text_row *row = text_row(item);

	if (row == NULL)
		return NULL;
	return handle->text[item] != NULL ? handle->text[item] : row->fallback;
}

const char *ucm_get_text(const struct ucm *handle, enum ucm_text_item item)
{
	return handle == NULL ? NULL : ucm_handle_text(handle, item);
}

/* ---- Numbers ------------------------------------------------------------------------------ */

#define WEEK_S (7L * 24 * 3600)

static const struct number_row {
	const char *name;
	long fallback; /* -1: it depends */
	long low, high;
	enum depends depends;
} number_rows[] = {
    [UCM_CLIENT] = {"client", 0, 0, UCM_CLIENT_MAX, POLICY},
    [UCM_DEADLINE] = {"deadline", -1, 1, WEEK_S, NOTHING},
    [UCM_TIMEOUT] = {"time-out", -1, 1, WEEK_S, NOTHING},
    [UCM_MEMORY_LIMIT] = {"memory limit", -1, 1, LONG_MAX, NOTHING},
    [UCM_ALLOW_CLEAR_LOGIN] = {"permission to log in without TLS", 0, 0, 1, CONNECTION},
    [UCM_REQUIRE_TLS] = {"REQUIRETLS", 0, 0, 1, NOTHING},
    [UCM_WINDOW] = {"window", 1, 1, 1000, NOTHING},
};

static const struct number_row *number_row(enum ucm_number_item item)
{
	size_t index = (size_t)item;

	if (index >= sizeof number_rows / sizeof number_rows[0] || number_rows[index].name == NULL)
		return NULL;
	return &number_rows[index];
}

static int set_number(struct ucm *handle, enum ucm_number_item item, long value)
{
	const struct number_row *row = number_row(item);

	if (row == NULL)
		return ucm_fail(
		    &handle->error, UCM_CLASS_USAGE, "no such item of a number: %d", (int)item);
	if (value != -1 && (value < row->low || value > row->high))
		return ucm_fail(&handle->error, UCM_CLASS_USAGE, "%s %ld: must be %ld to %ld",
		    row->name, value, row->low, row->high);
	if (value == handle->number[item])
		return 0;
	forget(handle, item == UCM_CLIENT && handle->system_takes_client ? SYSTEM : row->depends);
	handle->number[item] = value;
	return 0;
}

int ucm_set_number(struct ucm *handle, enum ucm_number_item item, long value)
{
	if (handle == NULL)
		return UCM_E_USAGE;
	ucm_error_clear(&handle->error);
	if (ucm_handle_check_idle(handle) != 0 || set_number(handle, item, value) != 0)
		return (int)handle->error.class;
	return UCM_OK;
}

long ucm_get_number(const struct ucm *handle, enum ucm_number_item item)
{
	const struct number_row *row = number_row(item);

	if (handle == NULL || row == NULL)
		return -1;
	return handle->number[item] != -1 ? handle->number[item] : row->fallback;
}
