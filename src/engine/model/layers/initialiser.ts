import type { AttributeValue } from '#contracts/graph.ts';
import { isObject } from '#maths/json.ts';

/** What a Keras file says of the distribution that its weights were drawn from, in words that people and programs can read. */

const KEYS: readonly (readonly [key: string, attribute: string])[] = [
	['kernel_initializer', 'initialiser'],
	['depthwise_initializer', 'initialiser'],
	['embeddings_initializer', 'initialiser'],
	['pointwise_initializer', 'pointwise initialiser'],
	['recurrent_initializer', 'recurrent initialiser']
];

/** Keras's names for variance scaling. */
const FAMILIES: Readonly<Record<string, readonly [scale: number, mode: string]>> = {
	Glorot: [1, 'avg'],
	He: [2, 'in'],
	LeCun: [1, 'in']
};

function worded(value: unknown): string | null {
	const className = isObject(value) ? value['class_name'] : value;
	const config = isObject(value) && isObject(value['config']) ? value['config'] : {};
	const number = (key: string, otherwise: number) => {
		const given = config[key];
		return typeof given === 'number' && Number.isFinite(given) ? given : otherwise;
	};
	if (typeof className !== 'string' || className.length > 60) return null;
	const plain = className.replace(/_/g, '').toLowerCase();
	for (const [name, [scale, mode]] of Object.entries(FAMILIES)) {
		const [, distribution] = new RegExp(`^${name}(uniform|normal)$`, 'i').exec(plain) ?? [];
		if (distribution) return `${name} ${distribution}`;
		if (plain !== 'variancescaling' || number('scale', 1) !== scale) continue;
		if (plainMode(config['mode']) !== mode) continue;
		return `${name} ${config['distribution'] === 'uniform' ? 'uniform' : 'normal'}`;
	}
	if (plain === 'variancescaling') {
		const distribution = config['distribution'] === 'uniform' ? 'uniform' : 'normal';
		return `variance scaling ${number('scale', 1)} fan ${plainMode(config['mode'])} ${distribution}`;
	}
	if (plain === 'randomuniform' || plain === 'uniform')
		return `uniform from ${number('minval', -0.05)} to ${number('maxval', 0.05)}`;
	if (plain === 'randomnormal' || plain === 'normal') return `normal with std ${number('stddev', 0.05)}`;
	if (plain === 'truncatednormal') return `truncated normal with std ${number('stddev', 0.05)}`;
	if (plain === 'orthogonal') return `orthogonal times ${number('gain', 1)}`;
	return null;
}

/** `fan_in` and `fanIn` are the same. */
const plainMode = (mode: unknown) =>
	String(mode ?? 'fanIn')
		.replace(/^fan_?/i, '')
		.toLowerCase();

/** For a node's attributes; nothing where the file says nothing, or a constant. */
export function initialisers(file: Readonly<Record<string, unknown>>): Record<string, AttributeValue> {
	return Object.fromEntries(
		KEYS.flatMap(([key, attribute]) => {
			const words = worded(file[key]);
			return words ? [[attribute, words] as const] : [];
		})
	);
}
