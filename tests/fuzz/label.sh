# SPDX-License-Identifier: GPL-2.0-or-later
# The fuzz target of labels of payloads over its corpus.
# shellcheck shell=sh disable=SC2154

exec "${top_builddir:-.}/tests/fuzz/fuzz-label" "${top_srcdir:-.}/tests/fuzz/label"
