import type { LabState } from '#contracts/lab.ts';
import {
	choice,
	flag,
	number,
	validParameters,
	type Parameters,
	type ParameterSpec,
	type ParameterValue
} from '#contracts/parameter.ts';
import { parseColours } from '#maths/figures/colours.ts';
import { isMap, type FigureLayer } from '#maths/figures/layer.ts';
import { DEFAULT_STYLE, type FigureStyle } from '#maths/figures/style.ts';
import { networkStyles, type NetworkStyle } from './network-style.ts';

/** What a link and a file keep of a figure: `figures.look`, `figures.lenet-side`... */

export const STYLE: readonly ParameterSpec[] = [
	choice('look', 'Colours', 'The colours by layer type are safe for colour blindness.', {
		kinds: 'By layer type',
		paper: 'Black and white',
		own: 'Custom'
	}),
	choice('background', 'Background', '', { white: 'White', none: 'Transparent' }),
	choice('font', 'Font', '', { 'sans-serif': 'Sans serif', serif: 'Serif', monospace: 'Monospace' }),
	number('size', 'Font size', '', 13, { min: 5, max: 40, step: 1 }),
	number('line', 'Line width', '', 1, { min: 0.2, max: 6, step: 0.1 }),
	number('spacing', 'Spacing', 'Factor on all gaps.', 1, { min: 0.2, max: 4, step: 0.1 }),
	flag('names', 'Names', '', true),
	flag('sizes', 'Sizes', '', true),
	flag('operations', 'Operations', '', true),
	flag('skips', 'Skip connections', '', true)
];

export function styleOf(values: Parameters, colours: string): FigureStyle {
	return {
		...DEFAULT_STYLE,
		palette: values['look'] as FigureStyle['palette'],
		colours: parseColours(colours),
		family: values['font'] as FigureStyle['family'],
		fontSize: values['size'] as number,
		line: values['line'] as number,
		spacing: values['spacing'] as number,
		names: values['names'] === true,
		sizes: values['sizes'] === true,
		operations: values['operations'] === true,
		skips: values['skips'] === true,
		background: values['background'] === 'none' ? '' : '#ffffff'
	};
}

type Link = Pick<LabState, 'option' | 'setOption'>;

const PREFIX = 'figures.';

/** @param scope empty, or a style's id */
export function valuesOf(lab: Link, specs: readonly ParameterSpec[], scope = ''): Parameters {
	const key = (id: string) => `${PREFIX}${scope ? `${scope}-` : ''}${id}`;
	const given = specs.map((spec) => [spec.id, lab.option(key(spec.id), String(spec.default))] as const);
	return validParameters(specs, Object.fromEntries(given));
}

export function setValue(
	lab: Link,
	specs: readonly ParameterSpec[],
	id: string,
	value: ParameterValue,
	scope = ''
): void {
	const spec = specs.find((one) => one.id === id);
	if (spec) lab.setOption(`${PREFIX}${scope ? `${scope}-` : ''}${id}`, String(value), String(spec.default));
}

/** The chosen style, else the one that suits: maps if there are any. */
export function networkStyleOf(lab: Link, layers: readonly FigureLayer[]): NetworkStyle {
	const suiting = layers.some((layer) => isMap(layer)) ? 'lenet' : 'fcnn';
	return networkStyles.get(lab.option(`${PREFIX}manner`, '')) ?? (networkStyles.get(suiting) as NetworkStyle);
}

/** All that differs from the defaults, by key. */
export function savedSettings(lab: Link): Record<string, string> {
	const keys = [
		...STYLE.map(({ id, default: value }) => [id, String(value)] as const),
		...[...networkStyles.values()].flatMap((networkStyle) =>
			networkStyle.options.map(({ id, default: value }) => [`${networkStyle.id}-${id}`, String(value)] as const)
		),
		['colours', ''] as const
	];
	const values = keys.map(([id, otherwise]) => [id, lab.option(PREFIX + id, otherwise), otherwise] as const);
	return Object.fromEntries(
		values.filter(([, value, otherwise]) => value !== otherwise).map(([id, value]) => [id, value])
	);
}

/** Takes over what a file says, where it is known; the rest goes back to its default. */
export function applySettings(lab: Link, settings: Readonly<Record<string, string>>, networkStyle: string): void {
	for (const { id, default: value } of STYLE) lab.setOption(PREFIX + id, settings[id] ?? String(value), String(value));
	for (const one of networkStyles.values())
		for (const { id, default: value } of one.options) {
			const key = `${one.id}-${id}`;
			lab.setOption(PREFIX + key, settings[key] ?? String(value), String(value));
		}
	lab.setOption(`${PREFIX}colours`, settings['colours'] ?? '', '');
	if (networkStyles.has(networkStyle)) lab.setOption(`${PREFIX}manner`, networkStyle, '');
}
