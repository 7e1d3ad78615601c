import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { useBackend } from '../tools/backends.ts';
import { joined } from '../tools/bytes.ts';
import { loadContext } from '../tools/files.ts';
import { call, dict, ints, op, pickle, storage, tensor, torchStream, torchZip, tuple } from '../tools/pickle-bytes.ts';

/** Pickles that no torch.save writes, or only old ones did: nothing in them runs, and each ends in a bag or a sentence. */

type Bytes = Uint8Array<ArrayBuffer>;
const four = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
const weight = tensor([2, 2], [2, 1]);

async function opened(bytes: Bytes) {
	const before = tf.memory().numTensors;
	const { model, warnings } = await openSource({ name: 'x', files: [{ path: 'x.pt', blob: new Blob([bytes]) }] }, loadContext()); // prettier-ignore
	const names = model.graph.nodes.flatMap(({ weights }) => weights.map(({ name }) => name));
	const values = await Promise.all(names.map(async (name) => [...(await model.weight(name).data())]));
	model.dispose();
	expect(tf.memory().numTensors).toBe(before);
	return { names, values, warnings };
}
const zipped = (root: Uint8Array, more: Parameters<typeof torchZip>[2] = {}) =>
	opened(torchZip(pickle(root), { '0': four }, more));
async function refusal(job: Promise<unknown>): Promise<string> {
	const error: unknown = await job.then(
		() => null,
		(reason: unknown) => reason
	);
	expect(error).toBeInstanceOf(LabError);
	return (error as LabError).message;
}

beforeAll(() => useBackend('cpu'));

describe('a pickle', () => {
	it('names what it would call, and does not', async () => {
		const harm = [
			call('os', 'system', op.text('x')),
			call('builtins', 'eval', op.text('x')),
			joined(op.text('subprocess'), op.text('Popen'), op.stackGlobal, op.unit, op.reduce),
			joined(op.mark, op.text('x'), op.instance('posix', 'system')),
			joined(op.mark, op.global('nt', 'system'), op.text('x'), op.object),
			joined(op.global('importlib', 'import_module'), op.unit, op.newObject)
		];
		const names = ['os.system', 'builtins.eval', 'subprocess.Popen', 'posix.system', 'nt.system', 'importlib.import_module']; // prettier-ignore
		for (const [k, one] of harm.entries()) {
			const name = names[k]!;
			expect(await refusal(zipped(one))).toBe(
				`“x.pt” holds no weights: it asks Python to call ${name}, which the lab did not do. Open it nowhere that runs pickles.`
			);
			const beside = await zipped(dict(['state_dict', dict(['a.weight', weight])], ['x', one]));
			expect(beside.names).toEqual(['a.weight']);
			expect(beside.warnings[0]).toMatch(`may be an attack: it asks Python to call ${name}`);
		}
		expect(await refusal(zipped(call('mine', 'Net')))).toBe(
			'“x.pt” holds no weights; it holds mine.Net, which the lab does not make: it runs no code of others.'
		);
	});

	it('may form rings, nest deeply and multiply itself', async () => {
		const ring = joined(op.dict, op.put(0), op.mark, op.text('self'), op.get(0), op.text('w'), weight, op.setItems);
		expect((await zipped(ring)).names).toEqual(['w']);
		const deep = joined(new Uint8Array(100_000).fill(op.list[0]!), new Uint8Array(99_999).fill(op.append[0]!));
		expect(await refusal(zipped(deep))).toBe('“x.pt” holds no weights.');
		const laughs = joined(op.list, ...Array.from({ length: 60 }, () => joined(op.dup, op.pair)));
		expect(await refusal(zipped(laughs))).toBe('“x.pt” holds no weights.');
		expect((await zipped(dict(['l', laughs], ['w', weight]))).names).toEqual(['w']);
		// One long list, made a dictionary again and again.
		const pairs = joined(op.list, op.put(1), op.mark, ...Array.from({ length: 5000 }, (_, k) => joined(op.int(k), op.none, op.pair)), op.appends); // prettier-ignore
		const again = joined(op.global('collections', 'OrderedDict'), op.get(1), op.one, op.reduce);
		const many = Array.from({ length: 20_000 }, () => joined(again, Uint8Array.of(0x30)));
		expect((await zipped(joined(pairs, ...many, dict(['w', weight])))).names).toEqual(['w']);
		const self = op.global('torch._tensor', '_rebuild_from_type_v2');
		let nested: Uint8Array = weight;
		for (let k = 0; k < 200; k++) nested = joined(self, tuple(self, op.none, tuple(nested)), op.reduce);
		expect(await refusal(zipped(nested))).toBe('“x.pt” holds no weights.');
	}, 20_000);

	it('may have any names', async () => {
		const names = ['__proto__', 'constructor', '<img src=x onerror=alert(1)>', '', 'a\u0000b', 'é.weight'];
		const { names: found } = await zipped(dict(...names.map((name) => [name, weight] as const)));
		expect(found).toEqual(['__proto__', 'constructor', '<img src=x onerror=alert(1)>', 'tensor', 'a\u0000b', 'é.weight']); // prettier-ignore
	});

	it.each([
		['a tensor beyond its storage', tensor([2, 3], [3, 1]), /“w” reaches beyond its storage/],
		['an offset beyond it', tensor([2, 2], [2, 1], { offset: 1 }), /“w” reaches beyond its storage/],
		['strides beyond it', tensor([2, 2], [1 << 30, 1]), /“w” reaches beyond its storage/],
		['strides that go back', tensor([2, 2], [-2, 1]), /not described as PyTorch does/],
		['more strides than axes', tensor([2, 2], [2, 1, 1]), /not described as PyTorch does/],
		['sizes that nothing holds', tensor([1 << 30, 1 << 30], [0, 0]), /has the shape/],
		['one number repeated to fill the memory', tensor([1 << 20, 1 << 10], [0, 0]), /“w” repeats 1 numbers/],
		['a storage that is not there', tensor([1], [1], { key: '../../x' }), /numbers that the file does not hold/],
		['a storage of no type', tensor([1], [1], { type: 'StrangeStorage' }), /numbers in torch\.StrangeStorage, which/],
		['a name that is no text', joined(op.int(1), op.dict, op.stackGlobal), /names what is no name/],
		['a reference to nothing', op.get(7), /refers to what it does not hold/],
		['more taken than put', joined(op.reduce), /takes more than it has put/],
		['an operation of none', Uint8Array.of(0xff), /holds the operation 0xff/],
		['a long number', joined(Uint8Array.of(0x8b), Uint8Array.of(0, 0, 0, 0x40)), /a number of 1073741824 bytes/],
		['a text longer than the file', joined(Uint8Array.of(0x8d), new Uint8Array(8).fill(0xff)), /was cut short/],
		['a version to come', Uint8Array.of(0x80, 9), /is of protocol 9/]
	])('with %s is refused by its name', async (_, part, why) => {
		expect(await refusal(zipped(dict(['w', part])))).toMatch(why);
	});

	it('may be of later versions of PyTorch, and of another order of bytes', async () => {
		const v3 = call('torch._utils', '_rebuild_tensor_v3', storage('0', 'UntypedStorage', 16), op.int(1), ints(2), ints(1), op.none, op.dict, op.global('torch', 'float8_e4m3fn')); // prettier-ignore
		const bytes = Uint8Array.of(0, 0x3c, 0x7e, 0);
		expect((await opened(torchZip(pickle(dict(['w', v3])), { '0': bytes }))).values).toEqual([[1.5, 448]]);
		const big = new Uint8Array(4);
		new DataView(big.buffer).setFloat32(0, 2.5);
		const order = { 'archive/byteorder': new TextEncoder().encode('big') };
		expect((await opened(torchZip(pickle(dict(['w', tensor([1], [1])])), { '0': big }, order))).values).toEqual([[2.5]]); // prettier-ignore
		const sub = call('torch._tensor', '_rebuild_from_type_v2', op.global('torch._utils', '_rebuild_tensor_v2'), op.global('mine', 'Tensor'), tuple(storage('0'), op.int(0), ints(4), ints(1), op.none, op.dict), op.none); // prettier-ignore
		expect((await zipped(dict(['w', sub]))).values).toEqual([[1, 2, 3, 4]]);
	});

	it('may be a stream of old, with views of storages and the sources of modules', async () => {
		const view = tuple(op.text('v'), op.int(2), op.int(2));
		const old = joined(tuple(op.text('storage'), op.global('torch', 'FloatStorage'), op.text('7'), op.text('cpu'), op.int(4), view), op.stored); // prettier-ignore
		const whole = call('torch._utils', '_rebuild_tensor', old, op.int(1), ints(1), ints(1));
		const module = joined(tuple(op.text('module'), op.global('mine', 'Net'), op.text('net.py'), op.text('class Net')), op.stored); // prettier-ignore
		const net = joined(module, op.unit, op.newObject, dict(['_parameters', dict(['w', whole])], ['_modules', dict()]), op.build); // prettier-ignore
		const found = await opened(torchStream(net, ['7'], [[4, four]]));
		expect([found.names, found.values]).toEqual([['w'], [[4]]]);
		expect(found.warnings[0]).toMatch(/left out.*mine\.Net/);
		const cut = torchStream(net, ['7'], [[4, four.slice(0, 12)]]);
		expect(await refusal(opened(cut))).toBe('“x.pt” was cut short.');
		expect(await refusal(opened(torchStream(net, ['7'], [[-4, four]])))).toMatch(/its storage “7” has no size/);
		expect(await refusal(opened(torchStream(net, [], [])))).toMatch(/numbers that the file does not hold/);
	});

	it('of torch.export lies in a file within', async () => {
		const inner = torchZip(pickle(dict(['p', weight])), { '0': four });
		const file = zipSync({ 'm/archive_format': new Uint8Array(3), 'm/data/weights/model.pt': inner }, { level: 0 }) as Bytes; // prettier-ignore
		const found = await opened(file);
		expect(found.names).toEqual(['p']);
		expect(found.warnings[0]).toMatch(/program of torch\.export/);
	});
});

it('a frozen TorchScript has its weights among its constants', async () => {
	const parts = {
		'net/data.pkl': pickle(dict()),
		'net/constants.pkl': pickle(tuple(tensor([2, 2], [2, 1]), tensor([4], [1], { key: '1' }))),
		'net/constants/0': new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer),
		'net/constants/1': new Uint8Array(Float32Array.of(5, 6, 7, 8).buffer),
		'net/code/__torch__.py': new TextEncoder().encode('def forward(self, x): ...')
	};
	const blob = new Blob([zipSync(parts, { level: 0 }) as Uint8Array<ArrayBuffer>]);
	const { model, format, warnings } = await openSource(
		{ name: 'net.pt', files: [{ path: 'net.pt', blob }] },
		loadContext()
	);
	expect(format).toBe('TorchScript');
	expect(warnings).toEqual([expect.stringMatching(/is a program of TorchScript/)]);
	expect(model.graph.nodes.flatMap(({ weights }) => weights.map(({ name, shape }) => [name, shape]))).toEqual([
		['CONSTANTS.c0', [2, 2]],
		['CONSTANTS.c1', [4]]
	]);
	model.dispose();
});
