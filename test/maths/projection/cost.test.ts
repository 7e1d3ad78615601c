import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Control } from '#engine/projection/engine.ts';
import { typedEngine } from '#engine/projection/typed-engine.ts';
import { nearestOf } from '#maths/projection/exact-neighbours.ts';
import { fidelity } from '#maths/projection/quality.ts';
import { sample } from '#maths/random.ts';
import { comparable, finish, type Rows } from '#maths/projection/rows.ts';
import umap from '#methods/projection/umap.ts';
import { gaussianMixture } from '../../tools/mixture.ts';
import { mnist } from '../../tools/mnist.ts';

/**
 * What a map costs a processor, in its own seconds: only where those of other jobs are not in the way, so that it is asked
 * for by VITE_BENCH_LARGE=1.
 */

const LARGE = process.env['VITE_BENCH_LARGE'] !== undefined;
const DATA = process.env['VITRINE_DATA'];

const seconds = () => {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1e6;
};
const memory = (what: 'VmHWM' | 'VmRSS') =>
	Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;

async function mapped({ values, width }: Rows, epochs: number) {
	const rows = await typedEngine.hold(values, width);
	// The most that is used counts from now on.
	writeFileSync('/proc/self/clear_refs', '5');
	const before = memory('VmRSS');
	const spent: Record<string, number> = {};
	let [now, began] = ['', seconds()];
	// What goes by between two looks at the signal, by phase: so long it would not hear that it is cancelled.
	const deaf: Record<string, number> = {};
	let last = performance.now();
	const controller = new AbortController();
	const signal = new Proxy(controller.signal, {
		get(own, key) {
			if (key === 'aborted') {
				deaf[now] = Math.max(deaf[now] ?? 0, performance.now() - last);
				last = performance.now();
			}
			return Reflect.get(own, key, own) as unknown;
		}
	});
	const control: Control = {
		signal,
		phase(name) {
			if (now) spent[now] = (spent[now] ?? 0) + seconds() - began;
			[now, began] = [name, seconds()];
		},
		step: () => {},
		wantsFrame: false
	};
	const defaults = Object.fromEntries(umap.parameters.map((one) => [one.id, one.default]));
	let neighbours: Awaited<ReturnType<typeof typedEngine.neighbours>> | undefined;
	const { positions, recall } = await umap.run({
		engine: typedEngine,
		rows,
		dimensions: 2,
		metric: 'euclidean',
		seed: 1,
		parameters: { ...defaults, epochs },
		control,
		neighbours: async (k, search) =>
			(neighbours = await typedEngine.neighbours(rows, k, 'euclidean', search, 1, control))
	});
	control.phase('layout', 1);
	const total = Object.values(spent).reduce((sum, one) => sum + one, 0);
	const more = memory('VmHWM') - before;
	return { spent, deaf, positions, recall, total, more, graph: neighbours!.neighbours };
}

const hash = (positions: Float32Array) => createHash('sha256').update(positions).digest('hex').slice(0, 12);
const words = (counts: Record<string, number>, unit: string) =>
	Object.entries(counts)
		.map(([name, value]) => `${name} ${value.toFixed(unit === 's' ? 2 : 0)} ${unit}`)
		.join(', ');

/** Of a thousand rows, where the engine itself looks at a hundred. */
function recallOf(data: Rows, { k, distances }: { k: number; distances: Float32Array }): number {
	const rows = comparable(data, 'euclidean');
	const sampled = sample(rows.count, 1000, 7);
	const exact = finish(nearestOf(rows, sampled, k));
	let found = 0;
	sampled.forEach((row, q) => {
		const farthest = exact.distances[(q + 1) * k - 1]! * (1 + 1e-5);
		for (let n = 0; n < k; n++) if (distances[row * k + n]! <= farthest) found++;
	});
	return found / sampled.length / k;
}

it.runIf(LARGE)(
	'a map of 60,000 × 64 keeps to its CPU seconds, hears at once, and is the same to the bit',
	async () => {
		const counts = [5000, 10_000, 20_000, 60_000];
		const totals: number[] = [];
		for (const count of counts) {
			const data = gaussianMixture(count);
			const map = await mapped(data, 200);
			totals.push(map.total);
			const found = recallOf(data, map.graph);
			console.log(
				`${count} × 64: ${map.total.toFixed(1)} CPU-s (${words(map.spent, 's')}), recall ${found.toFixed(4)}, deaf at most ${words(map.deaf, 'ms')}, at most ${memory('VmHWM').toFixed(0)} MB, ${map.more.toFixed(0)} more than before`
			);
			expect(found).toBeGreaterThan(0.99);
			if (count < 60_000) continue;
			expect(map.spent['neighbours']).toBeLessThan(4);
			expect(map.spent['layout']).toBeLessThan(20);
			expect(Math.max(...Object.values(map.deaf))).toBeLessThan(100);
			const { triplets, trustworthiness, overlap } = finish(
				fidelity(comparable(data, 'euclidean'), map.positions, 2, 15)
			);
			const again = await mapped(data, 200);
			console.log(
				`trustworthiness ${trustworthiness.toFixed(4)}, kept ${overlap.toFixed(3)}, triplets ${triplets.toFixed(3)}, SHA-256 ${hash(map.positions)} and ${hash(again.positions)}`
			);
			expect(triplets).toBeGreaterThan(0.7);
			expect(hash(again.positions)).toBe(hash(map.positions));
		}
		const grows = Math.log(totals.at(-1)! / totals[0]!) / Math.log(counts.at(-1)! / counts[0]!);
		console.log(`CPU seconds grow with rows to the power of ${grows.toFixed(2)}`);
		expect(grows).toBeLessThan(1.3);
	},
	600_000
);

it.runIf(LARGE && DATA).each([3000, 10_000, 60_000])(
	'neighbours of %d digits of MNIST are found, within their CPU seconds',
	async (count) => {
		const data = mnist(`${DATA}/mnist`, count);
		const map = await mapped(data, 10);
		const found = recallOf(data, map.graph);
		console.log(
			`${count} × 784: ${words(map.spent, 's')}, recall ${found.toFixed(4)} (shown ${map.recall.toFixed(4)}), deaf at most ${words(map.deaf, 'ms')}, at most ${memory('VmHWM').toFixed(0)} MB, ${map.more.toFixed(0)} more than before`
		);
		expect(found).toBeGreaterThan(0.99);
		expect(map.spent['neighbours']).toBeLessThan(10);
		expect(Math.max(...Object.values(map.deaf))).toBeLessThan(100);
	},
	600_000
);

it.runIf(LARGE)(
	'100,000 × 512 is mapped whole',
	async () => {
		const data = gaussianMixture(100_000, { width: 512, rank: 24 });
		const map = await mapped(data, 200);
		console.log(
			`100,000 × 512: ${map.total.toFixed(1)} CPU-s (${words(map.spent, 's')}), recall ${map.recall.toFixed(4)}, deaf at most ${words(map.deaf, 'ms')}, at most ${memory('VmHWM').toFixed(0)} MB, ${map.more.toFixed(0)} more than before`
		);
		expect(map.positions.every(Number.isFinite)).toBe(true);
		expect(map.recall).toBeGreaterThan(0.95);
	},
	600_000
);
