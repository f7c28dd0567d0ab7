/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Methods of HTTP: IANA, "HTTP Method Registry", but for PRI, which begins HTTP/2, and CONNECT,
 * which has another target.
 */
#ifndef METHOD_BPF_H
#define METHOD_BPF_H

#define HTTP_METHODS(X)                                                                            \
	X("GET ")                                                                                  \
	X("PUT ")                                                                                  \
	X("ACL ")                                                                                  \
	X("POST ")                                                                                 \
	X("HEAD ")                                                                                 \
	X("BIND ")                                                                                 \
	X("COPY ")                                                                                 \
	X("LINK ")                                                                                 \
	X("LOCK ")                                                                                 \
	X("MOVE ")                                                                                 \
	X("PATCH ")                                                                                \
	X("TRACE ")                                                                                \
	X("QUERY ")                                                                                \
	X("LABEL ")                                                                                \
	X("MERGE ")                                                                                \
	X("MKCOL ")                                                                                \
	X("DELETE ")                                                                               \
	X("REBIND ")                                                                               \
	X("REPORT ")                                                                               \
	X("SEARCH ")                                                                               \
	X("UNBIND ")                                                                               \
	X("UNLINK ")                                                                               \
	X("UNLOCK ")                                                                               \
	X("UPDATE ")                                                                               \
	X("OPTIONS ")                                                                              \
	X("CHECKIN ")                                                                              \
	X("CHECKOUT ")                                                                             \
	X("PROPFIND ")                                                                             \
	X("PROPPATCH ")                                                                            \
	X("MKACTIVITY ")                                                                           \
	X("MKCALENDAR ")                                                                           \
	X("ORDERPATCH ")                                                                           \
	X("UNCHECKOUT ")                                                                           \
	X("MKWORKSPACE ")                                                                          \
	X("MKREDIRECTREF ")                                                                        \
	X("VERSION-CONTROL ")                                                                      \
	X("BASELINE-CONTROL ")                                                                     \
	X("UPDATEREDIRECTREF ")

#endif
