import { beforeAll, describe, expect, it } from 'vitest';
import type { OutputDrawing } from '#contracts/output.ts';
import type { Parameters } from '#contracts/parameter.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { suppressed } from '#maths/boxes.ts';
import { activationRows } from '#workers/compute/activation-rows.ts';
import { drawnOutput } from '#workers/compute/output.ts';
import { Session } from '#workers/compute/session.ts';
import { Transferred } from '#workers/rpc.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { loadContext } from '../tools/files.ts';
import { CENTRED, CORNERS, OUTPUT_MODELS, outputFiles } from '../tools/output-models.ts';

/** What outputs of every kind hold, against what the models were made to give. */

const SIDE = 32;
/** The upper half bright, the lower half dark: 32 x 32 x 3. */
const halves = Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i < (SIDE * SIDE * 3) / 2 ? 0.9 : 0.1));

beforeAll(async () => {
	// Browsers have it.
	globalThis.ImageData ??= class {
		data: Uint8ClampedArray;
		constructor(
			public width: number,
			public height: number
		) {
			this.data = new Uint8ClampedArray(4 * width * height);
		}
	} as unknown as typeof ImageData;
	await useBackend('cpu');
});

async function opened(name: string): Promise<Session> {
	const files = outputFiles(name).map(({ name: path, base64 }) => ({
		path,
		blob: new Blob([Buffer.from(base64, 'base64')])
	}));
	const session = new Session(await openSource({ name, files }, loadContext()), name, 'model#1');
	const [spec] = session.inputs;
	const size = spec!.shape.slice(1).reduce<number>((product, n) => product * (n ?? 1), 1);
	const values = Array.from({ length: size }, (_, i) => halves[i] ?? 0);
	session.feed({ [spec!.id]: { kind: 'values', values } }, new Map(), null, { input: 'halves' });
	return session;
}

async function drawn<K extends OutputDrawing['kind']>(
	session: Session,
	kind: K,
	parameters: Parameters = {},
	head = 0
) {
	const { output } = session.heads[head]!;
	const { value } = await drawnOutput(session, { output, kind: kind === 'curves' ? 'map' : kind, parameters });
	expect(value.kind).toBe(kind);
	return value as Extract<OutputDrawing, { kind: K }>;
}

describe('each small model is told by its output', () => {
	it.each(Object.keys(OUTPUT_MODELS).map((name) => [name, name === 'sequence' ? 'map' : name.split('-')[0]!] as const))(
		'%s: %s',
		async (name, kind) => {
			const session = await opened(name);
			for (const { readings } of session.heads) {
				expect(readings?.[0]?.kind).toBe(kind);
				expect(readings![0]!.reason).toMatch(/\S/);
				expect(readings!.map(({ sure }) => sure)).toEqual(readings!.map(({ sure }) => sure).toSorted((a, b) => b - a));
			}
			session.dispose();
		}
	);
});

describe('boxes', () => {
	const layouts = Object.keys(OUTPUT_MODELS).filter((name) => name.startsWith('boxes-'));
	it.each(layouts)('of %s are where they were put, after a prediction as before one', async (name) => {
		const before = tf.memory().numTensors;
		const session = await opened(name);
		for (const head of [...session.heads.keys(), 0]) {
			const boxes = await drawn(session, 'boxes', {}, head);
			if (!head) await session.predict();
			const first = boxes.first;
			// The best first: 0.9, 0.8, 0.6.
			expectClose({ data: boxes.scores.slice(0, 3) }, { data: [0.9, 0.8, 0.6] }, { atol: 2e-3 });
			expect(Array.from(boxes.classes.slice(0, 3))).toEqual([1 + first, first, 1 + first]);
			const corners = [CORNERS[0]!, CORNERS[2]!, CORNERS[1]!].flat();
			expectClose({ data: boxes.corners.slice(0, 12) }, { data: corners }, { atol: 1e-5 });
			expect(boxes.note).toBe('');
			// 7 x 8 of 64 + 64 - 56: an overlap of 56 / 72.
			expect(suppressed(boxes, { least: 0.25, most: 0.45 })).toEqual([0, 1]);
			expect(suppressed(boxes, { least: 0.25, most: 0.8 })).toEqual([0, 1, 2]);
		}
		session.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});

	it('of another format or unit are elsewhere', async () => {
		const session = await opened('boxes-v8');
		const [x, y, w, h] = CENTRED[0];
		const corner = await drawn(session, 'boxes', { format: 'xywh' });
		expectClose(
			{ data: corner.corners.slice(0, 4) },
			{ data: [x, y, x + w, y + h].map((n) => n / SIDE) },
			{ atol: 1e-6 }
		);
		const shares = await drawn(session, 'boxes', { unit: 'shares' });
		expectClose({ data: shares.corners.slice(0, 4) }, { data: CORNERS[0]!.map((n) => n * SIDE) }, { atol: 1e-5 });
		// Sizes that are read as corners lie before them.
		const wrong = await drawn(session, 'boxes', { format: 'xyxy' });
		expect(wrong.note).toMatch(/offsets to anchors/);
		session.dispose();
	});

	it('get a sigmoid where their scores are none, and lose what is the background', async () => {
		const session = await opened('boxes-v8');
		const sigmoid = await drawn(session, 'boxes', { activation: 'sigmoid' });
		expect(sigmoid.scores[0]).toBeCloseTo(1 / (1 + Math.exp(-0.9)), 5);
		const without = await drawn(session, 'boxes', { background: 'first' });
		expect(without.units).toBe(1);
		expectClose({ data: without.scores.slice(0, 3) }, { data: [0.9, 0.6, 0.1] }, { atol: 1e-6 });
		session.dispose();
	});
});

describe('what else is drawn', () => {
	it('a mask: the class of each position, and its share', async () => {
		const session = await opened('mask');
		const mask = await drawn(session, 'mask');
		expect(mask).toMatchObject({ width: SIDE, height: SIDE, units: 2, exclusive: true });
		// Three channels of 0.9: 54 - 30 against its opposite; of 0.1: 6 - 30.
		expect(Array.from(mask.classes)).toEqual(Array.from({ length: 1024 }, (_, i) => (i < 512 ? 1 : 0)));
		expect(mask.scores[0]).toBeCloseTo(1, 6);
		session.dispose();
	});
	it('a mask of one class: its sigmoid', async () => {
		const session = await opened('mask-binary');
		const mask = await drawn(session, 'mask');
		expect(mask).toMatchObject({ units: 1, exclusive: false });
		expect(mask.scores[0]).toBeCloseTo(1 / (1 + Math.exp(-24)), 6);
		expect(mask.scores[1023]).toBeCloseTo(1 / (1 + Math.exp(24)), 6);
		session.dispose();
	});
	it('an image beside its input: red is a quarter more', async () => {
		const session = await opened('picture');
		const picture = await drawn(session, 'picture');
		expect(picture.range).toEqual([0, 1]);
		expect(Array.from(picture.pixels.slice(-4))).toEqual([Math.round(255 * 0.35), 26, 26, 255]);
		expect(picture.difference!.mean).toBeCloseTo(0.25 / 3, 6);
		expect(picture.difference!.rmse).toBeCloseTo(0.25 / Math.sqrt(3), 6);
		expect(picture.difference!.values[7]).toBeCloseTo(0.25 / 3, 6);
		expect((await drawn(session, 'picture', { range: 'bytes' })).pixels[0]).toBe(1);
		const ends = await drawn(session, 'picture', { range: 'ends' });
		expectClose({ data: [...ends.range] }, { data: [0.1, 1.15] }, { atol: 1e-6 });
		session.dispose();
	});
	it('a map: its numbers', async () => {
		const session = await opened('map');
		const map = await drawn(session, 'map');
		expect([map.width, map.height, map.channels]).toEqual([SIDE, SIDE, 1]);
		expectClose({ data: [map.values[0]!, map.values[1023]!] }, { data: [2.7, 0.3] }, { atol: 1e-5 });
		session.dispose();
	});
	it('a sequence: its steps', async () => {
		const session = await opened('sequence');
		const curves = await drawn(session, 'curves');
		expect([curves.length, curves.channels, curves.values.length]).toEqual([24, 3, 72]);
		session.dispose();
	});
	it('nothing that it is not', async () => {
		const session = await opened('classes');
		const { output } = session.heads[0]!;
		await expect(drawnOutput(session, { output, kind: 'mask', parameters: {} })).rejects.toThrow(/cannot be read so/);
		await expect(drawnOutput(session, { output, kind: 'classes', parameters: {} })).rejects.toThrow(
			/cannot be read so/
		);
		await expect(drawnOutput(session, { output: 'no', kind: 'mask', parameters: {} })).rejects.toThrow(/no output/);
		session.dispose();
	});
	it('of rows those are nearest whose embedding has the same direction', async () => {
		const before = tf.memory().numTensors;
		const session = await opened('embedding-rows');
		const row = [0.9, 0.9, 0.9];
		const rows = [row, row.map((n) => 3 * n), row.map((n) => -n), [0.5, -0.2, 0.1], [0, 0, 0]];
		const embedding = ([a, b, c]: readonly number[]) =>
			Array.from({ length: 16 }, (_, k) => [a!, b!, c!].reduce((sum, n, i) => sum + n * Math.sin(16 * i + k + 1), 0));
		const dot = (a: number[], b: number[]) => a.reduce((sum, n, i) => sum + n * b[i]!, 0);
		const cosine = (a: number[], b: number[]) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
		const api = activationRows(
			() => session,
			{} as never,
			(_, job) => job()
		);
		const context = { signal: new AbortController().signal, progress: () => {} };
		const found = await api.similarities(session.heads[0]!.output, Float32Array.from(rows.flat()), context);
		const { value } = found as Transferred<Float32Array>;
		const own = embedding(row);
		expectClose(
			{ data: value.slice(0, 4) },
			{ data: rows.slice(0, 4).map((one) => cosine(own, embedding(one))) },
			{ atol: 1e-5 }
		);
		expect(value[4]).toBeNaN();
		session.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});
	it('an embedding gets no softmax: its numbers are what is predicted', async () => {
		const session = await opened('embedding');
		expect(session.heads[0]).toMatchObject({ kind: 'value', units: 64 });
		const [prediction] = await session.predict();
		expect(prediction!.probabilities).toEqual(prediction!.scores);
		session.dispose();
	});
});
