/*
 * Members of a ZIP.
 */
#include "config.h"

/* zip_stat_t holds a time: as wide as the library was built with. */
#ifdef UCM_TIME_BITS_CHOSEN
#undef _TIME_BITS
#endif

#include "xml/member.h"

#include <stdio.h>
#include <string.h>

#include "policy/limits.h"
#include "xml/reason.h"

static int say(struct ucm_member_source *source, const char *what, const char *detail)
{
	(void)snprintf(source->base.why, sizeof(source->base.why), "%s%s%s", what,
	    detail[0] == '\0' ? "" : ": ", detail);
	ucm_reason_clean(source->base.why);
	return -1;
}

static int check_bounds(struct ucm_member_source *source, uint64_t unpacked)
{
	if (unpacked > source->limit)
		return say(source, "a ZIP bomb: unpacks to far more than real exports do", "");
	if (source->archive->unpacked > UCM_ZIP_TOTAL_MAX)
		return say(source, "a ZIP bomb: the archive unpacks to over 4 GB", "");
	return 0;
}

static ssize_t read_from(
    struct ucm_member_source *source, zip_file_t *file, void *bytes, size_t size)
{
	const zip_int64_t got = zip_fread(file, bytes, size);

	if (got < 0)
		return say(source, "a damaged ZIP", zip_error_strerror(zip_file_get_error(file)));
	return (ssize_t)got;
}

static void close_ahead(struct ucm_member_source *source)
{
	if (source->ahead != NULL)
		(void)zip_fclose(source->ahead);
	source->ahead = NULL;
}

/* By void *, as its members may be aligned more than the base, which is the first. */
static struct ucm_member_source *member_of(struct ucm_source *base)
{
	return (struct ucm_member_source *)(void *)base;
}

static ssize_t member_read(struct ucm_source *base, void *bytes, size_t size)
{
	struct ucm_member_source *source = member_of(base);
	const ssize_t got = read_from(source, source->file, bytes, size);

	close_ahead(source);
	if (got <= 0)
		return got;
	source->unpacked += (uint64_t)got;
	source->archive->unpacked += (uint64_t)got;
	return check_bounds(source, source->unpacked) < 0 ? -1 : got;
}

/* A second run through the member, up to where read() stands. */
static int open_ahead(struct ucm_member_source *source)
{
	char skipped[4096];
	uint64_t left = source->unpacked;
	ssize_t got;

	source->ahead = zip_fopen_index(source->archive->zip, source->index, 0);
	if (source->ahead == NULL)
		return say(source, "a damaged ZIP", zip_strerror(source->archive->zip));
	while (left > 0) {
		got = read_from(source, source->ahead, skipped,
		    left < sizeof(skipped) ? (size_t)left : sizeof(skipped));
		if (got <= 0)
			return -1;
		left -= (uint64_t)got;
	}
	return 0;
}

static ssize_t member_ahead(struct ucm_source *base, void *bytes, size_t size)
{
	struct ucm_member_source *source = member_of(base);

	if (source->ahead == NULL && open_ahead(source) < 0)
		return -1;
	return read_from(source, source->ahead, bytes, size);
}

int ucm_member_open(
    struct ucm_member_source *source, struct ucm_archive *archive, zip_uint64_t index)
{
	zip_stat_t status;

	memset(source, 0, sizeof(*source));
	source->base.read = member_read;
	source->base.ahead = member_ahead;
	source->archive = archive;
	source->index = index;
	zip_stat_init(&status);
	if (zip_stat_index(archive->zip, index, 0, &status) != 0)
		return say(source, "a damaged ZIP", zip_strerror(archive->zip));
	if ((status.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 &&
	    status.encryption_method != ZIP_EM_NONE)
		return say(source, "an encrypted member of a ZIP", "");
	source->limit = UCM_ZIP_SLACK;
	if ((status.valid & ZIP_STAT_COMP_SIZE) != 0 && status.comp_size < UCM_ZIP_TOTAL_MAX)
		source->limit += status.comp_size * UCM_ZIP_RATIO_MAX;
	if ((status.valid & ZIP_STAT_SIZE) != 0 && check_bounds(source, status.size) < 0)
		return -1;
	source->file = zip_fopen_index(archive->zip, index, 0);
	if (source->file == NULL)
		return say(source, "a damaged ZIP", zip_strerror(archive->zip));
	return 0;
}

void ucm_member_close(struct ucm_member_source *source)
{
	close_ahead(source);
	if (source->file != NULL)
		(void)zip_fclose(source->file);
	source->file = NULL;
}
