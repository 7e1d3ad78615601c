/** Lists of numbers in one cell, as pandas and JSON write them: `[0.1, 0.2]` or `[0.1 0.2]`. */

/** @returns null for what is no list of numbers; a number that is missing is NaN */
export function vectorIn(cell: string): Float64Array | null {
	if (!cell.startsWith('[') || !cell.endsWith(']') || cell.length < 3) return null;
	const inner = cell.slice(1, -1).trim();
	if (inner.startsWith('[')) return null;
	const parts = inner.includes(',') ? inner.split(',') : inner.split(/\s+/);
	if (parts.at(-1)?.trim() === '') parts.pop();
	const values = new Float64Array(parts.length);
	for (let i = 0; i < parts.length; i++) {
		const text = parts[i]!.trim();
		values[i] = text === '' || /^(nan|null|none)$/i.test(text) ? NaN : Number(text);
		if (Number.isNaN(values[i]!) && !/^(|nan|null|none)$/i.test(text)) return null;
	}
	return values.length ? values : null;
}
