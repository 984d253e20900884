# The targets only call scripts; what each does is written there.
.DEFAULT_GOAL := help
.PHONY: help run test dev soak fuzz prove-simulation bench bench-peers

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

run: ## install what is missing, build, start the demo and print its address
	@scripts/run

test: ## every check that must pass before a commit
	@scripts/test

dev: ## serve while you work: built and started anew with every change
	@scripts/dev

soak: ## what is too long for every commit: many kills, new histories of the simulator, fuzzing
	@scripts/soak

prove-simulation: ## plants bugs into a copy, one at a time, and sees the step simulator catch each
	@scripts/prove-simulation

fuzz: ## feeds every decoder of outside bytes what a fuzzer makes up, a minute each
	@scripts/fuzz

bench: ## how fast it is here: every bench, its figures into docs/benchmarks.md
	@scripts/bench

bench-peers: ## the job queues of others beside Vestnik, figures into docs/benchmarks.md
	@scripts/bench-peers
