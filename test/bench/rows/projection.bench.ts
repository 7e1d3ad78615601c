import { UMAP } from 'umap-js';
import { it } from 'vitest';
import { startEngine } from '#engine/device.ts';
import type { Control, HeldRows, ProjectionEngine, Search } from '#engine/projection/engine.ts';
import { exactOnGpu } from '#engine/projection/gpu-neighbours.ts';
import { GpuRows } from '#engine/projection/gpu-rows.ts';
import { tensorEngine } from '#engine/projection/tensor-engine.ts';
import { typedEngine } from '#engine/projection/typed-engine.ts';
import { projectionMethods } from '#methods/projections.ts';
import { fidelity } from '#maths/projection/quality.ts';
import { fastStream } from '#maths/random.ts';
import { comparable, finish, type Rows } from '#maths/projection/rows.ts';
import { gaussianMixture } from '../../tools/mixture.ts';
import { ms, row } from '../measure.ts';

/** `VITE_BENCH_LARGE=1 npm run bench` adds 60,000 rows, which take umap-js minutes and gigabytes. */
const LARGE = import.meta.env['VITE_BENCH_LARGE'] !== undefined;
const EPOCHS = 200;

/** Not a dependency, since one of its own is missing from the registry: measured where it has been unpacked. */
const atlas = import.meta.glob<Atlas>('/node_modules/embedding-atlas/dist/umap.js');

interface Atlas {
	createUMAP(
		count: number,
		width: number,
		dimensions: number,
		data: Float32Array,
		options: { nEpochs: number; nNeighbors: number; seed: number; gpu?: boolean }
	): Promise<{ embedding: Float32Array; run(): Promise<void>; destroy(): void }>;
}

interface Timed {
	neighbours: number;
	layout: number;
	total: number;
	positions: Float32Array;
	/** Of the neighbours, where it is measured. */
	recall?: number;
}

const clock = (milliseconds: Record<string, number>): Control => {
	let [now, began] = ['', performance.now()];
	const close = () => {
		if (now) milliseconds[now] = (milliseconds[now] ?? 0) + performance.now() - began;
		began = performance.now();
	};
	return {
		signal: new AbortController().signal,
		phase: (phase) => {
			close();
			now = phase;
		},
		step: () => {},
		get wantsFrame() {
			close();
			return false;
		}
	};
};

async function mapped(
	engine: ProjectionEngine,
	rows: HeldRows,
	requested: { epochs: number; search?: Search },
	seeker = engine
) {
	const umap = projectionMethods.get('umap')!;
	const milliseconds: Record<string, number> = {};
	const control = clock(milliseconds);
	const began = performance.now();
	const defaults = Object.fromEntries(umap.parameters.map((one) => [one.id, one.default]));
	const { positions, recall } = await umap.run({
		engine,
		rows,
		dimensions: 2,
		metric: 'euclidean',
		seed: 1,
		parameters: { ...defaults, ...requested },
		control,
		neighbours: (k, search) => seeker.neighbours(rows, k, 'euclidean', search, 1, control)
	});
	control.phase('layout', 1);
	return { milliseconds, total: performance.now() - began, positions, recall };
}

async function ours({ values, width }: Rows, engine: ProjectionEngine = typedEngine): Promise<Timed> {
	const rows = await engine.hold(values, width);
	const { milliseconds, ...rest } = await mapped(engine, rows, { epochs: EPOCHS });
	rows.dispose();
	return { neighbours: milliseconds['neighbours']!, layout: milliseconds['layout']!, ...rest };
}

function umapJs({ values, count, width }: Rows): Timed {
	const nested = Array.from({ length: count }, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width)));
	const own = new UMAP({ nNeighbors: 15, nEpochs: EPOCHS, random: fastStream(1, 'sample').uniform });
	const began = performance.now();
	type Found = { knnIndices: number[][]; knnDistances: number[][] };
	const { knnIndices, knnDistances } = (own as unknown as { nearestNeighbors(x: number[][]): Found }).nearestNeighbors(
		nested
	);
	const neighbours = performance.now() - began;
	own.setPrecomputedKNN(knnIndices, knnDistances);
	own.initializeFit(nested);
	const start = performance.now();
	for (let epoch = 0; epoch < EPOCHS; epoch++) own.step();
	const end = performance.now();
	return {
		neighbours,
		layout: end - start,
		total: end - began,
		positions: Float32Array.from(own.getEmbedding().flat())
	};
}

async function embeddingAtlas({ values, count, width }: Rows, gpu = false): Promise<Timed | null> {
	const [load] = Object.values(atlas);
	if (!load) return null;
	const { createUMAP } = await load();
	const warm = gaussianMixture(200);
	const first = await createUMAP(200, 64, 2, warm.values, { nEpochs: 10, nNeighbors: 15, seed: 1, gpu });
	await first.run();
	first.destroy();
	const began = performance.now();
	const own = await createUMAP(count, width, 2, values, { nEpochs: EPOCHS, nNeighbors: 15, seed: 1, gpu });
	const start = performance.now();
	await own.run();
	const end = performance.now();
	const positions = own.embedding.slice();
	own.destroy();
	return { neighbours: start - began, layout: end - start, total: end - began, positions };
}

const share = (value: number) => value.toFixed(3);
const totals: { count: number; own: number; other: number }[] = [];

it.each([5000, 10_000, ...(LARGE ? [60_000] : [])])('UMAP of %d rows', async (count) => {
	const data = gaussianMixture(count);
	const rows = comparable(data, 'euclidean');
	const judged = ({ positions }: Timed) => finish(fidelity(rows, positions, 2, 15));
	const own = await ours(data);
	const other = umapJs(data);
	const what = `UMAP of ${count} × 64, ${EPOCHS} epochs, typed arrays`;
	totals.push({ count, own: own.total, other: other.total });
	row(`${what}: total`, ms(own.total), `umap-js ${ms(other.total)}`, own.total / other.total);
	row(`${what}: recall of its neighbours`, share(own.recall!), 'goal 0.99', own.recall! / 0.99);
	row(`${what}: neighbours`, ms(own.neighbours), `umap-js ${ms(other.neighbours)}`, own.neighbours / other.neighbours);
	row(`${what}: layout`, ms(own.layout), `umap-js ${ms(other.layout)}`, own.layout / other.layout);
	const [mine, its] = [judged(own), judged(other)];
	row(
		`${what}: trustworthiness@15`,
		share(mine.trustworthiness),
		`umap-js ${share(its.trustworthiness)}`,
		mine.trustworthiness / its.trustworthiness
	);
	row(`${what}: 15 nearest kept`, share(mine.overlap), `umap-js ${share(its.overlap)}`, mine.overlap / its.overlap);
	row(
		`${what}: triplets in order`,
		share(mine.triplets),
		`umap-js ${share(its.triplets)}`,
		mine.triplets / its.triplets
	);
	const third = await embeddingAtlas(data);
	if (!third) return;
	const theirs = judged(third);
	const name = 'Embedding Atlas (WASM)';
	row(`${what}: total`, ms(own.total), `${name} ${ms(third.total)}`, own.total / third.total);
	row(`${what}: layout`, ms(own.layout), `${name} ${ms(third.layout)}`, own.layout / third.layout);
	row(
		`${what}: 15 nearest kept`,
		share(mine.overlap),
		`${name} ${share(theirs.overlap)}, triplets ${share(theirs.triplets)}`,
		mine.overlap / theirs.overlap
	);
});

it.runIf(LARGE)('grows little more than the rows', () => {
	const [first, last] = [totals[0], totals.at(-1)];
	if (!first || !last || first === last) return;
	const grows = (what: 'own' | 'other') => Math.log(last[what] / first[what]) / Math.log(last.count / first.count);
	const [own, other] = [grows('own'), grows('other')];
	row(
		`UMAP’s time grows with rows to the power of, ${first.count} to ${last.count}`,
		own.toFixed(2),
		`umap-js ${other.toFixed(2)}`,
		own / other
	);
});

it('UMAP on WebGPU beside Embedding Atlas on WebGPU', async () => {
	const { software, device } = await startEngine('webgpu');
	const data = gaussianMixture(software ? 1000 : 60_000);
	const rows = comparable(data, 'euclidean');
	await ours(gaussianMixture(200), tensorEngine());
	const own = await ours(data, tensorEngine());
	const mine = finish(fidelity(rows, own.positions, 2, 15));
	const other = await embeddingAtlas(data, true);
	const what = `UMAP of ${data.count} × 64, ${EPOCHS} epochs, WebGPU (${device})`;
	if (!other) return row(`${what}: total`, ms(own.total), 'Embedding Atlas is not there', NaN);
	const its = finish(fidelity(rows, other.positions, 2, 15));
	row(`${what}: total`, ms(own.total), `Embedding Atlas ${ms(other.total)}`, own.total / other.total);
	row(`${what}: layout`, ms(own.layout), `Embedding Atlas ${ms(other.layout)}`, own.layout / other.layout);
	row(
		`${what}: 15 nearest kept`,
		share(mine.overlap),
		`Embedding Atlas ${share(its.overlap)}`,
		mine.overlap / its.overlap
	);
});

it('neighbours on WebGPU', async () => {
	const { software, device } = await startEngine('webgpu');
	const data = gaussianMixture(software ? 1000 : 60_000);
	const engine = tensorEngine();
	const rows = await engine.hold(data.values, 64);
	const quiet = clock({});
	const gpu = async () => {
		const began = performance.now();
		await engine.neighbours(rows, 14, 'euclidean', 'exact', 1, quiet);
		return performance.now() - began;
	};
	await gpu();
	const own = await gpu();
	const typed = await typedEngine.hold(data.values, 64);
	const began = performance.now();
	await typedEngine.neighbours(typed, 14, 'euclidean', 'auto', 1, quiet);
	const processor = performance.now() - began;
	row(
		`neighbours of ${data.count} × 64 on WebGPU (${device})`,
		ms(own),
		`typed arrays ${ms(processor)}`,
		own / processor
	);
	rows.dispose();

	// What a device of the least limits can bind: rows lie in two buffers.
	const [count, width] = [100_000, 512];
	const large = await GpuRows.create(count, width, 128 * 2 ** 20);
	const { normal } = fastStream(1, 'sample');
	const some = Float32Array.from({ length: 1000 * width }, normal);
	for (let first = 0; first < count; first += 1000) large.write(some, first);
	const start = performance.now();
	const found = await exactOnGpu(large, Int32Array.of(0, 99_999), 14, 'euclidean', quiet);
	const took = performance.now() - start;
	// Each row is there a hundred times: its nearest are its copies.
	const right = found.distances.every((distance) => distance === 0);
	row(
		`2 of 100,000 × 512 rows against all, in ${large.chunks.length} buffers of 128 MB`,
		ms(took),
		right ? 'right' : 'WRONG',
		1
	);
	large.dispose();
});

it.runIf(LARGE)('100,000 × 512 on WebGPU, in buffers of 128 MB, from rows to a map', async () => {
	const { device, software } = await startEngine('webgpu');
	const [count, width] = [100_000, 512];
	const data = gaussianMixture(count, { width, rank: 24 });
	const rows = await GpuRows.create(count, width, 128 * 2 ** 20);
	rows.write(data.values);
	// Quarters of an hour on a software adapter: neighbours are then found on typed arrays, in rows read from the buffers.
	const seeker = software ? typedEngine : tensorEngine();
	const requested = { epochs: 8, search: 'approximate' } as const;
	const { milliseconds, total, positions, recall } = await mapped(tensorEngine(), rows, requested, seeker);
	const phases = Object.entries(milliseconds).map(([name, time]) => `${name} ${ms(time)}`);
	row(
		`UMAP of 100,000 × 512, 8 epochs, WebGPU (${device}), rows in ${rows.chunks.length} buffers`,
		ms(total),
		`${phases.join(', ')}, neighbours on ${seeker.title}, recall ${share(recall)}`,
		positions.every(Number.isFinite) ? 1 : NaN
	);
	rows.dispose();
});
