import { describe, expect, it } from 'vitest';
import { validParameters } from '#contracts/parameter.ts';
import { chain, linked, operationLines, skipsOf } from '#maths/figures/chain.ts';
import { example } from '#maths/figures/edit.ts';
import { elided } from '#maths/figures/elision.ts';
import { newLayer, type FigureLayer } from '#maths/figures/layer.ts';
import { DEFAULT_STYLE, type FigureStyle } from '#maths/figures/style.ts';
import { boundsOf, svgText, type SvgElement } from '#maths/figures/svg.ts';
import { drawnLayers, figureScene, MAX_FIGURE_LAYERS } from '../../src/views/figures/figure.ts';
import { networkStyles, type NetworkStyle } from '../../src/views/figures/network-style.ts';
import { all, colliding, layerGroups, overlap, sceneTexts, texts } from './boxes.ts';

const make = (id: string, change: Partial<FigureLayer>): FigureLayer => newLayer(id, { name: id, ...change });

/** A stem, a residual block with its addition, a concatenation with a side branch, a head. */
const branched: FigureLayer[] = [
	make('image', { kind: 'input', type: 'Input', shape: [32, 32, 3] }),
	make('stem', { kind: 'convolution', type: 'Conv2D', word: 'Convolution', shape: [32, 32, 16], window: [3, 3] }),
	make('norm', { kind: 'normalisation', type: 'BatchNormalization', word: 'BatchNorm', shape: [32, 32, 16] }),
	make('conv', {
		kind: 'convolution',
		type: 'Conv2D',
		word: 'Convolution',
		shape: [32, 32, 16],
		window: [3, 3],
		activation: 'ReLU'
	}),
	make('sum', { kind: 'merge', type: 'Add', shape: [32, 32, 16], inputs: ['', 'norm'] }),
	make('pool', { kind: 'pooling', type: 'MaxPool2D', word: 'Max-pooling', shape: [16, 16, 16], window: [2, 2] }),
	make('side', {
		kind: 'convolution',
		type: 'Conv2D',
		word: 'Convolution',
		shape: [16, 16, 8],
		window: [1, 1],
		inputs: ['image']
	}),
	make('both', { kind: 'merge', type: 'Concat', sign: '', shape: [16, 16, 24], inputs: ['', 'pool'] }),
	make('mean', { kind: 'global-pooling', type: 'GlobalAveragePool', word: 'Global mean', shape: [24] }),
	make('classes', { kind: 'dense', type: 'Dense', shape: [10], activation: 'Softmax' })
];

const networkStyle = (id: string) => networkStyles.get(id) as NetworkStyle;

function figure(
	layers: readonly FigureLayer[],
	id: string,
	given: Record<string, unknown> = {},
	style: Partial<FigureStyle> = {}
) {
	const options = validParameters(networkStyle(id).options, given);
	const parts = { layers, networkStyle: networkStyle(id), options, style: { ...DEFAULT_STYLE, ...style } };
	const drawn = drawnLayers(parts);
	const elements = networkStyle(id).draw({ layers: drawn, options, style: parts.style, slices: new Map() });
	return { drawn, elements, scene: figureScene({ ...parts, title: 'T', slices: new Map() }) };
}

describe('the list of layers', () => {
	it('tells all that happens on a long way that is not drawn', () => {
		const between = Array.from({ length: 20_000 }, (_, i) => make(`d${i}`, { kind: 'dense', type: `${i}` }));
		const ends = [make('in', { kind: 'input' }), make('out', { kind: 'dense', type: 'last' })] as const;
		const drawn = chain([ends[0], ...between, ends[1]], ({ id }) => id === 'in' || id === 'out');
		expect(drawn.map(({ from }) => from)).toEqual([[], ['in']]);
		const titles = drawn[1]!.operations.map(({ title }) => title).join();
		expect(titles).toBe([...between.map(({ type }) => type), 'last'].join());
	}, 2000);

	it('links by index and by name, never forwards', () => {
		const links = linked([
			make('a', {}),
			make('b', { inputs: ['', 'c', 'b', 'nowhere'] }),
			make('c', { inputs: ['a', 'a'] })
		]);
		expect([...links]).toEqual([
			['a', []],
			['b', ['a']],
			['c', ['a']]
		]);
	});

	it('leads past what is left out, and says what was done there', () => {
		const drawn = chain(branched, ({ kind }) => kind !== 'normalisation' && kind !== 'pooling');
		const by = (id: string) => drawn.find((layer) => layer.id === id);
		expect(by('sum')?.from).toEqual(['conv', 'stem']);
		expect(by('both')?.from).toEqual(['side', 'sum']);
		expect(by('stem')?.operations.map(({ title }) => title)).toEqual(['Convolution 3×3', 'BatchNorm']);
		expect(operationLines(by('conv')?.operations ?? [])).toEqual(['Convolution 3×3', 'ReLU']);
		// The window of the pooling that is not drawn is told by nobody but its consumer's shapes.
		expect(by('both')?.fed).toEqual([
			[16, 16, 8],
			[16, 16, 16]
		]);
		expect(skipsOf(drawn)).toEqual([
			{ from: 1, to: 3 },
			{ from: 0, to: 4 },
			{ from: 3, to: 5 }
		]);
	});
});

describe('every style', () => {
	const cases = [...networkStyles.keys()].flatMap((id) =>
		(['right', 'down'] as const).flatMap((direction) =>
			[8, 13, 24].map((fontSize) => [id, direction, fontSize] as const)
		)
	);
	it.each(cases)('%s, %s, letters of %i: keeps texts apart and inside the page', (id, direction, fontSize) => {
		for (const layers of [branched, example()]) {
			const { elements, scene } = figure(layers, id, { direction }, { fontSize });
			expect(colliding(elements)).toEqual([]);
			const { x, y, width, height } = boundsOf(elements);
			expect(scene.width).toBeGreaterThanOrEqual(width);
			expect(scene.height).toBeGreaterThanOrEqual(height);
			expect(Number.isFinite(x + y)).toBe(true);
			expect(svgText(scene)).not.toMatch(/NaN|undefined|Infinity|var\(|class=|foreignObject/);
		}
	});

	it.each([...networkStyles.keys()])('%s names every layer that it draws', (id) => {
		const { drawn, scene } = figure(branched, id, { detail: 'all' });
		const shown = sceneTexts(scene).join('\n');
		for (const { name, kind, type } of drawn)
			if (!(kind === 'merge' && type === 'Add') || id === 'blocks' || id === 'fcnn') expect(shown).toContain(name);
		const groups = layerGroups(scene.elements);
		expect([...groups.keys()].sort()).toEqual(drawn.map((layer) => layer.id).sort());
	});

	it.each([...networkStyles.keys()])(
		'%s survives an empty list, one layer, open sizes and sizes of any length',
		(id) => {
			const odd = [
				make('open', { kind: 'convolution', shape: [null, null, 8], window: [3, 3] }),
				make('long', { kind: 'convolution', shape: [2, 1e6, 3], window: [9, 9] }),
				make('steps', { kind: 'recurrent', shape: [20, 64] }),
				make('video', { kind: 'convolution', shape: [8, 16, 16, 4], window: [3, 3] }),
				make('number', { kind: 'other', shape: [] }),
				make('units', { kind: 'dense', shape: [3] })
			].map((layer) => ({ ...layer, shown: true }));
			for (const layers of [[], odd.slice(0, 1), odd]) {
				const { scene } = figure(layers, id);
				expect(svgText(scene)).not.toMatch(/NaN|undefined|Infinity/);
				expect(layerGroups(scene.elements).size).toBe(layers.length);
			}
		}
	);

	it('draws no more layers than a figure holds', () => {
		const many = Array.from({ length: 2 * MAX_FIGURE_LAYERS }, (_, i) => make(`l${i}`, { kind: 'dense', shape: [4] }));
		expect(figure(many, 'blocks').drawn).toHaveLength(MAX_FIGURE_LAYERS);
	});

	it('draws paper in black and white', () => {
		for (const id of networkStyles.keys()) {
			const text = svgText(figure(branched, id, {}, { palette: 'paper' }).scene);
			const colours = [...text.matchAll(/#[0-9a-f]{6}/g)].map(([colour]) => colour);
			expect(colours.every((c) => c.slice(1, 3) === c.slice(3, 5) && c.slice(3, 5) === c.slice(5, 7))).toBe(true);
		}
	});
});

describe('options', () => {
	it('each one that is offered changes the figure', () => {
		const layers = branched.map((layer) => ({
			...layer,
			trainable: layer.kind === 'dense' ? true : null,
			group: layer.id === 'conv' ? ['block'] : [],
			parameters: layer.kind === 'dense' ? 250 : 0,
			kernel: layer.kind === 'dense' ? 'k' : '',
			strides: layer.window && ([2, 2] as const)
		}));
		const slices = new Map([['classes', Float32Array.from({ length: 120 }, (_, i) => Math.sin(i))]]);
		for (const one of networkStyles.values()) {
			const draw = (given: Record<string, unknown>) => {
				const options = validParameters(one.options, given);
				const parts = { title: '', layers, networkStyle: one, options, style: DEFAULT_STYLE, slices };
				return svgText(figureScene(parts));
			};
			for (const base of [{}, { projection: 'orthographic' }, { weights: false }]) {
				const valid = validParameters(one.options, base);
				for (const spec of one.options.filter(({ id }) => one.relevant?.(id, valid) ?? true)) {
					const others =
						spec.kind === 'boolean'
							? [!valid[spec.id]]
							: spec.kind === 'number'
								? [spec.min, spec.max]
								: spec.kind === 'choice'
									? spec.options.map(({ id }) => id)
									: [];
					const drawn = new Set(others.map((value) => draw({ ...base, [spec.id]: value })).concat(draw(base)));
					// The long list and few sheets of `auto` and `all` are the same for a short network.
					expect(drawn.size, `${one.id}: ${spec.id}`).toBeGreaterThan(1);
				}
			}
		}
	});
});

describe('neurons', () => {
	const dense = (units: readonly number[]) =>
		units.map((n, i) => make(`d${i}`, { kind: i ? 'dense' : 'input', shape: [n] }));

	it('leaves the middle out and says how many', () => {
		expect(elided(5, 12)).toEqual({ shown: [0, 1, 2, 3, 4], gap: -1, left: 0 });
		expect(elided(1568, 5)).toEqual({ shown: [0, 1, 2, 1566, 1567], gap: 3, left: 1563 });
		const { elements } = figure(dense([1568, 7, 3]), 'fcnn', { most: 6 });
		expect(all(elements, 'circle')).toHaveLength(6 + 6 + 3);
		expect(all(elements, 'path')).toHaveLength(36 + 18);
		expect(texts(elements)).toEqual(expect.arrayContaining(['1,562 more', '1 more', '1,568 units']));
	});

	it('keeps circles apart', () => {
		const circles = all(figure(dense([30, 20, 9]), 'fcnn', { most: 20 }).elements, 'circle').map((c) => boundsOf([c]));
		circles.forEach((a, i) => circles.slice(i + 1).forEach((b) => expect(overlap(a, b)).toBeLessThanOrEqual(0)));
	});

	it('asks for the weights of what it draws, and draws them by sign and size', () => {
		const layers = dense([4, 3]).map((layer) => ({ ...layer, kernel: 'd1/kernel', parameters: 15 }));
		const options = validParameters(networkStyle('fcnn').options, { most: 2 });
		const drawn = drawnLayers({ layers, networkStyle: networkStyle('fcnn'), options });
		expect(networkStyle('fcnn').slices?.(drawn, options)).toEqual([
			{ layer: 'd1', kernel: 'd1/kernel', rows: [0, 3], columns: [0, 2] }
		]);
		const slices = new Map([['d1', Float32Array.of(0.5, -1, 0.25, 0)]]);
		const elements = networkStyle('fcnn').draw({ layers: drawn, options, style: DEFAULT_STYLE, slices });
		const lines = all(elements, 'path')
			.slice(0, 4)
			.map(({ attributes }) => attributes);
		const widths = lines.map((line) => Number(line['stroke-width']));
		// Base 0.6, from 0.15 to 3.15 of it.
		expect(widths).toEqual([0.99, 1.89, 0.54, 0.09]);
		expect(lines[1]?.['stroke']).toBe('#2166ac');
		expect(lines[0]?.['stroke']).toBe('#b2182b');
		expect(texts(elements)).toContain('|w| ≤ 1');
	});

	it('draws skips beside a network that runs down', () => {
		const layers = [...dense([4, 4, 4]).slice(0, 2), make('d2', { kind: 'dense', shape: [4], inputs: ['', 'd0'] })];
		for (const direction of ['right', 'down']) {
			const { elements } = figure(layers, 'fcnn', { direction });
			const arc = all(elements, 'g').find((g) => g.children?.[0]?.text === 'd0 → d2');
			const { x, y, width, height } = boundsOf([arc as SvgElement]);
			const circles = all(elements, 'circle').map((c) => boundsOf([c]));
			if (direction === 'down') expect(x).toBeGreaterThan(Math.max(...circles.map((c) => c.x + c.width)));
			else expect(y + height).toBeLessThan(Math.min(...circles.map((c) => c.y)));
			expect(Math.max(width, height)).toBeGreaterThan(150);
		}
	});

	it('does not take weights for neurons that they do not belong to', () => {
		const [a, b] = dense([5, 3]) as [FigureLayer, FigureLayer];
		const options = validParameters(networkStyle('fcnn').options, {});
		const drawn = chain([a, { ...b, kernel: 'k', parameters: 15 + 3 + 3 }], () => true);
		expect(networkStyle('fcnn').slices?.(drawn, options)).toEqual([]);
	});
});

const boxesOf = (element: SvgElement) => all([element], 'rect').map((one) => boundsOf([one]));

describe('feature maps', () => {
	it('are true to scale when asked, with the window in cells of the map before', () => {
		const { elements } = figure(example(), 'lenet', { scale: 'linear', side: 320 });
		const groups = layerGroups(elements);
		const sheet = (id: string) => boxesOf(groups.get(id) as SvgElement).at(-1);
		expect(sheet('INPUT')).toMatchObject({ width: 320, height: 320 });
		expect(sheet('C1')).toMatchObject({ width: 280, height: 280 });
		expect(sheet('S4')).toMatchObject({ width: 50, height: 50 });
		const cones = all(elements, 'g').filter((g) => g.children?.[0]?.text === 'INPUT → C1');
		expect(boxesOf(cones[0] as SvgElement)).toMatchObject([{ width: 50, height: 50 }]);
	});

	it('have as many sheets as channels or fewer, more for deeper layers', () => {
		const groups = layerGroups(figure(example(), 'lenet', { sheets: 10 }).elements);
		const count = (id: string) => all([groups.get(id) as SvgElement], 'rect').length;
		expect(count('INPUT')).toBe(1);
		expect(count('C3')).toBe(10);
		expect(count('C1')).toBeLessThan(10);
	});

	it.each(['lenet', 'alexnet'])('%s keeps its blocks apart and draws every skip', (id) => {
		const { elements, drawn } = figure(branched, id);
		const blocks = [...layerGroups(elements).values()].map((g) => boundsOf(g.children ?? []));
		blocks.forEach((a, i) => blocks.slice(i + 1).forEach((b) => expect(overlap(a, b)).toBeLessThanOrEqual(0.01)));
		const titles = all(elements, 'title').map(({ text }) => text);
		expect(skipsOf(drawn)).toHaveLength(3);
		for (const skip of ['stem → sum', 'image → side', 'pool → both']) expect(titles).toContain(skip);
		const without = figure(branched, id, {}, { skips: false });
		expect(all(without.elements, 'title').map(({ text }) => text)).not.toContain('stem → sum');
	});

	it('label sizes as LeNet and AlexNet do', () => {
		expect(sceneTexts(figure(example(), 'lenet').scene)).toEqual(
			expect.arrayContaining(['6@28×28', '16@5×5', 'Convolution 5×5', 'Pooling 2×2', '120'])
		);
		const words = sceneTexts(figure(example(), 'alexnet').scene);
		expect(words.filter((word) => word === '28')).toHaveLength(2);
		expect(words).toEqual(expect.arrayContaining(['6', '16', '120', '84', '10']));
	});

	it('of deep networks are shown where sizes change', () => {
		const deep = Array.from({ length: 40 }, (_, i) =>
			make(`c${i}`, { kind: 'convolution', shape: [64 >> Math.floor(i / 10), 64 >> Math.floor(i / 10), 8 + (i % 2)] })
		);
		expect(figure(deep, 'lenet').drawn.map(({ id }) => id)).toEqual(['c9', 'c19', 'c29', 'c39']);
		expect(sceneTexts(figure(deep, 'lenet').scene)).toContain('10 layers');
		expect(figure(deep, 'lenet', { detail: 'all' }).drawn).toHaveLength(40);
	});
});
