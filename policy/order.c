/*
 * Comparisons for sorting.
 */
#include "policy/order.h"

#include <stddef.h>
#include <string.h>

#include "policy/text.h"

int ucm_compare_number(long long left, long long right)
{
	return (left > right) - (left < right);
}

int ucm_compare_text(const char *left, const char *right)
{
	if (left == NULL || right == NULL)
		return (left != NULL) - (right != NULL);
	return strcmp(left, right);
}

int ucm_compare_nocase(const char *left, const char *right)
{
	while (*left != '\0' && ucm_lower(*left) == ucm_lower(*right)) {
		left++;
		right++;
	}
	return ucm_lower((unsigned char)*left) - ucm_lower((unsigned char)*right);
}

int ucm_compare_standing(const struct ucm_standing *left, const struct ucm_standing *right)
{
	int order = ucm_compare_number(left->client, right->client);

	if (order == 0)
		order = ucm_compare_nocase(left->name, right->name);
	if (order == 0)
		order = ucm_compare_text(left->file, right->file);
	if (order == 0)
		order = ucm_compare_number(left->line, right->line);
	if (order == 0)
		order = ucm_compare_number(left->column, right->column);
	return order == 0 ? strcmp(left->name, right->name) : order;
}
