import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SentField } from '#contracts/field.ts';
import { startEngine } from '#engine/device.ts';
import { tensorEngine } from '#engine/projection/tensor-engine.ts';
import * as tf from '#engine/tf.ts';
import { alternatives } from '#workers/compute/alternatives.ts';
import { activationRows } from '#workers/compute/activation-rows.ts';
import { explain } from '#workers/compute/explain.ts';
import { projecting } from '#workers/compute/projection.ts';
import { Session } from '#workers/compute/session.ts';
import { slicing } from '#workers/compute/slices.ts';
import { Transferred } from '#workers/rpc.ts';
import { expectClose } from '../close.ts';
import {
	coloured,
	gradients,
	grey,
	integrals,
	leftBytes,
	picture,
	preprocessingByInput,
	rightBytes,
	scores,
	twoPictures,
	type Colour
} from '../tools/two-pictures.ts';

/** Models of several pictures: what each input gets, and what is said of one of them, against a closed form in float64. */

const context = { signal: new AbortController().signal, progress: () => {} };
const value = <T>(result: T | Transferred<T>): T => (result instanceof Transferred ? result.value : result);
const softmax = (s: readonly number[]) => {
	const total = s.reduce((sum, one) => sum + Math.exp(one), 0);
	return s.map((one) => Math.exp(one) / total);
};
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
/** Colours become one number per pixel. */
const perPixel = (values: readonly number[]) =>
	Array.from({ length: values.length / 3 }, (_, i) => sum(values.slice(3 * i, 3 * i + 3)));

const X = coloured(leftBytes, 0);
const Y = grey(rightBytes, -1);

describe('a model of two pictures', () => {
	let session: Session;
	let before = 0;
	beforeAll(() => startEngine('wasm').then(() => undefined));
	beforeEach(() => {
		before = tf.memory().numTensors;
		session = new Session(twoPictures(), 'two', 'model#1');
	});
	afterEach(() => {
		session.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});

	async function fed(explained: string | null = null) {
		const bitmaps = [await picture(8, 8, leftBytes), await picture(6, 4, rightBytes)] as const;
		const [left, right] = bitmaps.map((bitmap) => ({ kind: 'image' as const, bitmap }));
		const of = { input: 'both', explained: explained ?? 'left' };
		return session.feed({ left: left!, right: right! }, preprocessingByInput, explained, of);
	}
	/** The map of the first score, and what was sent of it. */
	async function map(method: string, parameters = {}) {
		const fields: SentField[] = [];
		const target = { output: 'scores', unit: 0, kind: 'logit' } as const;
		const request = { method, parameters, target, seed: 1, channels: 'sum', key: 'map' } as const;
		const report = await explain(session, request, { ...context, send: (field) => void fields.push(field) });
		const payload = fields.at(-1)?.payload;
		if (payload?.kind !== 'array') throw new Error('An array was asked for.');
		return { ...report, values: payload.values };
	}

	it('gets each at its own size, channels and range, and answers as computed by hand', async () => {
		const seen = await fed();
		expect([...seen].map(([id, { width, height }]) => [id, width, height])).toEqual([
			['left', 8, 8],
			['right', 6, 4]
		]);
		const [prediction] = await session.predict();
		expectClose({ data: prediction!.scores }, { data: scores(X, Y) }, { rtol: 1e-5, atol: 1e-5 });
		expect(session.identity).toMatchObject({ model: 'model#1', input: 'both', explained: 'left' });
	});

	it('gets one picture at two sizes where both share it', async () => {
		const colour: Colour = [250, 120, 30];
		const bitmap = await picture(20, 10, () => colour);
		session.feed({ left: { kind: 'image', bitmap }, right: { kind: 'image', bitmap } }, preprocessingByInput);
		const [prediction] = await session.predict();
		const expected = scores(coloured(() => colour, 0), grey(() => colour, -1)); // prettier-ignore
		expectClose({ data: prediction!.scores }, { data: expected }, { rtol: 1e-5, atol: 1e-5 });
	});

	it.each(['left', 'right'] as const)('has the gradient of the explained one: %s', async (id) => {
		await fed(id);
		const own = gradients(X, Y)[id];
		const { values, width, height, score } = await map('gradient');
		expect([width, height]).toEqual(id === 'left' ? [8, 8] : [6, 4]);
		expect(score).toBeCloseTo(scores(X, Y)[0], 4);
		expectClose({ data: values }, { data: id === 'left' ? perPixel(own) : own }, { rtol: 1e-4, atol: 1e-6 });
	});

	it.each(['left', 'right'] as const)('has Integrated Gradients that add up where only it moves: %s', async (id) => {
		await fed(id);
		// Black is 0 on the left and -1 on the right.
		const from = id === 'left' ? 0 : -1;
		const own = integrals(X, Y, from)[id];
		const { values, facts } = await map('integrated-gradients', { baseline: 'black' });
		expectClose({ data: values }, { data: id === 'left' ? perPixel(own) : own }, { rtol: 1e-4, atol: 1e-6 });
		const dark = (like: readonly number[]) => like.map(() => from);
		const away = id === 'left' ? scores(dark(X), Y) : scores(X, dark(Y));
		expect(sum(values)).toBeCloseTo(scores(X, Y)[0] - away[0], 4);
		expect(facts.find((fact) => fact.id === 'gap')?.value).toBeLessThan(1e-3);
	});

	it('is answered in other ways of preprocessing, each of both pictures', async () => {
		const bitmaps = async () => [await picture(8, 8, leftBytes), await picture(6, 4, rightBytes)] as const;
		const [left, right] = (await bitmaps()).map((bitmap) => ({ kind: 'image' as const, bitmap }));
		const zero = { ...preprocessingByInput.get('right')!, normalisation: { kind: 'range', low: 0, high: 1 } } as const;
		const ways = [preprocessingByInput, new Map([...preprocessingByInput, ['right', zero]])];
		const found = await alternatives(session, { output: 'scores', inputs: { left: left!, right: right! }, ways }, context); // prettier-ignore
		for (const [k, y] of [Y, grey(rightBytes, 0)].entries()) {
			const expected = scores(X, y);
			const { unit, score, probability, beyond } = found[k]!;
			expect(unit).toBe(expected[0] > expected[1] ? 0 : 1);
			expect(score).toBeCloseTo(expected[unit]!, 4);
			expect(probability).toBeCloseTo(softmax(expected)[unit]!, 5);
			expect(beyond).toBe(0);
		}
	});

	it('takes the items of a data set in place of the explained one, beside which the other stays', async () => {
		await fed('right');
		const colours: readonly Colour[] = [[10, 200, 90], [255, 255, 255], [0, 3, 120]]; // prettier-ignore
		const items = await Promise.all(
			colours.map((colour) => {
				const canvas = new OffscreenCanvas(9, 9);
				const drawing = canvas.getContext('2d')!;
				drawing.fillStyle = `rgb(${colour.join(' ')})`;
				drawing.fillRect(0, 0, 9, 9);
				return canvas.convertToBlob({ type: 'image/png' });
			})
		);
		const { rowStore } = projecting(tensorEngine);
		const rows = activationRows(() => session, rowStore, (_, job) => job()); // prettier-ignore
		const predictions = value(await rows.predictAll(items, context));
		const expected = colours.flatMap((colour) =>
			softmax(
				scores(
					X,
					grey(() => colour, -1)
				)
			)
		);
		expectClose({ data: predictions.scores }, { data: expected }, { rtol: 1e-4, atol: 1e-6 });
	});

	it('is cut through the explained one', async () => {
		await fed('right');
		const { api, forget } = slicing({ opened: () => session, together: (_, job) => job(), send: () => {} });
		const head = { output: 'scores', unit: 0 };
		const request = { head, inputs: [{ kind: 'current' } as const], plane: { kind: 'random', seed: 3 } as const };
		const plane = value(await api.slicePlane(request, context));
		expect(plane.dimensions).toBe(24);
		expect([plane.marks[0]?.picture?.width, plane.marks[0]?.picture?.height]).toEqual([6, 4]);
		expect(plane.marks[0]?.probability).toBeCloseTo(Math.max(...softmax(scores(X, Y))), 4);
		forget();
	});
});
