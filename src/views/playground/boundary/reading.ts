import type { PlaneNetwork } from '#contracts/playground.ts';
import { formatted, percent, written } from '#maths/format.ts';
import { valuesAt } from '#maths/playground/field.ts';
import { classOf, sharesOf } from './colouring.ts';

/** What is said of one point of the plane. */
export interface PointReading {
	position: string;
	/** Of a regression, or of a neuron; or why there is none. */
	value: string;
	classes: readonly {
		name: string;
		share: number;
		/** What the output itself is, where that is no share. */
		output: string;
		/** The surest. */
		first: boolean;
	}[];
}

/** What is said where there is no number. */
const without = (what: string) => `${what} is NaN: training diverged. Choose a smaller learning rate and press Reset.`;

/** What is wrong with a network whose weights are no numbers; empty for others. */
export function problemOf(network: Pick<PlaneNetwork, 'parameters' | 'running'> | null): string {
	const lost = network && ![network.parameters, network.running].every((values) => values.every(Number.isFinite));
	return lost ? without('The network’s output') : '';
}

interface NamedAxis {
	name: string;
	scale: number;
	shift: number;
}

const PLAIN_VALUE: NamedAxis = { name: '', scale: 1, shift: 0 };

/** @param value how a regression's values were scaled @param neuron its index among all neurons and its name, or null for the answer @param names of the classes; none for values */
export function readingAt(
	network: PlaneNetwork | null,
	[x1, x2]: readonly [number, number],
	axes: readonly [NamedAxis, NamedAxis],
	names: readonly string[],
	neuron: readonly [number, string] | null,
	value: NamedAxis = PLAIN_VALUE
): PointReading {
	const own = ({ name, scale, shift }: NamedAxis, value: number) => `${name} ${written(value * scale + shift)}`;
	const position = `${own(axes[0], x1)}, ${own(axes[1], x2)}`;
	if (!network) return { position, value: '', classes: [] };
	const at = { x1: Float64Array.of(x1), x2: Float64Array.of(x2) };
	const values = valuesAt(network, at, neuron ? { content: 'neurons', plane: neuron[0] } : { content: 'outputs' });
	if (!values.every(Number.isFinite))
		return { position, value: without(neuron ? neuron[1] : 'the network’s output'), classes: [] };
	if (neuron) return { position, value: `${neuron[1]} ${formatted(values[0] as number)}`, classes: [] };
	if (!names.length) return { position, value: own(value, values[0] as number).trim(), classes: [] };
	const first = classOf(network, values);
	const isTanh = network.loss === 'squared-tanh';
	return {
		position,
		value: names[first] ?? '',
		classes: sharesOf(network, values).map((share, k) => ({
			name: names[k] ?? `class ${k}`,
			share,
			output: isTanh
				? formatted(network.outputs === 1 ? (k ? 1 : -1) * (values[0] as number) : (values[k] as number))
				: '',
			first: k === first
		}))
	};
}

export const inWords = ({ position, value, classes }: PointReading) =>
	`${position}: ${value}${classes.length ? ` (${classes.map(({ name, share }) => `${name} ${percent(share)}`).join(', ')})` : ''}`;
