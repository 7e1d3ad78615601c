import { beforeAll, describe, expect, it } from 'vitest';
import { holding } from '#contracts/model.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { safetensorsHeader } from '#maths/safetensors.ts';
import { NpzFile } from '#methods/npz-file.ts';
import { useBackend } from '../tools/backends.ts';
import { CountingBlob } from '../tools/counting-blob.ts';
import { loadContext } from '../tools/files.ts';

/** Large files of weights alone: what is read before they are open, and that a weight is what it is read as a whole. */

beforeAll(() => useBackend('wasm'));

const SIDE = 1024;
const COUNT = 18;
const numbers = (k: number) => Float32Array.from({ length: SIDE * SIDE }, (_, i) => (i * 31 + k) % 997);
const names = Array.from({ length: COUNT }, (_, k) => `block${k}.weight`);

function safetensors(): Blob {
	const { head } = safetensorsHeader(names.map((name) => ({ name, shape: [SIDE, SIDE], dtype: 'float32' as const })));
	return new Blob([head, ...names.map((_, k) => new Uint8Array(numbers(k).buffer))]);
}

function npz(): Blob {
	const file = new NpzFile('weight');
	names.forEach((name, k) => file.add(name, [SIDE, SIDE], 'float32', new Uint8Array(numbers(k).buffer)));
	return file.blob();
}

/** A file of llama.cpp (GGUF 3) with float32 tensors, aligned to 32 bytes. */
function gguf(): Blob {
	const bytes: number[] = [];
	const u = (value: number, width: number) => {
		for (let i = 0; i < width; i++) bytes.push(Math.floor(value / 256 ** i) % 256);
	};
	const text = (value: string) => {
		u(value.length, 8);
		bytes.push(...new TextEncoder().encode(value));
	};
	bytes.push(...new TextEncoder().encode('GGUF'));
	u(3, 4);
	u(COUNT, 8);
	u(0, 8);
	names.forEach((name, k) => {
		text(name);
		u(2, 4);
		u(SIDE, 8);
		u(SIDE, 8);
		u(0, 4);
		u(4 * SIDE * SIDE * k, 8);
	});
	while (bytes.length % 32) bytes.push(0);
	return new Blob([Uint8Array.from(bytes), ...names.map((_, k) => new Uint8Array(numbers(k).buffer))]);
}

describe.each([
	['a.safetensors', safetensors],
	['a.npz', npz],
	['a.gguf', gguf]
])('%s of 75 MB', (path, write) => {
	it('opens without its numbers, which are read one weight at a time', async () => {
		const before = tf.memory().numTensors;
		const blob = new CountingBlob(write());
		const { model } = await openSource({ name: path, files: [{ path, blob }] }, loadContext({ later: true }));
		expect(blob.read.bytes / blob.size).toBeLessThan(0.03);
		expect(model.graph.nodes.flatMap(({ weights }) => weights).filter(({ missing }) => missing)).toEqual([]);
		expect(model.bytes).toBe(4 * SIDE * SIDE * COUNT);
		const read = blob.read.bytes;
		const name = model.graph.nodes.flatMap(({ weights }) => weights)[5]!.name;
		const k = Number(/\d+/.exec(name)![0]);
		const values = await holding(model, name, (weight) => weight.data());
		expect(Buffer.compare(Buffer.from(values.buffer), Buffer.from(numbers(k).buffer))).toBe(0);
		expect(blob.read.bytes - read).toBe(4 * SIDE * SIDE);
		model.dispose();
		await new Promise((resolve) => setTimeout(resolve));
		expect(tf.memory().numTensors).toBe(before);
	});
});
