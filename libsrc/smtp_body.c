/*
 * The message of a mail on its way out: after DATA with dots doubled, or in chunks by BDAT
 * (RFC 3030).
 */
#include <stdio.h>
#include <string.h>

#include "smtp_internal.h"

#define CHUNK_HEADER "BDAT %010zu\r\n" /* of one length, so that it can be written afterwards */
#define CHUNK_HEADER_LENGTH 17
#define CHUNK_LINE_END "BDAT 2\r\n\r\n"
#define CHUNK_LAST "BDAT 0 LAST\r\n"
#define CHUNK_END_MAX (sizeof(CHUNK_LINE_END) + sizeof(CHUNK_LAST))

/* Less room than this is not worth a read of the message. */
#define UCM_BODY_ROOM_MIN 256

size_t ucm_smtp_body_room(const struct ucm_smtp *smtp)
{
	const size_t room = sizeof(smtp->output) - smtp->output_end;

	if (room < UCM_BODY_ROOM_MIN)
		return 0;
	return (room - CHUNK_HEADER_LENGTH - CHUNK_END_MAX) / UCM_BODY_GROWTH;
}

static struct ucm_mail *mail_in_body(struct ucm_smtp *smtp)
{
	struct ucm_mail *mail = smtp->mails;

	while (mail != NULL && mail->stage != UCM_MAIL_BODY)
		mail = mail->following;
	return mail;
}

/* The header goes in front of the octets once their number is known. */
static void put_chunk(struct ucm_smtp *smtp, struct ucm_mail *mail, const char *bytes, size_t size)
{
	char header[CHUNK_HEADER_LENGTH + 1];
	char *start = smtp->output + smtp->output_end;
	size_t made = ucm_body_add(&mail->body, bytes, size, start + CHUNK_HEADER_LENGTH);

	snprintf(header, sizeof(header), CHUNK_HEADER, made);
	ucm_smtp_send(smtp, UCM_STEP_CHUNK, mail, 0, header, CHUNK_HEADER_LENGTH, NULL);
	smtp->output_end += made;
	smtp->queued += made;
}

void ucm_smtp_body(struct ucm_smtp *smtp, const char *bytes, size_t size)
{
	struct ucm_mail *mail = mail_in_body(smtp);
	size_t made = 0;

	if (mail == NULL || size > ucm_smtp_body_room(smtp))
		return;
	if (mail->chunked) {
		put_chunk(smtp, mail, bytes, size);
		return;
	}
	made = ucm_body_add(&mail->body, bytes, size, smtp->output + smtp->output_end);
	smtp->output_end += made;
	smtp->queued += made;
}

static void end_chunks(struct ucm_smtp *smtp, struct ucm_mail *mail)
{
	if (mail->body.line_started) {
		ucm_smtp_send(smtp, UCM_STEP_CHUNK, mail, 0, CHUNK_LINE_END, strlen(CHUNK_LINE_END),
		    "BDAT 2");
	}
	ucm_smtp_send(smtp, UCM_STEP_END, mail, 0, CHUNK_LAST, strlen(CHUNK_LAST), NULL);
}

int ucm_smtp_is_ending(const struct ucm_smtp *smtp)
{
	const struct ucm_mail *mail = smtp->mails;

	return mail != NULL && mail->stage == UCM_MAIL_ENDED && mail->accepted > 0 &&
	       smtp->attempted < mail->end_offset;
}

void ucm_smtp_body_end(struct ucm_smtp *smtp)
{
	struct ucm_mail *mail = mail_in_body(smtp);
	char end[UCM_BODY_END_MAX];
	size_t length = 0;

	if (mail == NULL)
		return;
	if (mail->chunked) {
		end_chunks(smtp, mail);
	} else {
		length = ucm_body_end(&mail->body, end);
		ucm_smtp_send(smtp, UCM_STEP_END, mail, 0, end, length, ".");
	}
	mail->stage = UCM_MAIL_ENDED;
	mail->end_offset = smtp->queued;
	ucm_smtp_issue(smtp);
}
