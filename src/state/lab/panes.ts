import type { PaneDirection, PaneBounds, PaneTree } from '#contracts/panes.ts';

/** Panes side by side: their tree as a link has it, and what may be done to it. */

export const MAX_PANES = 4;
/** Per cent that a part keeps at least of what it shares with another. */
export const MIN_SHARE = 20;
/** `h60`: the first of two has 60 per cent; without a number they are equal. */
const SPLIT = /^([hv])(\d{2})?$/;

const within = (share: number) => Math.min(100 - MIN_SHARE, Math.max(MIN_SHARE, Math.round(share)));

/**
 * A tree is written with what parts it before its two parts, `h60.one.v.two.three`: a link keeps dots as they are. What is
 * unknown, or stands there already, is left out with its pane: a view has one state in each lab, which cannot be seen in two
 * ways at once.
 * @returns null when nothing is left
 */
export function parsePanes(text: string, known: (pane: string) => boolean): PaneTree | null {
	// Four panes are parted three times: what comes after is too much, and no link makes this go deeper.
	const words = text.split('.', 2 * MAX_PANES - 1);
	const seen = new Set<string>();
	let at = 0;
	const next = (): PaneTree | null => {
		const word = words[at++] ?? '';
		const split = SPLIT.exec(word);
		if (split) {
			const [first, second] = [next(), next()];
			if (first === null || second === null) return first ?? second;
			return { direction: split[1] as PaneDirection, share: within(Number(split[2] ?? 50)), first, second };
		}
		if (!known(word) || seen.has(word)) return null;
		seen.add(word);
		return word;
	};
	return next();
}

function written(tree: PaneTree, share: (share: number) => string): string {
	if (typeof tree === 'string') return tree;
	return [tree.direction + share(tree.share), written(tree.first, share), written(tree.second, share)].join('.');
}

export const formatPanes = (tree: PaneTree) =>
	written(tree, (share) => (within(share) === 50 ? '' : String(within(share))));

/** What is where, however large: another one is another step for Back and Forward. */
export const shapeOf = (tree: PaneTree) => written(tree, () => '');

/** In the order in which they are read. */
export function panesOf(tree: PaneTree): string[] {
	return typeof tree === 'string' ? [tree] : [...panesOf(tree.first), ...panesOf(tree.second)];
}

function replaced(tree: PaneTree, by: (pane: string) => PaneTree): PaneTree {
	if (typeof tree === 'string') return by(tree);
	return { ...tree, first: replaced(tree.first, by), second: replaced(tree.second, by) };
}

export const parted = (tree: PaneTree, pane: string, direction: PaneDirection, added: string) =>
	replaced(tree, (one) => (one === pane ? { direction, share: 50, first: one, second: added } : one));

/** Another stands in the place of a pane; if it stands in another pane already, the two change places. */
export const exchanged = (tree: PaneTree, pane: string, other: string) =>
	replaced(tree, (one) => (one === pane ? other : one === other ? pane : one));

/** @returns null when it was the only one */
export function without(tree: PaneTree, pane: string): PaneTree | null {
	if (typeof tree === 'string') return tree === pane ? null : tree;
	const [first, second] = [without(tree.first, pane), without(tree.second, pane)];
	if (first === null || second === null) return first ?? second;
	return { ...tree, first, second };
}

/** The bounds of each pane within others, which are the whole without a word. */
export function boundsOf(tree: PaneTree, bounds = { left: 0, top: 0, width: 100, height: 100 }): PaneBounds[] {
	if (typeof tree === 'string') return [{ pane: tree, ...bounds }];
	const [at, length] = tree.direction === 'h' ? (['left', 'width'] as const) : (['top', 'height'] as const);
	const first = (bounds[length] * tree.share) / 100;
	return [
		...boundsOf(tree.first, { ...bounds, [length]: first }),
		...boundsOf(tree.second, { ...bounds, [at]: bounds[at] + first, [length]: bounds[length] - first })
	];
}
