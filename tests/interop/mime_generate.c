/*
 * Makes messages from a seed and tells what went in, for mime_reader.py to compare with what a
 * foreign parser reads. Records on standard output: "NAME LENGTH\n", the octets, "\n".
 *
 * Usage: mime_generate SEED COUNT
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libsrc/message.h"
#include "tests/unit/fake_handle.h"

#define TEXT_MAX 20000
#define LIMIT 1000 /* SMTP_MAX_ATTACHMENT_SIZE */

/* One file for each report of a message: it is read when the message is. */
#define REPORT_NAME "mime_generate.%zu.txt"
#define ATTACHMENTS 5

static uint64_t state; /* of the generator; this program has one thread */

static uint64_t next_random(void)
{
	uint64_t z = state += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static size_t below(size_t limit)
{
	return (size_t)(next_random() % limit);
}

static void stop(const char *what, const char *why)
{
	(void)fprintf(stderr, "mime_generate: %s: %s\n", what, why);
	exit(1);
}

static void check(struct fake_handle *fake, int status, const char *what)
{
	if (status)
		stop(what, fake->handle.error.text);
}

static void record(const char *name, const void *bytes, size_t length)
{
	(void)printf("%s %zu\n", name, length);
	(void)fwrite(bytes, 1, length, stdout);
	(void)putchar('\n');
}

static void record_text(const char *name, const char *text)
{
	record(name, text, strlen(text));
}

/* ---- Material ------------------------------------------------------------------------------ */

static const char *const header_words[] = {"a", "report", "of", "the", "night", "J\xC3\xB6rg",
    "\xE2\x82\xAC", "\xF0\x9F\x93\xAC", "=?utf-8?Q?x?=", "\"quoted\"", "(comment)", "\\", ",", ";",
    "<x@y>",
    "Gr\xC3\xBC\xC3\x9F"
    "e",
    "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", "=", "?", "_", "100%",
    "averyveryveryveryveryverylongwordthatisstillnotoverninehundredoctetsbutoverthefoldofalineofmai"
    "l",
    "e\xCC\x81", "'"};
static const char *const body_words[] = {"word", "J\xC3\xB6rg", " ", "  ", "\t", ".", "..", "=",
    "=20", "From ", "--", "--=_m", "\n", "\n", "\n", "\r\n", "\r", "\n.\n", "\n\n", " \n", "\t\n",
    "\xF0\x9F\x93\xAC", "<b>x</b>", "=3D",
    "a line that is somewhat longer than the others, and plain", "\x1B[0m", "\xE2\x82\xAC"};

#define PICK(table) (table)[below(sizeof(table) / sizeof((table)[0]))]

/* Words with one space, or now and then more, between them. */
static void header_text(char *out, size_t size, size_t words)
{
	size_t used = 0;

	for (size_t i = 0; i < words; i++) {
		const char *word = PICK(header_words);

		if (used + strlen(word) + 4 > size)
			break;
		used += (size_t)snprintf(out + used, size - used, "%s%s", word,
		    i + 1 == words ? ""
		    : below(12)    ? " "
				   : "   ");
	}
	out[used] = '\0';
	while (used && out[used - 1] == ' ')
		out[--used] = '\0';
}

static size_t body_text(char *out, size_t most)
{
	size_t used = 0, ascii_only = below(3) == 0, no_breaks = below(12) == 0;

	while (used < most) {
		const char *word = PICK(body_words);

		if (used + strlen(word) > TEXT_MAX)
			break;
		if ((ascii_only && (word[0] & 0x80 || word[1] & 0x80)) ||
		    (no_breaks && strpbrk(word, "\r\n")))
			continue;
		memcpy(out + used, word, strlen(word));
		used += strlen(word);
	}
	if (used && below(25) == 0) {
		size_t at = below(used);

		if (!(out[at] & 0x80))
			out[at] = '\0';
	}
	return used;
}

static size_t octets(char *out, size_t most)
{
	size_t length = below(4) ? below(most) : below(130);

	for (size_t i = 0; i < length; i++)
		out[i] = (char)next_random();
	return length;
}

/* ---- One message ---------------------------------------------------------------------------- */

static void add_recipients(struct fake_handle *fake, struct ucm_message *message)
{
	static const char *const names[] = {"", "To", "Cc", "Bcc"};
	char name[200], quoted[500], mailbox[80], address[800];
	size_t count = 1 + below(8);

	for (size_t i = 0; i < count; i++) {
		enum ucm_recipient_kind kind = (enum ucm_recipient_kind)(1 + below(3));
		size_t used = 0;

		header_text(name, sizeof(name), below(5));
		(void)snprintf(mailbox, sizeof(mailbox),
		    below(5) ? "user%zu@host%zu.example.com" : "\"od d%zu\"@host%zu.example.com", i,
		    below(9));
		for (const char *next = name; *next; next++) {
			if (*next == '"' || *next == '\\')
				quoted[used++] = '\\';
			quoted[used++] = *next;
		}
		quoted[used] = '\0';
		(void)snprintf(
		    address, sizeof(address), *name ? "\"%s\" <%s>" : "%s%s", quoted, mailbox);
		check(fake, ucm_message_add_recipient(message, kind, address), address);
		record_text(names[kind], name);
		record_text("mailbox", mailbox);
	}
}

static void add_headers(struct fake_handle *fake, struct ucm_message *message)
{
	char value[900], name[16];
	size_t count = below(4);

	for (size_t i = 0; i < count; i++) {
		do /* ASCII is passed on as it is, so encoded-words in it would be decoded */
			header_text(value, sizeof(value), below(12));
		while (strstr(value, "=?"));
		(void)snprintf(name, sizeof(name), "X-Test-%zu", i);
		check(fake, ucm_message_add_header(message, name, value), value);
		record_text(name, value);
	}
}

static void add_report(
    struct fake_handle *fake, struct ucm_message *message, char *text, size_t number)
{
	char report_path[64];
	size_t length = below(2) ? LIMIT - 3 + below(7) : below(2 * LIMIT);
	FILE *file;

	(void)snprintf(report_path, sizeof(report_path), REPORT_NAME, number);
	file = fopen(report_path, "wb");
	if (!file)
		stop(report_path, "cannot be written");
	length = below(4) ? body_text(text, length) : octets(text, 2 * LIMIT);
	(void)fwrite(text, 1, length, file);
	if (fclose(file))
		stop(report_path, "cannot be written");
	check(fake, ucm_message_attach_report(message, report_path), "report");
	record("report", text, length);
}

static void add_attachments(struct fake_handle *fake, struct ucm_message *message, char *text)
{
	static const char *const types[] = {NULL, "application/pdf", "image/png", "text/csv"};
	size_t count = below(2) ? 0 : below(ATTACHMENTS + 1);
	char name[200];

	for (size_t i = 0; i < count; i++) {
		const char *type = PICK(types);
		size_t length = octets(text, TEXT_MAX);

		if (!below(4)) {
			add_report(fake, message, text, i);
			continue;
		}
		do
			header_text(name, sizeof(name), 1 + below(6));
		while (!*name);
		check(fake, ucm_message_attach_data(message, name, type, text, length), name);
		record_text("attachment", name);
		record_text("type", type ? type : "");
		record("data", text, length);
	}
}

static void add_body(struct fake_handle *fake, struct ucm_message *message, char *text)
{
	size_t shape = below(8), length;

	if (shape < 6) {
		length = body_text(text, below(3) ? below(300) : below(5000));
		check(fake, ucm_message_set_body(message, text, length), "body");
		record("text", text, length);
	}
	if (shape > 4) {
		length = body_text(text, below(1000));
		check(fake, ucm_message_set_html(message, text, length), "html");
		record("html", text, length);
	}
}

/* Reads a prepared message in chunks of any size, twice to see that rewinding works. */
static size_t read_all(struct fake_handle *fake, struct ucm_message *message, char *out,
    size_t size, unsigned long long expected)
{
	for (int round = 0;; round++) {
		size_t used = 0;
		ssize_t count;

		do {
			size_t room = 1 + below(3000);

			if (used + room > size)
				stop("a message", "is larger than it can be");
			count = ucm_message_read(message, out + used, room, &fake->handle.error);
			if (count < 0)
				stop("reading", fake->handle.error.text);
			used += (size_t)count;
		} while (count);
		if (used != expected)
			stop("a message", "is not as long as was announced");
		if (round)
			return used;
		check(fake, ucm_message_rewind(message, &fake->handle.error), "rewind");
	}
}

static size_t send_it(struct fake_handle *fake, struct ucm_message *message, char *out, size_t size)
{
	unsigned char random[16];
	struct ucm_message_context context = {.now = 1795543200, .random = random};
	struct ucm_message_needs needs = {0};

	for (size_t i = 0; i < sizeof(random); i++)
		random[i] = (unsigned char)next_random();
	context.utc_offset_minutes = (int)below(27) * 60 - 720;
	check(fake,
	    ucm_message_prepare(
		message, &fake->handle.decision, &context, &needs, &fake->handle.error),
	    "prepare");
	if (needs.eight_bit || needs.smtputf8)
		stop("a message", "needs what it should not need");
	return read_all(fake, message, out, size, needs.size);
}

/* The message with other line ends and a Bcc, as a ready one: must come out as it was. */
static void pass_through(
    struct fake_handle *fake, const char *sent, size_t length, char *room, size_t size)
{
	static const char *const ends[] = {"\n", "\r\n", "\r"};
	const char *end = PICK(ends);
	struct ucm_message *message;
	size_t used =
	    (size_t)snprintf(room, size, "Bcc: x@example.com,%s y@example.com%s", end, end);

	for (size_t i = 0; i < length; i++) {
		if (sent[i] == '\r') {
			memcpy(room + used, end, strlen(end));
			used += strlen(end);
			i++;
		} else {
			room[used++] = sent[i];
		}
	}
	check(fake, ucm_message_new(&fake->handle, &message), "new");
	check(fake, ucm_message_set_raw(message, room, used), "raw");
	used = send_it(fake, message, room, size);
	record("raw", room, used);
	ucm_message_free(message);
}

static void one_message(char *text, char *out, char *room, size_t size)
{
	struct fake_handle fake;
	struct ucm_message *message;
	size_t length;

	fake_handle_init(&fake);
	fake.handle.decision.max_report_bytes = LIMIT;
	check(&fake, ucm_message_new(&fake.handle, &message), "new");
	add_recipients(&fake, message);
	header_text(text, TEXT_MAX, below(40));
	check(&fake, ucm_message_set(message, UCM_SUBJECT, text), text);
	record_text("Subject", text);
	add_headers(&fake, message);
	add_body(&fake, message, text);
	add_attachments(&fake, message, text);
	length = send_it(&fake, message, out, size);
	record("message", out, length);
	pass_through(&fake, out, length, room, size);
	ucm_message_free(message);
	if (fake.live)
		stop("memory", "was not freed");
	record("end", "", 0);
}

int main(int argc, char **argv)
{
	size_t size = (size_t)64 * TEXT_MAX;
	char *text = malloc(TEXT_MAX + 1), *out = malloc(size), *room = malloc(size);
	long count = argc > 2 ? strtol(argv[2], NULL, 10) : 1;

	if (!text || !out || !room)
		return 1;
	state = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	for (long i = 0; i < count; i++)
		one_message(text, out, room, size);
	for (size_t i = 0; i < ATTACHMENTS; i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), REPORT_NAME, i);
		(void)remove(path);
	}
	free(text);
	free(out);
	free(room);
	return fflush(stdout) || ferror(stdout);
}
