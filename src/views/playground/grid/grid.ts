import type { RegionCell, RegionGridRequest } from '#contracts/draw.ts';
import type { Metrics, PlaneNetwork } from '#contracts/playground.ts';
import { classColour } from '#maths/class-colours.ts';
import { scaleColours } from '#maths/colour.ts';
import { csv } from '#maths/csv.ts';
import { formatted, percent } from '#maths/format.ts';
import type { Figure, Spread } from '#maths/playground/grid-results.ts';
import { axisOf, parseValues, type ChosenAxis, type GridPlan } from '#state/playground/axes.ts';
import type { GridField } from '#state/playground/grid.svelte.ts';
import { END, SCALE } from '../boundary/colouring.ts';

/** What the parts of the grid's view share. */

type Option = (key: string, otherwise: string) => string;

export const FIRST_AXES = { x: 'rate', y: 'width' } as const;
export const FIRST_SEEDS = '3';
export const FIRST_EPOCHS = '100';
export const MAX_EPOCHS = 100_000;

/** An axis as the link has it. */
export function chosenAxis(side: 'x' | 'y', option: Option): ChosenAxis & { text: string; wrong: string[] } {
	const axis = axisOf(option(`grid-${side}`, FIRST_AXES[side]), FIRST_AXES[side]);
	const text = option(`grid-${side}-values`, axis.values);
	return { axis, text, ...parseValues(axis, text) };
}

export function wholeOption(option: Option, key: string, otherwise: string, max: number): number {
	const value = Math.round(Number(option(key, otherwise)));
	return Number.isFinite(value) ? Math.min(max, Math.max(1, value)) : Number(otherwise);
}

export const FIGURE_NAMES: Readonly<Record<Figure, string>> = {
	'test-loss': 'Test loss',
	'test-accuracy': 'Test accuracy',
	'train-loss': 'Train loss',
	'train-accuracy': 'Train accuracy'
};
export const isShare = (figure: Figure) => figure.endsWith('accuracy');
export const figureText = (figure: Figure, value: number) => (isShare(figure) ? percent(value) : formatted(value));

export function spreadText(figure: Figure, { mean, std, lost }: Spread, seeds: number): string {
	if (Number.isNaN(mean)) return 'diverged';
	const spread = seeds > 1 && seeds - lost > 1 ? ` ± ${figureText(figure, std)}` : '';
	return figureText(figure, mean) + spread + (lost ? `, ${lost} diverged` : '');
}

/** How a network's outputs are shown in a cell: two classes and values by one plane, more by the largest. */
function shownAs({ loss, outputs }: Pick<PlaneNetwork, 'loss' | 'outputs'>) {
	const probable = loss === 'logistic' || loss === 'cross-entropy';
	const range = probable ? ([0.5 - END / 2, 0.5 + END / 2] as const) : ([-END, END] as const);
	if (outputs <= 2 && !(outputs === 2 && !probable)) return { plane: outputs - 1, range, spread: 1 };
	return { plane: null, range, spread: probable ? 1 : 2 };
}

/** Regl's picture of all cells. */
export function gridRequest(
	field: GridField,
	sizes: Pick<RegionGridRequest, 'width' | 'height' | 'columns' | 'side' | 'pitch'>
): RegionGridRequest {
	const cells = field.cells.map(({ first, outputs, loss }): RegionCell => {
		const { plane, range, spread } = shownAs({ loss, outputs });
		return { first: first + (plane ?? 0), classes: plane === null ? outputs : 0, range, spread };
	});
	const colours = Array.from({ length: 8 }, (_, k) => classColour(k));
	return { ...sizes, field: field.key, planes: field.planes, cells, scale: SCALE, colours };
}

const HEAT = scaleColours('viridis', 64);

/** A figure's rank among others as a colour, and ink to write on it; losses on a logarithmic scale. */
export function heat(figure: Figure, value: number, all: readonly number[]): { colour: string; ink: string } | null {
	const scaled = (v: number) => (isShare(figure) ? v : Math.log(Math.max(v, 1e-9)));
	const good = all.filter(Number.isFinite).map(scaled);
	if (!Number.isFinite(value) || !good.length) return null;
	const [low, high] = [Math.min(...good), Math.max(...good)];
	const share = high > low ? (scaled(value) - low) / (high - low) : 0.5;
	// Bright is good, whichever way the figure goes.
	const colour = HEAT[Math.round(63 * (isShare(figure) ? share : 1 - share))] as string;
	const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => (parseInt(colour.slice(i, i + 2), 16) / 255) ** 2.2);
	return { colour, ink: 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? '#000' : '#fff' };
}

/** Where a cell stands among all. */
export interface Marks {
	first: number | null;
	close: ReadonlySet<number>;
}
export const NO_MARKS: Marks = { first: null, close: new Set() };
export const starOf = ({ first, close }: Marks, cell: number) => (first === cell ? '★ ' : close.has(cell) ? '☆ ' : '');

/** In words, for the name of a cell. */
export const cellText = ({ x, y }: GridPlan, cell: number) =>
	[
		`${x.axis.title} ${x.axis.label(x.values[cell % x.values.length] as string)}`,
		`${y.axis.title} ${y.axis.label(y.values[Math.floor(cell / x.values.length)] as string)}`
	].join(', ');

/** A line for each network. */
export function gridCsv({ x, y, seeds, networks }: GridPlan, metrics: readonly Metrics[], trainer: string): string {
	const head = [x.axis.title, y.axis.title, 'Seed', 'Updates', 'Epochs', ...Object.values(FIGURE_NAMES), 'Trainer'];
	const rows = metrics.map((one, n) => {
		const cell = Math.floor(n / seeds.length);
		const seed = networks[n]?.settings['seed'] ?? '';
		const choices = [x.values[cell % x.values.length] ?? '', y.values[Math.floor(cell / x.values.length)] ?? ''];
		const figures = [one.test.loss, one.test.accuracy, one.train.loss, one.train.accuracy];
		return [...choices, seed, one.step, one.epoch, ...figures, trainer];
	});
	return csv([head, ...rows]);
}
