# Completions, made by make.py from --help; tests/docs/test_completion.py compares them.
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_bashcompletion_DATA = tools/completion/policy-lint.bash tools/completion/ucmail.bash
dist_zshcompletion_DATA = tools/completion/_policy-lint tools/completion/_ucmail
dist_fishcompletion_DATA = tools/completion/policy-lint.fish tools/completion/ucmail.fish
EXTRA_DIST += tools/completion/make.py
