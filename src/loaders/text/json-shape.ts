import { isObject } from '#maths/json.ts';

/** The rows of a table in one value of JSON, in the shapes that pandas, APIs and people give it. */

export type Row = Map<string, string>;

/** Objects within objects become columns `a.b`, so deep. */
const DEEPEST = 4;

function cell(value: unknown): string {
	if (value === null || value === undefined) return '';
	if (Array.isArray(value))
		return value.every((item) => typeof item === 'string') ? value.join(', ') : JSON.stringify(value);
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function flatten(value: Readonly<Record<string, unknown>>, row: Row, prefix = '', depth = 1): Row {
	for (const [key, inner] of Object.entries(value)) {
		const name = prefix + key;
		if (isObject(inner) && depth < DEEPEST) flatten(inner, row, `${name}.`, depth + 1);
		else row.set(name, cell(inner));
	}
	return row;
}

const listRow = (list: readonly unknown[], names: readonly string[] | null): Row =>
	new Map(list.map((item, k) => [names?.[k] ?? `column ${k + 1}`, cell(item)]));

/** @param names of the indices in a list; null where there are none */
export function rowOf(value: unknown, names: readonly string[] | null = null): Row | null {
	if (Array.isArray(value)) return listRow(value, names);
	return isObject(value) ? flatten(value, new Map()) : null;
}

/** A first list of words, above one that holds something else: names of columns. */
export function namesOver(first: unknown, second: unknown): string[] | null {
	const words = Array.isArray(first) && first.length > 0 && first.every((item) => typeof item === 'string');
	if (!words || !Array.isArray(second) || second.length !== first.length) return null;
	return second.some((item) => item !== null && typeof item !== 'string') ? (first as string[]) : null;
}

const isIndex = (key: string) => /^\d{1,9}$/.test(key);
const kinds = (values: readonly unknown[]) => new Set(values.filter((one) => one !== null).map((one) => typeof one));

/** Of objects in an object: whether each is a row, and not a column. */
function byRow(keys: readonly string[], inner: readonly Readonly<Record<string, unknown>>[]): boolean {
	const [first] = inner;
	const own = Object.keys(first!);
	if (keys.every(isIndex) !== own.every(isIndex)) return keys.every(isIndex);
	// Cells of a column are of one kind.
	return inner.some((one) => kinds(Object.values(one)).size > 1);
}

/** Many short lists of numbers are a row each, as of words and their vectors. */
const MANY = 10;
const isNumeric = (list: readonly unknown[]) => list.every((item) => typeof item === 'number' || item === null);

function fromObject(json: Readonly<Record<string, unknown>>): Row[] | null {
	const { columns, data } = json;
	if (Array.isArray(columns) && Array.isArray(data) && data.every(Array.isArray)) {
		const names = columns.map(cell);
		return data.map((line) => listRow((line as unknown[]).slice(0, names.length), names));
	}
	if (Array.isArray(data)) return rowsOf(data);
	const own = Object.entries(json);
	const lists = own.map(([, values]) => (Array.isArray(values) ? (values as unknown[]) : null));
	if (own.every(([, values]) => isObject(values))) {
		const inner = own.map(([, values]) => values as Record<string, unknown>);
		if (own.length > 1 && byRow(Object.keys(json), inner))
			return own.map(([key, values]) => flatten(values as Record<string, unknown>, new Map([['index', key]])));
		return own.length ? columnsOf(own.map(([name], k) => [name, Object.values(inner[k]!)])) : null;
	}
	if (lists.every((list) => list !== null)) {
		const [first] = lists;
		const short = first !== undefined && own.length >= MANY && own.length > 2 * first.length;
		if (short && lists.every((list) => list.length === first.length && isNumeric(list)))
			return own.map(
				([name], k) =>
					new Map([
						['name', name],
						['vector', cell(lists[k])]
					])
			);
		const table = columnsOf(own.map(([name], k) => [name, lists[k]!]));
		if (table) return table;
	}
	// The only list of rows in it, beside what is said of them: `{"count": 40, "results": […]}`.
	const tables = lists.flatMap((list) => (list?.some((item) => isObject(item) || Array.isArray(item)) ? [list] : []));
	return tables.length === 1 ? rowsOf(tables[0]) : null;
}

function columnsOf(columns: readonly (readonly [name: string, values: readonly unknown[]])[]): Row[] | null {
	const count = columns[0]?.[1].length ?? 0;
	if (count < 2 || columns.some(([, values]) => values.length !== count)) return null;
	return Array.from({ length: count }, (_, i) => new Map(columns.map(([name, values]) => [name, cell(values[i])])));
}

/** @returns null for what is no table */
export function rowsOf(json: unknown): Row[] | null {
	if (!Array.isArray(json)) return isObject(json) ? fromObject(json) : null;
	const names = namesOver(json[0], json[1]);
	const rows = (names ? json.slice(1) : json).map((one) => rowOf(one, names));
	return rows.length && rows.every((row) => row !== null) ? rows : null;
}
