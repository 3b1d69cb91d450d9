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
