import type { DataContext, DataLoader } from '#contracts/data-loader.ts';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { arrayPictures, pictureShape } from '#loaders/array-pictures.ts';
import { columnBeside } from '#loaders/column-beside.ts';
import { categorical } from '#loaders/categories.ts';
import { begins, letters, stem } from '#loaders/data-files.ts';
import { fewIntegers, labelled } from '#loaders/label.ts';
import { lookedAt, stackedValues, textsOf, type NpyArray } from '#loaders/npy/arrays.ts';
import { columnsOf, isOneHot, named } from '#loaders/npy/columns.ts';
import { recordTable } from '#loaders/npy/records.ts';
import { sameRows, stacksOf, upright, widthOf, type Stack } from '#loaders/npy/stacks.ts';
import { isNumeric, isText, strangeType } from '#maths/read-npy.ts';
import { columnNames } from '#maths/table/names.ts';

const MAGIC = [0x93, ...letters('NUMPY')];
const MAX_ARRAYS = 100;

/** NumPy's arrays: one of them (or the largest of an .npz) is the rows, what has a row for each row beside it says of them. */
const loader: DataLoader = {
	id: 'npy',
	title: 'NumPy (.npy, .npz)',
	extensions: ['.npy', '.npz'],

	async match({ files }) {
		const found = await Promise.all(files.slice(0, 40).map((file) => begins(file, MAGIC)));
		return found.some(Boolean) ? 0.95 : 0;
	},

	async load(source, context): Promise<DataSet> {
		const { arrays, notes } = await arraysIn(source.files);
		const stacks = stacksOf(arrays.filter(({ header }) => header.shape.length > 0));
		const main = await rowsAmong(stacks, context);
		if (!main) return withoutRows(source.name, arrays, context);
		const rows = await stackedValues(main.arrays, context);

		const classNames: { name: string; names: readonly string[] }[] = [];
		const found: Column[] = [];
		const unused: string[] = arrays.filter(({ header }) => !header.shape.length).map(({ name }) => name);
		for (const given of stacks) {
			if (given === main) continue;
			const other = upright(given, main.count);
			const columns = sameRows(other, main) ? await columnsOf(other, context, notes) : [];
			const [array] = other.arrays;
			found.push(...columns);
			if (columns.length) continue;
			if (isText(array!.header) && widthOf(other) === 1)
				classNames.push({ name: other.name, names: await textsOf(array!) });
			else if (other.numeric) unused.push(other.name);
			else notes.push(`“${other.name}” holds ${strangeType(array!.header)}: it is passed over.`);
		}
		for (const file of source.files) {
			const column = await columnBeside(file, main.count);
			if (column) found.push(column);
		}
		const unique = columnNames(found.map(({ name }) => name));
		const { columns, label } = withLabel(
			found.map((column, k) => ({ ...column, name: unique[k]! })),
			classNames,
			notes
		);
		if (unused.length)
			notes.push(
				`${unused
					.slice(0, 5)
					.map((name) => `“${name}”`)
					.join(', ')} ${unused.length === 1 ? 'has' : 'have'} no row for each row of “${main.name}”: left out.`
			);
		if (main.splits.length) columns.push(splitColumn(main));
		const shape = pictureShape(main.inner);
		if (shape?.planar)
			notes.push(`“${main.name}” is taken for pictures with their channels first, ${main.inner.join(' × ')}.`);
		return {
			name: arrays.length > 1 ? stem(source.name) : main.name,
			count: main.count,
			rows: { values: rows, width: widthOf(main), names: [] },
			images: shape && arrayPictures(rows, main.count, shape),
			columns,
			label,
			notes
		};
	}
};

/** All arrays; of several, one that is broken is passed over, and said. @throws LabError where none is whole */
async function arraysIn(files: readonly SourceFile[]): Promise<{ arrays: NpyArray[]; notes: string[] }> {
	const arrays: NpyArray[] = [];
	const broken: LabError[] = [];
	for (const file of files.slice(0, MAX_ARRAYS)) {
		if (!(await begins(file, MAGIC))) continue;
		try {
			arrays.push(await lookedAt(file));
		} catch (error) {
			if (!(error instanceof LabError)) throw error;
			broken.push(error);
		}
	}
	if (!arrays.length && broken[0]) throw broken[0];
	return { arrays, notes: broken.map(({ message }) => message) };
}

/** The largest array of numbers that is not a label written out as 0 and 1. */
async function rowsAmong(stacks: readonly Stack[], context: DataContext): Promise<Stack | null> {
	const size = (stack: Stack) => stack.count * widthOf(stack);
	const numericStacks = stacks.filter(({ numeric }) => numeric).sort((a, b) => size(b) - size(a));
	const tables = numericStacks.filter(({ inner }) => inner.length > 0);
	for (const stack of tables) {
		const others = tables.some((other) => other !== stack && sameRows(other, stack) && widthOf(other) > 1);
		if (!others || !(await isOneHot(stack, context))) return stack;
	}
	return tables[0] ?? numericStacks[0] ?? null;
}

/** Records are a table; of all else it is said what it is. */
function withoutRows(name: string, arrays: readonly NpyArray[], context: DataContext): Promise<DataSet> {
	const records = arrays.find(({ header }) => header.fields.length);
	if (records) return recordTable(records, context);
	const [first] = arrays;
	const strange = arrays.find(({ header }) => !isNumeric(header) && !isText(header));
	const why =
		strange && arrays.every(({ header }) => !isNumeric(header))
			? `“${strange.name}” holds ${strangeType(strange.header)}`
			: first && !first.header.shape.length
				? `“${first.name}” holds one number only`
				: 'there is no array of numbers in it';
	throw new LabError(
		`“${name}” cannot be embedded: ${why}.`,
		'Save an array of numbers, one row for each item, with numpy.save or numpy.savez.'
	);
}

/** Which column is the label: by its name, else the only one; names of classes are put in the place of its numbers. */
function withLabel(
	found: readonly Column[],
	classNames: readonly { name: string; names: readonly string[] }[],
	notes: string[]
): { columns: Column[]; label: string | null } {
	const guessed = labelled(found);
	const only = found.length === 1 ? found[0]!.name : null;
	const labelName = guessed.label ?? only;
	const columns = guessed.columns.map((column) => {
		if (column.name !== labelName) return column;
		return column.kind === 'number' ? (fewIntegers(column) ?? column) : column;
	});
	for (const { name, names } of classNames) {
		const own = columns.find((column) => column.name === labelName) ?? columns[0];
		const coded = own && named(own, names);
		if (coded) columns[columns.indexOf(own)] = coded;
		else notes.push(`“${name}” holds ${names.length.toLocaleString('en')} texts that belong to no row: left out.`);
	}
	const label = columns.find((column) => column.name === labelName && column.kind === 'category');
	return { columns, label: label?.name ?? null };
}

/** Of which part a row is. */
function splitColumn({ arrays, splits }: Stack): Column {
	return categorical(
		'split',
		arrays.flatMap(({ header }, k) => Array.from({ length: header.shape[0] ?? 0 }, () => splits[k]!))
	);
}

export default loader;
