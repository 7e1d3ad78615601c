import { linked } from '#maths/figures/chain.ts';
import { extent, KIND_TITLES, newLayer, type FigureKind, type FigureLayer } from '#maths/figures/layer.ts';

/** Changes of a list of layers; each gives a new one. */

type Layers = readonly FigureLayer[];

export const changed = (layers: Layers, id: string, change: Partial<FigureLayer>): FigureLayer[] =>
	layers.map((layer) => (layer.id === id ? { ...layer, ...change } : layer));

/** What it fed is fed by what fed it. */
export function without(layers: Layers, id: string): FigureLayer[] {
	const links = linked(layers);
	return layers
		.filter((layer) => layer.id !== id)
		.map((layer) => {
			if (!layer.inputs.includes(id)) return layer;
			const inputs = layer.inputs.flatMap((input) => (input === id ? (links.get(id) ?? []) : [input]));
			return { ...layer, inputs: [...new Set(inputs)] };
		});
}

/** @param to its index in the list without it */
export function moved(layers: Layers, id: string, to: number): FigureLayer[] {
	const layer = layers.find((one) => one.id === id);
	if (!layer) return [...layers];
	const others = layers.filter((one) => one.id !== id);
	const at = Math.max(0, Math.min(others.length, to));
	return [...others.slice(0, at), layer, ...others.slice(at)];
}

/** Kinds whose output is a vector, and those that keep the sizes of what they get. */
const FLAT = new Set<FigureKind>(['dense', 'flatten', 'global-pooling']);
const WINDOWS: Partial<Record<FigureKind, readonly [number, number]>> = {
	convolution: [3, 3],
	depthwise: [3, 3],
	transposed: [2, 2],
	pooling: [2, 2]
};

/** A layer of a kind with sizes that follow from what stands before it. */
export const suited = (kind: FigureKind, before: FigureLayer | undefined): Partial<FigureLayer> => ({
	word: null,
	sign: kind === 'merge' ? '+' : '',
	...sized(kind, before)
});

function sized(kind: FigureKind, before: FigureLayer | undefined): Partial<FigureLayer> {
	const [h, w, c] = before ? extent(before) : [28, 28, 1];
	const map = !before || before.shape.length > 1;
	const window = WINDOWS[kind] ?? null;
	const type = KIND_TITLES[kind];
	const half = (n: number) => Math.max(1, Math.floor(n / 2));
	if (kind === 'input') return { kind, type, window, shape: [h, w, c] };
	if (kind === 'flatten') return { kind, type, window, shape: [h * w * c] };
	if (FLAT.has(kind)) return { kind, type, window, shape: [kind === 'dense' && map ? 64 : c] };
	if (!window) return { kind, type, window, shape: before?.shape ?? [c] };
	if (!map) return { kind, type, window, shape: [14, 14, 16] };
	if (kind === 'pooling') return { kind, type, window, strides: [2, 2], shape: [half(h), half(w), c] };
	return {
		kind,
		type,
		window,
		strides: [1, 1],
		shape: [h, w, kind === 'depthwise' ? c : Math.min(512, Math.max(16, 2 * c))]
	};
}

/** A new layer after that index (-1: first). */
export function added(layers: Layers, at: number, kind: FigureKind): { layers: FigureLayer[]; id: string } {
	const taken = new Set(layers.map(({ id }) => id));
	let k = 1;
	while (taken.has(`${kind}-${k}`)) k++;
	const id = `${kind}-${k}`;
	const layer = newLayer(id, { ...suited(kind, layers[at]), name: id });
	return { layers: [...layers.slice(0, at + 1), layer, ...layers.slice(at + 1)], id };
}

const make = (
	id: string,
	kind: FigureKind,
	shape: number[],
	window: [number, number] | null = null,
	activation = ''
): FigureLayer => newLayer(id, { name: id, kind, type: KIND_TITLES[kind], shape, window, activation });

/** LeNet-5 (LeCun et al. 1998), to begin with. */
export const example = (): FigureLayer[] => [
	make('INPUT', 'input', [32, 32, 1]),
	make('C1', 'convolution', [28, 28, 6], [5, 5], 'Tanh'),
	make('S2', 'pooling', [14, 14, 6], [2, 2]),
	make('C3', 'convolution', [10, 10, 16], [5, 5], 'Tanh'),
	make('S4', 'pooling', [5, 5, 16], [2, 2]),
	make('C5', 'dense', [120], null, 'Tanh'),
	make('F6', 'dense', [84], null, 'Tanh'),
	make('OUTPUT', 'dense', [10], null, 'Softmax')
];

export const perceptron = (): FigureLayer[] => [
	make('Input', 'input', [4]),
	make('Hidden 1', 'dense', [8], null, 'ReLU'),
	make('Hidden 2', 'dense', [8], null, 'ReLU'),
	make('Output', 'dense', [3], null, 'Softmax')
];
