/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Containers by the paths of cgroups, and their names from files of state. */
#include "config.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "container.h"
#include "macro.h"

#include "tap.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define UID "8d5e7c3a-1111-2222-3333-444455556666"
#define UID_UNDERSCORES "8d5e7c3a_1111_2222_3333_444455556666"

/* want: runtime, id, pod, user; NULL: no container. */
static const struct {
	const char *path, *want;
} paths[] = {
	/* docker */
	{"/docker/" HEX, "docker " HEX " - 0"},
	{"/system.slice/docker-" HEX ".scope", "docker " HEX " - 0"},
	{"/user.slice/user-1000.slice/user@1000.service/user.slice/docker-" HEX ".scope",
	 "docker " HEX " - 1000"},
	{"/docker/" HEX "/system.slice/nginx.service", "docker " HEX " - 0"},
	{"/docker/" HEX "/docker/" OTHER, "docker " OTHER " - 0"},
	{"/../../docker/" HEX, "docker " HEX " - 0"},
	{"/../" HEX, NULL},
	/* containerd by CRI, by ctr, by nerdctl */
	{"/kubepods/burstable/pod" UID "/" HEX, "containerd " HEX " " UID " 0"},
	{"/kubepods/pod" UID "/" HEX, "containerd " HEX " " UID " 0"},
	{"/kubepods/besteffort/pod0123456789abcdef0123456789abcdef/" HEX,
	 "containerd " HEX " 0123456789abcdef0123456789abcdef 0"},
	{"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" UID_UNDERSCORES
	 ".slice/cri-containerd-" HEX ".scope",
	 "containerd " HEX " " UID " 0"},
	{"/kubepods.slice/kubepods-pod" UID_UNDERSCORES ".slice/cri-containerd-" HEX ".scope",
	 "containerd " HEX " " UID " 0"},
	{"/docker/" OTHER "/kubelet/kubepods/burstable/pod" UID "/" HEX,
	 "containerd " HEX " " UID " 0"},
	{"/docker/" OTHER
	 "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" UID_UNDERSCORES
	 ".slice/cri-containerd-" HEX ".scope",
	 "containerd " HEX " - 0"},
	{"/k8s.io/web", "containerd web - 0"},
	{"/default/web-1", "containerd web-1 - 0"},
	{"/a/default/web-1", NULL},
	{"/system.slice/nerdctl-" HEX ".scope", "containerd " HEX " - 0"},
	{"/system.slice/containerd.service", NULL},
	/* CRI-O */
	{"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" UID_UNDERSCORES
	 ".slice/crio-" HEX ".scope",
	 "cri-o " HEX " " UID " 0"},
	{"/kubepods/pod" UID "/crio-" HEX, "cri-o " HEX " " UID " 0"},
	{"/kubepods.slice/kubepods-pod" UID_UNDERSCORES ".slice/crio-" HEX ".scope/container",
	 "cri-o " HEX " " UID " 0"},
	{"/kubepods.slice/kubepods-pod" UID_UNDERSCORES ".slice/crio-conmon-" HEX ".scope", NULL},
	/* podman */
	{"/libpod_parent/libpod-" HEX, "podman " HEX " - 0"},
	{"/machine.slice/libpod-" HEX ".scope", "podman " HEX " - 0"},
	{"/machine.slice/libpod-" HEX ".scope/container", "podman " HEX " - 0"},
	{"/user.slice/user-1001.slice/user@1001.service/user.slice/libpod-" HEX ".scope/container",
	 "podman " HEX " - 1001"},
	{"/machine.slice/libpod-conmon-" HEX ".scope", NULL},
	{"/libpod_parent", NULL},
	/* nspawn, but not what libvirt runs */
	{"/machine.slice/systemd-nspawn@debian.service", "nspawn debian - 0"},
	{"/machine.slice/systemd-nspawn@debian.service/payload/system.slice/cron.service",
	 "nspawn debian - 0"},
	{"/machine.slice/machine-debian.scope", "nspawn debian - 0"},
	{"/machine.slice/machine-qemu\\x2d1\\x2dvm.scope", NULL},
	{"/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt/vcpu0", NULL},
	/* LXC, LXD */
	{"/lxc/web", "lxc web - 0"},
	{"/lxc.payload.web", "lxc web - 0"},
	{"/lxc.payload.web/init.scope", "lxc web - 0"},
	{"/lxc.monitor.web", NULL},
	/* none */
	{"/", NULL},
	{"", NULL},
	{"//", NULL},
	{"/init.scope", NULL},
	{"/system.slice/nginx.service", NULL},
	{"/user.slice/user-1000.slice/session-3.scope", NULL},
	{"/user.slice/user-1000.slice/user@1000.service/app.slice/app-" HEX ".scope", NULL},
	{"/" HEX, NULL},
	{"/system.slice/" HEX ".scope", NULL},
	{"/docker/buildkit/x", NULL},
	{"/docker/0123", NULL},
	{"/docker/" HEX "0", NULL},
	{"/docker/0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", NULL},
	{"/system.slice/docker-.scope", NULL},
	{"/system.slice/docker.service", NULL},
	{"/lxc", NULL},
	{"/lxc/", NULL},
	{"/lxc.payload.", NULL},
	{"/kubepods/burstable/pod" UID, NULL},
	{"/kubepods/burstable/pod!/" HEX, NULL},
};

static void test_paths(void)
{
	char got[1024];

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct container_ref ref;

		(void)snprintf(got, sizeof(got), "none");
		if (container_parse(paths[i].path, &ref))
			(void)snprintf(got, sizeof(got), "%s %s %s %u",
				       container_runtime_name(ref.runtime), ref.id,
				       ref.pod_uid[0] ? ref.pod_uid : "-", ref.user);
		is_str(got, paths[i].want ? paths[i].want : "none", "\"%s\"", paths[i].path);
	}
}

static void test_long(void)
{
	static char path[70000];
	struct container_ref ref;

	memset(path, 'a', sizeof(path) - 1);
	ok(!container_parse(path, &ref), "a very long name");
	memcpy(path, "/lxc/", 5);
	ok(!container_parse(path, &ref), "a name that is too long");
	path[5 + CONTAINER_ID_MAX - 1] = 0;
	ok(container_parse(path, &ref), "the longest name");
	is_u64(strlen(ref.id), CONTAINER_ID_MAX - 1, "the longest name is whole");
	memset(path, '/', sizeof(path) - 1);
	ok(!container_parse(path, &ref), "nothing but slashes");
}

#ifdef HAVE_JANSSON

static char root[] = "/tmp/test-container.XXXXXX";

/* Writes a file of state, with the directories it is in. */
static void put(const char *path, const char *text)
{
	char full[4096];
	FILE *stream;

	(void)snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *p = full + strlen(root) + 1; (p = strchr(p, '/')); *p++ = '/') {
		*p = 0;
		(void)mkdir(full, 0755);
	}
	stream = fopen(full, "w");
	if (stream) {
		(void)fputs(text, stream);
		(void)fclose(stream);
	}
}

#define DOCKER "/var/lib/docker/containers/" HEX "/config.v2.json"
#define CONTAINERD "/run/containerd/io.containerd.runtime.v2.task/k8s.io/" HEX "/config.json"
#define K3S "/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/" HEX "/config.json"
#define CTR "/run/containerd/io.containerd.runtime.v2.task/default/web/config.json"
#define CRIO "/run/containers/storage/overlay-containers/" HEX "/userdata/config.json"
#define PODMAN "/var/lib/containers/storage/overlay-containers/containers.json"
#define VFS "/var/lib/containers/storage/vfs-containers/containers.json"

#define IN_DOCKER "/docker/" HEX
#define IN_POD "/kubepods/pod" UID "/" HEX
#define IN_CRIO "/kubepods/pod" UID "/crio-" HEX
#define IN_PODMAN "/machine.slice/libpod-" HEX ".scope"

/* want: runtime|name|image|pod|namespace */
static const struct {
	const char *what, *path, *file, *text, *want;
} states[] = {
	{"docker", IN_DOCKER, DOCKER,
	 "{\"State\":{\"Pid\":1},\"Config\":{\"Image\":\"nginx:1.25\",\"Labels\":{}},"
	 "\"Name\":\"/shop_web\"}",
	 "docker|shop_web|nginx:1.25||"},
	{"docker, below a pod", IN_POD, DOCKER,
	 "{\"Name\":\"/k8s_nginx_web-0_shop_x_0\",\"Config\":{\"Image\":\"sha256:1\",\"Labels\":{"
	 "\"io.kubernetes.container.name\":\"nginx\",\"io.kubernetes.pod.name\":\"web-0\","
	 "\"io.kubernetes.pod.namespace\":\"shop\"}}}",
	 "docker|nginx|sha256:1|web-0|shop"},
	{"docker, the sandbox of a pod", IN_POD, DOCKER,
	 "{\"Name\":\"/k8s_POD_web-0_shop_x_0\",\"Config\":{\"Image\":\"pause\",\"Labels\":{"
	 "\"io.kubernetes.container.name\":\"POD\",\"io.kubernetes.pod.name\":\"web-0\","
	 "\"io.kubernetes.pod.namespace\":\"shop\"}}}",
	 "docker||pause|web-0|shop"},
	{"containerd", IN_POD, CONTAINERD,
	 "{\"ociVersion\":\"1.0.2\",\"annotations\":{"
	 "\"io.kubernetes.cri.container-name\":\"nginx\","
	 "\"io.kubernetes.cri.container-type\":\"container\","
	 "\"io.kubernetes.cri.image-name\":\"docker.io/library/nginx:1.25\","
	 "\"io.kubernetes.cri.sandbox-name\":\"web-0\","
	 "\"io.kubernetes.cri.sandbox-namespace\":\"shop\"}}",
	 "containerd|nginx|docker.io/library/nginx:1.25|web-0|shop"},
	{"containerd, a sandbox", IN_POD, CONTAINERD,
	 "{\"annotations\":{\"io.kubernetes.cri.container-type\":\"sandbox\","
	 "\"io.kubernetes.cri.sandbox-name\":\"web-0\","
	 "\"io.kubernetes.cri.sandbox-namespace\":\"shop\"}}",
	 "containerd|||web-0|shop"},
	{"containerd of k3s", IN_POD, K3S,
	 "{\"annotations\":{\"io.kubernetes.cri.container-name\":\"a\"}}", "containerd|a|||"},
	{"containerd by ctr", "/default/web", CTR, "{\"annotations\":{}}", "containerd|web|||"},
	{"containerd by nerdctl", "/system.slice/nerdctl-" HEX ".scope", CONTAINERD,
	 "{\"annotations\":{\"nerdctl/name\":\"web\"}}", "containerd|web|||"},
	{"cri-o", IN_CRIO, CRIO,
	 "{\"annotations\":{\"io.kubernetes.cri-o.ContainerType\":\"container\","
	 "\"io.kubernetes.container.name\":\"nginx\",\"io.kubernetes.pod.name\":\"web-0\","
	 "\"io.kubernetes.pod.namespace\":\"shop\","
	 "\"io.kubernetes.cri-o.ImageName\":\"quay.io/nginx:1\"}}",
	 "cri-o|nginx|quay.io/nginx:1|web-0|shop"},
	{"cri-o, by a path that does not say so", IN_POD, CRIO,
	 "{\"annotations\":{\"io.kubernetes.cri-o.ContainerType\":\"sandbox\","
	 "\"io.kubernetes.container.name\":\"POD\",\"io.kubernetes.pod.name\":\"web-0\","
	 "\"io.kubernetes.pod.namespace\":\"shop\"}}",
	 "cri-o|||web-0|shop"},
	{"podman", IN_PODMAN, PODMAN,
	 "[{\"id\":\"" OTHER "\",\"names\":[\"other\"]},{\"id\":\"" HEX "\",\"names\":[\"web\"],"
	 "\"metadata\":\"{\\\"image-name\\\":\\\"localhost/web:latest\\\",\\\"name\\\":\\\"web\\\"}"
	 "\"}]",
	 "podman|web|localhost/web:latest||"},
	{"podman on vfs, metadata that is none", IN_PODMAN, VFS,
	 "[{\"id\":\"" HEX "\",\"names\":[\"web\"],\"metadata\":\"{\"}]", "podman|web|||"},
	{"a hostile name", IN_DOCKER, DOCKER,
	 "{\"Config\":{\"Image\":\"\\u202eevil\"},\"Name\":\"/a\\u001b[31mb\"}",
	 "docker|a\\x1b[31mb|\\u{202e}evil||"},
	{"values of other types", IN_DOCKER, DOCKER,
	 "{\"Config\":{\"Image\":7,\"Labels\":[]},\"Name\":{}}", "docker||||"},
	{"an array", IN_DOCKER, DOCKER, "[]", "docker||||"},
	{"half a file", IN_DOCKER, DOCKER, "{\"Config\":{\"Image\":\"ngi", "error 74"},
	{"an empty file", IN_DOCKER, DOCKER, "", "error 74"},
	{"another container", IN_DOCKER, CONTAINERD, "{}", "error 2"},
	{"nothing for nspawn", "/machine.slice/machine-a.scope", DOCKER, "{}", "error 2"},
};

static int remove_one(const char *path, const struct stat *st ATTR_UNUSED, int flag ATTR_UNUSED,
		      struct FTW *ftw ATTR_UNUSED)
{
	return remove(path);
}

static void clear(void)
{
	(void)nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void read_state(const char *path, char *got, size_t size)
{
	struct container_names names;
	struct container_ref ref;
	int r;

	if (!container_parse(path, &ref)) {
		(void)snprintf(got, size, "no container");
		return;
	}
	r = container_read(root, &ref, &names);
	if (r < 0)
		(void)snprintf(got, size, "error %d", -r);
	else
		(void)snprintf(got, size, "%s|%s|%s|%s|%s", container_runtime_name(names.runtime),
			       names.name, names.image, names.pod, names.pod_namespace);
}

static void test_states(void)
{
	char got[2048];

	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		(void)mkdir(root, 0755);
		put(states[i].file, states[i].text);
		read_state(states[i].path, got, sizeof(got));
		is_str(got, states[i].want, "%s", states[i].what);
		clear();
	}
}

/* What is no regular file is neither followed nor waited for. */
static void test_kinds(void)
{
	char full[4096], got[2048];

	(void)mkdir(root, 0755);
	put(DOCKER, "{\"Name\":\"/web\"}");
	(void)snprintf(full, sizeof(full), "%s%s", root, DOCKER);
	(void)unlink(full);
	ok(mkfifo(full, 0644) == 0, "a FIFO");
	read_state(IN_DOCKER, got, sizeof(got));
	is_str(got, "error 22", "a FIFO is not waited for");
	(void)unlink(full);
	ok(symlink("/etc/passwd", full) == 0, "a symbolic link");
	read_state(IN_DOCKER, got, sizeof(got));
	is_str(got, "error 40", "a symbolic link is not followed");
	(void)unlink(full);
	ok(mkdir(full, 0755) == 0, "a directory");
	read_state(IN_DOCKER, got, sizeof(got));
	is_str(got, "error 22", "a directory");
	clear();
	(void)mkdir(root, 0755);
	put(DOCKER, "");
	ok(truncate(full, (off_t)1 << 30) == 0, "a file of 1 GiB");
	read_state(IN_DOCKER, got, sizeof(got));
	is_str(got, "error 27", "a file that is too large");
	clear();
}

static void test_find(void)
{
	(void)mkdir(root, 0755);
	is_int(container_state_find(root), -ENOENT, "no runtime was ever here");
	put(CONTAINERD, "{}");
	is_int(container_state_find(root), 0, "containerd keeps state here");
	clear();
}

static void test_cache(void)
{
	struct containers *containers = NULL;
	const struct container *container;
	uint64_t now_ns = clock_mono_ns();
	char path[128];

	clock_freeze(now_ns, 0);
	(void)mkdir(root, 0755);
	is_int(containers_new(root, &containers), 0, "a cache");
	ok(!containers_find(containers, "/init.scope"), "no container");
	container = containers_find(containers, IN_POD);
	ok(container && container->names.name[0] == 0, "the state is not there yet");
	is_str(container->id, HEX, "the id is");
	put(CONTAINERD, "{\"annotations\":{\"io.kubernetes.cri.container-name\":\"a\"}}");
	is_str(containers_find(containers, IN_POD)->names.name, "", "not looked for at once");
	clock_freeze(now_ns + 2 * NSEC_PER_SEC, 0);
	is_str(containers_find(containers, IN_POD)->names.name, "a", "found a little later");
	clear();
	is_str(containers_find(containers, IN_POD)->names.name, "a", "and kept");
	is_u64(containers_evicted(containers), 0, "nothing had to go");
	for (unsigned int i = 0; i < 10000; i++) {
		clock_freeze(now_ns + (3 + i) * NSEC_PER_SEC, 0);
		(void)snprintf(path, sizeof(path), "/lxc/c%u", i);
		(void)containers_find(containers, path);
	}
	ok(containers_evicted(containers) > 7000, "what had to go is counted");
	clock_thaw();
	containers_free(containers);
}

/* Any file of state with octets changed, and any path: nothing worse than a wrong name. */
static void test_mutations(void)
{
	uint64_t random = 88172645463325252ULL;
	unsigned int n_read = 0;
	char text[4096], got[2048];

	for (unsigned int round = 0; round < 4000; round++) {
		size_t i = round % ARRAY_SIZE(states), n = strlen(states[i].text);

		memcpy(text, states[i].text, n + 1);
		for (unsigned int j = 0; n && j < 1 + round % 3; j++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			text[random % n] = (char)(random >> 32 | 1);
		}
		(void)mkdir(root, 0755);
		put(states[i].file, text);
		read_state(states[i].path, got, sizeof(got));
		n_read += strncmp(got, "error", 5) != 0;
		for (const char *p = got; *p; p++)
			if ((unsigned char)*p < ' ')
				ok(false, "a control character in \"%s\"", text);
		(void)snprintf(text, sizeof(text), "%s", paths[round % ARRAY_SIZE(paths)].path);
		n = strlen(text);
		if (n)
			text[random % n] = (char)(random >> 40 | 1);
		read_state(text, got, sizeof(got));
	}
	clear();
	ok(n_read > 100, "mutations: %u of 4000 could be read", n_read);
}

static void test_files(void)
{
	if (!mkdtemp(root)) {
		ok(false, "a directory");
		return;
	}
	test_states();
	test_kinds();
	test_find();
	test_cache();
	test_mutations();
}

#else

static void test_files(void)
{
	struct container_names names;
	struct container_ref ref;

	ok(container_parse("/docker/" HEX, &ref), "a container");
	is_int(container_read("", &ref, &names), -ENOTSUP, "no names without jansson");
	is_int(container_state_find(""), -ENOTSUP, "no state without jansson");
}

#endif

int main(void)
{
	test_paths();
	test_long();
	test_files();
	return tap_done();
}
