/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the findings of a probe: a mark, a name and a sentence each, within 80 columns. */
#include "config.h"

#include "check.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "geo.h"
#include "log.h"
#include "macro.h"
#include "text.h"

#define COLUMNS 80
#define MARK_COLUMN 2 /* of 2 columns */
#define NAME_COLUMN 6
#define TEXT_COLUMN 24
#define WORD_MAX 512
#define NAMES_MAX 4 /* interfaces named in the last sentence */

struct check {
	FILE *stream;
	const char *title; /* of the section under way */
	size_t column;     /* reached on the line under way */
	size_t n_missing;
	char remedy[256]; /* of the first one missing */
	size_t n_ifaces;  /* that can be counted on */
	char ifaces[512];
};

static const char *const marks[PROBE_STATE_MAX] = {
	[PROBE_OK] = "ok",
	[PROBE_ABSENT] = "--",
	[PROBE_MISSING] = "no",
};

static const char *const titles[PROBE_SECTION_MAX] = {
	[PROBE_KERNEL] = "Kernel",
	[PROBE_PRIVS] = "Privileges",
	[PROBE_COUNTING] = "Counting",
	[PROBE_IFACES] = "Interfaces",
	[PROBE_BACKENDS] = "Back ends (--backend)",
	[PROBE_OWNERS] = "Owners of flows",
	[PROBE_HOOKS] = "Hooks for processes",
};

/* Libraries that may be left out of a build. */
static const struct {
	const char *name;
	bool has;
	const char *use;
} libraries[] = {
#ifdef HAVE_JANSSON
	{"jansson", true, "reports in JSON"},
#else
	{"jansson", false, "no reports in JSON"},
#endif
#ifdef HAVE_CARES
	{"c-ares", true, "names of addresses"},
#else
	{"c-ares", false, "no names of addresses"},
#endif
#ifdef HAVE_CURL
	{"libcurl", true, "records posted to a URL"},
#else
	{"libcurl", false, "no records posted to a URL"},
#endif
#ifdef HAVE_MAXMINDDB
	{"libmaxminddb", true, "countries and autonomous systems"},
#else
	{"libmaxminddb", false, "no countries and no autonomous systems"},
#endif
#ifdef HAVE_NETTLE
	{"libnettle", true, "handshakes of QUIC are opened"},
#else
	{"libnettle", false, "handshakes of QUIC are not opened"},
#endif
#ifdef HAVE_HTP
	{"libhtp", true, "events of HTTP"},
#else
	{"libhtp", false, "no events of HTTP"},
#endif
#ifdef HAVE_LIBCAP_NG
	{"libcap-ng", true, "privileges are given up once counting runs"},
#else
	{"libcap-ng", false, "privileges are kept while counting runs"},
#endif
};

/* Goes to a column; on a new line where that is behind or would touch what stands there. */
static void put_column(struct check *check, size_t column)
{
	if (check->column && check->column >= column) {
		(void)fputc('\n', check->stream);
		check->column = 0;
	}
	(void)fprintf(check->stream, "%*s", (int)(column - check->column), "");
	check->column = column;
}

/* A word that does not fit a line by itself loses its middle. */
static void put_word(struct check *check, const char *word, size_t indent)
{
	char fitted[WORD_MAX];
	size_t width = text_elide(fitted, sizeof(fitted), word, COLUMNS - indent, true);

	if (check->column > indent && check->column + 1 + width > COLUMNS) {
		(void)fputc('\n', check->stream);
		check->column = 0;
		put_column(check, indent);
	} else if (check->column > indent) {
		(void)fputc(' ', check->stream);
		check->column++;
	}
	(void)fputs(fitted, check->stream);
	check->column += width;
}

static void put_text(struct check *check, const char *text, size_t indent)
{
	char word[WORD_MAX];

	put_column(check, indent);
	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t n = MIN(strcspn(text, " "), sizeof(word) - 1);

		memcpy(word, text, n);
		word[n] = 0;
		put_word(check, word, indent);
		text += n;
	}
	(void)fputc('\n', check->stream);
	check->column = 0;
}

static void put_title(struct check *check, const char *title)
{
	if (check->title != title)
		(void)fprintf(check->stream, "\n%s\n", title);
	check->title = title;
}

static void put_finding(struct check *check, enum probe_state state, const char *name,
			const char *text)
{
	put_column(check, MARK_COLUMN);
	(void)fputs(marks[state], check->stream);
	check->column += strlen(marks[state]);
	put_column(check, NAME_COLUMN);
	put_word(check, name, NAME_COLUMN);
	put_text(check, text, TEXT_COLUMN);
}

static void note_iface(struct check *check, const char *name)
{
	size_t used = strlen(check->ifaces);

	if (check->n_ifaces++ < NAMES_MAX)
		(void)snprintf(check->ifaces + used, sizeof(check->ifaces) - used, "%s%s",
			       used ? ", " : "", name);
}

static void on_item(void *data, const struct probe_item *item)
{
	struct check *check = data;

	put_title(check, titles[item->section]);
	put_finding(check, item->state, item->name, item->text);
	if (item->state == PROBE_MISSING && check->n_missing++ == 0)
		(void)snprintf(check->remedy, sizeof(check->remedy), "%s",
			       item->remedy ? item->remedy : "see what is marked \"no\"");
	if (item->section == PROBE_IFACES && item->state == PROBE_OK)
		note_iface(check, item->name);
}

static void put_libraries(struct check *check)
{
	put_title(check, "Libraries in this build");
	for (size_t i = 0; i < ARRAY_SIZE(libraries); i++)
		put_finding(check, libraries[i].has ? PROBE_OK : PROBE_ABSENT, libraries[i].name,
			    libraries[i].use);
}

static void put_geo_file(struct check *check, const struct geo_file *file)
{
	char path[WORD_MAX], text[WORD_MAX + 32], date[16] = "?";
	time_t built = (time_t)file->built_s;
	struct tm tm;

	if (gmtime_r(&built, &tm))
		(void)strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	(void)text_escape(path, sizeof(path), file->path, (size_t)-1);
	(void)snprintf(text, sizeof(text), "built %s: %s", date, path);
	put_finding(check, PROBE_OK, file->type, text);
}

static void put_geo(struct check *check, const struct geo_config *config)
{
	char error[PATH_MAX + 128], why[2 * PATH_MAX];
	struct geo_file file;
	struct geo *geo = NULL;
	int r = geo_open(config, &geo, error, sizeof(error));
	bool wanted = r < 0 && config->n_files;

	put_title(check, "Countries and autonomous systems (--geo)");
	for (size_t i = 0; i < geo_n_files(geo); i++) {
		geo_get_file(geo, i, &file);
		put_geo_file(check, &file);
	}
	geo_close(geo);
	if (r < 0 && !*error)
		(void)snprintf(error, sizeof(error), "%s", strerror(-r));
	(void)text_escape(why, sizeof(why), error, (size_t)-1);
	if (*why)
		put_finding(check, wanted ? PROBE_MISSING : PROBE_ABSENT, "files", why);
	if (wanted && check->n_missing++ == 0)
		(void)snprintf(check->remedy, sizeof(check->remedy),
			       "a file of --geo cannot be read");
}

static void put_verdict(struct check *check)
{
	char text[sizeof(check->ifaces) + 128], more[32] = "";

	if (check->n_ifaces > NAMES_MAX)
		(void)snprintf(more, sizeof(more), " and %zu more", check->n_ifaces - NAMES_MAX);
	if (check->n_missing)
		(void)snprintf(text, sizeof(text), "pktop will not work here: %s.", check->remedy);
	else
		(void)snprintf(text, sizeof(text), "pktop will work here: it counts on %s%s.",
			       check->ifaces, more);
	(void)fputc('\n', check->stream);
	put_text(check, text, 0);
}

int check_run(FILE *stream, probe_fn probe, const struct capture_ops *backend,
	      const struct capture_config *config, const struct geo_config *geo)
{
	struct check check = {.stream = stream};
	int r;

	put_text(&check,
		 PACKAGE_STRING
		 " on this host. ok: works. --: not there or not needed, and what that "
		 "means. no: missing, and needed to count packets.",
		 0);
	r = probe(backend, config, on_item, &check);
	if (r < 0)
		return log_err(r, "cannot find out what works here");
	put_libraries(&check);
	put_geo(&check, geo);
	put_verdict(&check);
	if (fflush(stream) != 0 || ferror(stream))
		return log_err(errno ? -errno : -EIO, "cannot write the findings");
	return check.n_missing > 0;
}
