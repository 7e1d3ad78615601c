import { LabError } from '#contracts/errors.ts';
import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { notFiniteSentence } from '#loaders/not-finite.ts';
import { half } from '#maths/half.ts';
import { isObject } from '#maths/json.ts';
import { notFinite } from '#maths/not-finite.ts';
import { refuseExtra, shardFinder } from '#loaders/tfjs/shards.ts';
import { present } from '#loaders/tfjs/missing.ts';
import { product } from '#maths/product.ts';

interface Quantization {
	dtype: string;
	scale: number;
	min: number;
}

export interface Entry {
	name: string;
	shape: number[];
	dtype: string;
	quantization: Quantization | null;
}

export interface Group {
	paths: string[];
	entries: Entry[];
}

const BYTES: ReadonlyMap<string, number> = new Map([
	['float32', 4],
	['int32', 4],
	['bool', 1],
	['uint8', 1],
	['uint16', 2],
	['float16', 2]
]);

const wrong = (what: string) =>
	new LabError(`The weights manifest of the model is wrong: ${what}.`, 'Save or convert the model again.');

function entryOf(value: unknown): Entry {
	if (!isObject(value) || typeof value['name'] !== 'string') throw wrong('a weight has no name');
	const { name, shape, dtype } = value;
	if (!Array.isArray(shape) || !shape.every((n) => Number.isInteger(n) && (n as number) >= 0))
		throw wrong(`"${name}" has no proper shape`);
	const q = value['quantization'];
	if (typeof dtype !== 'string' || (dtype !== 'string' && !BYTES.has(dtype)))
		throw wrong(`"${name}" has the type ${String(dtype)}`);
	let quantization: Quantization | null = null;
	if (isObject(q)) {
		const stored = String(q['dtype']);
		if (!['uint8', 'uint16', 'float16'].includes(stored)) throw wrong(`"${name}" is quantised to ${stored}`);
		quantization = { dtype: stored, scale: Number(q['scale'] ?? 1), min: Number(q['min'] ?? 0) };
		// Halves are numbers as they are; whole numbers stand for others, which only the scale says.
		if (stored !== 'float16' && (typeof q['scale'] !== 'number' || typeof q['min'] !== 'number'))
			throw wrong(`"${name}" is quantised and does not say its scale and minimum`);
		if (!Number.isFinite(quantization.scale) || !Number.isFinite(quantization.min))
			throw wrong(`"${name}" has no scale`);
	}
	return { name, shape: shape as number[], dtype, quantization };
}

/** @throws LabError if it is not a weights manifest */
export function parseManifest(manifest: unknown): Group[] {
	if (!Array.isArray(manifest) || !manifest.length)
		throw new LabError(
			'The model file holds a structure and no weights.',
			'Save the model with its weights (model.json and its .bin files).'
		);
	const seen = new Set<string>();
	return manifest.map((group: unknown) => {
		if (!isObject(group) || !Array.isArray(group['paths']) || !Array.isArray(group['weights']))
			throw wrong('paths or weights are missing');
		for (const path of group['paths'].map(String)) {
			if (seen.has(path)) throw wrong(`the file "${path}" is named twice`);
			seen.add(path);
		}
		return { paths: group['paths'].map(String), entries: group['weights'].map(entryOf) };
	});
}

export const storedBytes = ({ shape, dtype, quantization }: Entry) =>
	product(shape) * (BYTES.get(quantization?.dtype ?? dtype) ?? 0);

/** As float32 or int32 on the device. */
export const deviceBytes = ({ shape }: Entry) => product(shape) * 4;

/** In the order of the manifest: names may repeat, and the order counts. */
export type Weights = readonly (readonly [name: string, weight: StoredWeight])[];

export interface ReadWeights {
	/** Without values where their file is missing. */
	weights: Weights;
	/** Paths of the manifest that no file was found for. */
	missing: string[];
}

/**
 * The weights, decoded to float32 or int32.
 * @throws LabError for a left-over shard, and for files shorter or longer than the manifest says
 */
export async function readWeights(
	source: Source,
	model: SourceFile,
	groups: readonly Group[],
	progress: (share: number) => void
): Promise<ReadWeights> {
	refuseExtra(
		source,
		groups.flatMap(({ paths }) => paths)
	);
	const find = shardFinder(source, model);
	const weights: (readonly [string, StoredWeight])[] = [];
	const missing: string[] = [];
	for (const [k, { paths, entries }] of groups.entries()) {
		const found = paths.map(find);
		const files = found.filter((file) => file !== undefined);
		missing.push(...paths.filter((_, i) => !found[i]));
		const needed = entries.reduce((sum, entry) => sum + storedBytes(entry), 0);
		const given = files.reduce((sum, file) => sum + file.blob.size, 0);
		if (
			!entries.some((entry) => entry.dtype === 'string') &&
			(files.length < paths.length ? given > needed : given !== needed)
		)
			throw new LabError(
				`The weight files ${listed(files)} hold ${given} bytes; the model describes ${needed}.`,
				given < needed ? 'A file was cut short: copy or download it again.' : 'They belong to another model.'
			);
		const parts = await present(
			found.map((file) => file?.blob ?? null),
			needed
		);
		let offset = 0;
		for (const entry of entries) {
			if (entry.dtype === 'string') break; // tables of words come last and feed what is refused by name
			const bytes = storedBytes(entry);
			const part = parts.find(({ from, buffer }) => from <= offset && offset + bytes <= from + buffer.byteLength);
			const own = part?.buffer.slice(offset - part.from, offset - part.from + bytes);
			weights.push([entry.name, own ? decoded(entry, own) : absent(entry)]);
			offset += bytes;
		}
		progress((k + 1) / groups.length);
	}
	return { weights, missing };
}

function absent({ shape, dtype, quantization }: Entry): StoredWeight {
	const kind = dtype === 'int32' ? 'int32' : dtype === 'bool' ? 'bool' : 'float32';
	const stored = quantization?.dtype ?? (dtype === kind ? undefined : dtype);
	return { shape, dtype: kind, values: null, ...(stored ? { stored } : {}) };
}

function listed(files: readonly SourceFile[]): string {
	const names = files.map((file) => baseName(file.path));
	return names.length > 3 ? `${names.slice(0, 2).join(', ')} … (${names.length})` : names.join(', ');
}

function decoded({ shape, dtype, quantization }: Entry, buffer: ArrayBuffer): StoredWeight {
	const kind = dtype === 'int32' ? 'int32' : dtype === 'bool' ? 'bool' : 'float32';
	const storage = quantization?.dtype ?? (dtype === kind ? undefined : dtype);
	if (!storage) {
		const values =
			kind === 'int32' ? new Int32Array(buffer) : kind === 'bool' ? new Uint8Array(buffer) : new Float32Array(buffer);
		return { shape, dtype: kind, values };
	}
	const raw = storage === 'uint8' ? new Uint8Array(buffer) : new Uint16Array(buffer);
	const values = kind === 'int32' ? new Int32Array(raw.length) : new Float32Array(raw.length);
	const { scale, min } = quantization ?? { scale: 1, min: 0 };
	const round = kind === 'int32' ? Math.round : (x: number) => x;
	for (let i = 0; i < raw.length; i++)
		values[i] = storage === 'float16' ? half(raw[i] as number) : round((raw[i] as number) * scale + min);
	return { shape, dtype: kind, values, stored: storage };
}

/** A sentence if some weights are no numbers, else null. */
export function invalidWeights(weights: Weights): string | null {
	const bad = [...weights].flatMap(([name, { values }]) => {
		const count = values ? notFinite(values) : 0;
		return count ? [{ name, count, of: values?.length ?? 0 }] : [];
	});
	return notFiniteSentence(bad)[0] ?? null;
}

/** For networks that know their weights by name alone. @throws LabError if two of one name differ */
export function uniqueWeights(weights: Weights): ReadonlyMap<string, StoredWeight> {
	const unique = new Map<string, StoredWeight>();
	for (const [name, weight] of weights) {
		const other = unique.get(name);
		if (other && !alike(other, weight))
			throw new LabError(
				`The weight files hold two weights called "${name}", which cannot be told apart.`,
				'Convert the model again.'
			);
		unique.set(name, weight);
	}
	return unique;
}

function alike(a: StoredWeight, b: StoredWeight): boolean {
	const same = a.shape.join() === b.shape.join() && a.dtype === b.dtype;
	return same && (a.values?.every((value, i) => Object.is(value, b.values?.[i])) ?? !b.values);
}
