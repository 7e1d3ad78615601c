import type { Random } from '#maths/random.ts';
import type { DataKind, Points } from '#maths/playground/spec.ts';

/**
 * Points in the plane. Circle, xor, gauss, spiral, plane and gaussians follow TensorFlow Playground's dataset.ts (commit
 * 02469bd): noise moves the position at which the label is read, or the point itself where said.
 */

interface Sample {
	x1: number;
	x2: number;
	y: number;
}

type Generator = (random: Random, index: number, size: number, noise: number) => Sample;

const RADIUS = 5;

/** Which of `count` classes the sample belongs to, and its ordinal among its own: classes are as even as can be. */
const share = (index: number, size: number, count: number) => {
	const own = index % count;
	return { own, ordinal: Math.floor(index / count), of: Math.ceil((size - own) / count) };
};

const circle: Generator = (random, index, _size, noise) => {
	const inside = index % 2 === 1;
	const r = inside ? random.between(0, 0.5 * RADIUS) : random.between(0.7 * RADIUS, RADIUS);
	const angle = random.between(0, 2 * Math.PI);
	const [x1, x2] = [r * Math.sin(angle), r * Math.cos(angle)];
	const [n1, n2] = [random.between(-RADIUS, RADIUS) * noise, random.between(-RADIUS, RADIUS) * noise];
	return { x1, x2, y: Math.hypot(x1 + n1, x2 + n2) < 0.5 * RADIUS ? 1 : 0 };
};

const PADDING = 0.3;

const xor: Generator = (random, _index, _size, noise) => {
	const padded = () => {
		const x = random.between(-RADIUS, RADIUS);
		return x + (x > 0 ? PADDING : -PADDING);
	};
	const [x1, x2] = [padded(), padded()];
	const [n1, n2] = [random.between(-RADIUS, RADIUS) * noise, random.between(-RADIUS, RADIUS) * noise];
	return { x1, x2, y: (x1 + n1) * (x2 + n2) >= 0 ? 1 : 0 };
};

/** Two blobs at ±(2, 2); noise 0 to 0.5 is a variance of 0.5 to 4. */
const gauss: Generator = (random, index, _size, noise) => {
	const y = index % 2;
	const [centre, std] = [y ? 2 : -2, Math.sqrt(0.5 + 7 * noise)];
	return { x1: centre + std * random.normal(), x2: centre + std * random.normal(), y };
};

const spirals =
	(arms: number): Generator =>
	(random, index, size, noise) => {
		const { own, ordinal, of } = share(index, size, arms);
		const r = (ordinal / of) * RADIUS;
		// With two arms, class 1 starts upwards.
		const t = ((1.75 * ordinal) / of) * 2 * Math.PI + (2 * Math.PI * (arms - 1 - own)) / arms;
		const jitter = () => random.between(-1, 1) * noise;
		return { x1: r * Math.sin(t) + jitter(), x2: r * Math.cos(t) + jitter(), y: own };
	};

/** scikit-learn's make_moons, three times as large, around the origin; noise is the standard deviation of the points. */
const moons: Generator = (random, index, size, noise) => {
	const { own, ordinal, of } = share(index, size, 2);
	const t = (Math.PI * ordinal) / Math.max(1, of - 1);
	const [x, y] = own === 0 ? [Math.cos(t), Math.sin(t)] : [1 - Math.cos(t), 0.5 - Math.sin(t)];
	const jitter = () => 3 * noise * random.normal();
	return { x1: 3 * (x - 0.5) + jitter(), x2: 3 * (y - 0.25) + jitter(), y: own };
};

/** Side of a square of the board; four by four of them. */
const SQUARE = 3;
/** Room to the next square, as xor has it. */
const EDGE = 0.1;

const checkerboard: Generator = (random, index, _size, noise) => {
	const own = index % 2;
	const [column, half] = [Math.floor(4 * random.uniform()), Math.floor(2 * random.uniform())];
	const row = 2 * half + ((column + own) % 2);
	const inSquare = (cell: number) => SQUARE * (cell - 2) + random.between(EDGE, SQUARE - EDGE);
	const [x1, x2] = [inSquare(column), inSquare(row)];
	const [n1, n2] = [random.between(-SQUARE, SQUARE) * noise, random.between(-SQUARE, SQUARE) * noise];
	return { x1, x2, y: boardClass(x1 + n1, x2 + n2) };
};

/** The colour of the square at a position. */
export function boardClass(x1: number, x2: number): number {
	return Math.abs(Math.floor(x1 / SQUARE) + Math.floor(x2 / SQUARE)) % 2;
}

const PLANE = 6;

const regression =
	(value: (x1: number, x2: number) => number): Generator =>
	(random, _index, _size, noise) => {
		const [x1, x2] = [random.between(-PLANE, PLANE), random.between(-PLANE, PLANE)];
		const [n1, n2] = [random.between(-PLANE, PLANE) * noise, random.between(-PLANE, PLANE) * noise];
		return { x1, x2, y: value(x1 + n1, x2 + n2) };
	};

/** The plane's value. */
export const planeValue = (x1: number, x2: number) => (x1 + x2) / 10;

const HILLS = [
	[-4, 2.5, 1],
	[0, 2.5, -1],
	[4, 2.5, 1],
	[-4, -2.5, -1],
	[0, -2.5, 1],
	[4, -2.5, -1]
] as const;

/** The value of six cones of radius 2, of height 1 and -1 in turn. */
export function hillsValue(x1: number, x2: number): number {
	let value = 0;
	for (const [c1, c2, sign] of HILLS) {
		const height = sign * Math.max(0, 1 - Math.hypot(x1 - c1, x2 - c2) / 2);
		if (Math.abs(height) > Math.abs(value)) value = height;
	}
	return value;
}

type Generated = Exclude<DataKind, 'points'>;

const GENERATORS: Readonly<Record<Generated, { classes: number; sample: Generator }>> = {
	circle: { classes: 2, sample: circle },
	xor: { classes: 2, sample: xor },
	gauss: { classes: 2, sample: gauss },
	spiral: { classes: 2, sample: spirals(2) },
	moons: { classes: 2, sample: moons },
	spirals: { classes: 3, sample: spirals(3) },
	checkerboard: { classes: 2, sample: checkerboard },
	plane: { classes: 0, sample: regression(planeValue) },
	gaussians: { classes: 0, sample: regression(hillsValue) }
};

/** How many classes a kind of data has; 0 for regressions. */
export const classesOf = (kind: Generated) => GENERATORS[kind].classes;

/** @param noise 0 to 0.5 */
export function generate(kind: Generated, size: number, noise: number, random: Random): Points {
	const { classes, sample } = GENERATORS[kind];
	const points: Points = {
		x1: new Float64Array(size),
		x2: new Float64Array(size),
		y: new Float64Array(size),
		classes
	};
	for (let i = 0; i < size; i++) {
		const { x1, x2, y } = sample(random, i, size, noise);
		[points.x1[i], points.x2[i], points.y[i]] = [x1, x2, y];
	}
	return points;
}
