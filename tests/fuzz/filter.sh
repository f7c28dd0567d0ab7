# SPDX-License-Identifier: GPL-2.0-or-later
# The fuzz target of filters over its corpus.
# shellcheck shell=sh disable=SC2154

exec "${top_builddir:-.}/tests/fuzz/fuzz-filter" "${top_srcdir:-.}/tests/fuzz/filter"
