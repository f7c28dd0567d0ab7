# SPDX-License-Identifier: GPL-2.0-or-later
# The fuzz target of TLS handshakes over its corpus: handshakes of OpenSSL, GnuTLS and curl.
# shellcheck shell=sh disable=SC2154

exec "${top_builddir:-.}/tests/fuzz/fuzz-tls" "${top_srcdir:-.}/tests/fuzz/tls"
