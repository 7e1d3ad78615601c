import { stream, type Random } from '#maths/random.ts';

/** Digits as strokes of a pen, each drawn a little differently: small images that a digit reader can read. */

type Path = readonly (readonly [x: number, y: number])[];

function arc(cx: number, cy: number, rx: number, ry: number, from: number, to: number, steps = 14): Path {
	return Array.from({ length: steps + 1 }, (_, i) => {
		const a = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
		return [cx + rx * Math.cos(a), cy + ry * Math.sin(a)] as const;
	});
}

/** Each digit in the ways that people write it, in a square of side 1. */
const STROKES: readonly (readonly (readonly Path[])[])[] = [
	[[arc(0.5, 0.5, 0.2, 0.32, 0, 360)], [arc(0.5, 0.5, 0.25, 0.28, -70, 300)]],
	[
		[
			[
				[0.42, 0.28],
				[0.54, 0.18],
				[0.5, 0.82]
			]
		],
		[
			[
				[0.5, 0.18],
				[0.5, 0.82]
			]
		]
	],
	[[[...arc(0.49, 0.34, 0.19, 0.16, 200, 380), [0.3, 0.8], [0.74, 0.78]]]],
	[[[...arc(0.47, 0.33, 0.18, 0.15, 210, 440), ...arc(0.47, 0.64, 0.21, 0.17, 280, 500)]]],
	[
		[
			[
				[0.36, 0.2],
				[0.3, 0.54],
				[0.72, 0.52]
			],
			[
				[0.62, 0.2],
				[0.56, 0.84]
			]
		],
		[
			[
				[0.58, 0.18],
				[0.28, 0.6],
				[0.74, 0.6]
			],
			[
				[0.58, 0.18],
				[0.58, 0.84]
			]
		]
	],
	[[[[0.68, 0.2], [0.38, 0.22], [0.35, 0.48], ...arc(0.48, 0.62, 0.2, 0.19, 240, 500)]]],
	[[[[0.6, 0.17], [0.44, 0.34], ...arc(0.49, 0.63, 0.18, 0.19, 210, 575)]]],
	[
		[
			[
				[0.28, 0.22],
				[0.7, 0.2],
				[0.46, 0.84]
			]
		],
		[
			[
				[0.28, 0.22],
				[0.7, 0.2],
				[0.46, 0.84]
			],
			[
				[0.4, 0.52],
				[0.68, 0.5]
			]
		]
	],
	[[arc(0.5, 0.34, 0.15, 0.15, 90, 450), arc(0.5, 0.66, 0.19, 0.17, 270, 630)]],
	[[[...arc(0.5, 0.36, 0.17, 0.17, 0, 360), [0.67, 0.36], [0.63, 0.6], [0.55, 0.84]]]]
];

export const SIDE = 28;

export interface Hand {
	slant: number;
	width: number;
}

/** @returns SIDE x SIDE grey pixels, light ink on dark, and how it was written */
export function drawnDigit(digit: number, random: Random): { pixels: Uint8Array<ArrayBuffer>; hand: Hand } {
	const ways = STROKES[digit]!;
	const way = ways[Math.floor(random.uniform() * ways.length)]!;
	const slant = random.between(-0.5, 0.3);
	const width = random.between(0.035, 0.065);
	const turn = random.between(-0.28, 0.28);
	const [sx, sy] = [random.between(0.7, 1.3), random.between(0.78, 1.1)];
	const [dx, dy] = [random.between(-0.08, 0.08), random.between(-0.07, 0.07)];
	const wobble = [
		random.between(-0.045, 0.045),
		random.between(-0.045, 0.045),
		random.between(0, 6),
		random.between(0, 6)
	];
	const moved = ([x, y]: readonly [number, number]): [number, number] => {
		const [u, v] = [
			(x - 0.5) * sx + wobble[0]! * Math.sin(9 * y + wobble[2]!),
			(y - 0.5) * sy + wobble[1]! * Math.sin(9 * x + wobble[3]!)
		];
		const w = u - slant * v;
		const [c, s] = [Math.cos(turn), Math.sin(turn)];
		return [0.5 + dx + c * w - s * v, 0.5 + dy + s * w + c * v];
	};
	const ink = new Float32Array(SIDE * SIDE);
	for (const path of way) {
		const points = path.map(moved);
		for (let k = 1; k < points.length; k++) segment(ink, points[k - 1]!, points[k]!, width);
	}
	return { pixels: Uint8Array.from(ink, (v) => 255 * v), hand: { slant, width } };
}

/** A line with round ends and a soft edge. */
function segment(
	ink: Float32Array,
	[x0, y0]: readonly [number, number],
	[x1, y1]: readonly [number, number],
	width: number
): void {
	const [dx, dy] = [x1 - x0, y1 - y0];
	const length = dx * dx + dy * dy || 1e-9;
	const reach = width + 1.2 / SIDE;
	const pixel = (v: number) => Math.min(SIDE - 1, Math.max(0, Math.floor(v * SIDE)));
	for (let r = pixel(Math.min(y0, y1) - reach); r <= pixel(Math.max(y0, y1) + reach); r++)
		for (let c = pixel(Math.min(x0, x1) - reach); c <= pixel(Math.max(x0, x1) + reach); c++) {
			const [px, py] = [(c + 0.5) / SIDE, (r + 0.5) / SIDE];
			const t = Math.min(1, Math.max(0, ((px - x0) * dx + (py - y0) * dy) / length));
			const d = Math.hypot(px - x0 - t * dx, py - y0 - t * dy);
			const value = Math.min(1, Math.max(0, 0.5 + ((width - d) * SIDE) / 1.4));
			if (value > ink[r * SIDE + c]!) ink[r * SIDE + c] = value;
		}
}

/** `count` digits in turn, from the seed. */
export function drawnDigits(count: number, seed: number) {
	const random = stream(seed, 'data', 4);
	return Array.from({ length: count }, (_, i) => ({ digit: i % 10, ...drawnDigit(i % 10, random) }));
}
