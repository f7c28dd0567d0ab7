/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lets a shell test drive the netlink code: one command for each thing to try. */

#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <libmnl/libmnl.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "loop.h"
#include "macro.h"
#include "nl-link.h"
#include "nl-tc.h"
#include "nl.h"

#define LINKS_MAX 1024
#define ETHERTYPE_TEST 0x88b5 /* IEEE 802: local experiments */

static const char *tool = "nl-tool";

static int check(int r, const char *what)
{
	if (r < 0) {
		fprintf(stderr, "%s: %s: %s\n", tool, what, strerror(-r));
		exit(EXIT_FAILURE);
	}
	return r;
}

static uint32_t index_of(const char *name)
{
	uint32_t index = if_nametoindex(name);

	check(index ? 0 : -errno, name);
	return index;
}

/* Takes the place of the C library's, which libmnl calls, to count system calls. */
static int n_sends;
ssize_t sendto(int fd, const void *buf, size_t n, int flags, const struct sockaddr *to,
	       socklen_t to_size);

ssize_t sendto(int fd, const void *buf, size_t n, int flags, const struct sockaddr *to,
	       socklen_t to_size)
{
	n_sends++;
	return syscall(SYS_sendto, fd, buf, n, flags, to, to_size);
}

/* A program that returns verdict. */
static int load(int32_t verdict)
{
	const struct bpf_insn insns[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = verdict},
		{.code = BPF_JMP | BPF_EXIT},
	};

	return check(bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "test", "GPL", insns, ARRAY_SIZE(insns),
				   NULL),
		     "cannot load a program");
}

static unsigned long long runs(int prog_fd)
{
	struct bpf_prog_info info = {0};
	uint32_t size = sizeof(info);

	check(bpf_obj_get_info_by_fd(prog_fd, &info, &size), "bpf_obj_get_info_by_fd");
	return info.run_cnt;
}

static void print_links(const struct nl_links *links)
{
	size_t n;
	const struct nl_link *link = nl_links_get(links, &n);

	for (; n > 0; n--, link++)
		printf("%s kind=%s type=%u master=%u lower=%u%s%s%s%s rx=%d\n", link->name,
		       link->kind, link->type, link->master, link->lower,
		       link->lower_elsewhere ? " elsewhere" : "", link->up ? " up" : "",
		       link->loopback ? " loopback" : "", link->default_route ? " default" : "",
		       (int)link->rx_packets);
	puts(".");
	fflush(stdout);
}

static int cmd_links(char **args ATTR_UNUSED)
{
	struct nl_links *links;

	check(nl_links_open(NULL, NULL, NULL, &links), "nl_links_open");
	check(nl_links_refresh(links), "nl_links_refresh");
	print_links(links);
	nl_links_close(links);
	return 0;
}

static int cmd_choose(char **args)
{
	bool chosen[LINKS_MAX], matched[16];
	struct nl_links *links;
	const struct nl_link *link;
	size_t n, n_args = 0;

	while (args[n_args])
		n_args++;
	check(nl_links_open(NULL, NULL, NULL, &links), "nl_links_open");
	link = nl_links_get(links, &n);
	check(n <= LINKS_MAX && n_args <= ARRAY_SIZE(matched) ? 0 : -E2BIG, "choose");
	if (n_args)
		nl_link_choose(link, n, (const char *const *)args, n_args, chosen, matched);
	else
		nl_link_choose_default(link, n, chosen);
	for (size_t i = 0; i < n; i++)
		if (chosen[i])
			puts(link[i].name);
	nl_links_close(links);
	return 0;
}

static void on_change(void *data)
{
	print_links(*(struct nl_links **)data);
}

static int on_stdin(void *data, uint32_t events ATTR_UNUSED)
{
	char c;

	if (read(STDIN_FILENO, &c, 1) <= 0)
		loop_quit(data, 0);
	return 0;
}

/* Prints the list at first and after every change, until standard input ends. */
static int cmd_follow(char **args ATTR_UNUSED)
{
	struct loop *loop;
	struct nl_links *links;

	check(loop_new(&loop), "loop_new");
	check(nl_links_open(loop, on_change, &links, &links), "nl_links_open");
	check(loop_add_fd(loop, STDIN_FILENO, EPOLLIN, on_stdin, loop, NULL), "loop_add_fd");
	print_links(links);
	check(loop_run(loop), "loop_run");
	nl_links_close(links);
	loop_free(loop);
	return 0;
}

struct interruption {
	const char *command; /* changes the links, NULL once run */
	int n_messages, n_restarts;
};

static int interrupt(const struct nlmsghdr *message, void *data)
{
	struct interruption *interruption = data;

	interruption->n_messages++;
	if (!message) {
		interruption->n_restarts++;
		interruption->n_messages = 0;
	} else if (interruption->command) {
		check(system(interruption->command) == 0 ? 0 : -EIO, interruption->command);
		interruption->command = NULL;
	}
	return 0;
}

static void put_link_request(uint8_t *buf)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);

	mnl_nlmsg_put_extra_header(request, sizeof(struct ifinfomsg));
	request->nlmsg_type = RTM_GETLINK;
}

/* Runs a command in the middle of a dump of the links. */
static int cmd_interrupt(char **args)
{
	_Alignas(struct nlmsghdr) uint8_t buf[64] = {0};
	struct interruption interruption = {.command = args[0]};
	struct nl *nl;

	check(nl_open(0, &nl), "nl_open");
	put_link_request(buf);
	check(nl_dump(nl, (struct nlmsghdr *)buf, interrupt, &interruption), "nl_dump");
	printf("restarts %d links %d\n", interruption.n_restarts, interruption.n_messages);
	nl_close(nl);
	return 0;
}

static int refuse(const struct nlmsghdr *message ATTR_UNUSED, void *data)
{
	++*(int *)data;
	return -ECANCELED;
}

/* A dump that its reader gives up, and another one after it. */
static int cmd_give_up(char **args ATTR_UNUSED)
{
	_Alignas(struct nlmsghdr) uint8_t buf[64] = {0};
	struct interruption counts = {0};
	struct nl *nl;
	int n_calls = 0, r;

	check(nl_open(0, &nl), "nl_open");
	put_link_request(buf);
	r = nl_dump(nl, (struct nlmsghdr *)buf, refuse, &n_calls);
	check(nl_dump(nl, (struct nlmsghdr *)buf, interrupt, &counts), "nl_dump");
	printf("%d after %d, then %d\n", r, n_calls, counts.n_messages);
	nl_close(nl);
	return 0;
}

static size_t put_tc(uint8_t *buf, uint16_t type, uint16_t flags, const char *name, uint32_t parent,
		     uint32_t handle, uint32_t info, const char *kind)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buf);
	struct tcmsg *tcm = mnl_nlmsg_put_extra_header(message, sizeof(*tcm));

	message->nlmsg_type = type;
	message->nlmsg_flags = flags;
	tcm->tcm_ifindex = (int)index_of(name);
	tcm->tcm_parent = parent;
	tcm->tcm_handle = handle;
	tcm->tcm_info = info;
	mnl_attr_put_strz(message, TCA_KIND, kind);
	return message->nlmsg_len;
}

static size_t put_clsact(uint8_t *buf, uint16_t type, uint16_t flags, const char *name)
{
	return MNL_ALIGN(put_tc(buf, type, flags, name, TC_H_CLSACT, TC_H_MAKE(TC_H_CLSACT, 0), 0,
				"clsact"));
}

/* HAVE has a clsact, NONE has not: one that fails, then two that work, then one that fails. */
static int cmd_batch(char **args)
{
	_Alignas(struct nlmsghdr) uint8_t buf[512] = {0};
	const uint16_t create = NLM_F_CREATE | NLM_F_EXCL;
	int results[4] = {1, 1, 1, 1};
	struct nl *nl;
	size_t n = 0;
	int before;

	n += put_clsact(buf + n, RTM_NEWQDISC, create, args[0]);
	n += put_clsact(buf + n, RTM_NEWQDISC, create, args[1]);
	n += put_clsact(buf + n, RTM_DELQDISC, 0, args[1]);
	n += put_clsact(buf + n, RTM_NEWQDISC, create, args[0]);
	check(nl_open(0, &nl), "nl_open");
	printf("too few results: %d\n", nl_batch(nl, buf, n, results, 3));
	before = n_sends;
	check(nl_batch(nl, buf, n, results, 4), "nl_batch");
	printf("sends %d results %d %d %d %d\n", n_sends - before, results[0], results[1],
	       results[2], results[3]);
	nl_close(nl);
	return 0;
}

/* Adds a BPF filter that stays: IFACE ingress|egress PRIORITY VERDICT NAME. */
static int cmd_filter(char **args)
{
	_Alignas(struct nlmsghdr) uint8_t buf[512] = {0};
	struct nlmsghdr *message = (struct nlmsghdr *)buf;
	bool ingress = strcmp(args[1], "ingress") == 0;
	uint32_t priority = (uint32_t)atoi(args[2]);
	struct nlattr *options;
	struct nl *nl;
	int result;

	put_tc(buf, RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, args[0],
	       TC_H_MAKE(TC_H_CLSACT, ingress ? TC_H_MIN_INGRESS : TC_H_MIN_EGRESS), 0,
	       TC_H_MAKE(priority << 16, htons(ETH_P_ALL)), "bpf");
	options = mnl_attr_nest_start(message, TCA_OPTIONS);
	mnl_attr_put_u32(message, TCA_BPF_FD, (uint32_t)load(atoi(args[3])));
	mnl_attr_put_strz(message, TCA_BPF_NAME, args[4]);
	mnl_attr_put_u32(message, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
	mnl_attr_nest_end(message, options);
	check(nl_open(0, &nl), "nl_open");
	check(nl_batch(nl, buf, message->nlmsg_len, &result, 1), "nl_batch");
	check(result, "cannot add the filter");
	nl_close(nl);
	return 0;
}

/* Reads commands: attach IFACE, detach IFACE, wrong IFACE (with a file descriptor that is no
 * program), runs. Answers each with a line. */
static int cmd_attach(char **args ATTR_UNUSED)
{
	int stats = check(bpf_enable_stats(BPF_STATS_RUN_TIME), "bpf_enable_stats");
	int in = load(TC_ACT_UNSPEC), out = load(TC_ACT_UNSPEC);
	char line[128], command[16], name[IF_NAMESIZE];
	struct nl_tc *tc;

	check(nl_tc_open(&tc), "nl_tc_open");
	while (fgets(line, sizeof(line), stdin)) {
		uint32_t index = 0;
		int r = -EINVAL, n = sscanf(line, "%15s %15s", command, name);

		if (n == 2)
			index = name[0] == '#' ? (uint32_t)atoi(name + 1) : index_of(name);
		if (strcmp(command, "attach") == 0)
			r = nl_tc_attach(tc, index, in, out);
		else if (strcmp(command, "wrong") == 0)
			r = nl_tc_attach(tc, index, in, stats);
		else if (strcmp(command, "detach") == 0)
			r = nl_tc_detach(tc, index);
		if (strcmp(command, "runs") == 0)
			printf("in %llu out %llu\n", runs(in), runs(out));
		else
			printf("%s %s %d\n", command, name, r);
		fflush(stdout);
	}
	nl_tc_close(tc);
	puts("closed");
	return 0;
}

static int cmd_sweep(char **args ATTR_UNUSED)
{
	struct nl_tc *tc;

	check(nl_tc_open(&tc), "nl_tc_open");
	printf("%d\n", nl_tc_sweep(tc));
	nl_tc_close(tc);
	return 0;
}

static int cmd_others(char **args)
{
	struct nl_tc *tc;

	check(nl_tc_open(&tc), "nl_tc_open");
	printf("%d\n", nl_tc_count_others(tc, index_of(args[0])));
	nl_tc_close(tc);
	return 0;
}

/* Holds an abstract unix socket of this name until standard input ends. */
static int cmd_hold(char **args)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t n = strlen(args[0]);
	int fd = check(socket(AF_UNIX, SOCK_DGRAM, 0), "socket");
	char c;

	check(n < sizeof(address.sun_path) ? 0 : -ENAMETOOLONG, args[0]);
	memcpy(address.sun_path + 1, args[0], n);
	n += offsetof(struct sockaddr_un, sun_path) + 1;
	check(bind(fd, (struct sockaddr *)&address, (socklen_t)n) < 0 ? -errno : 0, "bind");
	puts("held");
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}

static int packet_socket(const char *name)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETHERTYPE_TEST),
		.sll_ifindex = (int)index_of(name),
	};
	struct timeval patience = {.tv_sec = 5};
	int fd = check(socket(AF_PACKET, SOCK_RAW, htons(ETHERTYPE_TEST)), "socket");

	check(bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0, "bind");
	check(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), "SO_RCVTIMEO");
	return fd;
}

/* FROM TO N: sends frames and receives them at the other end, past its hooks. */
static int cmd_frames(char **args)
{
	uint8_t frame[ETH_ZLEN] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2,
				   0,    0,    0,    0,    1,    0x88, 0xb5};
	uint8_t buf[ETH_FRAME_LEN];
	int from = packet_socket(args[0]), to = packet_socket(args[1]);
	int n_received = 0;

	for (int i = atoi(args[2]); i > 0; i--) {
		check(send(from, frame, sizeof(frame), 0) < 0 ? -errno : 0, "send");
		n_received += recv(to, buf, sizeof(buf), 0) == (ssize_t)sizeof(frame);
	}
	printf("%d\n", n_received);
	return 0;
}

static const struct {
	const char *name;
	int n_args;
	int (*run)(char **args);
} commands[] = {
	{"links", 0, cmd_links},         {"choose", 0, cmd_choose},   {"follow", 0, cmd_follow},
	{"interrupt", 1, cmd_interrupt}, {"give-up", 0, cmd_give_up}, {"batch", 2, cmd_batch},
	{"filter", 5, cmd_filter},       {"attach", 0, cmd_attach},   {"sweep", 0, cmd_sweep},
	{"others", 1, cmd_others},       {"hold", 1, cmd_hold},       {"frames", 3, cmd_frames},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0 && argc - 2 >= commands[i].n_args)
			return commands[i].run(argv + 2);
	fprintf(stderr, "usage: %s COMMAND [ARGUMENT...]\n", tool);
	return 2;
}
