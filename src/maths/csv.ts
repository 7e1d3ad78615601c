/** Comma-separated values (RFC 4180) that spreadsheets open without running anything. */

/** Text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value: string | number | null): string {
	if (typeof value === 'number')
		return Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
	const text = value ?? '';
	const guarded = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(guarded) ? `"${guarded.replace(/"/g, '""')}"` : guarded;
}

export function csv(rows: readonly (readonly (string | number | null)[])[]): string {
	return `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
