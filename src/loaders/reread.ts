import type { Column, DataSet } from '#contracts/data-set.ts';
import type { ColumnRead, ColumnUse, Reading, Understood } from '#contracts/reading.ts';
import { asCategory, asDate, asNumber, asText, textsOf } from '#loaders/convert-column.ts';
import { embedded } from '#loaders/embedded.ts';

/** For formats that say of what types their columns are: what they are used for can be changed all the same. */

const HEAD = 8;

const useOf = (column: Column, inRows: boolean): ColumnUse =>
	column.kind !== 'number' ? column.kind : column.date ? 'date' : inRows ? 'number' : 'index';

/** Whether the rows are the columns of numbers side by side, and not a list, pixels or a tensor. */
const isSideBySide = ({ rows, columns }: DataSet): boolean => {
	const numeric = new Set(columns.flatMap((column) => (column.kind === 'number' ? [column.name] : [])));
	return rows !== null && rows.names.length === rows.width && rows.names.every((name) => numeric.has(name));
};

/** With what was understood, and with what the user wants otherwise. */
export function reread(data: DataSet, { uses = [], label: labelColumn }: Reading): DataSet {
	if (data.understood || !data.columns.length) return data;
	const side = isSideBySide(data);
	const embeddedNames = new Set(side ? data.rows!.names : []);
	const found = data.columns.map((column) => useOf(column, embeddedNames.has(column.name)));
	const own = data.columns.map((_, at) => uses.find((one) => one.at === at)?.use ?? found[at]!);
	const label =
		labelColumn === undefined ? data.label : labelColumn === null ? null : (data.columns[labelColumn]?.name ?? null);
	const columns = data.columns.flatMap((column, at) =>
		own[at] === 'left out' ? [] : [column.name === label ? asCategory(column) : as(column, own[at]!)]
	);
	const notes = [...(data.notes ?? [])];
	const taken = new Set(data.columns.flatMap(({ name }, at) => (own[at] === 'number' && name !== label ? [name] : [])));
	const numeric = columns.filter((column) => column.kind === 'number' && taken.has(column.name));
	const changed = uses.length > 0 || labelColumn !== undefined;
	const rows =
		changed && (side || !data.rows)
			? embedded(numeric as Extract<Column, { kind: 'number' }>[], data.count, notes)
			: data.rows;
	const labelled = columns.some(({ name }) => name === label) ? label : null;
	return { ...data, columns, rows, label: labelled, notes, understood: understood(data, own, labelled) };
}

function as(column: Column, use: ColumnUse): Column {
	if (use === 'category') return asCategory(column);
	if (use === 'text') return asText(column);
	if (use === 'date') return asDate(column);
	return use === 'number' ? asNumber(column) : column;
}

function understood(data: DataSet, uses: readonly ColumnUse[], label: string | null): Understood {
	const columns = data.columns.map((column, at): ColumnRead => {
		const texts = column.kind === 'text' ? column.values : null;
		const missing = texts
			? texts.filter((text) => !text).length
			: column.kind === 'category'
				? column.codes.filter((code) => code < 0).length
				: (column as Extract<Column, { kind: 'number' }>).values.filter(Number.isNaN).length;
		return {
			name: column.name,
			at,
			use: uses[at]!,
			choices: ['number', 'category', 'text', 'date', 'index', 'left out'],
			label: column.name === label,
			missing,
			different: column.kind === 'category' ? column.categories.length : null
		};
	});
	const head = Array.from({ length: Math.min(HEAD, data.count) }, (_, i) =>
		data.columns.map((column) => textsOf(first(column))[i] ?? '')
	);
	return { dialect: null, columns, head };
}

/** The first rows of a column. */
const first = (column: Column): Column =>
	column.kind === 'category'
		? { ...column, codes: column.codes.slice(0, HEAD) }
		: column.kind === 'text'
			? { ...column, values: column.values.slice(0, HEAD) }
			: { ...column, values: column.values.slice(0, HEAD) };
