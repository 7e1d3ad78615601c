import type { Column, DataSet } from '#contracts/data-set.ts';

/** A data set of some of its rows, in that order. */
export function rowsTaken(data: DataSet, kept: Int32Array): DataSet {
	const { rows, images, columns } = data;
	let values: Float32Array<ArrayBuffer> | null = null;
	if (rows) {
		const { width } = rows;
		values = new Float32Array(kept.length * width);
		for (let k = 0; k < kept.length; k++)
			values.set(rows.values.subarray(kept[k]! * width, (kept[k]! + 1) * width), k * width);
	}
	return {
		...data,
		count: kept.length,
		rows: rows && { ...rows, values: values! },
		images: images && Array.from(kept, (i) => images[i]!),
		columns: columns.map((column) => ofRows(column, kept))
	};
}

/** A row that is not there, as -1, is missing. */
export function ofRows(column: Column, rows: Int32Array): Column {
	if (column.kind === 'text') return { ...column, values: Array.from(rows, (i) => column.values[i] ?? '') };
	if (column.kind === 'category') return { ...column, codes: rows.map((i) => column.codes[i] ?? -1) };
	return { ...column, values: Float64Array.from(rows, (i) => column.values[i] ?? NaN) };
}
