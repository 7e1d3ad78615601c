import * as v from 'valibot';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '#engine/tf.ts';
import { headSpecs, inputSpecs } from '#engine/model/inspect.ts';
import { openSource } from '#loaders/open-source.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { folderSource, loadContext } from '../tools/files.ts';

const text = v.pipe(v.string(), v.minLength(3));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const Card = v.strictObject({
	title: text,
	order: v.number(),
	summary: v.pipe(v.string(), v.minLength(60)),
	task: text,
	dataset: v.strictObject({ name: text, citation: text, licence: text }),
	classes: v.array(v.string()),
	preprocessing: v.object({ width: v.number(), height: v.number(), channels: v.picklist([1, 3]), fit: v.picklist(['crop', 'pad', 'stretch']) }),
	measured: v.record(text, share),
	training: text,
	look: text,
	start: v.optional(v.strictObject({ teaches: v.pipe(v.string(), v.minLength(40)), view: text })),
	samples: v.array(v.string()),
	predictions: v.record(v.string(), v.string()),
	variants: v.optional(v.array(v.strictObject({ file: text, title: text })))
});

const names = readdirSync('models').filter((name) => existsSync(join('models', name, 'model.json')));
const read = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8')) as unknown;

describe.each(names)('the sample model %s', (name) => {
	const folder = join('models', name);
	const only = (file: string) => (path: string) => path.endsWith(`/${file}.json`) || path.endsWith(`/${file}.bin`);
	beforeAll(() => useBackend('wasm'));

	it('has a card that holds', () => {
		const card = v.parse(Card, read(folder, 'card.json'));
		const samples = (read('static/samples/index.json') as { file: string }[]).map(({ file }) => file);
		expect(samples).toEqual(expect.arrayContaining(card.samples));
		for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).size, file).toBeLessThan(4e6);
		for (const { file } of card.variants ?? []) expect(existsSync(join(folder, file)), file).toBe(true);
	});

	it('computes what PyTorch computed', async () => {
		const parity = read(folder, 'parity.json') as { shape: number[]; inputs: number[]; probabilities: number[][] };
		const { model } = await openSource(folderSource(folder, only('model')), loadContext());
		const [head] = headSpecs(model.graph);
		const card = v.parse(Card, read(folder, 'card.json'));
		expect(head).toMatchObject({ kind: 'classes', activation: 'softmax', units: card.classes.length });
		expect(inputSpecs(model.graph)[0]?.kind).toBe('image');
		const [probabilities] = model.run({ [model.graph.inputs[0] as string]: tf.tensor(parity.inputs, parity.shape) }, [head!.output]);
		expectClose({ data: await probabilities!.data() }, { data: parity.probabilities.flat() }, { rtol: 1e-4, atol: 1e-4 });
		model.dispose();
	});

	it('opens its variants', async () => {
		const { variants = [] } = v.parse(Card, read(folder, 'card.json'));
		for (const { file } of variants) {
			const { model } = await openSource(folderSource(folder, only(file.replace('.json', ''))), loadContext());
			expect(model.graph.nodes.length).toBeGreaterThan(5);
			model.dispose();
		}
	});
});
