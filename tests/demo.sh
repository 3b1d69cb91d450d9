# Sourced by ./bootstrap demo.
# shellcheck shell=sh
