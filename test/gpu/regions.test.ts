import { describe, expect, it } from 'vitest';
import type { RegionsRequest } from '#contracts/planes.ts';
import { classColour } from '#maths/class-colours.ts';
import { scaleColours } from '#maths/colour.ts';
import { apart, closestClass, coloursOf, drawWorker, hex, isDark } from '../tools/draw-worker.ts';

const { draw, send } = drawWorker();
const SIDE = 64;
const all = Array.from({ length: SIDE }, (_, i) => i);

async function drawn(change: Partial<RegionsRequest>): Promise<(x: number, y: number) => number[]> {
	return coloursOf(
		await draw.regions({
			width: SIDE,
			height: SIDE,
			pixel: 1,
			field: 'ramp',
			planes: 1,
			meaning: 'value',
			plane: 0,
			ends: [0, 1],
			mode: 'regions',
			bounds: { x: 0, y: 0, width: SIDE, height: SIDE },
			scale: 'puor',
			range: [-1, 1],
			line: false,
			levels: [],
			flow: 'none',
			colours: [0, 1, 2].map(classColour),
			...change
		})
	);
}

/** Numbers at the centres of the pixels of a square from -1 to 1, the second upwards. */
const square = (side: number, of: (x: number, y: number) => number) =>
	Array.from({ length: side * side }, (_, i) =>
		of((2 * ((i % side) + 0.5)) / side - 1, 1 - (2 * (Math.floor(i / side) + 0.5)) / side)
	);

describe('maps of planes', () => {
	it('show one plane of a field between its values, a line at the middle as wide at any zoom, and where it lies', async () => {
		// Second plane: from -1 to 1 along x1.
		send('ramp', 4, 8, [...Array<number>(16).fill(9), ...[1, 2, 3, 4].flatMap(() => [-0.75, -0.25, 0.25, 0.75])]);
		const colours = scaleColours('puor', 257);
		const plain = await drawn({ planes: 2, plane: 1 });
		for (const x of [12, 30, 40, 52]) {
			const value = ((x + 0.5) / 64) * 2 - 1;
			expect(apart(plain(x, 20), hex(colours[Math.round(128 * (1 + value))] as string))).toBeLessThan(4);
		}
		const near = { x: -640, y: -640, width: 1344, height: 1344 };
		for (const bounds of [undefined, near]) {
			const lined = await drawn({ planes: 2, plane: 1, line: true, ...(bounds ? { bounds } : {}) });
			const inked = all.filter((x) => isDark(lined(x, 20))).length;
			expect(inked).toBeGreaterThan(0);
			expect(inked).toBeLessThanOrEqual(3);
		}
		const moved = await drawn({ planes: 2, plane: 1, bounds: { x: 32, y: 0, width: 64, height: 64 } });
		expect(moved(20, 20)[3]).toBe(0);
		expect(apart(moved(52, 20), plain(20, 20))).toBeLessThan(2);
	});

	it('show the surest class, paler where it is less sure, from shares, from answers between ends, and from scores', async () => {
		send('three', 2, 6, [0.9, 0.1, 0.9, 0.1, 0.05, 0.5, 0.05, 0.1, 0.05, 0.4, 0.05, 0.8]);
		const shares = { field: 'three', planes: 3, meaning: 'shares' } as const;
		const at = await drawn(shares);
		const [sure, unsure, third] = [at(2, 2), at(61, 2), at(61, 61)];
		expect([closestClass(sure), closestClass(unsure), closestClass(third)]).toEqual([0, 1, 2]);
		expect(Math.min(...unsure.slice(0, 3))).toBeGreaterThan(Math.min(...sure.slice(0, 3)));
		const lined = await drawn({ ...shares, line: true });
		expect(all.filter((x) => isDark(lined(x, 2))).length).toBeGreaterThan(0);
		// The same shares as logits, and a single plane against two.
		send(
			'scores',
			2,
			6,
			[0.9, 0.1, 0.9, 0.1, 0.05, 0.5, 0.05, 0.1, 0.05, 0.4, 0.05, 0.8].map((v) => 3 + Math.log(v))
		);
		const scores = await drawn({ field: 'scores', planes: 3, meaning: 'scores' });
		for (const [x, y] of [
			[2, 2],
			[61, 2],
			[61, 61]
		] as const)
			expect(apart(scores(x, y), at(x, y))).toBeLessThan(3);
		const one = square(16, (x) => Math.tanh(2 * x));
		send('one', 16, 16, one);
		send('two', 16, 32, [...one.map((v) => (1 - v) / 2), ...one.map((v) => (1 + v) / 2)]);
		const single = await drawn({ field: 'one', meaning: 'shares', ends: [-1, 1], line: true });
		const double = await drawn({ field: 'two', planes: 2, meaning: 'shares', line: true });
		for (const x of all) expect(apart(single(x, 30), double(x, 30))).toBeLessThan(3);
		// Answers before a tanh: as shares of (1 + tanh) / 2, and told apart where tanh is -1 in 32 bits.
		const logits = [1.2, -0.4, 1.2, -0.4, -0.5, 0.3, -0.5, -2, -2, -0.6, -2, 0.9];
		send('pre-tanh', 2, 6, logits);
		send('tanhs', 2, 6, logits.map(Math.tanh));
		const preTanh = await drawn({ field: 'pre-tanh', planes: 3, meaning: 'pre-tanh' });
		const tanhs = await drawn({ field: 'tanhs', planes: 3, meaning: 'shares', ends: [-1, 1] });
		for (const [x, y] of [
			[2, 2],
			[61, 2],
			[61, 61]
		] as const)
			expect(apart(preTanh(x, y), tanhs(x, y))).toBeLessThan(3);
		send(
			'low',
			32,
			96,
			[-15, 15, 0].flatMap((by) => square(32, (x) => -20 + (by * x) / 15))
		);
		const low = await drawn({ field: 'low', planes: 3, meaning: 'pre-tanh', line: true });
		expect(all.filter((x) => isDark(low(x, 20))).map((x) => Math.abs(x - 31.5) < 3)).toEqual([true, true]);
		send('broken', 1, 1, [NaN]);
		const [r, g, b] = (await drawn({ field: 'broken', meaning: 'shares' }))(30, 30);
		expect([r === g, g === b]).toEqual([true, true]);
	});

	it('draw the line where the surest class changes, and only there', async () => {
		const line = { meaning: 'shares', ends: [-1, 1], line: true } as const;
		const two = (of: (column: number, row: number) => number) =>
			Array.from({ length: SIDE * SIDE }, (_, i) => of(i % SIDE, Math.floor(i / SIDE)));
		const inkedAt = async (values: number[], change: Partial<RegionsRequest> = {}) => {
			send('lines', SIDE, values.length / SIDE, values);
			const [lined, bare] = [
				await drawn({ field: 'lines', ...line, ...change }),
				await drawn({ field: 'lines', ...line, ...change, line: false })
			];
			return (x: number, y: number) => apart(lined(x, y), bare(x, y));
		};
		// A kink at which class 1 is nearly left, seen from both sides and along both ways.
		for (const kink of [
			(x: number, y: number) => Math.min(1, 0.05 + Math.abs(x - y + 9) * 0.6),
			(x: number) => (x < 30 ? 1 : 0.1),
			(_: number, y: number) => (y < 30 ? 0.02 : 1)
		]) {
			const ink = await inkedAt(two(kink));
			for (const x of all) for (const y of all) expect(ink(x, y)).toBe(0);
		}
		// A step: wherever two neighbours are of different classes, one of them is inked.
		const side = (x: number, y: number) => 2 * y - x > 40.3;
		const broken = (ink: (x: number, y: number) => number) =>
			all.slice(1).flatMap((x) =>
				all.slice(1).filter((y) => {
					const step = (a: number, b: number) => side(a, b) !== side(x, y) && Math.max(ink(a, b), ink(x, y)) < 25;
					return step(x - 1, y) || step(x, y - 1);
				})
			);
		const step = await inkedAt(two((x, y) => (side(x, y) ? 1 : -1)));
		expect(broken(step)).toEqual([]);
		const far = all.flatMap((x) => all.filter((y) => Math.abs(2 * y - x - 40.3) > 5 && step(x, y) > 0));
		expect(far).toEqual([]);
		// Positions of pixels that rounding puts a little before the cells' middles on the left, a little behind on the right.
		const bounds = { x: 0.001, y: 0, width: SIDE - 0.002, height: SIDE };
		const upright = await inkedAt(
			two((x) => (x < 32 ? -1 : 1)),
			{ bounds }
		);
		for (const y of all) expect(Math.max(upright(31, y), upright(32, y))).toBeGreaterThan(25);
		// Of three classes, the one that takes over was the last, and the lead over the second stays as it is.
		const shares = [0, 1, 2].flatMap((k) =>
			two((x, y) => (side(x, y) ? [0.35, 0.05, 0.6] : [0.6, 0.3, 0.1])[k] as number)
		);
		expect(broken(await inkedAt(shares, { planes: 3, ends: [0, 1] }))).toEqual([]);
		// The middle of values likewise.
		const values = { meaning: 'value', range: [-1, 1] } as const;
		expect(
			broken(
				await inkedAt(
					two((x, y) => (side(x, y) ? 1 : -1)),
					values
				)
			)
		).toEqual([]);
		const kinked = await inkedAt(
			two((x) => (x < 30 ? 1 : 0.1)),
			values
		);
		for (const x of all) expect(kinked(x, 20)).toBe(0);
		// A smooth line is as dark at every position, and where it was: two pixels wide, to a part of a pixel.
		const smooth = await inkedAt(two((x, y) => Math.tanh((x + 0.5 - 0.3 * (y + 0.5) - 20.4) / 9)));
		for (const y of all) {
			const row = all.map((x) => smooth(x, y));
			const sum = row.reduce((a, b) => a + b, 0);
			expect(row.reduce((a, b, x) => a + b * (x + 0.5), 0) / sum).toBeCloseTo(20.4 + 0.3 * (y + 0.5), 0);
			expect(sum / Math.max(...row)).toBeGreaterThan(1.7);
			expect(sum / Math.max(...row)).toBeLessThan(2.6);
		}
		// Answers that are all 1 after their tanh are alike: the first of them, without a line.
		const sure = [0, 1].flatMap((k) => two((x) => (k ? 20 + (x - 32) / 4 : 20)));
		const alike = await inkedAt(sure, { planes: 2, meaning: 'pre-tanh' });
		for (const x of all) expect(alike(x, 20)).toBe(0);
	});

	it('show margin and entropy as they are defined', async () => {
		const p = [0.7, 0.2, 0.1];
		send('flat', 1, 3, p);
		const flat = { field: 'flat', planes: 3, meaning: 'shares', range: [0, 1], scale: 'viridis' } as const;
		const colours = scaleColours('viridis', 256);
		const entropy = -p.reduce((sum, v) => sum + v * Math.log(v), 0) / Math.log(3);
		for (const [mode, value] of [
			['margin', 0.5],
			['entropy', entropy]
		] as const)
			expect(
				apart((await drawn({ ...flat, mode }))(30, 30), hex(colours[Math.round(255 * value)] as string))
			).toBeLessThan(3);
	});

	it('draw isolines where the share is, as wide at any zoom, and as many as asked for', async () => {
		// Share of class 1 is (1 + x) / 2: 0.75 lies at x = ±0.5 for the surest class.
		send(
			'even',
			32,
			32,
			square(32, (x) => (1 + x) / 2)
		);
		const even = { field: 'even', meaning: 'shares' } as const;
		const plain = await drawn(even);
		for (const [levels, expected] of [
			[[0.75], [16, 48]],
			[
				[0.6, 0.9],
				[6.4, 25.6, 38.4, 57.6]
			]
		] as const) {
			const lined = await drawn({ ...even, levels: [...levels] });
			const inked = all.filter((x) => apart(lined(x, 20), plain(x, 20)) > 12);
			for (const x0 of expected) expect(Math.min(...inked.map((x) => Math.abs(x + 0.5 - x0)))).toBeLessThan(1);
			expect(inked.length).toBeLessThanOrEqual(2 * expected.length);
		}
		const bounds = { x: -1500, y: -1500, width: 2064, height: 2064 };
		const near = await drawn({ ...even, levels: [0.75], bounds });
		expect(all.filter((x) => isDark(near(x, 20).map((v) => 0.8 * v))).length).toBeLessThanOrEqual(3);
	});

	it('draw arrows up the slope, and noise smeared along it', async () => {
		send(
			'bowl',
			64,
			64,
			square(64, (x, y) => 0.5 * x + 0.05 * y)
		);
		const bowl = { field: 'bowl', range: [-3, 3], scale: 'greys' } as const;
		const plain = await drawn(bowl);
		for (const flow of ['arrows', 'texture'] as const) {
			const at = await drawn({ ...bowl, flow });
			const changed = all.flatMap((x) => all.map((y) => apart(at(x, y), plain(x, y)) > 10)).filter(Boolean).length;
			expect(changed).toBeGreaterThan(100);
			// Along the slope, which is nearly to the right, neighbours are alike; across, they are not.
			const grain = (dx: number, dy: number) => {
				let sum = 0;
				for (let x = 4; x < 58; x++) for (let y = 4; y < 58; y++) sum += apart(at(x, y), at(x + dx, y + dy));
				return sum;
			};
			expect(grain(1, 0)).toBeLessThan(0.9 * grain(0, 1));
		}
		// What of an arrow is beside its shaft is its head: at the upper end.
		const heads = async (sign: number) => {
			send(
				'steep',
				64,
				64,
				square(64, (x) => sign * x)
			);
			const steep = { ...bowl, field: 'steep', range: [-1, 1] } as const;
			const [at, bare] = [await drawn({ ...steep, flow: 'arrows' }), await drawn(steep)];
			// Of the arrow around the position 39.
			const beside = all
				.slice(26, 52)
				.flatMap((x) =>
					all
						.slice(26, 52)
						.flatMap((y) => (Math.abs(y - 38.5) > 2 && apart(at(x, y), bare(x, y)) > 20 ? [x - 38.5] : []))
				);
			return beside.reduce((sum, x) => sum + x, 0) / beside.length;
		};
		expect(await heads(1)).toBeGreaterThan(1);
		expect(await heads(-1)).toBeLessThan(-1);
		// What another picture left beside this one in the same texture is not looked at.
		const small = {
			...bowl,
			width: 50,
			height: 50,
			bounds: { x: 0, y: 0, width: 50, height: 50 },
			flow: 'texture'
		} as const;
		const before = await drawn(small);
		await drawn({ ...bowl, field: 'steep', flow: 'texture' });
		const after = await drawn(small);
		for (const x of all.slice(0, 50))
			for (const y of all.slice(0, 50)) expect(apart(before(x, y), after(x, y))).toBe(0);
		// Of nothing that rises, nothing is drawn.
		send(
			'plain',
			8,
			8,
			square(8, () => 0.3)
		);
		const still = await drawn({ ...bowl, field: 'plain', flow: 'texture' });
		const bare = await drawn({ ...bowl, field: 'plain' });
		for (const x of all) expect(apart(still(x, 12), bare(x, 12))).toBe(0);
	});
});
