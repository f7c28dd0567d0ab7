/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the figures of a report and has them written in the form that was asked for. */
#include "config.h"

#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "capture.h"
#include "cleanup.h"
#include "filter.h"
#include "flow-table.h"
#include "fmt.h"
#include "ledger.h"
#include "macro.h"
#include "report-data.h"
#include "snapshot.h"

static int total_write(FILE *stream, const struct report_data *data);

static const struct {
	const char *name;
	int (*write)(FILE *stream, const struct report_data *data);
	bool has_rows;
} report_kinds[REPORT_KIND_MAX] = {
	[REPORT_TEXT] = {"text", report_text_write, true},
	[REPORT_JSON] = {"json", report_json_write, true},
	[REPORT_CSV] = {"csv", report_csv_write, true},
	[REPORT_TOTAL] = {"total", total_write, false},
};

static const char *const state_names[IFACE_STATE_MAX] = {
	[IFACE_ATTACHED] = "attached",
	[IFACE_DOWN] = "down",
	[IFACE_GONE] = "gone",
	[IFACE_FAILED] = "failed",
};

/* Over a whole run a mean rate orders rows as the count does. */
static const struct {
	enum column_id rate, count;
} run_sorts[] = {
	{COLUMN_BPS, COLUMN_BYTES},       {COLUMN_PPS, COLUMN_PACKETS},
	{COLUMN_RX_BPS, COLUMN_RX_BYTES}, {COLUMN_RX_PPS, COLUMN_RX_PACKETS},
	{COLUMN_TX_BPS, COLUMN_TX_BYTES}, {COLUMN_TX_PPS, COLUMN_TX_PACKETS},
	{COLUMN_SHARE, COLUMN_BYTES},     {COLUMN_CUMULATIVE, COLUMN_BYTES},
};

int report_kind_find(const char *name)
{
	for (int i = 0; i < REPORT_KIND_MAX; i++)
		if (strcmp(report_kinds[i].name, name) == 0)
			return i;
	return -ENOENT;
}

const char *report_state_name(uint8_t state)
{
	return state < IFACE_STATE_MAX ? state_names[state] : "unknown";
}

static double mean(const struct report_data *data, uint64_t count)
{
	return data->seconds > 0 ? (double)count / data->seconds : 0;
}

void report_row(const struct report_data *data, size_t place, struct row *ret_row)
{
	snapshot_row(data->snapshot, place, ret_row);
	for (size_t i = 0; i < DIRECTION_MAX && !data->config->periodic; i++) {
		struct row_side *side = &ret_row->side[i];

		side->pps = mean(data, side->count.packets);
		side->bps = 8 * mean(data, side->count.bytes);
	}
}

static void line_rates(const struct report_data *data, struct ledger_line *line)
{
	if (data->config->periodic)
		return;
	line->pps = mean(data, line->total.packets);
	line->bps = 8 * mean(data, line->total.bytes);
}

bool report_line(const struct report_data *data, uint16_t slot, enum direction direction,
		 struct ledger_line *ret_line)
{
	if (!ledger_get(data->input->ledger, data->input->table, slot, direction, ret_line))
		return false;
	if (!ret_line->seen)
		return false;
	if (ret_line->iface->state == IFACE_FAILED && ret_line->total.packets == 0)
		return false;
	line_rates(data, ret_line);
	return true;
}

struct tally report_other(const struct ledger_line *line)
{
	struct tally sum = {0};

	for (size_t i = 0; i < OTHER_MAX; i++)
		tally_add(&sum, &line->other[i]);
	return sum;
}

bool report_has_folded(const struct report_data *data)
{
	return view_table[data->config->view].rows != VIEW_GROUPS;
}

static enum column_id choose_sort(const struct report_config *config)
{
	enum column_id sort = config->sort_given ? config->sort : view_table[config->view].sort;

	sort = column_in_unit(sort, config->unit);
	for (size_t i = 0; i < ARRAY_SIZE(run_sorts) && !config->periodic; i++)
		if (run_sorts[i].rate == sort)
			return run_sorts[i].count;
	return sort;
}

/* For machines: everything, a group's name first; endpoints only in their parts. */
static void choose_all_columns(struct report_data *data, const struct view *view)
{
	if (view_has_column(view, COLUMN_GROUP))
		data->columns[data->n_columns++] = COLUMN_GROUP;
	for (unsigned int i = 0; i < COLUMN_MAX; i++) {
		enum column_id id = (enum column_id)i;

		/* In JSON the owner is an object that has these. */
		if (data->config->kind == REPORT_JSON && id >= COLUMN_OWNER_ESTIMATED)
			continue;
		if (column_is_name(id) && !data->config->names)
			continue;
		if (column_table[id].needs & ROW_PLACE && !flow_table_geo(data->input->table))
			continue;
		if (view_has_column(view, id) && id != COLUMN_GROUP && id != COLUMN_SRC &&
		    id != COLUMN_DST)
			data->columns[data->n_columns++] = id;
	}
}

static void choose_columns(struct report_data *data)
{
	const struct report_config *config = data->config;
	const struct view *view = &view_table[config->view];
	const enum column_id *ids = config->columns ? config->columns : view->report_columns;

	if (!config->columns && config->kind != REPORT_TEXT) {
		choose_all_columns(data, view);
		return;
	}
	for (size_t i = 0;
	     i < (config->columns ? config->n_columns : COLUMN_MAX) && ids[i] != COLUMN_MAX; i++) {
		if (ids[i] == COLUMN_OWNER && !config->columns && !data->input->info->owners)
			continue; /* it would say "off" in every row */
		data->columns[data->n_columns++] = ids[i];
	}
}

static void take_times(struct report_data *data)
{
	const struct capture_info *info = data->input->info;
	const struct ledger *ledger = data->input->ledger;

	data->start_real_ns = info->start_real_ns;
	data->end_real_ns = info->start_real_ns;
	data->real_offset_ns = (int64_t)(info->start_real_ns - info->start_mono_ns);
	if (ledger_n_ticks(ledger) == 0)
		return;
	data->tick = *ledger_last_tick(ledger);
	data->end_real_ns = data->tick.real_ns;
	data->real_offset_ns = (int64_t)(data->tick.real_ns - data->tick.end_ns);
	if (data->tick.end_ns > info->start_mono_ns)
		data->seconds = (double)(data->tick.end_ns - info->start_mono_ns) / NSEC_PER_SEC;
}

static void take_totals(struct report_data *data)
{
	const struct flow_table *table = data->input->table;
	const struct flow *flows = flow_table_flows(table, &data->n_flows);

	for (unsigned int i = 0; i <= DIRECTION_MAX; i++) {
		ledger_sum(data->input->ledger, table, (enum direction)i, &data->totals[i]);
		line_rates(data, &data->totals[i]);
	}
	if (flow_table_owners(table))
		owner_table_stats(flow_table_owners(table), &data->owners);
	for (uint32_t i = 0; i < data->n_flows; i++)
		data->n_elsewhere += flows[i].elsewhere;
}

static int sort_rows(struct report_data *data)
{
	const struct report_config *config = data->config;
	const struct snapshot_config snapshot_config = {
		.view = config->view,
		.sort = choose_sort(config),
		.reverse = config->reverse,
		.unit = config->unit,
		.n_sorted = config->top,
		.real_offset_ns = data->real_offset_ns,
		.whole_run = !config->periodic,
		.filter = config->filter,
	};
	int r = snapshot_new(&data->sorted);

	if (r < 0)
		return r;
	data->snapshot = data->sorted;
	return snapshot_build(data->snapshot, data->input->table, data->input->ledger,
			      &snapshot_config);
}

static int take_rows(struct report_data *data)
{
	const struct report_config *config = data->config;
	int r = 0;

	if (config->shown)
		data->snapshot = config->shown;
	else
		r = sort_rows(data);
	if (r < 0)
		return r;
	choose_columns(data);
	data->n_rows = snapshot_n_rows(data->snapshot);
	if (config->top > 0 && data->n_rows > config->top) {
		data->n_left = data->n_rows - config->top;
		data->n_rows = config->top;
	}
	return 0;
}

/* What passes the filter in place of all traffic. */
static void filter_totals(const struct report_data *data,
			  struct ledger_line totals[DIRECTION_MAX + 1])
{
	struct filter_sum sum;

	filter_sum(data->config->filter, data->input->table, data->input->ledger, &sum);
	for (int i = 0; i <= DIRECTION_MAX; i++)
		totals[i] = (struct ledger_line){.direction = (enum direction)i,
						 .seen = totals[i].seen};
	for (int i = 0; i < DIRECTION_MAX; i++) {
		struct ledger_line *both = &totals[DIRECTION_MAX];

		totals[i].total = (struct tally){sum.packets[i], sum.bytes[i]};
		totals[i].pps = sum.pps[i];
		totals[i].bps = sum.bps[i];
		tally_add(&both->total, &totals[i].total);
		both->pps += sum.pps[i];
		both->bps += sum.bps[i];
	}
	for (int i = 0; i <= DIRECTION_MAX; i++)
		line_rates(data, &totals[i]);
}

static int total_write(FILE *stream, const struct report_data *data)
{
	struct ledger_line totals[DIRECTION_MAX + 1];
	static const struct {
		const char *name;
		unsigned int direction;
	} parts[] = {
		{"total: in", DIRECTION_IN},
		{", out", DIRECTION_OUT},
		{", both", DIRECTION_MAX},
	};

	memcpy(totals, data->totals, sizeof(totals));
	if (data->config->filter)
		filter_totals(data, totals);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct ledger_line *line = &totals[parts[i].direction];
		char pps[FMT_MAX], bps[FMT_MAX];

		if (!line->seen) {
			fprintf(stream, "%s not seen", parts[i].name);
			continue;
		}
		fmt_rate(pps, sizeof(pps), line->pps, "pps");
		fmt_rate(bps, sizeof(bps), line->bps, "bps");
		fprintf(stream, "%s %" PRIu64 " packets %" PRIu64 " bytes %s %s", parts[i].name,
			line->total.packets, line->total.bytes, pps, bps);
	}
	fputc('\n', stream);
	return 0;
}

static void report_data_done(struct report_data *data)
{
	snapshot_free(data->sorted);
}

static int take_all(struct report_data *data)
{
	const struct report_config *config = data->config;

	take_times(data);
	take_totals(data);
	if (config->filter)
		filter_set_span(config->filter, config->periodic ? 0 : data->seconds);
	return report_kinds[config->kind].has_rows ? take_rows(data) : 0;
}

static int want_names(const struct report_config *config, const struct report_input *input)
{
	cleanup(report_data_done) struct report_data data = {.config = config, .input = input};
	int r = take_all(&data);

	for (size_t i = 0; r == 0 && i < MIN(data.n_rows, (size_t)REPORT_NAMED_ROWS); i++) {
		struct row row;

		snapshot_row(data.snapshot, i, &row);
		view_want_names(&view_table[config->view], &row);
	}
	return r;
}

int report_want_names(const struct report_config *config, const struct report_input *input)
{
	struct report_config all = *config;
	int r = want_names(config, input);

	/* which rows pass may depend on the names */
	all.filter = NULL;
	return r == 0 && config->filter ? want_names(&all, input) : r;
}

int report_write(FILE *stream, const struct report_config *config, const struct report_input *input)
{
	cleanup(report_data_done) struct report_data data = {.config = config, .input = input};
	int r = take_all(&data);

	if (r < 0)
		return r;
	r = report_kinds[config->kind].write(stream, &data);
	if (r < 0)
		return r;
	if (fflush(stream) != 0)
		return -errno;
	return ferror(stream) ? -EIO : 0;
}
