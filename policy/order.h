/*
 * Comparisons for sorting: negative, 0 or positive. Bytes count, not the locale.
 */
#ifndef UCM_POLICY_ORDER_H
#define UCM_POLICY_ORDER_H

int ucm_compare_number(long long left, long long right);

/* NULL stands before every text. */
int ucm_compare_text(const char *left, const char *right);

/* ASCII letters in either case are the same. */
int ucm_compare_nocase(const char *left, const char *right);

/* Where an object stands. */
struct ucm_standing {
	int client;
	const char *name;
	const char *file;
	unsigned line;
	unsigned column;
};

/* By client, name (in either case the same), file, line, column. */
int ucm_compare_standing(const struct ucm_standing *left, const struct ucm_standing *right);

#endif
