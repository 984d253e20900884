# The targets only call scripts; what each does is written there.
.DEFAULT_GOAL := help
.PHONY: help run test

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

run: ## install what is missing, build, start Vestnik and print its address
	@scripts/run

test: ## every check that must pass before a commit
	@scripts/test
