import { MAX_PLANES, PLANE_FLOWS, PLANE_MODES, type PlanesDisplay } from '#contracts/planes.ts';
import { chosen } from '#maths/chosen.ts';
import { classPaint } from '#maths/class-colours.ts';
import { planesOf } from '#maths/playground/field.ts';
import { ticks } from '#maths/playground/plane-view.ts';
import type { PlaneField } from '#state/playground/pictures.svelte.ts';
import { outputRange, END, SCALE } from './colouring.ts';

/** How the field of a network is shown, as the link has it. */

export interface PictureDisplay {
	space: '2d' | '3d';
	mode: PlanesDisplay['mode'];
	flow: 'none' | 'arrows' | 'texture';
	/** Isolines of a class's share, in per cent. */
	levels: readonly number[];
	lines: boolean;
	line: boolean;
	sheets: 'envelope' | 'all' | number;
	test: boolean;
}

export const DEFAULT_LEVELS = '60,75,90,99';

/** Percentages between 0 and 100, rising; at most 16. */
export function parseLevels(text: string): number[] {
	const all = text
		.split(/[\s,;]+/)
		.filter(Boolean)
		.map(Number);
	return [...new Set(all)]
		.filter((level) => level > 0 && level < 100)
		.sort((a, b) => a - b)
		.slice(0, 16);
}

export function parseSheets(text: string): PictureDisplay['sheets'] {
	return text === 'all' ? 'all' : /^\d{1,2}$/.test(text) ? Number(text) : 'envelope';
}

/** Display settings for any link. @param classes of the data: a sheet of one that is not there gives way to the surest class's */
export function pictureDisplay(option: (key: string, otherwise: string) => string, classes: number): PictureDisplay {
	const levels = parseLevels(option('levels', DEFAULT_LEVELS));
	const sheets = parseSheets(option('sheets', 'envelope'));
	return {
		space: option('space', '2d') === '3d' ? '3d' : '2d',
		mode: chosen(PLANE_MODES, option('mode', 'regions')),
		flow: chosen(PLANE_FLOWS, option('slopes', 'none')),
		levels: levels.length ? levels : parseLevels(DEFAULT_LEVELS),
		lines: option('isolines', 'false') === 'true',
		line: option('line', 'true') !== 'false',
		sheets: typeof sheets === 'number' && sheets >= classes ? 'envelope' : sheets,
		test: option('test', 'false') === 'true'
	};
}

/** Lines of values lie at round numbers. */
export const valueLevels = ([low, high]: readonly [number, number]) => ticks([low, high], 12).slice(0, 16);

/** A field of one plane is a neuron's, else it is the output's. */
export function planesDisplay(field: PlaneField, display: PictureDisplay): PlanesDisplay {
	const { network } = field;
	const ends = outputRange(network);
	const large = field.plane !== undefined;
	const isOutput =
		field.plane !== undefined && field.plane >= planesOf(network, { content: 'neurons' }) - network.outputs;
	const base = {
		field: field.key,
		planes: field.count,
		plane: 0,
		ends: ends ?? ([-1, 1] as const),
		colours: Array.from({ length: MAX_PLANES }, (_, k) => classPaint(k))
	};
	if (large || !ends) {
		const half = isOutput && ends ? (END * (ends[1] - ends[0])) / 2 : END;
		const middle = isOutput && ends ? (ends[0] + ends[1]) / 2 : 0;
		const range = [middle - half, middle + half] as const;
		return {
			...base,
			meaning: 'value',
			mode: 'regions',
			scale: SCALE,
			range,
			levels: display.lines ? valueLevels(range) : [],
			line: display.line && (large || !!ends)
		};
	}
	return {
		...base,
		meaning: field.content === 'scores' ? 'pre-tanh' : 'shares',
		mode: display.mode,
		scale: display.mode === 'entropy' ? 'magma' : 'viridis',
		range: [0, 1],
		levels: display.lines ? display.levels.map((level) => level / 100) : [],
		line: display.line
	};
}
