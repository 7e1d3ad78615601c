import type { ParameterSpec } from '#contracts/parameter.ts';
import { validParameter } from '#contracts/parameter.ts';
import type { PlaygroundSpec, Points } from '#contracts/playground.ts';
import {
	DATA,
	DEFAULT_HIDDEN,
	DEFAULT_INPUTS,
	formatHidden,
	LEARNING,
	NETWORK,
	parseHidden,
	specOf
} from '#state/playground/settings.ts';

/** What a grid of networks can vary: each value is what a link would say of the playground. */

/** Networks trained at once. */
export const MAX_NETWORKS = 64;

export interface GridAxis {
	id: string;
	title: string;
	/** The ones to begin with, separated by commas. */
	values: string;
	/** The value in its usual writing; null for none. */
	valid(text: string): string | null;
	/** As a heading says it. */
	label(value: string): string;
	/** What the link would say, over what it says already. */
	settings(value: string, option: Option): Readonly<Record<string, string>>;
}

type Option = (key: string, otherwise: string) => string;

const SPECS = [...DATA, ...NETWORK, ...LEARNING];

const FIRST_VALUES: Readonly<Record<string, string>> = {
	rate: '0.003,0.03,0.3,3',
	l1: '0,0.001,0.003,0.01,0.03',
	l2: '0,0.001,0.003,0.01,0.03,0.1',
	noise: '0,10,20,30,40,50',
	batch: '1,5,10,30,100',
	dropout: '0,10,20,40',
	share: '10,30,50,70,90',
	size: '50,100,200,500,1000',
	seed: '1,2,3,4,5,6,7,8',
	momentum: '0,0.5,0.9,0.99',
	decay: '0,0.01,0.1',
	every: '10,30,100',
	factor: '0.1,0.5,0.9',
	data: 'circle,xor,gauss,spiral,moons',
	activation: 'tanh,relu,sigmoid,linear',
	norm: 'false,true'
};

function fromSpec(spec: ParameterSpec): GridAxis {
	const key = (option: Option) => (spec.id === 'size' && option('data', '') === 'points' ? 'own-size' : spec.id);
	const settings = (value: string, option: Option) => ({ [key(option)]: value });
	const plain = { id: spec.id, title: spec.title, settings };
	if (spec.kind === 'number') {
		const unit = spec.unit === '%' ? ' %' : spec.unit ? ` ${spec.unit}` : '';
		return {
			...plain,
			values: FIRST_VALUES[spec.id] ?? String(spec.default),
			valid: (text) => (Number.isFinite(Number(text)) ? String(validParameter(spec, text)) : null),
			label: (value) => value + unit
		};
	}
	// Own points are one set; a grid compares the ones that a link can name.
	const options = spec.kind === 'choice' ? spec.options.filter(({ id }) => id !== 'points') : [];
	const all = spec.kind === 'choice' ? options.map(({ id }) => id) : ['false', 'true'];
	const named = (value: string) => options.find(({ id }) => id === value)?.title ?? (value === 'true' ? 'on' : 'off');
	return {
		...plain,
		values: FIRST_VALUES[spec.id] ?? all.join(','),
		valid: (text) => all.find((id) => id === text.toLowerCase()) ?? null,
		label: named
	};
}

const whole = (text: string, low: number, high: number) =>
	/^\d{1,4}$/.test(text) && Number(text) >= low && Number(text) <= high ? String(Number(text)) : null;
const hiddenOf = (option: Option) => parseHidden(option('hidden', DEFAULT_HIDDEN));

const SHAPES: readonly GridAxis[] = [
	{
		id: 'depth',
		title: 'Depth',
		values: '0,1,2,3,4',
		valid: (text) => whole(text, 0, 1000),
		label: (value) => (value === '1' ? '1 layer' : `${value} layers`),
		// As wide as the first layer is.
		settings: (value, option) => ({
			hidden: formatHidden(Array.from({ length: Number(value) }, () => hiddenOf(option)[0] ?? 4))
		})
	},
	{
		id: 'width',
		title: 'Width',
		values: '2,4,8,16',
		valid: (text) => whole(text, 1, 1e6),
		label: (value) => (value === '1' ? '1 neuron' : `${value} neurons`),
		settings: (value, option) => ({ hidden: formatHidden(hiddenOf(option).map(() => Number(value))) })
	},
	{
		id: 'layers',
		title: 'Layers',
		values: 'none,4,4-2,8-8,8-8-8',
		valid(text) {
			if (text === 'none') return text;
			if (!/^\d{1,6}(-\d{1,6})*$/.test(text)) return null;
			const widths = text.split('-').map(Number);
			return widths.every((n) => n >= 1) ? widths.join('-') : null;
		},
		label: (value) => value,
		settings: (value) => ({ hidden: value.replace(/-/g, ',') })
	}
];

/** Those that decide the shape first: width widens the layers that depth has made. */
export const GRID_AXES: readonly GridAxis[] = [...SHAPES, ...SPECS.filter(({ id }) => id !== 'own-size').map(fromSpec)];
export const axisOf = (id: string, otherwise: string): GridAxis =>
	(GRID_AXES.find((axis) => axis.id === id) ?? GRID_AXES.find((axis) => axis.id === otherwise)) as GridAxis;

/** The values of a list, each once, and what was none. */
export function parseValues(axis: GridAxis, text: string): { values: string[]; wrong: string[] } {
	const parts = text.split(/[\s,;]+/).filter(Boolean);
	const found = parts.map((part) => axis.valid(part));
	return {
		values: [...new Set(found.filter((value) => value !== null))].slice(0, MAX_NETWORKS),
		wrong: parts.filter((_, i) => found[i] === null)
	};
}

export interface ChosenAxis {
	axis: GridAxis;
	values: readonly string[];
}

interface GridNetwork {
	/** All that a link would say of it. */
	settings: Readonly<Record<string, string>>;
	spec: PlaygroundSpec;
}

export interface GridPlan {
	/** To the right, and downwards. */
	x: ChosenAxis;
	y: ChosenAxis;
	seeds: readonly string[];
	/** Cell by cell in rows, the seeds of a cell together. */
	networks: readonly GridNetwork[];
}

/** What a link says when it says nothing, by key. */
export const DEFAULT_SETTINGS: Readonly<Record<string, string>> = {
	inputs: DEFAULT_INPUTS,
	hidden: DEFAULT_HIDDEN,
	...Object.fromEntries(SPECS.map(({ id, default: value }) => [id, String(value)]))
};

/** The networks of a grid. @param seeds how many per cell, from the link's seed on; one where an axis is the seed */
export function gridPlan(x: ChosenAxis, y: ChosenAxis, seeds: number, option: Option, points: Points | null): GridPlan {
	const base = Object.fromEntries(Object.entries(DEFAULT_SETTINGS).map(([key, value]) => [key, option(key, value)]));
	const first = Number(validParameter(SPECS.find(({ id }) => id === 'seed') as ParameterSpec, base['seed']));
	const own = x.axis.id === 'seed' || y.axis.id === 'seed';
	const all = Array.from({ length: own ? 1 : seeds }, (_, i) => String(first + i));
	const order = [x, y].sort((a, b) => GRID_AXES.indexOf(a.axis) - GRID_AXES.indexOf(b.axis));
	const network = (right: string, down: string, seed: string): GridNetwork => {
		let settings: Readonly<Record<string, string>> = own ? base : { ...base, seed };
		for (const chosen of order) {
			const [value, so] = [chosen === x ? right : down, settings];
			settings = { ...so, ...chosen.axis.settings(value, (key, otherwise) => so[key] ?? otherwise) };
		}
		const kept = settings;
		return { settings, spec: specOf((key, otherwise) => kept[key] ?? otherwise, points) };
	};
	const networks = y.values.flatMap((down) =>
		x.values.flatMap((right) => all.map((seed) => network(right, down, seed)))
	);
	return { x, y, seeds: all, networks };
}

/** Whether two plans train the same networks. */
export function samePlan(a: GridPlan, b: GridPlan): boolean {
	const points = ({ networks }: GridPlan) => networks[0]?.spec.data.points;
	const text = ({ networks }: GridPlan) => JSON.stringify(networks.map(({ settings }) => settings));
	return points(a) === points(b) && text(a) === text(b);
}
