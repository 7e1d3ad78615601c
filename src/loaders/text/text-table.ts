import { checkRows } from '#loaders/data-files.ts';
import type { DataContext } from '#contracts/data-loader.ts';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { LIMITS } from '#contracts/data-loader.ts';
import { LabError } from '#contracts/errors.ts';
import type { ColumnRead, Reading } from '#contracts/reading.ts';
import { columnNames } from '#maths/table/names.ts';
import { asCategory } from '#loaders/convert-column.ts';
import { embedded } from '#loaders/embedded.ts';
import { labelled } from '#loaders/label.ts';
import { ColumnFill } from '#loaders/text/column-fill.ts';
import { decimalOf, planOf, usesOf, type ColumnPlan } from '#loaders/text/column-plan.ts';
import { ColumnStats } from '#loaders/text/column-stats.ts';
import type { RowSource } from '#loaders/text/row-source.ts';
import { notesOf } from '#loaders/text/notes.ts';

/** Rows of the file that are shown. */
const HEAD = 8;

/**
 * Reads rows twice: once to know what each column is, once to keep it.
 * @param embeds whether there must be numbers to embed: a table beside pictures may be of words only
 * @throws LabError for more than fits, and for no row
 */
export async function readTable(
	source: RowSource,
	name: string,
	context: DataContext,
	embeds = true
): Promise<DataSet> {
	const { reading = {} } = context;
	const width = source.names.length;
	if (width > LIMITS.columns)
		throw new LabError(
			`“${name}” has ${width.toLocaleString('en')} columns.`,
			`${LIMITS.columns.toLocaleString('en')} are the limit.`
		);
	const stats = Array.from({ length: width }, () => new ColumnStats());
	const head: string[][] = [];
	let count = 0;
	for await (const { records, done } of source.rows(context.signal)) {
		for (const { cells, line } of records) {
			for (let c = 0; c < width; c++) stats[c]!.push(cells[c] ?? '', line);
			if (head.length < HEAD) head.push(cells.slice(0, width));
		}
		count += records.length;
		checkRows(count, width, `“${name}”`);
		context.progress(0.5 * done, 'Looking at the columns');
	}
	if (!count) throw new LabError(`“${name}” holds no rows, only names.`, 'Open a table with rows below its names.');
	const notes = [...source.notes, ...source.met()];
	// What follows a last separator is no column.
	const kept = stats.flatMap((one, c) => (one.count > one.blank || source.names[c]?.trim() ? [c] : []));
	const names = columnNames(kept.map((c) => source.names[c]!));
	const separator = source.dialect?.separator ?? null;
	const found = decimalOf(stats, separator);
	const decimal = reading.decimal ?? source.decimal ?? found.decimal;
	const requested = new Map((reading.uses ?? []).map(({ at, use }) => [at, use]));
	const signs = {
		decimal,
		fixed: (reading.decimal ?? source.decimal) !== undefined,
		separator,
		named: source.names.some(Boolean)
	};
	const plans = kept.map((c) =>
		planOf(stats[c]!, source.names[c]!.trim(), signs, c === 0, requested.get(c) ?? source.uses?.get(c))
	);
	const fills = plans.map((plan, k) => new ColumnFill(names[k]!, plan, count));
	for await (const { records, done } of source.rows(context.signal)) {
		for (const { cells } of records) for (let k = 0; k < fills.length; k++) fills[k]!.push(cells[kept[k]!] ?? '');
		context.progress(0.5 + 0.5 * done, 'Reading the table');
	}
	const { columns, label } = withLabel(fills, plans, kept, reading);
	const rows = embeddedRows(name, fills, label, count, notes);
	if (!rows && embeds)
		throw new LabError(`“${name}” has no column of numbers to embed.`, 'Open a table with numbers, or images.');
	const read = kept.map((c, k): ColumnRead => ({
		name: names[k]!,
		at: c,
		use: plans[k]!.use,
		choices: usesOf(stats[c]!),
		label: names[k] === label,
		missing: fills[k]!.missing,
		different: stats[c]!.different?.size ?? null
	}));
	const facts = {
		names,
		given: kept.map((c) => source.names[c]!.trim()),
		decimal,
		guessedDecimal: found.guessed && !reading.decimal && !source.decimal
	};
	notes.push(
		...notesOf(
			fills,
			kept.map((c) => stats[c]!),
			facts
		)
	);
	const dialect = source.dialect && { ...source.dialect, decimal };
	return { name, count, rows, images: null, columns, label, notes, understood: { dialect, columns: read, head } };
}

/** The columns, with the label that was asked for or the likeliest as a category. */
function withLabel(
	fills: readonly ColumnFill[],
	plans: readonly ColumnPlan[],
	kept: readonly number[],
	{ label: labelColumn }: Reading
): { columns: readonly Column[]; label: string | null } {
	const columns = fills.flatMap((fill) => fill.column() ?? []);
	if (labelColumn === undefined) {
		const free = new Set(fills.filter((_, k) => plans[k]!.use !== 'index').map(({ name }) => name));
		const { columns: coded, label } = labelled(columns.filter(({ name }) => free.has(name)));
		const byName = new Map(coded.map((column) => [column.name, column]));
		return { columns: columns.map((column) => byName.get(column.name) ?? column), label };
	}
	const name = fills[kept.indexOf(labelColumn ?? -1)]?.name;
	const column = columns.find((one) => one.name === name);
	if (!column) return { columns, label: null };
	return { columns: columns.map((one) => (one === column ? asCategory(one) : one)), label: column.name };
}

/** Lists of numbers where there are some, else all columns of numbers but the label. */
function embeddedRows(
	name: string,
	fills: readonly ColumnFill[],
	label: string | null,
	count: number,
	notes: string[]
): DataSet['rows'] {
	const vector = fills.filter(({ plan }) => plan.use === 'vector').sort((a, b) => b.plan.width - a.plan.width)[0];
	if (vector) {
		const { width } = vector.plan;
		if (vector.uneven > 0)
			throw new LabError(
				`The lists in “${vector.name}” are not all of ${width} numbers: ${vector.uneven} rows differ.`,
				'Keep the rows whose lists have one length.'
			);
		checkRows(count, width, `“${name}”`);
		const names = Array.from({ length: width }, (_, k) => `${vector.name} ${k}`);
		return { values: vector.values as Float32Array, width, names };
	}
	return embedded(
		fills.filter(({ plan, name }) => plan.use === 'number' && name !== label),
		count,
		notes
	);
}
