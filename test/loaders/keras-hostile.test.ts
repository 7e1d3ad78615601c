import { unzipSync, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import { openHdf5 } from '#loaders/hdf5/open.ts';
import { openSource } from '#loaders/open-source.ts';
import { Dice } from '../fuzz/dice.ts';
import { changedBytes, type Bytes } from '../fuzz/bytes.ts';
import { changedJson } from '../fuzz/json.ts';
import { useBackend } from '../tools/backends.ts';
import { loadContext } from '../tools/files.ts';
import { refused } from '../tools/refusal.ts';
import { kerasFile } from './keras-cases.ts';
import { sourceOf } from './samples.ts';
import { unsoundModel } from './soundness.ts';

/** Keras files that are broken where a whole zip still holds them, and HDF5 that lies about its sizes. */

beforeAll(() => useBackend('cpu'));

const FILES = ['transformer.keras', 'sequences.keras', 'custom.keras'];

/** What is wrong with what came of a file; null for a sound model or a sentence. */
async function outcome(bytes: Bytes): Promise<string | null> {
	try {
		const loaded = await openSource(sourceOf({ 'a.keras': bytes }), loadContext());
		try {
			return await unsoundModel(loaded);
		} finally {
			loaded.model.dispose();
		}
	} catch (error) {
		return error instanceof LabError ? null : String((error as Error).stack);
	}
}

it.each(FILES)(
	'a network or weights that are broken within %s',
	async (path) => {
		const parts = unzipSync(await kerasFile(path));
		let opened = 0;
		for (let seed = 0; seed < 120; seed++) {
			const dice = new Dice(seed, path, seed);
			const changed = { ...parts };
			if (seed % 4)
				try {
					const json = changedJson(new TextDecoder().decode(parts['config.json']), dice);
					changed['config.json'] = new TextEncoder().encode(json);
				} catch {
					// Too deep to be written.
					continue;
				}
			else changed['model.weights.h5'] = changedBytes(parts['model.weights.h5'] as Bytes, dice);
			const result = await outcome(zipSync(changed, { level: 0 }) as Bytes);
			expect([seed, result]).toEqual([seed, null]);
			opened++;
		}
		expect(opened).toBeGreaterThan(100);
	},
	300_000
);

describe('HDF5 that lies', () => {
	const bytes = () => kerasFile('weights-2.h5');
	/** Where a text stands in a file. */
	const find = (all: Bytes, text: string) => {
		const requested = new TextEncoder().encode(text);
		return all.findIndex((_, i) => requested.every((byte, k) => all[i + k] === byte));
	};
	const opened = async (all: Bytes) => {
		const file = await openHdf5(new Blob([all]), 'a.h5');
		file.attributes();
		return file.datasets().map((dataset) => dataset.read());
	};

	it('a tree that grows into itself', async () => {
		const all = await bytes();
		const at = find(all, 'TREE');
		const view = new DataView(all.buffer);
		// A node of level one, whose only child is itself.
		view.setUint8(at + 5, 1);
		view.setBigUint64(at + 32, BigInt(at), true);
		const { message } = await refused(opened(all));
		expect(message).toMatch(/“a.h5” is damaged or was cut off/);
	});

	it('a list of thousands of millions of names', async () => {
		const all = await bytes();
		const at = find(all, 'layer_names\0');
		// Behind the name lie the type and the dataspace, of version 1 with one axis.
		const view = new DataView(all.buffer);
		const space = [...Array(80).keys()].map((k) => at + 12 + k).find((k) => view.getUint8(k) === 1 && view.getUint8(k + 1) === 1 && view.getUint32(k + 8, true) === 2)!; // prettier-ignore
		view.setUint32(space + 8, 0xffff_ffff, true);
		expect((await refused(opened(all))).message).toMatch(/cannot be followed/);
	});

	it.each([
		['no size', 0n],
		['a size that leads back', 2n ** 64n - 16n]
	])('room for texts that has %s', async (_, size) => {
		const all = await kerasFile('newest.h5');
		const at = find(all, 'GCOL');
		const view = new DataView(all.buffer);
		// Objects lie one after the other: its number, and its size 8 bytes behind.
		const second = at + 32 + 8 * Math.ceil(Number(view.getBigUint64(at + 24, true)) / 8);
		expect(view.getUint16(second, true)).toBe(2);
		if (!size) view.setUint16(second, 0, true);
		view.setBigUint64(second + 8, size, true);
		expect((await refused(opened(all))).message).toMatch(/cannot be followed/);
	});

	it.each(['weights-2.h5', 'newest.h5'])('%s is cut short, wherever', async (path) => {
		const all = await kerasFile(path);
		for (const share of [0.01, 0.2, 0.5, 0.8, 0.99])
			await refused(opened(all.slice(0, Math.floor(share * all.length))));
	});
});
