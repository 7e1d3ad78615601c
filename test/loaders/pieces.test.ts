import { expect, it } from 'vitest';
import { isAbort } from '#contracts/errors.ts';
import { pieces } from '#loaders/data-files.ts';
import { openData } from '#loaders/open-data.ts';

it('pieces of a file put together are the file, each byte once', async () => {
	const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 251);
	const file = { path: 'a', blob: new Blob([bytes]) };
	const { signal } = new AbortController();
	for (const [start, size] of [
		[0, 1],
		[0, 100],
		[0, 333],
		[17, 64],
		[0, 5000]
	] as const) {
		const seen: number[] = [];
		let last = 0;
		for await (const { bytes: piece, done } of pieces(file, start, size, signal)) {
			expect(piece.length).toBeLessThanOrEqual(size);
			expect(done).toBeGreaterThan(last);
			seen.push(...piece);
			last = done;
		}
		expect(seen).toEqual([...bytes.subarray(start)]);
		expect(last).toBe(1);
	}
	const stopped = new AbortController();
	const half = async () => {
		for await (const piece of pieces(file, 0, 10, stopped.signal)) if (piece.done > 0.5) stopped.abort();
	};
	expect(isAbort(await half().catch((error: unknown) => error))).toBe(true);
});

it('a long table is the same wherever it is cut: within letters, quotes and line ends', async () => {
	// Lines of changing length, so that cuts at any round size fall anywhere in them.
	const texts = Array.from({ length: 40_000 }, (_, i) => `“Zürich”, ${'ö'.repeat(i % 97)}\r\n€ "${i % 3}"`);
	const lines = texts.map((text, i) => `${i + 0.25},"${text.replaceAll('"', '""')}",${i % 5 ? 'é' : 'è'}`);
	const blob = new Blob([`n,text,kind\r\n${lines.join('\r\n')}\r\n`]);
	expect(blob.size).toBeGreaterThan(4.5 * 2 ** 20);
	const data = await openData(
		{ name: 'long', files: [{ path: 'long.csv', blob }] },
		{ signal: new AbortController().signal, progress: () => undefined }
	);
	expect(data.count).toBe(texts.length);
	const [n, text, kind] = ['n', 'text', 'kind'].map((name) => data.columns.find((column) => column.name === name)!);
	expect(n?.kind === 'number' && n.values.findIndex((value, i) => value !== i + 0.25)).toBe(-1);
	const words = (column: typeof text, i: number) =>
		column?.kind === 'text'
			? column.values[i]
			: column?.kind === 'category'
				? column.categories[column.codes[i]!]
				: null;
	const wrong = texts.findIndex((value, i) => words(text, i) !== value || words(kind, i) !== (i % 5 ? 'é' : 'è'));
	expect(wrong < 0 ? null : [wrong, words(text, wrong), words(kind, wrong)]).toBeNull();
});
