import type { DataContext } from '#contracts/data-loader.ts';
import { LIMITS } from '#contracts/data-loader.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import { checkRows, pieces } from '#loaders/data-files.ts';
import type { NpyArray } from '#loaders/npy/arrays.ts';
import { TypedTable } from '#loaders/typed-table.ts';
import {
	bytesPerItem,
	isBoolean,
	isNumeric,
	isText,
	isWide,
	readValues,
	readTexts,
	readWide,
	strangeType,
	type NpyField
} from '#maths/read-npy.ts';
import { product } from '#maths/product.ts';

/** A structured array of one dimension: a table. @throws LabError for one of more dimensions */
export async function recordTable({ file, name, header, items }: NpyArray, context: DataContext): Promise<DataSet> {
	if (header.shape.length !== 1)
		throw new LabError(
			`“${file.path}” holds records in ${header.shape.length} dimensions.`,
			'Save one record for each row, or each field as an array of its own.'
		);
	const known = header.fields.filter((field) => isNumeric(field) || isText(field));
	checkRows(items, known.length, `“${file.path}”`);
	const table = new TypedTable(known.map((field) => field.name));
	// What has no name fills up items of one size.
	for (const field of header.fields)
		if (field.name && !known.includes(field))
			table.notes.push(`“${field.name}” holds ${strangeType(field)}: it is left out.`);
	const size = bytesPerItem(header.type);
	let left = items;
	for await (const { bytes, done } of pieces(file, header.start, size * 10_000, context.signal)) {
		const count = Math.min(left, Math.floor(bytes.length / size));
		left -= count;
		for (let i = 0; i < count; i++)
			known.forEach((field, c) => table.push(c, valueOf(bytes.subarray(i * size, (i + 1) * size), field)));
		context.progress(done, 'Reading the table');
	}
	return table.finish(name);
}

function valueOf(record: Uint8Array, { type, shape, offset }: NpyField): unknown {
	const count = product(shape);
	const bytes = record.subarray(offset, offset + count * bytesPerItem(type));
	const one = (values: readonly unknown[]) => (shape.length ? values : (values[0] ?? null));
	if (isText({ type })) return one(readTexts(bytes, type, LIMITS.cell));
	if (isWide({ type })) return one(readWide(bytes, type));
	const values = new Float64Array(count);
	readValues(bytes, type, values, 0);
	return one(isBoolean({ type }) ? Array.from(values, (value) => value !== 0) : Array.from(values, numberOrNull));
}

const numberOrNull = (value: number) => (Number.isNaN(value) ? null : value);
