/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who has which socket: joins what sock_diag(7) tells with what processes have open. */
#include "config.h"

#include "capture-owner-diag.h"

#include <linux/types.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "abi-socket.h"
#include "cleanup.h"
#include "macro.h"
#include "nl-diag-dump.h"
#include "nl-netns.h"
#include "proc.h"

#define SOCKETS_MAX (1u << 18)

struct found {
	uint64_t inode;
	struct socket_event event;
};

struct scan {
	struct found *found; /* sorted by inode once all are there */
	uint32_t n, n_allocated;
	uint32_t netns;  /* that is read */
	uint32_t n_left; /* without a process */
	struct owner_diag_result result;
};

DEFINE_CLEANUP(DIR *, closedir);

/* ---- sockets ---- */

static struct found *add(struct scan *scan)
{
	uint32_t n = MAX(1024u, 2 * scan->n_allocated);
	struct found *found;

	if (scan->n == scan->n_allocated) {
		found = scan->n < SOCKETS_MAX ? reallocarray(scan->found, n, sizeof(*found)) : NULL;
		if (!found) {
			scan->result.n_refused++;
			return NULL;
		}
		scan->found = found;
		scan->n_allocated = n;
	}
	return &scan->found[scan->n++];
}

static bool is_mapped(const uint32_t *addr)
{
	return !addr[0] && !addr[1] && addr[2] == htonl(0xffff);
}

static void put_addr(uint32_t *ret_addr, const uint32_t *addr, bool mapped)
{
	memset(ret_addr, 0, 4 * sizeof(*ret_addr));
	if (mapped)
		ret_addr[0] = addr[3];
	else
		memcpy(ret_addr, addr, 4 * sizeof(*ret_addr));
}

/* As bpf/socket.bpf.c reads it from the socket. */
static void put_tuple(struct socket_tuple *tuple, const struct nl_diag_socket *socket)
{
	bool mapped = socket->family == AF_INET6 &&
		      (is_mapped(socket->local) || is_mapped(socket->remote));
	static const uint32_t none[4];

	*tuple = (struct socket_tuple){
		.lport = socket->lport,
		.family = socket->family == AF_INET || mapped ? 4 : 6,
		.proto = socket->proto,
		.kind = ABI_SOCKET_CONNECTED,
	};
	put_addr(tuple->local, socket->local, mapped);
	if (socket->state == TCP_LISTEN && socket->proto == IPPROTO_TCP)
		tuple->kind = ABI_SOCKET_LISTENING;
	else if (!socket->rport && memcmp(socket->remote, none, sizeof(none)) == 0)
		tuple->kind = ABI_SOCKET_BOUND;
	else
		put_addr(tuple->remote, socket->remote, mapped);
	if (tuple->kind == ABI_SOCKET_CONNECTED)
		tuple->rport = socket->rport;
}

static void on_socket(void *data, const struct nl_diag_socket *socket)
{
	struct scan *scan = data;
	struct found *found;

	/* made, and neither bound nor connected */
	if (!socket->lport && socket->proto == IPPROTO_TCP)
		return;
	found = add(scan);
	if (!found)
		return;
	*found = (struct found){.inode = socket->inode};
	found->event.cookie = socket->cookie;
	found->event.what = ABI_EVENT_SCANNED;
	found->event.entry.netns = scan->netns;
	found->event.entry.estimated = ABI_ESTIMATED_SCANNED;
	found->event.entry.process.cgroup_id = socket->cgroup_id;
	put_tuple(&found->event.entry.tuple, socket);
}

static int dump_other(void *data, uint32_t netns)
{
	struct scan *scan = data;

	scan->netns = netns;
	(void)nl_diag_dump(on_socket, scan); /* one that ends meanwhile is no error */
	return 0;
}

/* ---- processes ---- */

static int by_inode(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return CMP(x->inode, y->inode);
}

static void give(struct scan *scan, uint64_t inode, uint32_t pid, const struct proc_who *who)
{
	const struct found key = {.inode = inode};
	struct found *found = bsearch(&key, scan->found, scan->n, sizeof(*found), by_inode);

	if (!found || found->event.entry.process.tgid)
		return;
	found->event.entry.process.tgid = pid;
	found->event.entry.process.uid = who->uid;
	found->event.entry.process.start_ns = who->start_ns;
	memcpy(found->event.entry.process.comm, who->comm, sizeof(who->comm));
	scan->n_left--;
}

/* The inode in "socket:[INODE]"; false for other files. */
static bool read_inode(int dir_fd, const char *name, uint64_t *ret_inode)
{
	char link[64];
	ssize_t n = readlinkat(dir_fd, name, link, sizeof(link) - 1);

	if (n < 0)
		return false;
	link[n] = 0;
	return sscanf(link, "socket:[%" SCNu64 "]", ret_inode) == 1;
}

static void read_process(struct scan *scan, uint32_t pid)
{
	cleanup(closedirp) DIR *list = NULL;
	const struct dirent *entry;
	struct proc_who who;
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%" PRIu32 "/fd", pid);
	list = opendir(path);
	if (!list) {
		scan->result.n_denied += errno == EACCES || errno == EPERM;
		return;
	}
	if (proc_who(pid, &who) < 0)
		return;
	while (scan->n_left && (entry = readdir(list))) {
		uint64_t inode;

		if (read_inode(dirfd(list), entry->d_name, &inode))
			give(scan, inode, pid, &who);
	}
}

static int read_processes(struct scan *scan)
{
	cleanup(closedirp) DIR *list = opendir("/proc");
	const struct dirent *entry;

	if (!list)
		return -errno;
	while (scan->n_left && (entry = readdir(list))) {
		char *end;
		unsigned long pid = strtoul(entry->d_name, &end, 10);

		if (*entry->d_name != '.' && !*end)
			read_process(scan, (uint32_t)pid);
	}
	return 0;
}

/* By inode, each once: a dump that was interrupted tells twice. */
static void sort(struct scan *scan)
{
	uint32_t n = 0;

	if (!scan->n)
		return;
	qsort(scan->found, scan->n, sizeof(*scan->found), by_inode);
	for (uint32_t i = 1; i < scan->n; i++)
		if (scan->found[i].inode != scan->found[n].inode)
			scan->found[++n] = scan->found[i];
	scan->n = n + 1;
}

int owner_diag_scan(owner_diag_fn fn, void *data, struct owner_diag_result *ret_result)
{
	struct scan scan = {.netns = nl_netns_own()};
	int r = nl_diag_dump(on_socket, &scan);

	if (r == 0) {
		scan.result.others = nl_netns_others(dump_other, &scan);
		sort(&scan);
		scan.n_left = scan.n;
		/* in other pid namespaces the numbers are others */
		if (proc_is_initial())
			(void)read_processes(&scan);
		for (uint32_t i = 0; i < scan.n; i++)
			fn(data, &scan.found[i].event);
		*ret_result = scan.result;
	}
	free(scan.found);
	return r;
}
