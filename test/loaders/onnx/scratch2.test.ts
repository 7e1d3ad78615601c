import { beforeAll, it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import * as ort from 'onnxruntime-web/wasm';
import * as tf from '#engine/tf.ts';
import loader from '#loaders/formats/onnx.ts';
import { useBackend } from '../../tools/backends.ts';
import { loadContext } from '../../tools/files.ts';

beforeAll(() => useBackend((process.env['ENGINE'] ?? 'wasm') as 'cpu'));
const folder = '/tmp/exports';
const names = readdirSync(folder).filter((n) => n.endsWith('.onnx') && new RegExp(process.env['ONLY'] ?? '.').test(n));
it.each(names)('%s', async (name) => {
	ort.env.wasm.numThreads = 1;
	const bytes = readFileSync(`${folder}/${name}`);
	let t = Date.now();
	const loaded = await loader.load({ name, files: [{ path: name, blob: new Blob([bytes]) }] }, loadContext());
	const { model } = loaded;
	const took = Date.now() - t;
	const types = new Map<string, number>();
	for (const n of model.graph.nodes) types.set(n.type, (types.get(n.type) ?? 0) + 1);
	if (model.obstacle) return console.log(name, 'OBSTACLE', model.obstacle.message);
	const nodes = new Map(model.graph.nodes.map((n) => [n.id, n]));
	const session = await ort.InferenceSession.create(bytes);
	const open = model.graph.inputs.every((id) => nodes.get(id)!.shape[0] === null);
	const rows = open ? 2 : 1;
	const feeds: Record<string, tf.Tensor> = {};
	const per: Record<string, ort.Tensor>[] = Array.from({ length: rows }, () => ({}));
	for (const id of model.graph.inputs) {
		const n = nodes.get(id)!;
		const shape = n.shape.map((m) => m ?? rows);
		const x = n.dtype === 'int32' ? tf.randomUniform(shape, 0, 50, 'int32') : tf.randomUniform(shape, -1, 1, 'float32', 7);
		feeds[id] = x;
		const full = n.axes ? tf.transpose(x, [...n.axes]) : x;
		for (let r = 0; r < rows; r++) {
			const row = open ? tf.slice(full, r, 1) : full;
			const data = await row.data();
			per[r]![session.inputNames.find((m) => m === id) ?? session.inputNames[0]!] =
				n.dtype === 'int32' ? new ort.Tensor('int64', BigInt64Array.from(data as Int32Array, (v) => BigInt(v)), row.shape) : new ort.Tensor('float32', data as Float32Array, row.shape);
		}
	}
	t = Date.now();
	const ys = model.run(feeds, model.graph.outputs);
	await ys[0]!.data();
	const run = Date.now() - t;
	const expected = await Promise.all(per.map((f) => session.run(f)));
	let worst = 0;
	for (const [k, y] of ys.entries()) {
		const id = model.graph.outputs[k]!.replace(/:\d+$/, '');
		const n = nodes.get(id)!;
		const turned = n.axes && n.axes.length === y.rank && !/:\d/.test(model.graph.outputs[k]!) ? tf.transpose(y, [...n.axes]) : y;
		const data = await turned.data();
		const e = expected.flatMap((o) => Array.from(o[session.outputNames[k]!]!.data as Float32Array, Number));
		const size = Math.max(...e.map(Math.abs));
		if (e.length !== data.length) throw new Error(`${e.length} numbers, not ${data.length}`);
		e.forEach((v, i) => (worst = Math.max(worst, Math.abs(v - data[i]!) / (size || 1))));
	}
	// Shapes
	const ids = model.graph.nodes.filter((n) => n.type !== 'Input').map((n) => n.id);
	const all = model.run(feeds, ids);
	const wrong = all.flatMap((y, i) => {
		const said = nodes.get(ids[i]!)!.shape.map((m, a) => m ?? y.shape[a]);
		return said.join() === y.shape.join() ? [] : [`${ids[i]} says ${said} is ${y.shape}`];
	});
	console.log(name, `rows ${rows} worst ${worst.toExponential(1)} load ${took} run ${run}`, `transposes ${types.get('Transpose') ?? 0} reshapes ${types.get('Reshape') ?? 0} nodes ${model.graph.nodes.length}`, loaded.warnings.join(' '), wrong.slice(0, 2).join('; '), worst < 1e-3 ? '' : 'WRONG ' + model.graph.outputs);
	tf.dispose([...ys, ...all, ...Object.values(feeds)]);
	model.dispose();
}, 300000);
