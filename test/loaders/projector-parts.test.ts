import { describe, expect, it } from 'vitest';
import { projectorParts } from '#loaders/projector/parts.ts';

/** A picture by its first bytes. */
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0);

async function parts(files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>) {
	const found = await projectorParts({
		name: 's',
		files: Object.entries(files).map(([path, part]) => ({ path, blob: new Blob([part]) }))
	});
	return (
		found && {
			...found,
			tensor: found.tensor.path,
			metadata: found.metadata?.path ?? null,
			sprite: found.sprite?.path ?? null
		}
	);
}
const NOTHING = { metadata: null, sprite: null, shape: [], tile: [], notes: [] };

describe('the projector’s files by their configuration', () => {
	const pbtxt = (count: number) =>
		Array.from(
			{ length: count },
			(_, k) =>
				`embeddings {\n  tensor_name: "t${k}"\n  tensor_path: "/far/away/t${k}.bytes"\n  tensor_shape: 4\n  tensor_shape: 2\n` +
				`  metadata_path: "m.tsv"\n  sprite { image_path: "p.png" single_image_dim: 28 single_image_dim: 14 }\n}\n`
		).join('');

	it('as text of protocol buffers or as JSON, by what files are called', async () => {
		const expected = {
			...{ tensor: 'x/t0.bytes', metadata: 'x/m.tsv', sprite: 'x/p.png' },
			...{ shape: [4, 2], tile: [28, 14], name: 't0', configured: true, notes: [] }
		};
		const files = { 'x/t0.bytes': 'abcd', 'x/m.tsv': 'a', 'x/p.png': PNG };
		expect(await parts({ 'projector_config.pbtxt': pbtxt(1), ...files })).toEqual(expected);
		const one = {
			...{ tensorName: 't0', tensorPath: 'a/t0.bytes', tensorShape: [4, 2], metadataPath: 'm.tsv' },
			sprite: { imagePath: 'p.png', singleImageDim: [28, 14] }
		};
		const json = (embeddings: unknown) => parts({ 'projector_config.json': JSON.stringify({ embeddings }), ...files });
		expect(await json([one])).toEqual(expected);
		// What is of another kind than it should be is not there.
		expect(await json([{ tensorPath: 't0.bytes', tensorShape: [0.5], metadataPath: 7, sprite: 'p' }])).toEqual({
			...NOTHING,
			...{ tensor: 'x/t0.bytes', name: 't0', configured: true }
		});
		expect(await json([{ ...one, tensorShape: [4, 1] }])).toMatchObject({ shape: [4, 1] });
		expect(await json([{ ...one, tensorShape: [4, 0] }])).toMatchObject({ shape: [] });
		expect(await json([{ ...one, tensorName: 'n'.repeat(100) }])).toMatchObject({ name: 'n'.repeat(80) });
	});

	it('the first whose tensor is there; the others, five at most, and what is missing are said', async () => {
		const all = (count: number) =>
			Object.fromEntries(Array.from({ length: count }, (_, k) => [`t${k + 1}.bytes`, 'abcd']));
		const found = await parts({ 'projector_config.pbtxt': pbtxt(9), ...all(8) });
		expect([found?.tensor, found?.metadata, found?.sprite]).toEqual(['t1.bytes', null, null]);
		expect(found?.notes).toEqual([
			'The configuration names 8 tensors: this is the first. The others: “t2.bytes”, “t3.bytes”, “t4.bytes”, “t5.bytes”, “t6.bytes”.',
			'“m.tsv”, which the configuration names, is not among the files.',
			'“p.png”, which the configuration names, is not among the files.'
		]);
	});

	it('by what is in them, where it names none of them or cannot be read', async () => {
		const alone = { ...NOTHING, tensor: 'u.bytes', name: 'u', configured: false };
		for (const config of [pbtxt(1), '', 'x'.repeat(1 << 20)])
			expect(await parts({ 'projector_config.pbtxt': config, 'u.bytes': 'abcd' })).toEqual(alone);
		for (const config of ['{', '{}', '{"embeddings": 5}'])
			expect(await parts({ 'projector_config.json': config, 'u.bytes': 'abcd' })).toEqual(alone);
		const long = `${pbtxt(1)}${' '.repeat((1 << 20) - 1 - pbtxt(1).length)}`;
		expect(await parts({ 'projector_config.pbtxt': long, 't0.bytes': 'abcd' })).toMatchObject({ configured: true });
	});
});

describe('the projector’s files by what is in them', () => {
	const tensor = '1\t2\n3\t4\n';
	it('bytes and at most one text, or two texts of which one is of numbers', async () => {
		expect(await parts({ 'a.bytes': 'abcd', 'b.tsv': 'x' })).toMatchObject({ tensor: 'a.bytes', metadata: 'b.tsv' });
		expect(await parts({ 'b.tsv': 'x\ty\n', 'a.txt': tensor })).toMatchObject({ tensor: 'a.txt', metadata: 'b.tsv' });
		expect(await parts({ 'a.tsv': tensor, 'b.tsv': 'x\ty\n' })).toMatchObject({ tensor: 'a.tsv', metadata: 'b.tsv' });
		// Labels may be numbers, one a line; of two tensors neither is.
		expect(await parts({ 'l.tsv': '1\n2\n', 'a.tsv': tensor })).toMatchObject({ tensor: 'a.tsv', metadata: 'l.tsv' });
		const none: readonly Readonly<Record<string, string>>[] = [
			{ 'a.bytes': 'abcd', 'b.bytes': 'abcd' },
			{ 'a.bytes': 'abcd', 'b.tsv': 'x', 'c.tsv': 'y' },
			{ 'a.tsv': tensor, 'b.tsv': 'x', 'c.tsv': 'y' },
			{ 'a.tsv': tensor, 'b.tsv': tensor },
			{ 'a.tsv': '1\t2\t3\n', 'b.tsv': tensor },
			{ 'a.tsv': tensor },
			{ 'a.tsv': 'x', 'b.tsv': 'y' },
			{ 'a.csv': tensor }
		];
		for (const files of none) expect(await parts(files), Object.keys(files).join()).toBeNull();
	});

	it('a line in the first 64 KiB that is of words makes it words; a last one that is cut off is not looked at', async () => {
		const lines = (bytes: number) => '1\t2\n'.repeat(bytes / 4);
		const labels = { 'l.tsv': 'x\ty\n' };
		const HEAD = 1 << 16;
		expect(await parts({ ...labels, 'a.tsv': `\n${tensor}x\ty\n` })).toBeNull();
		expect(await parts({ ...labels, 'a.tsv': `${tensor}x\ty` })).toBeNull();
		expect(await parts({ ...labels, 'a.tsv': `${lines(HEAD - 4)}x\ty\n` })).toBeNull();
		expect(await parts({ ...labels, 'a.tsv': `${lines(HEAD - 4)}1\t2e+9\n` })).toMatchObject({ tensor: 'a.tsv' });
		expect(await parts({ ...labels, 'a.tsv': `${lines(HEAD)}x\ty\n` })).toMatchObject({ tensor: 'a.tsv' });
	});

	it('one picture is the sprite; of two none is', async () => {
		expect(await parts({ 'a.bytes': 'abcd', 'p.png': PNG })).toMatchObject({ sprite: 'p.png' });
		expect(await parts({ 'p.png': PNG, 'a.bytes': 'abcd', 'q.png': PNG })).toMatchObject({ sprite: null });
	});
});
