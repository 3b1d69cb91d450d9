/*
 * Named limits of the whole software, each with its reason.
 *
 * Every buffer, table and loop that outside data can grow is bounded by one of these.
 */
#ifndef UCM_POLICY_LIMITS_H
#define UCM_POLICY_LIMITS_H

/* Systems */
#define UCM_CLIENT_MAX 9999          /* the product numbers clients 0000-9999 */
#define UCM_XML_DEPTH_MAX 256        /* deepest real export: 15; libxml2's own guard is 256 */
#define UCM_XML_VALUE_MAX 65536      /* longest real attribute: 1,112 characters */
#define UCM_XML_NAME_MAX 256         /* object and key names; the product allows 200 */
#define UCM_XML_ATTRIBUTES_MAX 256   /* of one tag; real ones have 12. libxml2 compares each to each */
#define UCM_XML_TOKEN_MAX 4194304     /* a tag, comment or CDATA section: held until its end */
#define UCM_XML_SCRIPT_MAX 4194304    /* longest real script: 17 kB */
#define UCM_XML_KEPT_MAX 150000       /* keys, certificates, calls, objects of mail in one export: each
					 of them may be a finding; 5,000 clients have 110,000 */
#define UCM_SNAPSHOT_MAX 67108864    /* a snapshot of all 10,000 clients is about 10 MB */
#define UCM_SNAPSHOT_LINES_MAX 500000 /* 10,000 clients have some 200,000; one may take 1 kB */
#define UCM_SPOOL_MAX 67108864        /* kept of a pipe whose encoding has to be found out */
#define UCM_EXCERPT_MAX 160          /* bytes of a source line kept for a diagnostic */
#define UCM_PAYLOAD_MAX 1048576       /* a certificate bundle; the product allows 95 MB of anything */
#define UCM_PAYLOADS_MAX 67108864     /* of one reading: one file may be named again and again */
#define UCM_INPUT_DEPTH_MAX 32       /* folders in folders */
#define UCM_ZIP_RATIO_MAX 200        /* deflate of real exports reaches about 30 */
#define UCM_ZIP_TOTAL_MAX (4LL * 1024 * 1024 * 1024) /* unpacked bytes of one archive */
#define UCM_ZIP_MEMBERS_MAX 100000   /* members of one archive */
#define UCM_ARGUMENT_SHOWN_MAX 300   /* bytes of a value quoted in a message: it stays readable */
#define UCM_SCRIPT_ARG_MAX 4096      /* one literal argument of a SEND_MAIL call */
#define UCM_CERTS_PER_PAYLOAD_MAX 64 /* certificates in one bundle */

/* Addresses and hosts: RFC 5321 section 4.5.3.1, RFC 1035 section 2.3.4 */
#define UCM_LOCAL_PART_MAX 64
#define UCM_DOMAIN_MAX 255
#define UCM_ADDRESS_MAX 254          /* a path is 256 octets with its angle brackets */
#define UCM_LABEL_MAX 63

/* SMTP: RFC 5321 section 4.5.3.1 */
#define UCM_COMMAND_MAX 512          /* a command line with CRLF, before the room of extensions */
#define UCM_REPLY_LINE_MAX 2048      /* RFC says 512; servers in the field send longer help texts */
#define UCM_REPLY_LINES_MAX 128      /* lines in one reply; real EHLO replies have about 20 */
#define UCM_REPLY_TEXT_MAX 1024      /* what is kept of a reply for the outcome */
#define UCM_AUTH_LINE_MAX 12288      /* RFC 4954 section 4: base64 challenges and responses */
#define UCM_TEXT_LINE_MAX 998        /* RFC 5322 section 2.1.1, without CRLF */
#define UCM_RECIPIENTS_MAX 10000     /* of one message; servers must take 100, take more in the field */
#define UCM_HEADER_FOLD 78           /* RFC 5322 section 2.1.1, advised */
#define UCM_ENCODED_WORD_MAX 75      /* RFC 2047 section 2 */
#define UCM_SUBJECT_MAX 255          /* characters: the product's SEND_MAIL */
#define UCM_SECRET_MAX 4096          /* a password or an OAuth 2 token */
#define UCM_SCRAM_ITERATIONS_MAX 1000000 /* a server may not burn the client's processor for ever */
#define UCM_SCRAM_ITERATIONS_MIN 4096 /* RFC 7677 section 4 */
#define UCM_ADDRESSES_TRIED_MAX 16   /* addresses of one host name */
#define UCM_ERROR_TEXT_MAX 1024      /* a reason carried up */

#endif
