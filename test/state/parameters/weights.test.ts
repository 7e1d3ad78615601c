import { beforeAll, describe, expect, it } from 'vitest';
import { unzipSync } from 'fflate';
import type { Graph, GraphNode } from '#contracts/graph.ts';
import type { WeightReport } from '#contracts/weights.ts';
import { tensorStats } from '#engine/tensor-stats.ts';
import * as tf from '#engine/tf.ts';
import { csv } from '#maths/csv.ts';
import { openSource } from '#loaders/open-source.ts';
import { memberName } from '#methods/npz-file.ts';
import { weightFile } from '#methods/weights/files.ts';
import { filterReport } from '#methods/weights/filters.ts';
import { initialDistributions } from '#methods/weights/initialisation.ts';
import { filterRows } from '#methods/weights/matrix.ts';
import { isKernel, weightShape } from '#methods/weights/shape.ts';
import { weightStatistics } from '#methods/weights/statistics.ts';
import { usualSize, weakFilters, weightFlags } from '#state/parameters/weight-flags.ts';
import { firstWeight, statisticsCsv, totalStatistics, weightEntries } from '#state/parameters/weight-list.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import { dataFolder, folderSource, loadContext } from '../../tools/files.ts';
import { recurrentModel } from '../../tools/recurrent-model.ts';
import { figures, reference, someValues } from '../../tools/weights-reference.ts';
import { denseNode as node } from '../../tools/weight-nodes.ts';

beforeAll(() => useBackend('cpu'));

const kernel = (name: string, shape: readonly number[]) => ({ name, shape, dtype: 'float32', role: 'kernel' });

async function reportOf(owner: GraphNode, tensor: tf.Tensor, name: string): Promise<WeightReport> {
	const weight = owner.weights.find((one) => one.name === name)!;
	const rows = filterRows(tensor, owner, weight);
	return {
		name,
		kernel: isKernel(weight),
		gates: weightShape(owner, weight).gates,
		matrix: [1, 1],
		statistics: await weightStatistics(await tensorStats(tensor)),
		filters: rows && (await filterReport(rows, 1e9)),
		distributions: initialDistributions(owner, weight)
	};
}

describe('the list of weights', () => {
	const graph: Graph = {
		operators: new Map(),
		inputs: ['x'],
		outputs: ['relu'],
		nodes: [
			node('x', { type: 'Input' }),
			node('a', { weights: [kernel('shared', [2, 4])], inputs: ['x'] }),
			node('b', { weights: [kernel('shared', [2, 4]), kernel('own', [4, 4])], inputs: ['a'] }),
			node('relu', { type: 'Relu', inputs: ['b'] })
		]
	};

	it('names each weight once, and finds those of what is looked at', () => {
		expect(weightEntries(graph).map(({ index, name, node: owner, size }) => [index, name, owner, size])).toEqual([
			[0, 'shared', 'a', 8],
			[1, 'own', 'b', 16]
		]);
		expect(firstWeight(graph, 'relu')).toBe('shared');
		expect(firstWeight(graph, 'x')).toBe(null);
		expect(firstWeight(graph, 'nowhere')).toBe(null);
	});

	it('adds up to the statistics of all numbers together', async () => {
		const parts = [someValues(500, 1, true), someValues(70, 2).map((x) => 9 * x), new Float32Array(5)];
		const owner = node('n', { weights: parts.map((part, i) => kernel(`w${i}`, [part.length])) });
		const reports = await Promise.all(parts.map((part, i) => reportOf(owner, tf.tensor1d(part), `w${i}`)));
		const total = totalStatistics(reports);
		const expected = reference(parts.flatMap((part) => Array.from(part)));
		expectClose({ data: figures(total) }, { data: figures(expected) }, { rtol: 1e-9, atol: 1e-12 });
		expect(total.size).toBe(575);
	});

	it('says what stands out, and nothing of what does not', async () => {
		const made = async (change: (i: number, x: number) => number, role = 'kernel') => {
			const values = someValues(400, 8).map((x, i) => change(i, x - 0.3));
			const owner = node('n', { weights: [{ ...kernel('w', [20, 20]), role }] });
			const report = await reportOf(owner, tf.tensor2d(values, [20, 20]), 'w');
			const [entry] = weightEntries({ nodes: [owner], inputs: [], outputs: [], operators: new Map() });
			return { report, flags: (usual = 0) => weightFlags(entry!, report, usual).map(({ id }) => id) };
		};
		const plain = await made((i) => Math.sin(i * i));
		expect(plain.flags(0.7)).toEqual([]);
		expect(plain.flags(0.01)).toEqual(['huge']);
		expect((await made((i) => (i === 3 ? NaN : Math.sin(i * i)))).flags()).toEqual(['invalid']);
		expect((await made((i) => (i % 3 ? 0 : Math.sin(i * i)))).flags()).toContain('zeros');
		expect((await made(() => 0)).flags()).toEqual(['same']);
		expect((await made((i) => (i % 20 === 4 ? 0 : Math.sin(i * i)))).flags()).toEqual(['dead']);
		expect((await made((i) => (i % 20 === 4 ? 0.1 : 1) * Math.sin(i * i))).flags()).toEqual(['weak']);
		expect((await made((i) => (i % 20 === 4 ? 0.5 : Math.sin(i * i)))).flags()).toEqual(['constant']);
		expect((await made((i) => Math.sin((i - (i % 20 === 6 ? 1 : 0)) ** 2))).flags()).toEqual(['twins']);
		expect((await made((i) => (i === 0 ? 50 : Math.sin(i * i)))).flags()).toEqual(['tails']);
		expect((await made((i) => (i === 0 ? -1 : 1), 'variance')).flags()).toEqual(['variance']);
		expect(usualSize([plain.report])).toBe(0);
		expect(usualSize(Array.from({ length: 5 }, () => plain.report))).toBeCloseTo(0.7, 1);
	});

	it('is written as cells that no spreadsheet runs', async () => {
		expect(csv([['=1+1', '-x', 'a,"b"', 1.5, NaN, null]])).toBe('\'=1+1,\'-x,"a,""b""",1.5,NaN,\r\n');
		const owner = node('=cmd', { weights: [kernel('@w', [2, 2])] });
		const report = await reportOf(owner, tf.tensor2d([1, 2, 3, 4], [2, 2]), '@w');
		const entries = weightEntries({ nodes: [owner], inputs: [], outputs: [], operators: new Map() });
		const [head, row] = statisticsCsv(entries, new Map([['@w', report]]), () => []).split('\r\n');
		const cells = row!.split(',');
		expect(cells.slice(0, 8)).toEqual(["'@w", "'=cmd", 'Dense', 'kernel', '2 x 2', 'float32', '', '4']);
		const of = (title: string) => Number(cells[head!.split(',').indexOf(title)]);
		expect([of('mean'), of('L1'), of('min'), of('filters')]).toEqual([2.5, 10, 1, 2]);
		expect(of('standard deviation')).toBeCloseTo(Math.sqrt(1.25), 12);
	});
});

describe('files', () => {
	const context = { signal: new AbortController().signal, progress: () => {} };
	const tensors = () => [
		{ name: 'a/kernel', tensor: tf.tensor2d([1, 2, 3, NaN, -Infinity, 6], [2, 3]) },
		{ name: 'flags', tensor: tf.tensor1d([true, false, true], 'bool') },
		{ name: '__metadata__', tensor: tf.tensor1d([-7, 2 ** 31 - 1], 'int32') },
		{ name: '../../é', tensor: tf.scalar(0.5) },
		{ name: 'none', tensor: tf.zeros([0, 3]) }
	];
	const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

	it('writes .npz members that NumPy reads, and no path that leads elsewhere', async () => {
		const archive = unzipSync(await bytesOf(await weightFile(tensors(), 'npz', context)));
		expect(Object.keys(archive)).toEqual(['a/kernel.npy', 'flags.npy', '__metadata__.npy', '__/__/é.npy', 'none.npy']);
		const read = (name: string) => {
			const bytes = archive[name]!;
			const length = bytes[8]! + 256 * bytes[9]!;
			const header = Buffer.from(bytes.subarray(10, 10 + length)).toString('latin1');
			expect(header.endsWith('\n')).toBe(true);
			return { header, data: bytes.slice(10 + length) };
		};
		const a = read('a/kernel.npy');
		expect(a.header).toContain("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
		expect(Array.from(new Float32Array(a.data.buffer))).toEqual([1, 2, 3, NaN, -Infinity, 6]);
		expect(read('flags.npy').header).toContain("'|b1', 'fortran_order': False, 'shape': (3,)");
		expect(Array.from(read('flags.npy').data)).toEqual([1, 0, 1]);
		expect(Array.from(new Int32Array(read('__metadata__.npy').data.buffer))).toEqual([-7, 2 ** 31 - 1]);
		expect(read('__/__/é.npy').header).toContain("'shape': ()");
		expect(read('none.npy').data).toHaveLength(0);
		const taken = new Set<string>();
		expect(['a', 'a', '', '/a/./b', 'c:\\d\n'].map((name) => memberName(name, taken))).toEqual([
			'a',
			'a-2',
			'weight',
			'a/b',
			'c_/d_'
		]);
	});

	it('writes safetensors: length, header, numbers at multiples of their width', async () => {
		const bytes = await bytesOf(await weightFile(tensors(), 'safetensors', context));
		const view = new DataView(bytes.buffer);
		const length = Number(view.getBigUint64(0, true));
		expect(length % 8).toBe(0);
		const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
			string,
			{ dtype: string; shape: number[]; data_offsets: [number, number] }
		>;
		expect(header['__metadata__']).toEqual({ format: 'tf', writer: 'Vitrine' });
		const at = (name: string) =>
			bytes.slice(...(header[name]!.data_offsets.map((n) => 8 + length + n) as [number, number]));
		expect(header['a/kernel']).toMatchObject({ dtype: 'F32', shape: [2, 3] });
		expect(Array.from(new Float32Array(at('a/kernel').buffer))).toEqual([1, 2, 3, NaN, -Infinity, 6]);
		expect(Array.from(new Int32Array(at('__metadata__.weight').buffer))).toEqual([-7, 2 ** 31 - 1]);
		expect([header['flags']!.dtype, ...at('flags')]).toEqual(['BOOL', 1, 0, 1]);
		expect(header['../../é']!.shape).toEqual([]);
		expect(header['none']!.shape).toEqual([0, 3]);
		const { __metadata__: _, ...entries } = header;
		const ends = Object.values(entries).map(({ data_offsets }) => data_offsets);
		expect(Math.max(...ends.map(([, end]) => end))).toBe(bytes.length - 8 - length);
		for (const { dtype, data_offsets } of Object.values(entries))
			expect(data_offsets[0] % { F32: 4, I32: 4, BOOL: 1 }[dtype]!).toBe(0);
	});

	it('stops when told to', async () => {
		const controller = new AbortController();
		controller.abort();
		await expect(weightFile(tensors(), 'npz', { ...context, signal: controller.signal })).rejects.toThrow('cancelled');
	});
});

describe('whole models', () => {
	async function measured(source: Parameters<typeof openSource>[0]) {
		const { model } = await openSource(source, loadContext());
		const reports = new Map<string, WeightReport>();
		for (const owner of model.graph.nodes)
			for (const { name } of owner.weights)
				if (!reports.has(name)) reports.set(name, await reportOf(owner, model.weight(name), name));
		return { model, reports, entries: weightEntries(model.graph) };
	}

	it('knows gates, roles and the laws that the file names', async () => {
		const { json, bin, values } = recurrentModel();
		const { reports, entries, model } = await measured({
			name: 'words',
			files: [
				{ path: 'model.json', blob: new Blob([json]) },
				{ path: 'model.bin', blob: new Blob([bin]) }
			]
		});
		expect(entries.map(({ name, type, role }) => [name, type, role])).toEqual([
			['embedding/embeddings', 'Embedding', 'embeddings'],
			['lstm/lstm_cell/kernel', 'LSTM', 'kernel'],
			['lstm/lstm_cell/recurrent_kernel', 'LSTM', 'recurrent_kernel'],
			['lstm/lstm_cell/bias', 'LSTM', 'bias'],
			['gru/gru_cell/kernel', 'GRU', 'kernel'],
			['gru/gru_cell/recurrent_kernel', 'GRU', 'recurrent_kernel'],
			['gru/gru_cell/bias', 'GRU', 'bias'],
			['dense/kernel', 'Dense', 'kernel'],
			['dense/bias', 'Dense', 'bias']
		]);
		expect(reports.get('lstm/lstm_cell/bias')!.gates).toEqual(['input', 'forget', 'cell', 'output']);
		expect(reports.get('gru/gru_cell/kernel')!.gates).toEqual(['update', 'reset', 'hidden']);
		const distribution = (name: string) => reports.get(name)!.distributions[0];
		expect(distribution('embedding/embeddings')).toMatchObject({ title: 'Uniform from -0.05 to 0.05', known: true });
		expect(distribution('embedding/embeddings')!.std).toBeCloseTo(0.05 / Math.sqrt(3), 12);
		expect(distribution('lstm/lstm_cell/kernel')).toMatchObject({ title: 'Glorot uniform', known: true });
		expect(distribution('lstm/lstm_cell/recurrent_kernel')).toMatchObject({ title: 'Orthogonal times 1', known: true });
		expect(distribution('dense/kernel')).toMatchObject({ title: 'He normal', known: true });
		expect(distribution('dense/kernel')!.std).toBeCloseTo(1, 12);
		expect(distribution('gru/gru_cell/kernel')).toMatchObject({ title: 'Glorot uniform', known: false });
		expect(reports.get('dense/bias')!.statistics.nan).toBe(1);
		expectClose(
			{ data: figures(totalStatistics(reports.values())) },
			{ data: figures(reference(values)) },
			{ rtol: 1e-9, atol: 1e-12 }
		);
		model.dispose();
	});

	it('finds the blank filters of the sample model of digits, which its rectifiers silence', async () => {
		const { model, reports, entries } = await measured(
			folderSource('models/digits', (path) => /\/model\.(json|bin)$/.test(path))
		);
		// Norms by hand: 0.04, 0.08 and 0.13 where the median is 1.19; 1 and 10 answer at most -0.01 and -0.23 to pixels of 0..1.
		expect(weakFilters(reports.get('conv1/kernel')!.filters!)).toEqual([1, 10, 13]);
		const texts = entries.map((entry) => weightFlags(entry, reports.get(entry.name)!, 0).map(({ text }) => text));
		expect(texts[0]).toEqual(['3 weak of 16']);
		expect(texts[2]).toEqual(['6 weak of 32']);
		model.dispose();
	});

	it
		.runIf(dataFolder)
		.each([
			'real-models/tfjs-layers/mobilenet_v1_025_224-imagenet',
			'real-models/tfjs-layers/tensorspace-lenet',
			'real-models/tfjs-layers/wit-iris',
			'real-models/tfjs-graph/selfie-f16',
			'real-models/tfjs-graph/prefetch-angular',
			'imagenet-models/mobilenet_v1_025_128',
			'imagenet-models/mobilenet_v2_100_224',
			'imagenet-models/tinydarknet'
		])('measures every weight of %s', async (path) => {
		await useBackend('wasm');
		const { model, reports, entries } = await measured(folderSource(`${dataFolder}/${path}`));
		expect(entries.length).toBeGreaterThan(3);
		expect(reports.size).toBe(entries.length);
		for (const { name, size } of entries) {
			const { statistics: s } = reports.get(name)!;
			expect(s.size).toBe(size);
			const values = await model.weight(name).data();
			if (size < 1 || size > 60_000) continue;
			expectClose({ data: figures(s) }, { data: figures(reference(values)) }, { rtol: 1e-6, atol: 1e-9 });
		}
		model.dispose();
	});
});
