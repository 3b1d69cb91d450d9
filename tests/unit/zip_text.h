/*
 * ZIPs in memory, byte by byte, so that tests can make bad ones. Members are stored in one deflate
 * block each, with their sizes behind them, as action packs have it.
 */
#ifndef UCM_TESTS_ZIP_TEXT_H
#define UCM_TESTS_ZIP_TEXT_H

#include <stdint.h>
#include <string.h>

#define ZIP_TEXT_MAX 65536
#define ZIP_FLAG_ENCRYPTED 0x0001

struct zip_text {
	unsigned char bytes[ZIP_TEXT_MAX];
	size_t size;
	unsigned char directory[ZIP_TEXT_MAX / 4];
	size_t directory_size;
	unsigned members;
	uint32_t claimed_size; /* what the next member claims to unpack to; 0: the truth */
	uint32_t spoiled_crc; /* xor of the next member's checksum */
	unsigned flags; /* more flags of the next member */
};

static inline uint32_t zip_text_crc(const char *bytes, size_t size)
{
	uint32_t crc = 0xFFFFFFFFU;

	for (size_t i = 0; i < size; i++) {
		crc ^= (unsigned char)bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0);
	}
	return ~crc;
}

static inline void zip_text_number(unsigned char **at, uint32_t number, int bytes)
{
	for (; bytes > 0; bytes--, number >>= 8)
		*(*at)++ = (unsigned char)number;
}

static inline void zip_text_copy(unsigned char **at, const void *bytes, size_t size)
{
	memcpy(*at, bytes, size);
	*at += size;
}

static inline void zip_text_add(struct zip_text *zip, const char *name, const char *text)
{
	const uint32_t length = (uint32_t)strlen(text), packed = length + 5;
	const uint32_t crc = zip_text_crc(text, length) ^ zip->spoiled_crc;
	const uint32_t offset = (uint32_t)zip->size, flags = 0x808 | zip->flags;
	const uint32_t claimed = zip->claimed_size != 0 ? zip->claimed_size : length;
	unsigned char *at = zip->bytes + zip->size;

	zip_text_number(&at, 0x04034B50, 4);
	zip_text_number(&at, 20, 2);
	zip_text_number(&at, flags, 2);
	zip_text_number(&at, 8, 2);
	zip_text_number(&at, 0, 4);
	zip_text_number(&at, 0, 4); /* checksum and sizes come behind */
	zip_text_number(&at, 0, 4);
	zip_text_number(&at, 0, 4);
	zip_text_number(&at, (uint32_t)strlen(name), 2);
	zip_text_number(&at, 0, 2);
	zip_text_copy(&at, name, strlen(name));
	zip_text_number(&at, 1, 1); /* the last block, stored */
	zip_text_number(&at, length, 2);
	zip_text_number(&at, ~length, 2);
	zip_text_copy(&at, text, length);
	zip_text_number(&at, 0x08074B50, 4);
	zip_text_number(&at, crc, 4);
	zip_text_number(&at, packed, 4);
	zip_text_number(&at, claimed, 4);
	zip->size = (size_t)(at - zip->bytes);
	at = zip->directory + zip->directory_size;
	zip_text_number(&at, 0x02014B50, 4);
	zip_text_number(&at, 20, 2);
	zip_text_number(&at, 20, 2);
	zip_text_number(&at, flags, 2);
	zip_text_number(&at, 8, 2);
	zip_text_number(&at, 0, 4);
	zip_text_number(&at, crc, 4);
	zip_text_number(&at, packed, 4);
	zip_text_number(&at, claimed, 4);
	zip_text_number(&at, (uint32_t)strlen(name), 2);
	zip_text_number(&at, 0, 4);
	zip_text_number(&at, 0, 4);
	zip_text_number(&at, 0, 4);
	zip_text_number(&at, offset, 4);
	zip_text_copy(&at, name, strlen(name));
	zip->directory_size = (size_t)(at - zip->directory);
	zip->members++;
	zip->claimed_size = zip->spoiled_crc = zip->flags = 0;
}

static inline void zip_text_finish(struct zip_text *zip)
{
	const uint32_t offset = (uint32_t)zip->size;
	unsigned char *at = zip->bytes + zip->size;

	zip_text_copy(&at, zip->directory, zip->directory_size);
	zip_text_number(&at, 0x06054B50, 4);
	zip_text_number(&at, 0, 4);
	zip_text_number(&at, zip->members, 2);
	zip_text_number(&at, zip->members, 2);
	zip_text_number(&at, (uint32_t)zip->directory_size, 4);
	zip_text_number(&at, offset, 4);
	zip_text_number(&at, 0, 2);
	zip->size = (size_t)(at - zip->bytes);
}

#endif
