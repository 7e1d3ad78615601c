import { describe, expect, it } from 'vitest';
import type { PlaneNetwork } from '#contracts/playground.ts';
import { formatted, written } from '#maths/format.ts';
import { moveBy, zoomBy } from '#maths/camera.ts';
import { FIRST_ORBIT, orbitMatrix, projected, steered, turned } from '#maths/orbit.ts';
import { dataset } from '#maths/playground/data.ts';
import { valuesAt } from '#maths/playground/field.ts';
import { initialParameters, networkLayout } from '#maths/playground/layout.ts';
import { WHOLE } from '#maths/playground/plane-view.ts';
import type { Loss } from '#maths/playground/spec.ts';
import { classOf, sharesOf, wrongPoints } from '#views/playground/boundary/colouring.ts';
import { colourWords, heightWords, levelWords } from '#views/playground/boundary/legend.ts';
import {
	DEFAULT_LEVELS,
	parseLevels,
	parseSheets,
	pictureDisplay,
	planesDisplay
} from '#views/playground/boundary/planes.ts';
import { inWords, problemOf, readingAt } from '#views/playground/boundary/reading.ts';
import { coarseValues, heightAxis, surfacePoints } from '#views/playground/boundary/surface.ts';
import { expectClose } from './close.ts';
import { lostNetworks, playground } from './tools/playground.ts';

function network(loss: Loss, outputs: number): PlaneNetwork {
	const { network } = playground({ network: { hidden: [5] } });
	const parameters = initialParameters(networkLayout(network, outputs), 'glorot-normal', 3);
	return { network, loss, outputs, parameters, running: new Float32Array(0) };
}

describe('the display settings of a picture', () => {
	const linked = (options: Record<string, string>, classes: number) =>
		pictureDisplay((key, otherwise) => options[key] ?? otherwise, classes);

	it('has only sheets of classes that there are, and levels that were understood', () => {
		expect(linked({ sheets: '2' }, 3).sheets).toBe(2);
		expect([linked({ sheets: '2' }, 2).sheets, linked({ sheets: '7' }, 3).sheets]).toEqual(['envelope', 'envelope']);
		for (const levels of ['abc', '', '0,100,-5']) expect(linked({ levels }, 2).levels).toEqual([60, 75, 90, 99]);
		expect(linked({ levels: '7, abc, 99.97' }, 2).levels).toEqual([7, 99.97]);
		const field = {
			key: 'k',
			width: 8,
			height: 8,
			count: 1,
			window: WHOLE,
			content: 'outputs',
			plane: undefined
		} as const;
		const display = linked({ levels: '75', isolines: 'true' }, 2);
		expect(planesDisplay({ ...field, step: 0, network: network('logistic', 1) }, display).levels).toEqual([0.75]);
	});

	it('is put in words that are true of it', () => {
		const names = ['a', 'b', 'c'];
		const flat = linked({ levels: '20,60,99.97', sheets: '1' }, 3);
		expect(levelWords(flat, names)).toBe(
			'top class at 60, 99.97 %; the top of 3 classes always has 33.3 % or more, so there is no line at 20 %'
		);
		expect(levelWords(linked({ levels: '50' }, 2), ['a', 'b'])).not.toContain('top class');
		expect(levelWords(linked({}, 3), names)).toBe('top class at 60, 75, 90, 99 %');
		const one = linked({ space: '3d', levels: '20', sheets: '1' }, 3);
		expect([levelWords(one, names), colourWords(one, names)].join()).toBe(
			'b at 20 %,Colour: b, paler where less probable.'
		);
		expect(heightWords(one, names)).toContain('probability of b;');
		const all = linked({ space: '3d', sheets: 'all' }, 3);
		expect(levelWords(all, names)).toContain('each class at 60');
		for (const words of [levelWords(all, names), colourWords(all, names)]) expect(words).not.toContain('top class');
		expect(colourWords(flat, names)).toContain('top class');
		expect(colourWords({ ...all, mode: 'margin' }, names)).toContain('minus');
	});

	it('is a picture for any link', () => {
		expect(parseLevels(DEFAULT_LEVELS)).toEqual([60, 75, 90, 99]);
		expect(parseLevels('90, 5;5 nonsense -3 100 NaN 1e9 99.5')).toEqual([5, 90, 99.5]);
		expect(parseLevels(Array.from({ length: 40 }, (_, i) => i + 1).join())).toHaveLength(16);
		expect(['all', '2', '999', '-1', ''].map(parseSheets)).toEqual(['all', 2, 'envelope', 'envelope', 'envelope']);
		for (const text of ['', 'NaN', '3d', 'entropy', 'true', '<b>', '9'.repeat(300)]) {
			const display = pictureDisplay(() => text, 3);
			const field = {
				key: 'k',
				width: 8,
				height: 8,
				count: 3,
				window: WHOLE,
				content: 'outputs',
				plane: undefined
			} as const;
			const planes = planesDisplay({ ...field, step: 0, network: network('cross-entropy', 3) }, display);
			expect(planes.levels.length).toBeLessThanOrEqual(16);
			expect(planes).toMatchObject({ meaning: 'shares', planes: 3, ends: [0, 1] });
		}
	});

	it('follows what a field holds', () => {
		const display = pictureDisplay((_, otherwise) => otherwise, 2);
		const field = { key: 'k', width: 8, height: 8, count: 1, window: WHOLE } as const;
		const of = (loss: Loss, outputs: number, content: 'outputs' | 'scores' | 'neurons', plane?: number) =>
			planesDisplay(
				{
					...field,
					step: 0,
					content,
					plane,
					count: plane === undefined ? outputs : 1,
					network: network(loss, outputs)
				},
				display
			);
		expect(of('squared-tanh', 1, 'outputs')).toMatchObject({ meaning: 'shares', ends: [-1, 1] });
		expect(of('squared-tanh', 3, 'scores')).toMatchObject({ meaning: 'pre-tanh', planes: 3 });
		expect(of('squared', 1, 'outputs')).toMatchObject({ meaning: 'value', line: false });
		expect(of('logistic', 1, 'neurons', 2)).toMatchObject({ meaning: 'value', plane: 0, planes: 1, line: true });
		const [low, high] = of('logistic', 1, 'neurons', 5).range;
		expect(low + high).toBeCloseTo(1, 12);
	});
});

describe('what is read at a point', () => {
	it('is every class and its share, which are one together, and the position in the own numbers', () => {
		const axes = [
			{ name: 'width', scale: 10, shift: 100 },
			{ name: 'height', scale: 1, shift: 0 }
		] as const;
		for (const [loss, outputs] of [
			['cross-entropy', 3],
			['squared-tanh', 3],
			['squared-tanh', 1],
			['logistic', 1]
		] as const) {
			const one = network(loss, outputs);
			const names = ['a', 'b', 'c'].slice(0, Math.max(2, outputs));
			const reading = readingAt(one, [1, -2], axes, names, null);
			expect(reading.position).toBe('width 110, height −2');
			expect(reading.classes.map(({ name }) => name)).toEqual(names);
			expect(reading.classes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
			const best = reading.classes.reduce((a, b) => (b.share > a.share ? b : a));
			expect([best.first, reading.value]).toEqual([true, best.name]);
			expect(inWords(reading)).toContain('%');
		}
		expectClose({ data: sharesOf(network('squared-tanh', 2), [-1, -1]) }, { data: [0.5, 0.5] });
		expectClose({ data: sharesOf(network('squared-tanh', 2), [1, 0]) }, { data: [2 / 3, 1 / 3] });
		const value = readingAt(network('squared', 1), [0, 0], axes, [], null);
		expect(value.classes).toEqual([]);
		expect(value.value).not.toBe('');
		const [out] = valuesAt(
			network('squared', 1),
			{ x1: Float64Array.of(0), x2: Float64Array.of(0) },
			{ content: 'outputs' }
		);
		expect([1987, -54321.5, 2e9, 0.5, 999].map(written)).toEqual(['1987', '−54,320', '2.0e+9', '0.5', '999']);
		const price = readingAt(network('squared', 1), [0, 0], axes, [], null, { name: 'price', scale: 400, shift: 500 });
		expect(price.value).toBe(`price ${formatted(400 * out! + 500)}`);
	});
});

describe('a network that is no number', () => {
	const axes = [
		{ name: 'x', scale: 1, shift: 0 },
		{ name: 'y', scale: 1, shift: 0 }
	] as const;

	it('is read out as such, with what to do, and has no class', () => {
		expect([problemOf(null), problemOf(network('logistic', 1))]).toEqual(['', '']);
		for (const [i, one] of lostNetworks().entries()) {
			const names = one.loss === 'squared' ? [] : ['a', 'b', 'c'].slice(0, Math.max(2, one.outputs));
			const reading = readingAt(one, [1, -2], axes, names, null);
			expect(reading.classes).toEqual([]);
			const text = inWords(reading);
			expect(text).toMatch(/^x 1, y −2: the network’s output is NaN: training diverged\. .* Reset\.$/);
			expect(readingAt(one, [1, -2], axes, names, [11, 'output']).value).toContain('output is NaN');
			expect(readingAt(one, [1, -2], axes, names, [0, 'neuron 1']).value).toMatch(/^neuron 1 −?\d/);
			// The last is one of finite weights: whether its sums are, depends on the point.
			expect(problemOf(one)).toBe(i < 4 ? text.slice(11).replace('the', 'The') : '');
		}
		for (const [loss, values] of [
			['logistic', [NaN]],
			['squared-tanh', [NaN]],
			['cross-entropy', [0.2, NaN]],
			['cross-entropy', [NaN, 0.9]]
		] as const)
			expect(classOf({ loss, outputs: values.length }, values)).toBe(-1);
	});

	it('puts every point on the wrong side, and on the floor', () => {
		const [one] = lostNetworks() as [PlaneNetwork];
		const data = dataset({ kind: 'spirals', size: 30, noise: 0, trainShare: 0.5, seed: 1 });
		const train = valuesAt(one, data.train, { content: 'outputs' });
		expect(wrongPoints(one, data.train, train)).toEqual(new Uint8Array(15).fill(1));
		const { positions, marks } = surfacePoints(one, WHOLE, { data, step: 0, train, test: train }, false, 'envelope');
		for (let i = 0; i < 15; i++) expect([positions[4 * i + 2], marks[4 * i + 3]]).toEqual([0, 2]);
	});
});

describe('points', () => {
	it('on the wrong side are all found, however many, and stand where the network puts their class', () => {
		const one = network('cross-entropy', 3);
		const data = dataset({ kind: 'spirals', size: 5000, noise: 0.2, trainShare: 0.6, seed: 1 });
		const outputs = {
			step: 0,
			data,
			train: valuesAt(one, data.train, { content: 'outputs' }),
			test: valuesAt(one, data.test, { content: 'outputs' })
		};
		const wrong = wrongPoints(one, data.train, outputs.train)!;
		expect(wrong).toHaveLength(3000);
		const share = wrong.reduce((sum, v) => sum + v, 0) / 3000;
		expect(share).toBeGreaterThan(0.4);
		expect(share).toBeLessThan(0.9);
		const { positions, marks } = surfacePoints(one, WHOLE, outputs, true, 'envelope');
		expect(positions).toHaveLength(4 * 5000);
		for (const i of [0, 17, 2999]) {
			expect(positions[4 * i + 2]).toBeCloseTo(outputs.train[data.train.y[i]! * 3000 + i]!, 6);
			expect(marks[4 * i + 3]).toBe(wrong[i] ? 2 : 0);
		}
		expect(marks[4 * 3000 + 3]! % 2).toBe(1);
		// On the sheet of one class they all stand on it.
		expect(surfacePoints(one, WHOLE, outputs, false, 1).positions[2]).toBeCloseTo(outputs.train[3000]!, 6);
	});

	it('of values stand at their value, with a stick from the surface', () => {
		const one = network('squared', 1);
		const data = dataset({ kind: 'gaussians', size: 40, noise: 0.5, trainShare: 0.5, seed: 1 });
		const outputs = {
			data,
			step: 0,
			train: valuesAt(one, data.train, { content: 'outputs' }),
			test: new Float32Array(20)
		};
		const { positions } = surfacePoints(one, WHOLE, outputs, false, 'envelope');
		expect([positions[2], positions[3]]).toEqual([Math.fround(data.train.y[0]!), outputs.train[0]]);
		const { ends, marks } = heightAxis(data, null, []);
		for (const y of data.train.y) expect(y >= ends[0] && y <= ends[1]).toBe(true);
		for (const { share } of marks) expect(share >= 0 && share <= 1).toBe(true);
		// In the own numbers of a table.
		const value = { name: 'price', scale: 400, shift: 500 };
		const own = heightAxis({ ...data, train: { ...data.train, value } }, null, []);
		expect([own.name, own.ends]).toEqual(['price', ends]);
		const at = own.marks.map(({ text, share }) => [Number(text), 400 * (ends[0] + share * (ends[1] - ends[0])) + 500]);
		for (const [shown, meant] of at) expect(shown).toBeCloseTo(meant!, 6);
	});
});

describe('the height of a surface', () => {
	it('reaches what the network gives where it is looked at, for values and for neurons', () => {
		const one = network('squared', 1);
		const far = { x1: [-600, 600], x2: [-600, 600] } as const;
		for (const [requested, plane] of [
			[{ ...one, network: { ...one.network, activation: 'relu' } }, 5],
			[{ ...one, network: { ...one.network, activation: 'relu' } }, 2],
			[one, null]
		] as const) {
			const values = coarseValues(requested, far, plane);
			const { ends, marks } = heightAxis(null, plane ?? 5, values);
			const content = plane === null ? ({ content: 'outputs' } as const) : ({ content: 'neurons', plane } as const);
			// Corners, where a single layer is the largest.
			for (const value of valuesAt(
				requested,
				{ x1: Float64Array.of(-600, 600, 0), x2: Float64Array.of(600, 600, 3) },
				content
			))
				expect(value >= ends[0] && value <= ends[1]).toBe(true);
			if (plane === 5) expect(ends[1] - ends[0]).toBeGreaterThan(10);
			for (const { share } of marks) expect(share >= 0 && share <= 1).toBe(true);
		}
		expect(heightAxis(null, 0, [NaN, Infinity, 7]).ends).toEqual([-1.4, 7]);
		expect(heightAxis(null, null, [7]).ends).toEqual([0, 1]);
	});

	it('costs the page little, however wide the network', () => {
		const { network } = playground({ network: { hidden: [2000, 2000] } });
		const parameters = initialParameters(networkLayout(network, 1), 'zeros', 1);
		const wide = { network, loss: 'squared', outputs: 1, parameters, running: new Float32Array(0) } as const;
		expect(coarseValues(wide, WHOLE, null)).toHaveLength(16);
	});
});

describe('the camera', () => {
	it('sees the box from where it stands, and keeps what is under the pointer', () => {
		const straight = { ...FIRST_ORBIT, yaw: 0, pitch: Math.PI / 2, right: 0, up: 0 };
		const above = orbitMatrix(straight, 1);
		expectClose({ data: projected(above, 0, 0, 0.5).slice(0, 2) }, { data: [0.5, 0.5] });
		const [right, down] = projected(above, 0.5, 0.5, 0.5);
		expect(right > 0.5 && down < 0.5).toBe(true);
		// What is higher is nearer from above, and higher from the side.
		expect(projected(above, 0, 0, 1)[2]).toBeLessThan(projected(above, 0, 0, 0)[2]);
		const side = orbitMatrix(turned(straight, 0, -Math.PI / 2), 1);
		expect(projected(side, 0, 0, 1)[1]).toBeLessThan(projected(side, 0, 0, 0)[1]);
		expect(projected(side, 0, -1, 0)[2]).toBeLessThan(projected(side, 0, 1, 0)[2]);
		const size = { width: 200, height: 100 };
		const before = turned(steered(FIRST_ORBIT, size, moveBy(20, 5)), 0.7, 0.1);
		const [x, y] = projected(orbitMatrix(before, 1), 0, 0, 0.5);
		const after = steered(before, size, zoomBy(3, [200 * x, 100 * y]));
		expectClose({ data: projected(orbitMatrix(after, 1), 0, 0, 0.5).slice(0, 2) }, { data: [x, y] });
		expect(turned(FIRST_ORBIT, 0, 99).pitch).toBe(Math.PI / 2);
	});
});
