import { KIND_TITLES, type FigureLayer } from '#maths/figures/layer.ts';

/** From the list of all layers to those that are drawn, with the lines between them. */

export interface DrawnLayer extends FigureLayer {
	/** Ids of the drawn layers that feed it. */
	from: readonly string[];
	/** Shapes of what really feeds it, drawn or not. */
	fed: readonly FigureLayer['shape'][];
	/** What happens on the way to it from the one before, itself included: `Convolution 3×3`, `BatchNorm`, `ReLU`. */
	operations: readonly Operation[];
}

export interface Operation {
	title: string;
	/** A normalisation, activation or the like: it only finishes what came before. */
	finishing: boolean;
}

/** Layer ids -> ids of the earlier layers that feed it. What points nowhere, or forwards, is left out. */
export function linked(layers: readonly FigureLayer[]): Map<string, string[]> {
	const links = new Map<string, string[]>();
	let before = '';
	for (const { id, inputs } of layers) {
		const named = inputs.map((input) => input || before);
		links.set(
			id,
			[...new Set(named)].filter((input) => input !== id && links.has(input))
		);
		before = id;
	}
	return links;
}

const FINISHING = new Set(['normalisation', 'activation', 'dropout']);

export function operationsOf(layer: FigureLayer): Operation[] {
	const { kind, type, window, activation } = layer;
	const finishing = FINISHING.has(kind);
	const word = kind === 'activation' && activation ? activation : (layer.word ?? (type || KIND_TITLES[kind]));
	const title = window ? `${word} ${window.join('×')}` : word;
	const own = kind === 'input' || !word ? [] : [{ title, finishing }];
	return activation && kind !== 'activation' ? [...own, { title: activation, finishing: true }] : own;
}

/** What happened on a way, the newest first: copied at every step, a long way would cost its square. */
interface Since {
	own: readonly Operation[];
	before: Since | null;
}

/** From the oldest. */
function listed(since: Since | null): Operation[] {
	const newest: (readonly Operation[])[] = [];
	for (let at = since; at; at = at.before) newest.push(at.own);
	return newest.reverse().flat();
}

/**
 * Leaves layers out: lines lead past them, what they do is told by the next layer that stays (or by the one before, for
 * what only finishes it).
 */
export function chain(layers: readonly FigureLayer[], visible: (layer: FigureLayer) => boolean): DrawnLayer[] {
	const links = linked(layers);
	/** Drawn layers that a layer's value comes from, and what happened to it since. */
	const sources = new Map<string, { from: readonly string[]; since: Since | null }>();
	const drawn = new Map<string, DrawnLayer & { operations: Operation[] }>();
	const shapes = new Map(layers.map(({ id, shape }) => [id, shape]));
	for (const layer of layers) {
		const fed = (links.get(layer.id) ?? []).map((id) => shapes.get(id) ?? []);
		const inputs = (links.get(layer.id) ?? []).map((id) => sources.get(id) ?? { from: [], since: null });
		const from = inputs.length === 1 ? inputs[0]!.from : [...new Set(inputs.flatMap((input) => input.from))];
		const since = inputs[0]?.since ?? null;
		const own = operationsOf(layer);
		const before = from.length === 1 ? drawn.get(from[0] as string) : undefined;
		const further = own.length ? { own, before: since } : since;
		if (visible(layer)) {
			drawn.set(layer.id, { ...layer, from, fed, operations: listed(further) });
			sources.set(layer.id, { from: [layer.id], since: null });
		} else if (before && !since && own.every(({ finishing }) => finishing) && before.kind !== 'input') {
			before.operations.push(...own);
			sources.set(layer.id, { from, since: null });
		} else sources.set(layer.id, { from, since: layer.kind === 'merge' ? since : further });
	}
	return [...drawn.values()];
}

/** Whether the line from the drawn layer just before is there, and the ids of the others: skips. */
export function skipsOf(layers: readonly DrawnLayer[]): { from: number; to: number }[] {
	const indices = new Map(layers.map(({ id }, i) => [id, i]));
	return layers.flatMap(({ from }, to) =>
		from.flatMap((id) => {
			const at = indices.get(id) as number;
			return at === to - 1 ? [] : [{ from: at, to }];
		})
	);
}

/** What happens after the last main step: `BatchNorm, ReLU`. */
export function finishingText(operations: readonly Operation[]): string {
	const last = operations.findLastIndex(({ finishing }) => !finishing);
	const titles = [...new Set(operations.slice(last + 1).map(({ title }) => title))];
	return titles.slice(-2).join(', ');
}

/** What stands below a block: its main steps with their windows, then what finishes them; many steps are counted. */
export function operationLines(operations: readonly Operation[]): string[] {
	const main = operations.filter(({ finishing }) => !finishing);
	if (main.length > 2) return [`${main.length} layers`];
	return [...main.map(({ title }) => title), finishingText(operations)].filter(Boolean);
}
