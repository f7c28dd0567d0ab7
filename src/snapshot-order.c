/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts as many rows of a snapshot in order as are looked at. */
#include "config.h"

#include "snapshot-data.h"

/* Stretches this short are sorted by insertion. */
#define SORT_SHORT 12

/* Rows of equal rank: building two rows is slow, and only columns of text come here often. */
static int compare_rows(struct snapshot *snapshot, uint32_t a, uint32_t b)
{
	unsigned int needs = snapshot->column->needs;
	struct row a_row, b_row;
	int order;

	snapshot_row_init(snapshot, &a_row);
	snapshot_row_init(snapshot, &b_row);
	snapshot_row_fill(snapshot, a, needs, &a_row);
	snapshot_row_fill(snapshot, b, needs, &b_row);
	order = snapshot->column->compare(&a_row, &b_row);
	return snapshot->invert ? CMP(0, order) : order;
}

/* By the column alone; 0: it does not tell them apart. */
static int compare_entries(struct snapshot *snapshot, const struct snapshot_entry *a,
			   const struct snapshot_entry *b)
{
	if (a->rank != b->rank)
		return CMP(a->rank, b->rank);
	return snapshot->column->compare ? compare_rows(snapshot, a->item, b->item) : 0;
}

/* Total: ids tell rows apart, and items do should two groups ever hash alike. */
static bool entry_before(struct snapshot *snapshot, const struct snapshot_entry *a,
			 const struct snapshot_entry *b)
{
	int order = compare_entries(snapshot, a, b);

	if (order)
		return order < 0;
	return a->id != b->id ? a->id < b->id : a->item < b->item;
}

static void entry_swap(struct snapshot_entry *a, struct snapshot_entry *b)
{
	struct snapshot_entry copy = *a;

	*a = *b;
	*b = copy;
}

static void sort_short(struct snapshot *snapshot, struct snapshot_entry *entries, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k && entry_before(snapshot, &entries[k], &entries[k - 1]); k--)
			entry_swap(&entries[k], &entries[k - 1]);
}

/*
 * Moves a pivot to the front: the median of a sample, or less where only a few entries are wanted.
 * The sample is random, so that no order of arrival is a bad one.
 */
static void choose_pivot(struct snapshot *snapshot, struct snapshot_entry *entries, size_t n,
			 size_t n_wanted)
{
	size_t sample[15], n_sample = 0;
	size_t chosen = MIN(n_wanted * ARRAY_SIZE(sample) / n + 1, ARRAY_SIZE(sample) / 2);
	uint64_t random = snapshot->seed[0] ^ n;

	for (; n_sample < ARRAY_SIZE(sample); n_sample++) {
		size_t place, k = n_sample;

		random = random * 6364136223846793005 + 1442695040888963407; /* Knuth, MMIX */
		place = (size_t)(random >> 32) % n;
		for (; k && entry_before(snapshot, &entries[place], &entries[sample[k - 1]]); k--)
			sample[k] = sample[k - 1];
		sample[k] = place;
	}
	entry_swap(&entries[0], &entries[sample[chosen]]);
}

/* Hoare's partition; returns how many entries are in the lower part, at least 1, less than n. */
static size_t partition(struct snapshot *snapshot, struct snapshot_entry *entries, size_t n)
{
	const struct snapshot_entry pivot = entries[0];
	size_t i = 0, k = n - 1;

	for (;; i++, k--) {
		while (entry_before(snapshot, &entries[i], &pivot))
			i++;
		while (entry_before(snapshot, &pivot, &entries[k]))
			k--;
		if (i >= k)
			return k + 1;
		entry_swap(&entries[i], &entries[k]);
	}
}

/* Brings the first n_wanted of n into order and leaves the others behind them in disorder. */
static void sort_first(struct snapshot *snapshot, struct snapshot_entry *entries, size_t n,
		       size_t n_wanted)
{
	while (n > SORT_SHORT) {
		size_t n_low;

		choose_pivot(snapshot, entries, n, n_wanted);
		n_low = partition(snapshot, entries, n);
		if (n_wanted <= n_low) {
			n = n_low;
		} else if (n_low < n - n_low) { /* the shorter part by recursion: it stays flat */
			sort_first(snapshot, entries, n_low, n_low);
			entries += n_low;
			n -= n_low;
			n_wanted -= n_low;
		} else {
			sort_first(snapshot, entries + n_low, n - n_low, n_wanted - n_low);
			n = n_wanted = n_low;
		}
	}
	sort_short(snapshot, entries, n);
}

void snapshot_sort_until(struct snapshot *snapshot, size_t n)
{
	size_t n_done = snapshot->n_sorted;

	n = MIN(n, snapshot->n_entries);
	if (n <= n_done)
		return;
	sort_first(snapshot, snapshot->entries + n_done, snapshot->n_entries - n_done, n - n_done);
	snapshot->n_sorted = n;
}

size_t snapshot_place_of(struct snapshot *snapshot, size_t entry)
{
	size_t place = snapshot->n_sorted;

	if (entry < snapshot->n_sorted)
		return entry;
	for (size_t i = snapshot->n_sorted; i < snapshot->n_entries; i++)
		place += entry_before(snapshot, &snapshot->entries[i], &snapshot->entries[entry]);
	return place;
}

size_t snapshot_n_risen(struct snapshot *snapshot, size_t top, size_t n)
{
	size_t end = MIN(top + n, snapshot->n_entries), n_risen = 0;
	const struct snapshot_entry *last;

	if (top >= end)
		return 0;
	snapshot_sort_until(snapshot, end);
	last = &snapshot->entries[top];
	for (size_t i = top + 1; i < end; i++)
		if (entry_before(snapshot, last, &snapshot->entries[i]))
			last = &snapshot->entries[i];
	/* One that is as idle as the last row has not risen, even where it was seen before that. */
	for (size_t i = end; i < snapshot->n_entries; i++)
		n_risen += compare_entries(snapshot, &snapshot->entries[i], last) < 0;
	return n_risen;
}
