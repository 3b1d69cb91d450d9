#ifndef UCMAIL_H
#define UCMAIL_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__) && !defined(UCM_BUILDING_LIBRARY)
#define UCM_NONNULL(...) __attribute__((nonnull(__VA_ARGS__)))
#define UCM_MUST_CHECK __attribute__((warn_unused_result))
#else
#define UCM_NONNULL(...)
#define UCM_MUST_CHECK
#endif
#if defined(__GNUC__) && defined(UCM_BUILDING_LIBRARY)
#pragma GCC visibility push(default)
#endif
struct ucm;
struct ucm_message;
struct ucm_outcome;
enum ucm_status {
	UCM_OK = 0,
	UCM_WANT_READ = 1,
	UCM_WANT_WRITE = 2,
	UCM_WANT_TIMER = 3,
	UCM_E_USAGE = 64,
	UCM_E_MESSAGE = 65,
	UCM_E_INPUT = 66,
	UCM_E_REJECTED = 69,
	UCM_E_MEMORY = 71,
	UCM_E_IO = 74,
	UCM_E_AGAIN = 75,
	UCM_E_PROTOCOL = 76,
	UCM_E_TRUST = 77,
	UCM_E_POLICY = 78
};
enum ucm_conv_style {
	UCM_CONV_PASSWORD = 1,
	UCM_CONV_TOKEN = 2
};
struct ucm_conv_message {
	size_t size;
	enum ucm_conv_style style;
	const char *login;
	const char *user;
	const char *mechanism;
	const char *host;
};
typedef long (*ucm_conv_fn)(const struct ucm_conv_message *message, char *answer, size_t room,
    void *arg);
typedef void *(*ucm_resize_fn)(void *arg, void *old, size_t size);
typedef int64_t (*ucm_clock_fn)(void *arg);
typedef void (*ucm_log_fn)(char direction, const char *line, size_t length, void *arg);
typedef int (*ucm_dial_fn)(const char *host, unsigned port, void *arg);
struct ucm_options {
	size_t size;
	ucm_conv_fn conv;
	void *conv_arg;
	ucm_resize_fn resize;
	void *resize_arg;
	ucm_clock_fn clock;
	void *clock_arg;
	ucm_log_fn log;
	void *log_arg;
	ucm_dial_fn dial;
	void *dial_arg;
};
UCM_MUST_CHECK int ucm_start(const struct ucm_options *options, struct ucm **ret) UCM_NONNULL(2);
void ucm_end(struct ucm *handle);
enum ucm_text_item {
	UCM_SERVER = 1,
	UCM_VIA,
	UCM_AGENT,
	UCM_RELEASE,
	UCM_PROFILE,
	UCM_PAYLOADS,
	UCM_LOGIN_USER,
	UCM_HELO_NAME,
	UCM_MODULE_DIR
};
enum ucm_number_item {
	UCM_CLIENT = 1,
	UCM_DEADLINE,
	UCM_TIMEOUT,
	UCM_MEMORY_LIMIT,
	UCM_ALLOW_CLEAR_LOGIN,
	UCM_REQUIRE_TLS,
	UCM_WINDOW
};
UCM_MUST_CHECK int ucm_set_text(struct ucm *handle, enum ucm_text_item item, const char *value)
    UCM_NONNULL(1);
UCM_MUST_CHECK int ucm_set_number(struct ucm *handle, enum ucm_number_item item, long value)
    UCM_NONNULL(1);
const char *ucm_get_text(const struct ucm *handle, enum ucm_text_item item) UCM_NONNULL(1);
long ucm_get_number(const struct ucm *handle, enum ucm_number_item item) UCM_NONNULL(1);
UCM_MUST_CHECK int ucm_add_input(struct ucm *handle, const char *path) UCM_NONNULL(1, 2);
UCM_MUST_CHECK int ucm_add_connect_to(struct ucm *handle, const char *rule) UCM_NONNULL(1, 2);
const char *ucm_error(const struct ucm *handle) UCM_NONNULL(1);
const char *ucm_error_rule(const struct ucm *handle) UCM_NONNULL(1);
const char *ucm_strerror(int status);
const char *ucm_version(void);
UCM_MUST_CHECK int ucm_decide_policy(struct ucm *handle) UCM_NONNULL(1);
UCM_MUST_CHECK int ucm_compile(struct ucm *handle, int fd) UCM_NONNULL(1);
enum ucm_policy_text_field {
	UCM_POLICY_DECISION = 1,
	UCM_POLICY_HOST, UCM_POLICY_PROTOCOL, UCM_POLICY_FROM, UCM_POLICY_REPLY_TO, UCM_POLICY_LOGIN,
	UCM_POLICY_LOGIN_USER, UCM_POLICY_AUTH_METHOD, UCM_POLICY_SERVER_VARIABLE, UCM_POLICY_VIA,
	UCM_POLICY_AGENT, UCM_POLICY_REFUSED_BY,
	UCM_POLICY_CERT_NAME, UCM_POLICY_CERT_SHA256, UCM_POLICY_CERT_SUBJECT,
	UCM_POLICY_CERT_NOT_AFTER
};
enum ucm_policy_number_field {
	UCM_POLICY_CLIENT = 1, UCM_POLICY_PORT, UCM_POLICY_TIMEOUT_S, UCM_POLICY_MAX_REPORT_BYTES,
	UCM_POLICY_FILE_ATTACHMENTS
};
const char *ucm_policy_text(const struct ucm *handle, enum ucm_policy_text_field field)
    UCM_NONNULL(1);
long ucm_policy_number(const struct ucm *handle, enum ucm_policy_number_field field) UCM_NONNULL(1);
struct ucm_source {
	const char *key;
	const char *value;
	int client;
	const char *object;
	const char *file;
	unsigned line, column;
};
int ucm_policy_source(const struct ucm *handle, size_t index, struct ucm_source *ret)
    UCM_NONNULL(1, 3);
struct ucm_policy_finding {
	const char *rule, *name;
	const char *severity;
	int refuses;
	const char *message, *hint;
	int client;
	const char *object, *key, *file;
	unsigned line, column;
};
int ucm_policy_finding_at(const struct ucm *handle, size_t index, struct ucm_policy_finding *ret)
    UCM_NONNULL(1, 3);
UCM_MUST_CHECK int ucm_message_new(struct ucm *handle, struct ucm_message **ret) UCM_NONNULL(1, 2);
void ucm_message_free(struct ucm_message *message);
enum ucm_recipient_kind { UCM_TO = 1, UCM_CC, UCM_BCC };
UCM_MUST_CHECK int ucm_message_add_recipient(struct ucm_message *message,
    enum ucm_recipient_kind kind, const char *addresses) UCM_NONNULL(1, 3);
enum ucm_message_item {
	UCM_SUBJECT = 1,
	UCM_MESSAGE_ID,
	UCM_DATE,
	UCM_DSN,
	UCM_ENVELOPE_ID,
	UCM_FROM
};
UCM_MUST_CHECK int ucm_message_set(struct ucm_message *message, enum ucm_message_item item,
    const char *value) UCM_NONNULL(1);
UCM_MUST_CHECK int ucm_message_add_header(struct ucm_message *message, const char *name,
    const char *value) UCM_NONNULL(1, 2, 3);
UCM_MUST_CHECK int ucm_message_set_body(struct ucm_message *message, const char *text, size_t length)
    UCM_NONNULL(1);
UCM_MUST_CHECK int ucm_message_set_html(struct ucm_message *message, const char *html, size_t length)
    UCM_NONNULL(1);
UCM_MUST_CHECK int ucm_message_attach_file(struct ucm_message *message, const char *path,
    const char *type) UCM_NONNULL(1, 2);
UCM_MUST_CHECK int ucm_message_attach_data(struct ucm_message *message, const char *name,
    const char *type, const void *data, size_t length) UCM_NONNULL(1, 2);
UCM_MUST_CHECK int ucm_message_attach_report(struct ucm_message *message, const char *path)
    UCM_NONNULL(1, 2);
UCM_MUST_CHECK int ucm_message_set_raw(struct ucm_message *message, const void *data, size_t length)
    UCM_NONNULL(1);
UCM_MUST_CHECK int ucm_message_set_raw_fd(struct ucm_message *message, int fd) UCM_NONNULL(1);
UCM_MUST_CHECK int ucm_message_write(struct ucm_message *message,
    int (*sink)(const void *bytes, size_t length, void *arg), void *arg) UCM_NONNULL(1, 2);
UCM_MUST_CHECK int ucm_send(struct ucm *handle, struct ucm_message *message,
    struct ucm_outcome **ret) UCM_NONNULL(1, 2);
UCM_MUST_CHECK int ucm_send_begin(struct ucm *handle, struct ucm_message *message) UCM_NONNULL(1, 2);
UCM_MUST_CHECK int ucm_advance(struct ucm *handle, struct ucm_outcome **ret) UCM_NONNULL(1);
int ucm_descriptor(const struct ucm *handle) UCM_NONNULL(1);
long ucm_timeout_ms(const struct ucm *handle) UCM_NONNULL(1);
typedef struct ucm_message *(*ucm_next_fn)(struct ucm *handle, void *arg);
typedef void (*ucm_done_fn)(struct ucm_message *message, const struct ucm_outcome *outcome,
    int status, void *arg);
UCM_MUST_CHECK int ucm_send_batch(struct ucm *handle, ucm_next_fn next, ucm_done_fn done, void *arg)
    UCM_NONNULL(1, 2);
struct ucm_check_step {
	size_t size;
	const char *name;
	int status;
	double milliseconds;
	const char *detail;
	const char *advice;
};
UCM_MUST_CHECK int ucm_check(struct ucm *handle, const char *recipient,
    void (*step)(const struct ucm_check_step *step, void *arg), void *arg, struct ucm_outcome **ret)
    UCM_NONNULL(1);
void ucm_disconnect(struct ucm *handle) UCM_NONNULL(1);
enum ucm_outcome_text_field {
	UCM_OUTCOME_STATUS = 1,
	UCM_OUTCOME_DECISION, UCM_OUTCOME_TLS_VERSION, UCM_OUTCOME_TLS_CIPHER,
	UCM_OUTCOME_TLS_MODE,
	UCM_OUTCOME_PEER_SHA256, UCM_OUTCOME_TRUSTED_BY, UCM_OUTCOME_HOST, UCM_OUTCOME_BANNER,
	UCM_OUTCOME_MESSAGE_ID, UCM_OUTCOME_REPLY, UCM_OUTCOME_REFUSED_BY, UCM_OUTCOME_ERROR,
	UCM_OUTCOME_ADDRESS,
	UCM_OUTCOME_PEER_SUBJECT, UCM_OUTCOME_PEER_ISSUER, UCM_OUTCOME_PEER_NOT_AFTER
};
enum ucm_outcome_number_field {
	UCM_OUTCOME_EXIT = 1,
	UCM_OUTCOME_CLIENT, UCM_OUTCOME_PORT,
	UCM_OUTCOME_SEND_MAIL_CODE,
	UCM_OUTCOME_PLAINTEXT,
	UCM_OUTCOME_RESUMED
};
const char *ucm_outcome_text(const struct ucm_outcome *outcome, enum ucm_outcome_text_field field)
    UCM_NONNULL(1);
long ucm_outcome_number(const struct ucm_outcome *outcome, enum ucm_outcome_number_field field)
    UCM_NONNULL(1);
struct ucm_recipient {
	const char *address;
	const char *status;
	int code;
	const char *enhanced;
	const char *text;
};
int ucm_outcome_recipient(const struct ucm_outcome *outcome, size_t index, struct ucm_recipient *ret)
    UCM_NONNULL(1, 3);
void ucm_outcome_free(struct ucm_outcome *outcome);
#if defined(__GNUC__) && defined(UCM_BUILDING_LIBRARY)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
