import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEngine } from '#engine/device.ts';
import { WebgpuTrainer } from '#engine/playground/webgpu-trainer.ts';
import * as tf from '#engine/tf.ts';
import { ROWS, rowSpec, SOLVED, type PlaygroundRow } from '../tools/playground-rows.ts';

let device: GPUDevice;
beforeAll(async () => {
	await startEngine('webgpu');
	device = (tf.backend() as WebGPUBackend).device;
});
afterAll(() => tf.removeBackend('webgpu'));

/** 250 samples in batches of ten. */
const PER_EPOCH = 25;

/** Rows that are trained together, with so many seeds of each, and epochs between two looks. */
interface Together {
	rows: readonly (readonly [row: PlaygroundRow, seeds: number])[];
	every: number;
}

/**
 * All rows on the GPU, those of similar length as networks of one trainer. Of rows that must
 * fail an emulated GPU trains a few seeds, and some rows not at all; test/methods/playground.test.ts has all of them on
 * typed arrays. A trainer rests when all that is to be solved is.
 */
const GROUPS: readonly Together[] = [
	{
		rows: [
			[ROWS.gauss, 10],
			[ROWS.product, 10]
		],
		every: 3
	},
	{
		rows: [
			[ROWS.page, 10],
			[ROWS.three, 10],
			[ROWS.linear, 5],
			[ROWS.vanishing, 5],
			[ROWS.saturating, 5],
			[ROWS.dying, 5]
		],
		every: 50
	},
	{
		rows: [
			[ROWS.xor, 10],
			[ROWS.four, 10],
			[ROWS.two, 5]
		],
		every: 50
	},
	{ rows: [[ROWS.sines, 10]], every: 25 },
	{ rows: [[ROWS.relu, 6]], every: 25 },
	{
		rows: [
			[ROWS.narrow, 2],
			[ROWS.shallow, 2]
		],
		every: 500
	}
];

/** As many of fewer seeds as the row's share of ten, rounded down. */
const required = ({ atLeast }: PlaygroundRow, seeds: number) => Math.floor((atLeast * seeds) / 10);

it.each(
	GROUPS.map((group) => [group.rows.map(([{ name }, seeds]) => `${name} (${seeds})`).join('; '), group] as const)
)('the WebGPU trainer solves, or does not: %s', async (_, { rows, every }) => {
	device.pushErrorScope('validation');
	const networks = rows.flatMap(([row, seeds]) => Array.from({ length: seeds }, (_, i) => ({ row, seed: i + 1 })));
	const trainer = await WebgpuTrainer.create(networks.map(({ row, seed }) => rowSpec(row, seed)));
	const solved = new Map<PlaygroundRow, Set<number>>(rows.map(([row]) => [row, new Set()]));
	const count = (row: PlaygroundRow) => solved.get(row)?.size ?? 0;
	const max = Math.max(...rows.map(([row]) => row.epochs));
	const open = (epoch: number) =>
		rows.some(([row, seeds]) => epoch < row.epochs && (!row.atLeast || count(row) < required(row, seeds)));
	for (let epoch = 0; epoch < max && open(epoch);) {
		await trainer.step(every * PER_EPOCH);
		epoch += every;
		for (const [n, { test }] of (await trainer.metrics()).entries()) {
			const { row, seed } = networks[n]!;
			if (epoch <= row.epochs && test.loss < SOLVED) solved.get(row)?.add(seed);
		}
	}
	for (const [row, seeds] of rows)
		if (row.atLeast) expect(count(row), row.name).toBeGreaterThanOrEqual(required(row, seeds));
		else expect(count(row), row.name).toBe(0);
	trainer.dispose();
	expect((await device.popErrorScope())?.message).toBeUndefined();
});
