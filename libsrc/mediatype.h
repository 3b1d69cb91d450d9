/*
 * Media types of attachments.
 */
#ifndef UCM_LIBSRC_MEDIATYPE_H
#define UCM_LIBSRC_MEDIATYPE_H

#define UCM_MEDIA_TYPE_MAX 127 /* RFC 6838 section 4.2 allows 127 for each half; real ones have 75 */

/* By the extension of the name; "application/octet-stream" where it is not known. */
const char *ucm_media_type_of(const char *name);

/* Whether a text is type/subtype, both tokens of RFC 2045. */
int ucm_media_type_is_valid(const char *type);

/* Whether base64 may carry it: not multipart or message (RFC 2045 section 6.4). */
int ucm_media_type_is_leaf(const char *type);

/* text/anything */
int ucm_media_type_is_text(const char *type);

#endif
