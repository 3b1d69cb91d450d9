/*
 * Reads a snapshot in one pass. What is not exactly as the writer makes it is refused: a snapshot
 * decides whether mail is sent in clear.
 */
#include "config.h"

#include <limits.h>
#include <string.h>

#include "policy/agents.h"
#include "policy/base64.h"
#include "policy/text.h"
#include "xml/snapshot.h"
#include "xml/snapshot_line.h"

struct reader {
	struct ucm_system *system;
	const char *name;
	const char *at, *end;
	unsigned long long number; /* of the line, from 1 */
	struct ucm_variable *variable;
	struct ucm_store *store;
	struct ucm_resource *resource;
	const char *file; /* the last one, which most records repeat */
	const char *why; /* a reason other than bad fields, or NULL */
	int ended;
	struct ucm_error *error;
};

static int fail(struct reader *reader, const char *why)
{
	return ucm_fail(
	    reader->error, UCM_CLASS_INPUT, "%s:%llu: %s", reader->name, reader->number, why);
}

/* ---- Fields -------------------------------------------------------------------------------- */

static const char *read_text(struct reader *reader, struct ucm_snapshot_line *line)
{
	return ucm_snapshot_text(line, &reader->system->arena);
}

static const char *read_octets(struct reader *reader, struct ucm_snapshot_line *line)
{
	return ucm_snapshot_octets(line, &reader->system->arena);
}

/* A text that must be there. */
static const char *need_text(struct reader *reader, struct ucm_snapshot_line *line)
{
	const char *text = read_text(reader, line);

	if (!text)
		line->failed = 1;
	return text;
}

static unsigned read_unsigned(struct ucm_snapshot_line *line)
{
	return (unsigned)ucm_snapshot_number(line, UINT_MAX);
}

static int read_flag(struct ucm_snapshot_line *line)
{
	return (int)ucm_snapshot_number(line, 1);
}

static int read_client(struct ucm_snapshot_line *line)
{
	return (int)ucm_snapshot_number(line, UCM_CLIENT_MAX);
}

/* A file name; records of one file share the string. One with escapes is not kept for that. */
static const char *read_file(struct reader *reader, struct ucm_snapshot_line *line)
{
	size_t length = reader->file ? strlen(reader->file) : 0;
	const char *before = line->at, *text;

	if (reader->file && (size_t)(line->end - line->at) >= length + 3 &&
	    !memcmp(line->at, " \"", 2) && !memcmp(line->at + 2, reader->file, length) &&
	    line->at[length + 2] == '"') {
		line->at += length + 3;
		return reader->file;
	}
	text = read_octets(reader, line);
	if (text && !line->failed && strlen(text) + 3 == (size_t)(line->at - before))
		reader->file = text;
	return text;
}

/* ---- Records ------------------------------------------------------------------------------- */

static void read_objects(struct reader *reader, struct ucm_snapshot_line *line)
{
	reader->system->objects = ucm_snapshot_number(line, ULLONG_MAX);
}

static void read_files(struct reader *reader, struct ucm_snapshot_line *line)
{
	reader->system->files = ucm_snapshot_number(line, ULLONG_MAX);
}

static void read_bytes(struct reader *reader, struct ucm_snapshot_line *line)
{
	reader->system->bytes = ucm_snapshot_number(line, ULLONG_MAX);
}

static void read_has_logins(struct reader *reader, struct ucm_snapshot_line *line)
{
	reader->system->has_logins = read_flag(line);
}

static void read_has_scripts(struct reader *reader, struct ucm_snapshot_line *line)
{
	reader->system->has_scripts = read_flag(line);
}

static void read_job_agent(struct reader *reader, struct ucm_snapshot_line *line)
{
	const char *name = need_text(reader, line);
	enum ucm_agent agent = name && !line->failed ? ucm_agent_find(name) : UCM_AGENT_COUNT;

	if (agent == UCM_AGENT_COUNT)
		reader->why = "this kind of agent is not known";
	else
		reader->system->job_agents |= UINT32_C(1) << agent;
}

static void read_seen_client(struct reader *reader, struct ucm_snapshot_line *line)
{
	int client = read_client(line);

	if (!line->failed && ucm_system_see_client(reader->system, client) < 0)
		reader->system->arena.failed = 1;
}

static void read_variable(struct reader *reader, struct ucm_snapshot_line *line)
{
	struct ucm_variable *variable = ucm_system_add_variable(reader->system);

	reader->variable = variable;
	if (!variable)
		return;
	variable->client = read_client(line);
	variable->name = need_text(reader, line);
	variable->type = need_text(reader, line);
	variable->file = read_file(reader, line);
	variable->line = read_unsigned(line);
	variable->column = read_unsigned(line);
}

static void read_row(struct reader *reader, struct ucm_snapshot_line *line)
{
	struct ucm_row *row;

	if (!reader->variable) {
		reader->why = "a row stands before any variable";
		return;
	}
	row = ucm_variable_add_row(reader->system, reader->variable);
	if (!row)
		return;
	row->name = need_text(reader, line);
	row->value = need_text(reader, line);
	row->line = read_unsigned(line);
	row->column = read_unsigned(line);
	row->name_column = read_unsigned(line);
}

static void read_store(struct reader *reader, struct ucm_snapshot_line *line)
{
	struct ucm_store *store = ucm_system_add_store(reader->system);

	reader->store = store;
	reader->resource = NULL;
	if (!store)
		return;
	store->client = read_client(line);
	store->name = need_text(reader, line);
	store->file = read_file(reader, line);
	store->line = read_unsigned(line);
	store->column = read_unsigned(line);
}

static void read_resource(struct reader *reader, struct ucm_snapshot_line *line)
{
	struct ucm_resource *resource;

	if (!reader->store) {
		reader->why = "a resource stands before any store";
		return;
	}
	resource = ucm_store_add_resource(reader->system, reader->store);
	reader->resource = resource;
	if (!resource)
		return;
	resource->name = need_text(reader, line);
	resource->resname = read_text(reader, line);
	resource->checksum = read_text(reader, line);
	resource->line = read_unsigned(line);
	resource->column = read_unsigned(line);
}

/* The base64 lines behind a payload record. */
static int read_base64(struct reader *reader, unsigned char *out, size_t size)
{
	while (size) {
		size_t part = size < UCM_SNAPSHOT_BASE64_BYTES ? size : UCM_SNAPSHOT_BASE64_BYTES;
		size_t length = ucm_base64_length(part);

		if ((size_t)(reader->end - reader->at) <= length || reader->at[length] != '\n' ||
		    ucm_base64_decode(reader->at, length, out, part) != (long)part)
			return -1;
		reader->at += length + 1;
		reader->number++;
		out += part;
		size -= part;
	}
	return 0;
}

static void read_payload(struct reader *reader, struct ucm_snapshot_line *line)
{
	struct ucm_resource *resource = reader->resource;
	unsigned char *payload;

	if (!resource || resource->payload) {
		reader->why = "a payload stands before its resource";
		return;
	}
	resource->payload_file = read_file(reader, line);
	resource->payload_size = (size_t)ucm_snapshot_number(line, (size_t)UCM_PAYLOAD_MAX);
	if (line->failed || line->at != line->end)
		return;
	payload = ucm_arena_alloc(&reader->system->arena, resource->payload_size + 1);
	resource->payload = payload;
	if (payload && read_base64(reader, payload, resource->payload_size) < 0)
		reader->why = "the payload is no base64 of the size that is told";
}

static void read_login(struct reader *reader, struct ucm_snapshot_line *line)
{
	int has_logins = reader->system->has_logins;
	struct ucm_login *login = ucm_system_add_login(reader->system);

	reader->system->has_logins = has_logins;
	if (!login)
		return;
	login->client = read_client(line);
	login->name = need_text(reader, line);
	login->user = read_text(reader, line);
}

static void read_call(struct reader *reader, struct ucm_snapshot_line *line)
{
	struct ucm_call *call = ucm_system_add_call(reader->system);

	if (!call)
		return;
	call->client = read_client(line);
	call->object = need_text(reader, line);
	call->file = read_file(reader, line);
	call->line = read_unsigned(line);
	call->column = read_unsigned(line);
	call->server = read_text(reader, line);
	call->server_computed = read_flag(line);
	call->server_line = read_unsigned(line);
	call->server_column = read_unsigned(line);
	call->subject = read_text(reader, line);
	call->subject_computed = read_flag(line);
	call->subject_line = read_unsigned(line);
	call->subject_column = read_unsigned(line);
}

static void read_place(
    struct reader *reader, struct ucm_snapshot_line *line, struct ucm_place *place)
{
	/* Written from 1: 0 is a client that is not known. */
	place->client = (int)ucm_snapshot_number(line, UCM_CLIENT_MAX + 1) - 1;
	place->object = read_octets(reader, line);
	place->key = read_octets(reader, line);
	place->file = read_file(reader, line);
	place->line = read_unsigned(line);
	place->column = read_unsigned(line);
}

static void read_finding(struct reader *reader, struct ucm_snapshot_line *line)
{
	const char *id = need_text(reader, line);
	struct ucm_finding finding = {.rule = id && !line->failed ? ucm_rule_find(id) : UCM001};

	if (finding.rule == UCM_RULE_COUNT) {
		reader->why = "this rule is not known";
		return;
	}
	finding.demoted = read_flag(line);
	read_place(reader, line, &finding.place);
	read_place(reader, line, &finding.related);
	for (size_t i = 0; i < UCM_FINDING_ARGUMENTS; i++)
		finding.argument[i] = read_octets(reader, line);
	finding.value = read_octets(reader, line);
	if (!line->failed && ucm_findings_add(&reader->system->findings, &finding) < 0)
		reader->system->arena.failed = 1;
}

static void read_end(struct reader *reader, struct ucm_snapshot_line *line)
{
	(void)line;
	reader->ended = 1;
}

static const struct record {
	const char *word;
	void (*read)(struct reader *reader, struct ucm_snapshot_line *line);
} records[] = {
    {"\trow", read_row}, /* the most frequent one first */
    {"variable", read_variable},
    {"client", read_seen_client},
    {"call", read_call},
    {"login", read_login},
    {"store", read_store},
    {"\tresource", read_resource},
    {"\t\tpayload", read_payload},
    {"objects", read_objects},
    {"files", read_files},
    {"bytes", read_bytes},
    {"has-logins", read_has_logins},
    {"has-scripts", read_has_scripts},
    {"job-agent", read_job_agent},
    {"finding", read_finding},
    {"end", read_end},
};

/* ---- The file ------------------------------------------------------------------------------ */

/* The next line, and the reader behind it; -1 where no line end is left. */
static int next_line(struct reader *reader, struct ucm_snapshot_line *ret)
{
	const char *stop = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));

	if (!stop)
		return -1;
	*ret = (struct ucm_snapshot_line){reader->at, stop, 0};
	reader->at = stop + 1;
	reader->number++;
	return 0;
}

static const struct record *find_record(struct ucm_snapshot_line *line)
{
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		if (ucm_snapshot_word(line, records[i].word))
			return &records[i];
	return NULL;
}

static int read_records(struct reader *reader)
{
	struct ucm_snapshot_line line;

	while (!reader->ended && !next_line(reader, &line)) {
		unsigned long long number = reader->number;
		const struct record *record = find_record(&line);

		if (number > UCM_SNAPSHOT_LINES_MAX)
			return fail(reader, "more lines than a snapshot may have");
		if (!record)
			return fail(reader, "this kind of record is not known");
		record->read(reader, &line);
		if (reader->system->arena.failed)
			return ucm_fail(reader->error, UCM_CLASS_MEMORY, "%s: no memory to read it",
			    reader->name);
		if (reader->why)
			return fail(reader, reader->why);
		reader->number = line.failed || line.at != line.end ? number : reader->number;
		if (line.failed || line.at != line.end)
			return fail(reader, "the fields of this record are wrong");
	}
	if (!reader->ended || reader->at != reader->end)
		return fail(reader, "the record \"end\" is not the last one");
	return 0;
}

/* "ucmail-snapshot 1", and the digest of everything behind its own line. */
static int read_head(struct reader *reader)
{
	static const char end[] = "\n" UCM_SNAPSHOT_END;
	struct ucm_snapshot_line line;
	unsigned char digest[32];
	char hex[65];

	if (!ucm_snapshot_is(reader->at, (size_t)(reader->end - reader->at)) ||
	    next_line(reader, &line) < 0)
		return fail(reader, "this is no snapshot");
	if (line.end[-1] == '\r')
		return fail(reader, "the line ends were changed to CR LF: keep the file as it is");
	line.at += sizeof(UCM_SNAPSHOT_WORD) - 2;
	if (ucm_snapshot_number(&line, UINT_MAX) != UCM_SNAPSHOT_VERSION || line.failed ||
	    line.at != line.end)
		return fail(reader, "this version of snapshots is not known: compile it anew");
	if (next_line(reader, &line) < 0 ||
	    line.end - line.at != sizeof(UCM_SNAPSHOT_DIGEST_WORD) - 1 + 64 ||
	    memcmp(line.at, UCM_SNAPSHOT_DIGEST_WORD, sizeof(UCM_SNAPSHOT_DIGEST_WORD) - 1) != 0)
		return fail(reader, "the digest is missing");
	if ((size_t)(reader->end - reader->at) < sizeof(end) - 1 ||
	    memcmp(reader->end - (sizeof(end) - 1), end, sizeof(end) - 1) != 0)
		return fail(reader,
		    "the file is cut short: it does not end with \"end\"; copy or compile it anew");
	ucm_sha256(reader->at, (size_t)(reader->end - reader->at), digest);
	ucm_hex(digest, sizeof(digest), hex);
	if (memcmp(line.end - 64, hex, 64) != 0)
		return fail(reader,
		    "the digest is wrong: the file was changed after it was made; compile it anew");
	return 0;
}

int ucm_snapshot_is(const void *bytes, size_t size)
{
	return size >= sizeof(UCM_SNAPSHOT_WORD) - 1 &&
	       !memcmp(bytes, UCM_SNAPSHOT_WORD, sizeof(UCM_SNAPSHOT_WORD) - 1);
}

int ucm_snapshot_read(struct ucm_system *system, const char *bytes, size_t size, const char *name,
    struct ucm_error *error)
{
	struct reader reader = {
	    .system = system, .name = name, .at = bytes, .end = bytes + size, .error = error};

	if (read_head(&reader) < 0 || read_records(&reader) < 0)
		return -1;
	if (ucm_system_finish(system) < 0)
		return ucm_fail(error, UCM_CLASS_MEMORY, "%s: no memory to read it", name);
	return 0;
}
