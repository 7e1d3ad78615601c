import type { DataContext, DataLoader } from '#contracts/data-loader.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import type { Reading } from '#contracts/reading.ts';
import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import { splitName, splitOrder } from '#maths/split-name.ts';
import { stem } from '#loaders/data-files.ts';
import { besides, columnBeside } from '#loaders/column-beside.ts';
import { joined, shapeKey, type Part } from '#loaders/join-data.ts';

/** Several tables in one source: those of one shape are one set, of several shapes one is chosen. */

/** More are not opened to see what is in them: one is chosen. */
const MAX_TABLES = 40;

export interface TableFile {
	file: SourceFile;
	loader: DataLoader;
}

/** The files that a loader of single tables takes. */
export async function tableFiles({ name, files }: Source, loaders: Iterable<DataLoader>): Promise<TableFile[]> {
	const single = [...loaders].filter((loader) => loader.single);
	const found: TableFile[] = [];
	for (const file of files.slice(0, 2000)) {
		const sure = await Promise.all(single.map((loader) => loader.match({ name, files: [file] })));
		const best = sure.indexOf(Math.max(...sure));
		if (sure[best]! > 0) found.push({ file, loader: single[best]! });
	}
	return found;
}

interface Opened {
	path: string;
	data: DataSet;
	/** Once more, as the user wants it. */
	load(reading: Reading): Promise<DataSet>;
}

/**
 * @param source of which `part` may say which table is wanted
 * @throws LabError with the code `choose` and the choices, where there are tables of several shapes
 */
export async function openSeveral(
	source: Source,
	tables: readonly TableFile[],
	context: DataContext
): Promise<DataSet> {
	if (tables.length > MAX_TABLES && source.part === undefined) throw choice(tables.map(({ file }) => [file.path, '']));
	// What is said of columns is said of all rows together.
	const { uses, label, ...dialect } = context.reading ?? {};
	const opened: Opened[] = [];
	const passed: LabError[] = [];
	for (const [k, { file, loader }] of tables.entries()) {
		const progress = (done: number, note: string) => context.progress((k + done) / tables.length, note);
		try {
			const load = (reading: Reading) =>
				loader.load({ name: stem(file.path), files: [file] }, { ...context, progress, reading });
			const data = await load(dialect);
			if (data.count) opened.push({ path: file.path, data, load });
		} catch (error) {
			// A text among tables is often none: what is left may be all that is wanted.
			if (!(error instanceof LabError)) throw error;
			passed.push(error);
		}
	}
	if (!opened.length)
		throw passed[0] ?? new LabError(`“${source.name}” holds no rows.`, 'Open a file with at least a few.');
	const groups = new Map<string, Opened[]>();
	for (const one of opened) {
		const key = shapeKey(one.data);
		groups.set(key, [...(groups.get(key) ?? []), one]);
	}
	const all = [...groups.values()];
	const whole = source.part === undefined && (await withColumnsBeside(all, tables, context.reading ?? {}));
	if (whole) return whole;
	const requested = all.find((group) => group.some(({ path }) => path === source.part));
	if (!requested && all.length > 1) throw choice(all.map((group) => [group[0]!.path, describe(group)]));
	const group = requested ?? all[0]!;
	const [only] = group;
	if (group.length === 1 && (uses || label !== undefined)) only!.data = await only!.load(context.reading ?? {});
	return asOne(
		source.name,
		group,
		passed.map(({ message }) => message)
	);
}

/** One table, with what the other files say of each of its rows; null where one of them says anything else. */
async function withColumnsBeside(
	groups: readonly (readonly Opened[])[],
	tables: readonly TableFile[],
	reading: Reading
): Promise<DataSet | null> {
	const wide = groups.filter(([first]) => first!.data.columns.length > 1);
	const [main] = wide;
	if (wide.length !== 1 || main!.length !== 1 || tables.length < 2) return null;
	const [{ path, data, load }] = main as [Opened];
	const others = tables.filter(({ file }) => file.path !== path).map(({ file }) => file);
	const found = await Promise.all(others.map((file) => columnBeside(file, data.count)));
	const lone = groups.filter((group) => group !== main).flat();
	const unread = lone.some((one) => found[others.findIndex((file) => file.path === one.path)] === null);
	if (unread || found.every((column) => column === null)) return null;
	const reread = reading.uses || reading.label !== undefined;
	return besides(reread ? await load(reading) : data, path, others, found);
}

const choice = (options: readonly (readonly [path: string, description: string])[]) =>
	new LabError(
		`There are ${options.length} tables of different shapes in it.`,
		'Choose the one that is to be opened.',
		{ code: 'choose', choices: options.map(([part, description]) => ({ part, title: description || part })) }
	);

const describe = (group: readonly Opened[]) => {
	const rows = group.reduce((sum, { data }) => sum + data.count, 0).toLocaleString('en');
	const names = group.slice(0, 3).map(({ path }) => baseName(path));
	const columns = group[0]!.data.columns.length.toLocaleString('en');
	return `${names.join(' + ')}${group.length > 3 ? ` and ${group.length - 3} more` : ''} (${rows} rows, ${columns} columns)`;
};

/** Of which part a table is, by its name or its folder's; shards of one part have one name. */
function partName(path: string): string {
	const folder = path.split(/[/\\]/).at(-2) ?? '';
	return (
		splitName(stem(path))?.split ??
		splitName(folder)?.split ??
		stem(path).replace(/[-_.]\d{1,6}[-_]of[-_]\d{1,6}$/i, '')
	);
}

function asOne(name: string, group: readonly Opened[], notes: readonly string[]): DataSet {
	const [only] = group;
	if (group.length === 1) return { ...only!.data, notes: [...notes, ...(only!.data.notes ?? [])] };
	const parts = group.map(({ path, data }): Part => ({ name: partName(path), data }));
	parts.sort((a, b) => splitOrder(a.name) - splitOrder(b.name));
	const names = [...new Set(parts.map((part) => part.name))];
	const set = joined(name, parts as [Part, ...Part[]], names.length > 1);
	const note = `${group.length} tables of one shape are one set${names.length > 1 ? ': “split” says of which table a row is' : ''}.`;
	return { ...set, notes: [...notes, note, ...(set.notes ?? [])] };
}
