import { readdirSync, readFileSync } from 'node:fs';
import type { LoadedModel } from '#contracts/loader.ts';
import type { Model } from '#contracts/model.ts';
import type { Source } from '#contracts/source.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { loaders } from '#loaders/registry.ts';
import { samples, sourceOf } from '../loaders/samples.ts';
import { folderSource, loadContext } from './files.ts';
import { hash01 } from './hash01.ts';
import { storedCase } from './stored-case.ts';

/** Every small model that the project has, of all formats, and how they are run. */

type Case = readonly [name: string, source: () => Promise<Source> | Source];

const KERAS = ['functional.h5', 'sequences.keras', 'sequential-1.h5', 'transformer.keras'];
/** Those that do not run, or are weights alone. */
const AT_REST =
	/weights|structure|bag|^(gguf|npz|pytorch|safetensors|tfjs-weights): |layer-cut-out|without|: (numbered|code)$/;

export const RUNNING: readonly Case[] = (
	[
		...['digits', 'photos', 'shortcut'].map((name) => [
			`models/${name}`,
			() => folderSource(`models/${name}`, (path) => /model\.(json|bin)$/.test(path))
		]),
		...readdirSync('test/cases/models').map((name) => [name, () => folderSource(`test/cases/models/${name}`)]),
		...KERAS.map((name) => [name, async () => sourceOf({ [name]: await storedCase(`keras/${name}`) })]),
		...readdirSync('test/loaders/onnx/exports').map((name) => [
			name,
			() => sourceOf({ [name]: readFileSync(`test/loaders/onnx/exports/${name}`) })
		]),
		...[...samples].flatMap(([id, { files }]) =>
			loaders.has(id)
				? Object.entries(files).map(([name, make]) => [`${id}: ${name}`, async () => sourceOf(await make())])
				: []
		)
	] as unknown as Case[]
).filter(([name]) => !AT_REST.test(name));

export async function running(source: Promise<Source> | Source): Promise<LoadedModel> {
	return openSource(await source, loadContext({ inputShape: [32, 32, 3] }));
}

const OPEN_LENGTH = 5;

/** Numbers that no symmetry hides; whole ones for what takes indices. */
export function inputsOf({ graph }: Model, rows: number): Record<string, tf.Tensor> {
	const nodes = graph.nodes.filter(({ id }) => graph.inputs.includes(id));
	return Object.fromEntries(
		nodes.map(({ id, shape, dtype }, k) => {
			const full = shape.map((n, axis) => n ?? (axis ? OPEN_LENGTH : rows));
			const values = Array.from({ length: full.reduce((n, m) => n * m, 1) }, (_, i) => hash01(i, 977 * k));
			const whole = values.map((value) => Math.floor(2 * value));
			return [id, dtype === 'float32' ? tf.tensor(values, full) : tf.tensor(whole, full, dtype as 'int32')];
		})
	);
}

/** Of inputs whose sizes are open. */
export const openSizes = ({ graph }: Model) =>
	new Map(graph.nodes.map(({ id, shape }) => [id, shape.map((n) => n ?? OPEN_LENGTH)]));

/** Whether the file fixes how many rows go in. */
export const fixesBatch = ({ graph }: Model) =>
	graph.nodes.some(({ id, shape }) => graph.inputs.includes(id) && shape[0] !== null);

export const plain = async (tensors: readonly tf.Tensor[]) =>
	Promise.all(tensors.map(async (y) => ({ shape: [...y.shape], data: Float32Array.from(await y.data()) })));
