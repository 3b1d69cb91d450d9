/*
 * Prepares and reads a message for the tests.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/cmocka_all.h"
#include "tests/unit/message_fixture.h"

void fixture_start(struct fixture *fixture)
{
	memset(fixture, 0, sizeof(*fixture));
	fake_handle_init(&fixture->fake);
	assert_int_equal(ucm_message_new(&fixture->fake.handle, &fixture->message), UCM_OK);
}

static int read_to_end(struct fixture *fixture)
{
	size_t room = 1000, used = 0;
	ssize_t count;

	do {
		char *grown = realloc(fixture->text, room + 1);

		assert_non_null(grown);
		fixture->text = grown;
		count =
		    ucm_message_read(fixture->message, grown + used, room - used, &fixture->error);
		if (count < 0)
			return -1;
		used += (size_t)count;
		room *= 2;
	} while (count);
	fixture->text[used] = '\0';
	assert_int_equal(used, fixture->needs.size);
	return 0;
}

const char *fixture_text(struct fixture *fixture)
{
	unsigned char random[16];
	struct ucm_message_context context = {1795543200, 60, random};

	for (size_t i = 0; i < sizeof(random); i++)
		random[i] = (unsigned char)i;
	memset(&fixture->error, 0, sizeof(fixture->error));
	free(fixture->text);
	fixture->text = NULL;
	if (ucm_message_prepare(fixture->message, &fixture->fake.handle.decision, &context,
		&fixture->needs, &fixture->error))
		return NULL;
	return read_to_end(fixture) ? NULL : fixture->text;
}

const char *fixture_body(struct fixture *fixture)
{
	const char *text = fixture_text(fixture), *body;

	if (!text)
		fail_msg("%s", fixture->error.text);
	body = strstr(text, "\r\n\r\n");
	assert_non_null(body);
	return body + 4;
}

void fixture_end(struct fixture *fixture)
{
	ucm_message_free(fixture->message);
	assert_null(fixture->fake.handle.messages);
	assert_int_equal(fixture->fake.live, 0);
	free(fixture->text);
	fixture->text = NULL;
}
