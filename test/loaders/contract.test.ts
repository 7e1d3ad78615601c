import { beforeAll, describe, expect, it } from 'vitest';
import { isAbort, LabError } from '#contracts/errors.ts';
import type { DataLoader } from '#contracts/data-loader.ts';
import type { DataSet } from '#contracts/data-set.ts';
import type { LoadContext, LoadedModel, Loader } from '#contracts/loader.ts';
import type { Source } from '#contracts/source.ts';
import * as tf from '#engine/tf.ts';
import { expanded } from '#loaders/archive.ts';
import { dataLoaders } from '#loaders/data-registry.ts';
import { openData } from '#loaders/open-data.ts';
import { openSource } from '#loaders/open-source.ts';
import { loaders } from '#loaders/registry.ts';
import { useBackend } from '../tools/backends.ts';
import { loadContext } from '../tools/files.ts';
import { hash01 } from '../tools/hash01.ts';
import { samples, sourceOf, type Files } from './samples.ts';
import { unsoundData, unsoundModel } from './soundness.ts';

/** What must hold of every loader in the registries, those to come too. A new one needs a file in `samples/`. */

type Any = { kind: 'model'; loader: Loader } | { kind: 'data'; loader: DataLoader };
const all: Any[] = [
	...[...loaders.values()].map((loader) => ({ kind: 'model', loader }) as const),
	...[...dataLoaders.values()].map((loader) => ({ kind: 'data', loader }) as const)
];
const cases = all.map((any) => ({ ...any, id: any.loader.id }));

/** What was loaded, in comparable plain form; freed. */
interface Opened {
	plain: unknown;
	count: number;
	/** What is said of what was not used. */
	messages: string;
	unsound: string | null;
}

async function plainModel(loaded: LoadedModel): Promise<Opened> {
	const { model, format, labels, warnings } = loaded;
	try {
		const unsound = await unsoundModel(loaded);
		const names = new Set(
			model.graph.nodes.flatMap((node) => node.weights.filter((w) => !w.missing).map((w) => w.name))
		);
		const weights = await Promise.all([...names].map(async (name) => [name, await model.weight(name).data()] as const));
		return {
			plain: { format, labels, warnings, graph: model.graph, weights },
			count: 0,
			messages: warnings.join(),
			unsound
		};
	} finally {
		model.dispose();
	}
}

async function plainData(data: DataSet): Promise<Opened> {
	const images = data.images && (await Promise.all(data.images.map((image) => image.arrayBuffer())));
	return {
		plain: { ...data, images },
		count: data.count,
		messages: (data.notes ?? []).join(),
		unsound: unsoundData(data)
	};
}

const load = async ({ kind, loader }: Any, source: Source, context: LoadContext) =>
	kind === 'model' ? plainModel(await loader.load(source, context)) : plainData(await loader.load(source, context));
/** As the lab does: by whichever loader is surest. */
const open = async ({ kind }: Any, source: Source, context = loadContext()) =>
	kind === 'model' ? plainModel(await openSource(source, context)) : plainData(await openData(source, context));

/** What a job rejects with; null where it does not. */
const outcome = (job: Promise<unknown>) => job.then(() => null, (error: unknown) => error as Error); // prettier-ignore

/** @returns null where it opened; a refusal is a sentence for people and nothing else */
async function refusal(job: Promise<unknown>): Promise<LabError | null> {
	const error = await outcome(job);
	if (error === null) return null;
	if (!(error instanceof LabError)) throw error;
	expect(error.message).toMatch(/\S.*[.!?]$/s);
	return error;
}

const sampled = (id: string) => Object.entries(samples.get(id)?.files ?? {});

function randomBytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
	return Uint8Array.from({ length }, (_, i) => Math.floor(256 * hash01(seed, i)));
}

/** Sources that are nobody's, under the endings that the loader asks for. */
const foreign = (extensions: readonly string[]): [string, Files][] => [
	['no file', {}],
	...extensions.flatMap((ending): [string, Files][] => [
		[`an empty ${ending}`, { [`a${ending}`]: '' }],
		[`random bytes as ${ending}`, { [`a${ending}`]: randomBytes(3000, 7) }]
	]),
	['a name without end', { ['x'.repeat(100_000)]: randomBytes(10, 3) }],
	[
		'odd names',
		{ '': randomBytes(9, 1), '/': randomBytes(9, 2), '%zz#?': randomBytes(9, 4), __proto__x: randomBytes(9, 5) }
	]
];

beforeAll(() => useBackend('cpu'));

it('every loader has samples, and every sample a loader', () => {
	expect([...samples.keys()].sort()).toEqual(cases.map(({ id }) => id).sort());
	for (const [id, own] of samples) expect(Object.keys(own.files).length, id).toBeGreaterThan(0);
});

describe.each(cases)('the loader “$id”', (any) => {
	const { id, loader } = any;

	it('says what it is and which endings it takes', () => {
		expect(loader.title).toMatch(/\w{3}/);
		expect(loader.extensions.length).toBeGreaterThan(0);
		for (const ending of loader.extensions) expect(ending).toMatch(/^\.[a-z0-9.]+$/);
	});

	it('knows its own, and nobody else is surer', async () => {
		for (const [name, make] of sampled(id)) {
			const source = await expanded(sourceOf(await make()));
			const own = await loader.match(source);
			expect(own, name).toBeGreaterThan(0);
			for (const other of cases) {
				if (other.kind !== any.kind || other.id === id) continue;
				expect(await other.loader.match(source), `${other.id} of ${name}`).toBeLessThan(own);
			}
		}
	});

	it('claims nothing that is nobody’s and never throws while it looks', async () => {
		for (const [name, files] of foreign(loader.extensions)) {
			const source = sourceOf(files);
			// Text without anything in it may still be looked at as a table, and refused then.
			const sure = await loader.match(source);
			if (sure > 0) expect(await refusal(loader.load(source, loadContext())), name).toBeInstanceOf(LabError);
			expect(await refusal(open(any, source)), name).toBeInstanceOf(LabError);
		}
		for (const other of cases)
			for (const [name, make] of sampled(other.id)) {
				const files = await make();
				for (const source of [sourceOf(files), await expanded(sourceOf(files))]) {
					const sure = await loader.match(source);
					expect(sure, `${other.id} ${name}`).toBeGreaterThanOrEqual(0);
					expect(sure, `${other.id} ${name}`).toBeLessThanOrEqual(1);
					if (!sure) continue;
					// What it would take it reads soundly, or refuses in a sentence.
					const found = await load(any, source, loadContext()).catch((error: unknown) => error);
					if (found instanceof Error) expect(found, `${other.id} ${name}`).toBeInstanceOf(LabError);
					else expect((found as Opened).unsound, `${other.id} ${name}`).toBeNull();
				}
			}
	});

	it('reads its samples soundly, twice the same, and leaves no tensors', async () => {
		for (const [name, make] of sampled(id)) {
			const files = await make();
			const before = tf.memory().numTensors;
			const first = await open(any, sourceOf(files));
			expect([name, first.unsound]).toEqual([name, null]);
			const again = await open(any, sourceOf(files));
			expect(again.plain).toEqual(first.plain);
			expect(tf.memory().numTensors, name).toBe(before);
		}
	});

	it('says in a sentence that a file was cut short, wherever', async () => {
		const { cut, files: own } = samples.get(id)!;
		for (const [name, make] of Object.entries(own)) {
			const files = await make();
			const whole = await open(any, sourceOf(files));
			const before = tf.memory().numTensors;
			for (const [path, part] of Object.entries(files)) {
				const bytes = typeof part === 'string' ? new TextEncoder().encode(part) : part;
				for (const quarter of [0, 1, 2, 3]) {
					const source = sourceOf({ ...files, [path]: bytes.slice(0, Math.floor((quarter * bytes.length) / 4)) });
					const where = `${name}: ${path} at ${quarter}/4`;
					let shorter: Opened | null = null;
					const refused = await refusal(open(any, source).then((found) => (shorter = found))).catch(
						(error: unknown) => {
							throw new Error(where, { cause: error });
						}
					);
					if (refused) continue;
					const opened = shorter as Opened | null;
					expect([where, opened?.unsound]).toEqual([where, null]);
					// Names of classes and metadata are beside the point: they may be shorter than what they name.
					const mentioned = opened?.messages.includes(path);
					if (cut === 'refused' && !mentioned && !/label|meta|words|config/.test(path))
						expect.fail(`${where} was opened`);
					expect(opened?.count, where).toBeLessThanOrEqual(whole.count);
				}
			}
			expect(tf.memory().numTensors, name).toBe(before);
		}
	}, 120_000);

	it('hears a cancel, before and while it reads, and leaves no tensors', async () => {
		for (const [name, make] of sampled(id)) {
			const source = await expanded(sourceOf(await make()));
			const before = tf.memory().numTensors;
			const stopped = AbortSignal.abort();
			expect(isAbort(await outcome(open(any, source, loadContext({ signal: stopped })))), name).toBe(true);
			let heard = 0;
			await open(any, source, loadContext({ progress: () => void heard++ }));
			for (let at = 1; at <= heard; at++) {
				const controller = new AbortController();
				let reported = 0;
				const progress = () => void (++reported === at && controller.abort());
				const error = await outcome(open(any, source, loadContext({ signal: controller.signal, progress })));
				// After its last word it may as well end.
				if (error !== null || at < heard) expect(isAbort(error), `${name}, at word ${at} of ${heard}: ${String(error)}`).toBe(true); // prettier-ignore
			}
			expect(tf.memory().numTensors, name).toBe(before);
		}
	});
});
