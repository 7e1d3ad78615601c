import { LabError } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { isObject, JsonError, parseJson, type JsonObject } from '#maths/json.ts';
import { ELEMENTS } from '#loaders/bag/elements.ts';
import { checkedShape, shortened, type FileTensor } from '#loaders/bag/tensors.ts';
import { product } from '#maths/product.ts';

/** A safetensors file: eight bytes of length, a JSON header, and numbers that fill the rest without a gap. */

/** Types of the format by their names in the field; what is not here is no type of it. */
const TYPES: ReadonlyMap<string, string> = new Map([
	...[16, 32, 64].map((bits) => [`F${bits}`, `float${bits}`] as const),
	...[8, 16, 32, 64].flatMap((bits) => [[`I${bits}`, `int${bits}`] as const, [`U${bits}`, `uint${bits}`] as const]),
	['BF16', 'bfloat16'],
	['BOOL', 'bool'],
	['F8_E5M2', 'float8_e5m2'],
	['F8_E4M3', 'float8_e4m3fn'],
	['F8_E5M2FNUZ', 'float8_e5m2fnuz'],
	['F8_E4M3FNUZ', 'float8_e4m3fnuz'],
	['F8_E8M0', 'float8_e8m0fnu'],
	['F6_E2M3', 'float6_e2m3'],
	['F6_E3M2', 'float6_e3m2'],
	['F4', 'float4_e2m1']
]);
/** Bits of types that are known and not read. */
const UNREAD: ReadonlyMap<string, number> = new Map([['C64', 64]]);

export interface Safetensors {
	tensors: FileTensor[];
	metadata: (readonly [key: string, value: string])[];
}

const cutShort = (path: string) => new LabError(`“${path}” was cut short.`, 'Copy or download it again.');

const wrong = (path: string, why: string) =>
	new LabError(`“${path}” is no proper safetensors file: ${why}.`, 'Save or download it again.');

/** What the header says, checked against the file. @throws LabError */
export async function safetensorsOf(file: SourceFile): Promise<Safetensors> {
	const { path, blob } = file;
	const length = Number(new DataView(await blob.slice(0, 8).arrayBuffer()).getBigUint64(0, true));
	const start = 8 + length;
	if (start > blob.size) throw cutShort(path);
	const header = headerIn(path, await blob.slice(8, start).arrayBuffer());
	const metadata: [string, string][] = [];
	const found: { tensor: FileTensor; from: number; to: number }[] = [];
	for (const [name, entry] of Object.entries(header)) {
		if (name !== '__metadata__') found.push(located(file, start, name, entry));
		else if (isObject(entry)) for (const [key, value] of Object.entries(entry)) metadata.push([key, String(value)]);
	}
	let end = 0;
	for (const { tensor, from, to } of [...found].sort((a, b) => a.from - b.from || a.to - b.to)) {
		const name = `“${shortened(tensor.name)}”`;
		if (from < end) throw wrong(path, `${name} overlaps another tensor`);
		if (from > end) throw wrong(path, `${from - end} bytes before ${name} belong to no tensor`);
		end = to;
	}
	if (start + end > blob.size) throw cutShort(path);
	if (start + end < blob.size) throw wrong(path, `${blob.size - start - end} bytes at its end belong to no tensor`);
	// In the order of the header, as whoever wrote it names them.
	return { tensors: found.map(({ tensor }) => tensor), metadata };
}

function headerIn(path: string, bytes: ArrayBuffer): JsonObject {
	try {
		const header = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
		if (isObject(header)) return header;
	} catch (error) {
		if (!(error instanceof JsonError || error instanceof TypeError)) throw error;
	}
	throw wrong(path, 'its header is not valid JSON');
}

function located({ path, blob }: SourceFile, start: number, name: string, entry: unknown) {
	const called = `“${shortened(name)}”`;
	const offsets = isObject(entry) ? entry['data_offsets'] : null;
	const given = isObject(entry) ? entry['shape'] : null;
	const type = isObject(entry) ? entry['dtype'] : null;
	if (!Array.isArray(given) || !Array.isArray(offsets) || typeof type !== 'string')
		throw wrong(path, `${called} has no type, shape or offsets`);
	const element = ELEMENTS.get(TYPES.get(type) ?? '') ?? null;
	const bits = element?.bits ?? UNREAD.get(type);
	if (bits === undefined)
		throw wrong(path, `${called} has the type ${shortened(type)}, which the format does not have`);
	if (!given.every((n) => typeof n === 'number')) throw wrong(path, `${called} has no proper shape`);
	const shape = checkedShape(path, name, given);
	const [from, to] = offsets.map((n) => (typeof n === 'number' && Number.isSafeInteger(n) && n >= 0 ? n : NaN));
	const count = product(shape);
	if (from === undefined || to === undefined || !(from <= to) || 8 * (to - from) !== bits * count)
		throw wrong(path, `${called} does not take as many bytes as its shape says`);
	const read = async () => {
		const bytes = await blob.slice(start + from, start + to).arrayBuffer();
		return element!.read(bytes, count, true);
	};
	const tensor: FileTensor = { name, shape, stored: element?.name ?? type, read: element && read };
	return { tensor, from, to };
}
