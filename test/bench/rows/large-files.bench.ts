import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import { startEngine } from '#engine/device.ts';
import { openSource } from '#loaders/open-source.ts';
import { placed } from '#loaders/placed.ts';
import { sorted } from '#loaders/sort.ts';
import { sized } from '#maths/format.ts';
import { LayoutThread } from '#state/structure/layout-thread.ts';
import { CountingBlob } from '../../tools/counting-blob.ts';
import { largeOnnx } from '../../tools/large-onnx.ts';
import { ms, row } from '../measure.ts';

declare module 'vitest/internal/browser' {
	interface BrowserCommands {
		rendererMemory(): Promise<number>;
	}
}

/** What a dropped file takes until its graph is laid out and can be moved, against a plain decode of the same file. */

const never = new AbortController().signal;
const context = { signal: never, progress: () => {}, checkSize: () => {}, later: true };
const sourceOf = (blob: Blob) => ({ name: 'large', files: [{ path: 'large.onnx', blob }] });

/** Milliseconds of a job, and by how many bytes the page's process grew at most meanwhile. */
async function measured<T>(job: () => Promise<T>): Promise<{ time: number; grew: number; value: T }> {
	const before = await commands.rendererMemory();
	let [most, over] = [before, false];
	const watch = (async () => {
		while (!over) {
			most = Math.max(most, await commands.rendererMemory());
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	})();
	const began = performance.now();
	const value = await job();
	const time = performance.now() - began;
	most = Math.max(most, await commands.rendererMemory());
	over = true;
	await watch;
	return { time, grew: most - before, value };
}

const decoded = async (blob: Blob) =>
	fromBinary(ModelProtoSchema, new Uint8Array(await blob.arrayBuffer()), { readUnknownFields: false }).graph?.node
		.length;

async function structure(blob: Blob) {
	const { readings } = await sorted(sourceOf(blob), { units: null, data: false });
	expect(readings[0]?.kind).toBe('model');
	const loaded = await openSource(sourceOf(blob), context);
	const thread = new LayoutThread(loaded.model.graph);
	const { open } = await thread.summary(never);
	const scene = await thread.layout({ open: [...open], direction: 'down' }, never, () => undefined);
	thread.dispose();
	return { loaded, scene };
}

it.each([
	['1 GB in 258 nodes', { layers: 64, width: 2048, between: 3 }],
	['10,000 nodes', { layers: 100, width: 64, between: 99 }]
] as const)('an ONNX file of %s', async (what, large) => {
	await startEngine('wasm');
	const blob = new CountingBlob(largeOnnx(large));
	// The modules that such a file loads are there.
	(await structure(largeOnnx({ layers: 1, width: 64 }))).loaded.model.dispose();
	const ours = await measured(() => structure(blob));
	const { read } = blob;
	ours.value.loaded.model.dispose();
	const plain = await measured(() => decoded(largeOnnx(large)));
	expect(plain.value).toBe(large.layers * (1 + large.between) + 1);
	row(
		`ONNX of ${what}: drop to laid out graph`,
		ms(ours.time),
		`plain decode ${ms(plain.time)}`,
		ours.time / plain.time
	);
	row(
		`ONNX of ${what}: bytes read until then`,
		sized(read.bytes),
		`the file ${sized(blob.size)}`,
		read.bytes / blob.size
	);
	if (plain.grew)
		row(
			`ONNX of ${what}: memory of the page`,
			sized(ours.grew),
			`plain decode ${sized(plain.grew)}`,
			ours.grew / plain.grew
		);
});

it('an ONNX file of 100 MB, until it can run', async () => {
	await startEngine('wasm');
	const large = { layers: 25, width: 1024, between: 3 };
	const ours = await measured(async () => placed(await openSource(sourceOf(largeOnnx(large)), context), context));
	ours.value.model.dispose();
	const plain = await measured(() => decoded(largeOnnx(large)));
	row('ONNX of 100 MB: load until it runs', ms(ours.time), `plain decode ${ms(plain.time)}`, ours.time / plain.time);
	if (plain.grew)
		row(
			'ONNX of 100 MB: memory of the page',
			sized(ours.grew),
			`plain decode ${sized(plain.grew)}`,
			ours.grew / plain.grew
		);
});
