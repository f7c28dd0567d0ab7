# SPDX-License-Identifier: GPL-2.0-or-later
# The fuzz target of messages of DNS over its corpus.
# shellcheck shell=sh disable=SC2154

exec "${top_builddir:-.}/tests/fuzz/fuzz-dns" "${top_srcdir:-.}/tests/fuzz/dns"
