include tools/policy_lint.mk
