import '@tensorflow/tfjs-backend-cpu';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataLoader } from '#contracts/data-loader.ts';
import { LabError } from '#contracts/errors.ts';
import type { LoadContext, Loader } from '#contracts/loader.ts';
import type { Source } from '#contracts/source.ts';
import { checkSize } from '#engine/device.ts';
import { installGradients } from '#engine/gradients/index.ts';
import * as tf from '#engine/tf.ts';
import { expanded } from '#loaders/archive.ts';
import { dataLoaders } from '#loaders/data-registry.ts';
import { openData } from '#loaders/open-data.ts';
import { openSource } from '#loaders/open-source.ts';
import { loaders } from '#loaders/registry.ts';
import { unsoundData, unsoundModel } from '../loaders/soundness.ts';
import { mutated } from './mutation.ts';

/** A process of its own that opens broken files one by one, and says how each went. */

interface Task {
	format: string;
	seed: number;
	index: number;
	/** Where to put the files of the case, to look at them. */
	folder?: string;
}

interface Outcome {
	kind: 'ok' | 'refused' | 'raw' | 'unsound';
	/** The sentence, the error or what is unsound. */
	detail: string;
}

const context = (): LoadContext => ({ signal: new AbortController().signal, progress: () => undefined, checkSize });

async function model(loader: Loader, source: Source, sure: boolean): Promise<string | null> {
	const before = tf.memory().numTensors;
	const loaded = sure ? await loader.load(source, context()) : await openSource(source, context());
	let wrong: string | null;
	try {
		wrong = await unsoundModel(loaded);
	} finally {
		loaded.model.dispose();
	}
	const left = tf.memory().numTensors - before;
	return wrong ?? (left ? `it leaves ${left} tensors` : null);
}

const data = async (loader: DataLoader, source: Source, sure: boolean) =>
	unsoundData(sure ? await loader.load(source, context()) : await openData(source, context()));

async function run({ format, seed, index, folder }: Task): Promise<Outcome> {
	try {
		const files = await mutated(format, seed, index);
		if (folder) keep(folder, files);
		const packed = { name: 'case', files: files.map(([path, part]) => ({ path, blob: new Blob([part]) })) };
		const source = await expanded(packed);
		const all = [...loaders.values(), ...dataLoaders.values()];
		for (const { id, match } of all) {
			const sure = await match(source);
			if (!(sure >= 0 && sure <= 1)) return { kind: 'unsound', detail: `${id} is ${sure} sure` };
		}
		const own = loaders.get(format);
		const other = dataLoaders.get(format);
		const wrong = own
			? await model(own, source, (await own.match(source)) > 0)
			: await data(other!, source, (await other!.match(source)) > 0);
		return wrong ? { kind: 'unsound', detail: wrong } : { kind: 'ok', detail: '' };
	} catch (error) {
		if (error instanceof LabError) return { kind: 'refused', detail: `${error.message} ${error.hint}` };
		return { kind: 'raw', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
	}
}

function keep(folder: string, files: readonly (readonly [string, Uint8Array])[]): void {
	mkdirSync(folder, { recursive: true });
	files.forEach(([path, bytes], i) =>
		writeFileSync(join(folder, `${i} ${path.replace(/[^\w.-]/g, '_').slice(-60)}`), bytes)
	);
}

// What a rejected promise leaves that nobody waits for is a raw error, too.
const strays: unknown[] = [];
process.on('unhandledRejection', (reason) => strays.push(reason));

await tf.setBackend('cpu');
installGradients();
process.on('message', (task: Task) => {
	void run(task).then((outcome) => {
		const stray = strays.splice(0).find((reason) => !(reason instanceof LabError));
		const raw = stray instanceof Error ? (stray.stack ?? stray.message) : String(stray);
		process.send!(stray === undefined ? outcome : { kind: 'raw', detail: `Nobody heard: ${raw}` });
	});
});
process.on('disconnect', () => process.exit(0));
process.send!({ formats: [...loaders.keys(), ...dataLoaders.keys()] });
