import { LabError } from '#contracts/errors.ts';
import type { OutputFacts, OutputKind } from '#contracts/output.ts';
import * as tf from '#engine/tf.ts';
import { gridOf } from '#methods/outputs/facts.ts';

/** More rows than this of one number each are no curve that anybody reads. */
const MAX_CURVES = 8;

/** Steps and numbers of each; of what has more axes, all but the last as steps. Null for a grid. */
function sequenceOf(facts: OutputFacts): { length: number; channels: number } | null {
	const sizes = facts.shape.slice(1);
	const channels = sizes.at(-1);
	const length = sizes.slice(0, -1).reduce<number>((product, n) => product * (n ?? NaN), 1);
	return facts.head.kind === 'grid' && !gridOf(facts) && channels && length ? { length, channels } : null;
}

const kind: OutputKind = {
	id: 'map',
	title: 'Map of values',
	order: 9,
	match(facts) {
		if (facts.head.kind !== 'grid') return null;
		const grid = gridOf(facts);
		const channels = grid?.channels ?? sequenceOf(facts)?.channels;
		if (!channels) return null;
		const parameters =
			grid && channels > 1
				? ([
						{
							id: 'channel',
							kind: 'number',
							title: 'Channel',
							help: 'Of the last axis.',
							...{ default: 0, min: 0, max: channels - 1, step: 1, integer: true }
						}
					] as const)
				: [];
		return { sure: 0.3, reason: grid ? 'a number per position' : 'numbers per step', parameters };
	},
	read: {
		references: ({ head }) => [head.output],
		async draw([values], { facts, parameters }) {
			if (!values) throw new LabError('The output has no value.');
			const grid = gridOf(facts);
			if (grid) {
				const { height, width, channels } = grid;
				const at = Number(parameters['channel'] ?? 0);
				const axis = facts.head.channelsFirst ? 1 : 3;
				const begin = [0, 0, 0, 0].with(axis, at);
				const one = tf.slice(values, begin, [1, -1, -1, -1].with(axis, 1));
				const numbers = Float32Array.from(await one.data());
				one.dispose();
				return { kind: 'map', width, height, channels, values: numbers };
			}
			const { length, channels } = sequenceOf(facts) ?? { length: 1, channels: values.size };
			const numbers = Float32Array.from(await values.data());
			return channels <= MAX_CURVES
				? { kind: 'curves', length, channels, values: numbers }
				: { kind: 'map', width: channels, height: length, channels: 1, values: numbers };
		}
	}
};

export default kind;
