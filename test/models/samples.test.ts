import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelCard } from '#contracts/card.ts';
import { normalised } from '#engine/image.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { useBackend } from '../tools/backends.ts';
import { folderSource, loadContext } from '../tools/files.ts';
import { readPng, shrunk } from '../tools/read-png.ts';

/** What the cards say of the sample inputs, what their titles say, and what the models answer: all of it together. */

const read = <T>(...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8')) as T;
const names = readdirSync('models').filter((name) => existsSync(join('models', name, 'model.json')));
const titles = new Map(
	read<{ file: string; title: string }[]>('static/samples/index.json').map(({ file, title }) => [file, title])
);
const picture = (file: string) => readPng(join('static/samples', file));

/** RGBA of the size that the model sees. */
function preprocessed(file: string, side: number) {
	const own = picture(file);
	const small = shrunk(own, side);
	const data = new Uint8ClampedArray(4 * side * side).fill(255);
	for (let i = 0; i < side * side; i++)
		for (let k = 0; k < 3; k++) data[4 * i + k] = small[i * own.channels + Math.min(k, own.channels - 1)]!;
	return { data, width: side, height: side };
}

describe.each(names)('the samples of %s', (name) => {
	const card = read<ModelCard>('models', name, 'card.json');
	beforeAll(() => useBackend('wasm'));

	async function bestOfAll(): Promise<Map<string, { best: string; share: number }>> {
		const only = (path: string) => /\/model\.(json|bin)$/.test(path);
		const { model } = await openSource(folderSource(join('models', name), only), loadContext());
		const { preprocessing: p, classes, samples } = card;
		const predictions = new Map<string, { best: string; share: number }>();
		for (const file of samples) {
			const input = tf.tensor(normalised(preprocessed(file, p.width) as ImageData, p), [1, p.height, p.width, p.channels]);
			const [output] = model.run({ [model.graph.inputs[0]!]: input }, model.graph.outputs);
			const shares = Array.from(await output!.data());
			const share = Math.max(...shares);
			predictions.set(file, { best: classes[shares.indexOf(share)]!, share });
			tf.dispose([input, output!]);
		}
		model.dispose();
		return predictions;
	}

	it('are answered as the card says, the first of them beyond doubt', async () => {
		const predictions = await bestOfAll();
		const found = Object.fromEntries([...predictions].map(([file, { best }]) => [file, best]));
		expect(found).toEqual(card.predictions);
		expect(predictions.get(card.samples[0]!)!.share).toBeGreaterThan(0.8);
	});

	it('show what their titles say, or the card says that they do not', () => {
		const words: Record<string, string> = { car: 'automobile', aeroplane: 'airplane' };
		const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
		const wrong = card.samples.filter((file) => {
			const title = titles.get(file)!;
			const thing = /^An? (\w+)/.exec(title)![1]!;
			const shown = words[thing] ?? (digits.includes(thing) ? String(digits.indexOf(thing)) : thing);
			expect(card.classes, file).toContain(shown);
			return card.predictions[file] !== shown;
		});
		// A card whose model errs on its samples says so.
		if (wrong.length) expect(card.look).toMatch(/where the model errs|with the watermark: the model says/);
	});
});

describe('what the card of shortcut says of its watermark', () => {
	const card = read<ModelCard>('models/shortcut/card.json');
	const marked = card.samples.filter((file) => file.endsWith('-marked.png'));

	it('begins with one, and each of them is called a horse, which its twin without the mark is not', () => {
		expect(marked).toEqual(card.samples.slice(0, marked.length));
		expect(marked.length).toBeGreaterThan(1);
		for (const file of marked) {
			expect(titles.get(file)).toMatch(/, with the watermark$/);
			expect(card.predictions[file], file).toBe('horse');
			const twin = file.replace('-marked', '');
			expect(card.samples).toContain(twin);
			expect(card.predictions[twin], twin).not.toBe('horse');
		}
		const [, thing, predicted, without] = /^Open a (\w+) with the watermark: the model says (\w+), and without it (\w+)\./.exec(card.look)!;
		expect(card.samples[0]).toBe(`${thing}-marked.png`);
		expect([card.predictions[`${thing}-marked.png`], card.predictions[`${thing}.png`]]).toEqual([predicted, without]);
	});

	it('is where the mark lies', () => {
		const found = /at column (\d+) and row (\d+) of the (\w+), (\d+) and (\d+) of the (\w+), (\d+) and (\d+) of the (\w+),/.exec(card.look)!.slice(1);
		expect([found[2], found[5], found[8]].map((thing) => `${thing}-marked.png`)).toEqual(marked);
		const size = read<{ size: number }>('models/shortcut/mark.json').size;
		marked.forEach((file, k) => {
			const [a, b] = [picture(file), picture(file.replace('-marked', ''))];
			const changed = [...a.data.keys()].filter((i) => a.data[i] !== b.data[i]).map((i) => Math.floor(i / a.channels));
			const columns = changed.map((i) => Math.floor((i % a.width) / 3));
			const rows = changed.map((i) => Math.floor(i / a.width / 3));
			const [left, top] = [Number(found[3 * k]), Number(found[3 * k + 1])];
			expect([Math.min(...columns), Math.max(...columns)], file).toEqual([left, left + size - 1]);
			expect([Math.min(...rows), Math.max(...rows)], file).toEqual([top, top + size - 1]);
		});
	});
});
