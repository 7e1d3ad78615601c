import { beforeAll, describe, expect, it } from 'vitest';
import type { StripRequest } from '#contracts/anatomy.ts';
import type { SentField } from '#contracts/field.ts';
import { activationStrip } from '#methods/activation/strip.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import { smallModel } from '../../tools/small-model.ts';

/** One run that looks at every layer: pictures and figures of tensors whose numbers are known. */

beforeAll(() => useBackend('cpu'));

/** x: two rows, three columns, two channels; 0, 1, 2... less four. */
const model = () =>
	smallModel(
		{ x: [null, 2, 3, 2] },
		[
			{ id: 'maps', type: 'Rescale', attributes: { scale: 1, offset: -4 } },
			{ id: 'list', type: 'Flatten' },
			{ id: 'series', type: 'Reshape', from: ['maps'], attributes: { shape: [6, 2] } },
			{ id: 'heads', type: 'Softmax', from: ['x'] },
			{ id: 'sum', type: 'GlobalAveragePool', from: ['maps'], attributes: { axes: [1, 2] } }
		],
		['list', 'series', 'heads', 'sum']
	);
const x = () => tf.reshape(tf.range(0, 12), [1, 2, 3, 2]);

async function strips(request: Partial<StripRequest>, input = x(), signal = new AbortController().signal) {
	const sent = new Map<string, SentField>();
	const send = (field: SentField) => void sent.set(field.key, field);
	const whole = { layers: ['maps'], prefix: 'k:', maxCells: 0, ...request };
	const before = tf.memory().numTensors;
	const reports = await activationStrip(
		{ model: opened, feeds: { x: input }, transfer: 'array', signal, send },
		whole
	).finally(() => expect(tf.memory().numTensors).toBe(before));
	const picture = (id: string) => {
		const { width, height, payload } = sent.get(`k:${id}`)!;
		return { width, height, values: payload.kind === 'array' ? [...payload.values] : null };
	};
	return { reports, sent, picture };
}
let opened = null as unknown as ReturnType<typeof model>;
beforeAll(() => (opened = model()));

describe('an activation strip', () => {
	it('of maps: each channel beside the other, with its figures', async () => {
		const { reports, picture } = await strips({});
		expect(reports).toHaveLength(1);
		const { stats, ...rest } = reports[0]!;
		expect(rest).toEqual({
			id: 'maps',
			shape: [2, 3, 2],
			cells: { kind: 'maps', count: 2, width: 3, height: 2, columns: 2, shown: 2 },
			key: 'k:maps',
			thinned: 1
		});
		expect(picture('maps')).toEqual({ width: 6, height: 2, values: [-4, -2, 0, -3, -1, 1, 2, 4, 6, 3, 5, 7] });
		const std = Math.sqrt((25 + 9 + 1 + 1 + 9 + 25) / 6);
		for (const [figures, expected] of [
			[stats.mean, [1, 2]],
			[stats.std, [std, std]],
			[stats.min, [-4, -3]],
			[stats.max, [6, 7]],
			[stats.zeros, [1 / 6, 0]]
		] as const)
			expectClose({ data: figures }, { data: expected }, { rtol: 1e-6 });
	});

	it('of units: their values, and no picture', async () => {
		const { reports, sent } = await strips({ layers: ['list', 'sum'] });
		expect(sent.size).toBe(0);
		const [list, sum] = reports;
		expect(list).toMatchObject({ key: null, shape: [12], thinned: 1 });
		expect(list!.cells).toEqual({ kind: 'units', count: 12, width: 1, height: 1, columns: 12, shown: 12 });
		expect([...list!.stats.mean]).toEqual([-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7]);
		expect([...list!.stats.max]).toEqual([...list!.stats.mean]);
		expect([...list!.stats.min]).toEqual([...list!.stats.mean]);
		expect([...list!.stats.zeros]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
		expect([...list!.stats.std]).toEqual(Array.from({ length: 12 }, () => 0));
		expect([...sum!.stats.mean]).toEqual([1, 2]);
	});

	it('of a sequence and of heads, which are turned first; in the order that was asked for', async () => {
		const { reports, picture } = await strips({ layers: ['heads', 'series', 'maps'] });
		expect(reports.map(({ id, cells }) => [id, cells.kind])).toEqual([
			['heads', 'heads'],
			['series', 'sequence'],
			['maps', 'maps']
		]);
		expect(picture('series')).toEqual({ width: 6, height: 2, values: [-4, -2, 0, 2, 4, 6, -3, -1, 1, 3, 5, 7] });
		expect(reports[1]!.cells).toMatchObject({ count: 1, width: 6, height: 2 });
		expect([...reports[1]!.stats.mean]).toEqual([1.5]);
		// Each pair differs by one: softmax is the same everywhere.
		const [a, b] = [1 / (1 + Math.E), Math.E / (1 + Math.E)];
		expect(reports[0]!.cells).toEqual({ kind: 'heads', count: 2, width: 2, height: 3, columns: 2, shown: 2 });
		expectClose({ data: picture('heads').values! }, { data: [1, 2, 3].flatMap(() => [a, b, a, b]) }, { rtol: 1e-6 });
	});

	it('shows no more cells than asked for, in 48 numbers a side, and tells of all', async () => {
		const one = await strips({ maxCells: 1 });
		expect(one.reports[0]!.cells).toMatchObject({ count: 2, shown: 1, columns: 1 });
		expect(one.reports[0]!.stats.mean).toHaveLength(2);
		expect(one.picture('maps')).toEqual({ width: 3, height: 2, values: [-4, -2, 0, 2, 4, 6] });
		const wide = smallModel({ x: [null, 1, 96, 1] }, [{ id: 'maps', type: 'Identity' }]);
		opened = wide;
		const line = tf.reshape(tf.range(0, 96), [1, 1, 96, 1]);
		const thin = await strips({ maxCells: 1 }, line);
		expect(thin.reports[0]).toMatchObject({ thinned: 2, cells: { width: 48, height: 1 } });
		expect(thin.picture('maps').values!.slice(0, 3)).toEqual([0.5, 2.5, 4.5]);
		expect((await strips({}, line)).reports[0]).toMatchObject({ thinned: 1, cells: { width: 96 } });
		opened = model();
	});

	it('of a batch looks at the first', async () => {
		const two = tf.concat([x(), tf.ones([1, 2, 3, 2])]);
		const { reports, picture } = await strips({ layers: ['maps', 'list'] }, two);
		expect(picture('maps').values).toEqual([-4, -2, 0, -3, -1, 1, 2, 4, 6, 3, 5, 7]);
		expect(reports[0]!.cells).toMatchObject({ kind: 'maps', count: 2 });
		expect([...reports[1]!.stats.mean]).toEqual([-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7]);
	});

	it('leaves nothing when it is cancelled or a layer fails', async () => {
		const controller = new AbortController();
		controller.abort();
		await expect(strips({ layers: ['maps', 'series'] }, x(), controller.signal)).rejects.toThrow('cancelled');
		await expect(strips({ layers: ['series', 'nowhere'] })).resolves.toMatchObject({ reports: [{ id: 'series' }] });
		await expect(strips({ layers: ['maps', 'series'] }, tf.zeros([1, 5]))).rejects.toThrow();
	});
});
