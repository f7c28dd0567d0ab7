# SPDX-License-Identifier: GPL-2.0-or-later
# The fuzz target of QUIC over its corpus: handshakes of GnuTLS, the samples of RFC 9001 and RFC 9369,
# and a client that sends its hello in many parts.
# shellcheck shell=sh disable=SC2154

exec "${top_builddir:-.}/tests/fuzz/fuzz-quic" "${top_srcdir:-.}/tests/fuzz/quic"
