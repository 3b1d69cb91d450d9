/*
 * Stands in for libsrc/handle.c where messages are tested alone.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/fake_handle.h"

void *ucm_handle_resize(struct ucm *handle, void *old, size_t size)
{
	struct fake_handle *fake = (struct fake_handle *)(void *)handle;
	void *block;

	if (!size) {
		fake->live -= old != NULL;
		free(old);
		return NULL;
	}
	if (++fake->allocations == fake->fail_at)
		return NULL;
	block = realloc(old, size);
	if (block && !old)
		fake->live++;
	return block;
}

static void *resize(void *arg, void *old, size_t size)
{
	return ucm_handle_resize(arg, old, size);
}

void ucm_send_give_up(struct ucm *handle, const struct ucm_message *message)
{
	(void)handle; /* nothing is ever sent here */
	(void)message;
}

int ucm_send_is_under_way(const struct ucm *handle, const struct ucm_message *message)
{
	(void)handle;
	(void)message;
	return 0;
}

int64_t ucm_handle_now(const struct ucm *handle)
{
	(void)handle;
	return 1795543200; /* 2026-11-24T18:00:00Z */
}

int ucm_handle_decide(struct ucm *handle)
{
	return handle->decided ? 0 : ucm_fail(&handle->error, UCM_CLASS_INPUT, "not decided");
}

int ucm_handle_refuses(struct ucm *handle, struct ucm_error *error)
{
	if (handle->decision.verdict != UCM_REFUSE)
		return 0;
	return ucm_fail(error, UCM_CLASS_POLICY, "the policy refuses");
}

void fake_handle_init(struct fake_handle *fake)
{
	memset(fake, 0, sizeof(*fake));
	fake->handle.allocator.resize = resize;
	fake->handle.allocator.arg = fake;
	fake->handle.decided = 1;
	fake->handle.decision.verdict = UCM_FORCED;
	fake->handle.decision.from = "batch@example.com";
	fake->handle.decision.from_header = "Batch Mail <batch@example.com>";
	fake->handle.decision.max_report_bytes = 8000;
	fake->handle.decision.file_attachments = 1;
}
