# SPDX-License-Identifier: GPL-2.0-or-later
# The fuzz target of HTTP over its corpus.
# shellcheck shell=sh disable=SC2154

exec "${top_builddir:-.}/tests/fuzz/fuzz-http" "${top_srcdir:-.}/tests/fuzz/http"
