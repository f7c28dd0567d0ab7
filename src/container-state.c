/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the names of a container from the files of its runtime:
 *
 *	docker      /var/lib/docker/containers/ID/config.v2.json
 *	containerd  .../io.containerd.runtime.v2.task/NAMESPACE/ID/config.json, an OCI bundle whose
 *	            annotations the CRI plugin and nerdctl fill in
 *	cri-o       .../overlay-containers/ID/userdata/config.json, the same with other annotations
 *	podman      .../overlay-containers/containers.json, the index of containers/storage
 *
 * They are files of root, but their contents are whatever somebody named a container.
 */
#include "config.h"

#include "container.h"

#include <errno.h>

#ifdef HAVE_JANSSON

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "cleanup.h"
#include "macro.h"
#include "text.h"

/* Larger files are not state of a container. */
#define FILE_SIZE_MAX ((size_t)16 << 20)

DEFINE_CLEANUP(DIR *, closedir);

#define DOCKER_DIR "/var/lib/docker/containers"

static const char *const containerd_dirs[] = {
	"/run/containerd/io.containerd.runtime.v2.task",
	"/run/k3s/containerd/io.containerd.runtime.v2.task", /* k3s, rke2 */
	"/var/snap/microk8s/common/run/containerd/io.containerd.runtime.v2.task",
	"/run/k0s/containerd/io.containerd.runtime.v2.task",
};
static const char *const storage_dirs[] = {"/run/containers/storage",
					   "/var/lib/containers/storage"};
static const char *const storage_drivers[] = {"overlay", "vfs", "btrfs", "zfs"};

/* ---- files ---- */

/* All of a regular file. A FIFO or a device that somebody put there is not waited for. */
static int read_file(const char *path, char **ret_data, size_t *ret_n)
{
	cleanup(close_fdp) int fd =
		open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	cleanup(freep) char *data = NULL;
	struct stat st;
	size_t n = 0;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (st.st_size < 0 || (uint64_t)st.st_size > FILE_SIZE_MAX)
		return -EFBIG;
	data = malloc((size_t)st.st_size + 1);
	if (!data)
		return -ENOMEM;
	while (n < (size_t)st.st_size) {
		ssize_t r = read(fd, data + n, (size_t)st.st_size - n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			break;
		n += (size_t)r;
	}
	*ret_data = take_ptr(data);
	*ret_n = n;
	return 0;
}

static int read_json(json_t **ret_json, const char *format, ...) ATTR_PRINTF(2, 3);
static int read_json(json_t **ret_json, const char *format, ...)
{
	cleanup(freep) char *data = NULL;
	char path[PATH_MAX];
	va_list args;
	size_t n = 0;
	int r;

	va_start(args, format);
	r = vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	if (r < 0 || (size_t)r >= sizeof(path))
		return -ENAMETOOLONG;
	r = read_file(path, &data, &n);
	if (r < 0)
		return r;
	/* a NUL in a text is somebody's, too: it ends the text here */
	*ret_json = json_loadb(data, n, JSON_ALLOW_NUL, NULL);
	return *ret_json ? 0 : -EBADMSG;
}

/* ---- texts ---- */

static void put_text(char *buf, const json_t *value)
{
	if (json_is_string(value))
		text_escape(buf, CONTAINER_TEXT_MAX, json_string_value(value), (size_t)-1);
}

/* The first of some keys, ended by NULL, that has a text. Texts that are there stay. */
static void put_first(char *buf, const json_t *object, const char *const *keys)
{
	for (; !*buf && *keys; keys++)
		put_text(buf, json_object_get(object, *keys));
}

static const char *const pod_keys[] = {"io.kubernetes.cri.sandbox-name", "io.kubernetes.pod.name",
				       NULL};
static const char *const namespace_keys[] = {"io.kubernetes.cri.sandbox-namespace",
					     "io.kubernetes.pod.namespace", NULL};
static const char *const name_keys[] = {"io.kubernetes.cri.container-name",
					"io.kubernetes.container.name", "nerdctl/name", NULL};
static const char *const image_keys[] = {
	"io.kubernetes.cri.image-name", "io.kubernetes.cri-o.UserRequestedImage",
	"io.kubernetes.cri-o.ImageName", "io.kubernetes.cri-o.Image", NULL};
static const char *const type_keys[] = {"io.kubernetes.cri.container-type",
					"io.kubernetes.cri-o.ContainerType", NULL};

/* The container that only holds a pod together has no name. */
static bool is_sandbox(const json_t *annotations)
{
	char type[CONTAINER_TEXT_MAX] = "";

	put_first(type, annotations, type_keys);
	return strcmp(type, "sandbox") == 0;
}

static void put_annotations(struct container_names *names, const json_t *annotations)
{
	put_first(names->pod, annotations, pod_keys);
	put_first(names->pod_namespace, annotations, namespace_keys);
	if (!is_sandbox(annotations))
		put_first(names->name, annotations, name_keys);
	put_first(names->image, annotations, image_keys);
}

/* ---- runtimes ---- */

static int read_docker(const char *root, const struct container_ref *ref,
		       struct container_names *names)
{
	cleanup(json_decrefp) json_t *json = NULL;
	int r = read_json(&json, "%s" DOCKER_DIR "/%s/config.v2.json", root, ref->id);
	const json_t *config, *labels, *name;

	if (r < 0)
		return r;
	names->runtime = CONTAINER_DOCKER;
	config = json_object_get(json, "Config");
	labels = json_object_get(config, "Labels");
	put_annotations(names, labels);
	if (strcmp(names->name, "POD") == 0) /* what dockershim calls a sandbox */
		names->name[0] = 0;
	name = json_object_get(json, "Name");
	if (!names->name[0] && !names->pod[0] && json_is_string(name))
		text_escape(names->name, sizeof(names->name),
			    json_string_value(name) + (*json_string_value(name) == '/'),
			    (size_t)-1);
	put_text(names->image, json_object_get(config, "Image"));
	return 0;
}

static int read_bundle(const char *dir, const char *space, const struct container_ref *ref,
		       struct container_names *names)
{
	cleanup(json_decrefp) json_t *json = NULL;
	int r = read_json(&json, "%s/%s/%s/config.json", dir, space, ref->id);
	const json_t *annotations;

	if (r < 0)
		return r;
	names->runtime = CONTAINER_CONTAINERD;
	annotations = json_object_get(json, "annotations");
	put_annotations(names, annotations);
	/* ctr lets its users choose the id, which then is the name */
	if (!names->name[0] && !is_sandbox(annotations) && strlen(ref->id) != 64)
		text_escape(names->name, sizeof(names->name), ref->id, (size_t)-1);
	return 0;
}

/* containerd keeps its clients apart in namespaces: CRI is "k8s.io", docker "moby". */
static int read_containerd(const char *root, const struct container_ref *ref,
			   struct container_names *names)
{
	int result = -ENOENT;

	for (size_t i = 0; i < ARRAY_SIZE(containerd_dirs) && result < 0; i++) {
		cleanup(closedirp) DIR *list = NULL;
		const struct dirent *entry;
		char dir[PATH_MAX];

		(void)snprintf(dir, sizeof(dir), "%s%s", root, containerd_dirs[i]);
		list = opendir(dir);
		while (list && result < 0 && (entry = readdir(list))) {
			int r;

			if (entry->d_name[0] == '.')
				continue;
			r = read_bundle(dir, entry->d_name, ref, names);
			if (r != -ENOENT)
				result = r;
		}
	}
	return result;
}

static int read_crio(const char *root, const struct container_ref *ref,
		     struct container_names *names)
{
	for (size_t i = 0; i < ARRAY_SIZE(storage_dirs); i++) {
		cleanup(json_decrefp) json_t *json = NULL;
		int r = read_json(&json, "%s%s/overlay-containers/%s/userdata/config.json", root,
				  storage_dirs[i], ref->id);

		if (r == -ENOENT)
			continue;
		if (r < 0)
			return r;
		/* podman keeps its bundles in the same place */
		if (!json_object_get(json_object_get(json, "annotations"),
				     "io.kubernetes.cri-o.ContainerType"))
			return -ENOENT;
		names->runtime = CONTAINER_CRIO;
		put_annotations(names, json_object_get(json, "annotations"));
		return 0;
	}
	return -ENOENT;
}

/* An index of containers/storage: names, and a text of JSON with more. */
static int read_index(const char *dir, const struct container_ref *ref,
		      struct container_names *names)
{
	for (size_t i = 0; i < ARRAY_SIZE(storage_drivers); i++) {
		cleanup(json_decrefp) json_t *json = NULL, *more = NULL;
		const json_t *entry = NULL, *metadata;
		size_t place;

		if (read_json(&json, "%s/%s-containers/containers.json", dir, storage_drivers[i]) <
		    0)
			continue;
		for (place = 0; place < json_array_size(json); place++) {
			const json_t *id = json_object_get(json_array_get(json, place), "id");

			if (json_is_string(id) && strcmp(json_string_value(id), ref->id) == 0)
				entry = json_array_get(json, place);
		}
		if (!entry)
			continue;
		names->runtime = CONTAINER_PODMAN;
		put_text(names->name, json_array_get(json_object_get(entry, "names"), 0));
		metadata = json_object_get(entry, "metadata");
		if (json_is_string(metadata))
			more = json_loads(json_string_value(metadata), JSON_ALLOW_NUL, NULL);
		put_text(names->image, json_object_get(more, "image-name"));
		return 0;
	}
	return -ENOENT;
}

static int read_podman(const char *root, const struct container_ref *ref,
		       struct container_names *names)
{
	const struct passwd *user = ref->user ? getpwuid(ref->user) : NULL;
	char dir[PATH_MAX];
	int r = -ENOENT;

	for (size_t i = 0; r < 0 && i < ARRAY_SIZE(storage_dirs); i++) {
		(void)snprintf(dir, sizeof(dir), "%s%s", root, storage_dirs[i]);
		r = read_index(dir, ref, names);
	}
	if (r < 0 && user) {
		(void)snprintf(dir, sizeof(dir), "%s%s/.local/share/containers/storage", root,
			       user->pw_dir);
		r = read_index(dir, ref, names);
	}
	return r;
}

typedef int (*read_fn)(const char *root, const struct container_ref *ref,
		       struct container_names *names);

/* Who may know a container, by the runtime that its cgroup looks like. */
static const read_fn readers[CONTAINER_RUNTIME_MAX][3] = {
	[CONTAINER_DOCKER] = {read_docker},
	[CONTAINER_CONTAINERD] = {read_containerd, read_docker, read_crio},
	[CONTAINER_CRIO] = {read_crio},
	[CONTAINER_PODMAN] = {read_podman},
};

int container_read(const char *root, const struct container_ref *ref,
		   struct container_names *ret_names)
{
	struct container_names names = {.runtime = ref->runtime};
	const read_fn *read = readers[ref->runtime];
	int r = -ENOENT;

	for (size_t i = 0; i < ARRAY_SIZE(readers[0]) && read[i] && r < 0; i++)
		r = read[i](root, ref, &names);
	if (r < 0)
		return r;
	*ret_names = names;
	return 0;
}

/* Readable and searchable: 0, or the better known reason of the two why not. */
static int try_dir(const char *root, const char *dir, int before)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s%s", root, dir);
	if (before == 0 || access(path, R_OK | X_OK) == 0)
		return 0;
	return before == -ENOENT ? -errno : before;
}

int container_state_find(const char *root)
{
	int r = try_dir(root, DOCKER_DIR, -ENOENT);

	for (size_t i = 0; i < ARRAY_SIZE(containerd_dirs); i++)
		r = try_dir(root, containerd_dirs[i], r);
	for (size_t i = 0; i < ARRAY_SIZE(storage_dirs); i++)
		r = try_dir(root, storage_dirs[i], r);
	return r;
}

#else

int container_state_find(const char *root)
{
	(void)root;
	return -ENOTSUP;
}

int container_read(const char *root, const struct container_ref *ref,
		   struct container_names *ret_names)
{
	(void)root;
	(void)ref;
	(void)ret_names;
	return -ENOTSUP;
}

#endif
