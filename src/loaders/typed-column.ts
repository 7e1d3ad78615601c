import { Dictionary } from '#loaders/dictionary.ts';
import { LIMITS } from '#contracts/data-loader.ts';
import type { Column } from '#contracts/data-set.ts';
import { DECODED, imageKind } from '#maths/image-kind.ts';
import { flattened, isNumeric, shapeOf } from '#maths/nested.ts';
import { categorical } from '#loaders/categories.ts';
import { product } from '#maths/product.ts';

/** What a column of a container holds: its first value that says anything decides, as its own values are of one type. */
export type TypedKind =
	'empty' | 'number' | 'truth' | 'date' | 'words' | 'vector' | 'ragged' | 'picture' | 'bytes' | 'fields';

/** What is the matter with a row of a column of lists or pictures. */
const [GOOD, ABSENT, OTHER] = [0, 1, 2];

/** A column of Parquet, Arrow or structured NumPy that grows value by value. */
export class TypedColumn {
	kind: TypedKind = 'empty';
	count = 0;
	/** Of vectors: how long their lists are, from the outermost on. */
	shape: readonly number[] = [];
	/** Of vectors: numbers that were missing in rows that are there. */
	missing = 0;
	/** Whether whole numbers are written out because some are larger than numbers are exact. */
	exact = false;
	/** Pictures of which only the path is there. */
	elsewhere = 0;
	/** Of structs: a column for each of their fields, by name. */
	readonly fields = new Map<string, TypedColumn>();
	vectors = new Float32Array(0);
	pictures: Blob[] = [];
	#values = new Float64Array(256);
	#states = new Uint8Array(256);
	#dictionary = new Dictionary();

	constructor(public name: string) {}

	get width(): number {
		return this.kind === 'vector' ? product(this.shape) : 1;
	}

	push(given: unknown): void {
		if (elsewhere(given)) this.elsewhere++;
		const value = plain(given);
		const i = this.count++;
		if (this.#states.length <= i) this.#states = grown(this.#states, i + 1);
		if (typeof given === 'bigint' && typeof value === 'string') this.exact = true;
		if (this.kind === 'empty' && value !== null) {
			this.kind = kindOf(value);
			if (this.kind === 'vector') this.shape = shapeOf(value);
			// What came before said nothing.
			if (this.kind !== 'empty') for (let k = 0; k < i; k++) this.#absent(k);
		}
		if (value === null || this.kind === 'empty') {
			this.#states[i] = ABSENT;
			this.#absent(i);
		} else this.#put(i, value);
	}

	#absent(i: number): void {
		if (this.kind === 'number' || this.kind === 'date') this.#number(i, NaN);
		else if (this.kind === 'words' || this.kind === 'truth') this.#number(i, this.#dictionary.index(''));
		else if (this.kind === 'vector') this.#room(i);
		else if (this.kind === 'picture') this.pictures.push(new Blob([]));
		for (const field of this.fields.values()) field.push(null);
	}

	#put(i: number, value: NonNullable<Plain>): void {
		switch (this.kind) {
			case 'number':
				if (typeof value === 'string') this.#writeOut();
				else return this.#number(i, typeof value === 'number' ? value : Number(value));
				return this.#number(i, this.#dictionary.index(value));
			case 'date':
				return this.#number(i, value instanceof Date ? value.getTime() : NaN);
			case 'truth':
			case 'words':
				return this.#number(i, this.#dictionary.index(inWords(value)));
			case 'vector':
				return this.#vector(i, value);
			case 'picture':
				if (value instanceof Uint8Array && pictured(value))
					this.pictures.push(new Blob([value as Uint8Array<ArrayBuffer>]));
				else {
					this.#states[i] = OTHER;
					this.pictures.push(new Blob([]));
				}
				return;
			case 'fields':
				return this.#struct(i, value as object);
			default:
				return;
		}
	}

	#number(i: number, value: number): void {
		if (this.#values.length <= i) this.#values = grown(this.#values, i + 1);
		this.#values[i] = value;
	}

	/** A whole number too large for a number: from here on all are text, none changed. */
	#writeOut(): void {
		this.kind = 'words';
		for (let k = 0; k < this.count - 1; k++) {
			const value = this.#values[k]!;
			this.#values[k] = this.#dictionary.index(Number.isNaN(value) ? '' : String(value));
		}
	}

	#room(i: number): void {
		const { width } = this;
		if (this.vectors.length < (i + 1) * width) this.vectors = grown(this.vectors, (i + 1) * width);
		this.vectors.fill(NaN, i * width, (i + 1) * width);
	}

	#vector(i: number, value: NonNullable<Plain>): void {
		this.#room(i);
		const missing = flattened(value, this.shape, this.vectors, i * this.width);
		if (missing < 0) {
			this.#states[i] = Array.isArray(value) && value.length === 0 ? ABSENT : OTHER;
			this.vectors.fill(NaN, i * this.width, (i + 1) * this.width);
		} else if (missing === this.width) this.#states[i] = ABSENT;
		else this.missing += missing;
	}

	#struct(i: number, value: object): void {
		for (const [key, inner] of Object.entries(value)) {
			let field = this.fields.get(key);
			if (!field) {
				if (this.fields.size >= LIMITS.categories) continue;
				field = new TypedColumn(`${this.name}.${key}`.slice(0, 80));
				for (let k = 0; k < i; k++) field.push(null);
				this.fields.set(key, field);
			}
			field.push(inner);
		}
		for (const field of this.fields.values()) if (field.count <= i) field.push(null);
	}

	/** Itself, or in place of a struct its fields. */
	flat(): TypedColumn[] {
		return this.kind === 'fields' ? [...this.fields.values()].flatMap((field) => field.flat()) : [this];
	}

	/** Of lists and pictures: nothing there, or something of another shape or kind than in the first row. */
	state(i: number): 'good' | 'absent' | 'other' {
		return this.#states[i] === GOOD ? 'good' : this.#states[i] === ABSENT ? 'absent' : 'other';
	}

	/** As a column of a data set, of these rows; null for what is no column there. @param names what whole numbers stand for */
	column(rows: Int32Array, names: readonly string[] | null): Column | null {
		const { name, kind } = this;
		const values = Float64Array.from(rows, (i) => this.#values[i]!);
		if (kind === 'number' && names) {
			const codes = Int32Array.from(values, (code) => (code >= 0 && code < names.length ? code : -1));
			return { kind: 'category', name, codes, categories: names };
		}
		if (kind === 'number') return { kind, name, values };
		if (kind === 'date') return { kind: 'number', name, values, date: true };
		if (kind !== 'words' && kind !== 'truth') return null;
		const texts = Array.from(values, (index) => this.#dictionary.words[index]!);
		const many = this.#dictionary.words.length > Math.min(LIMITS.categories, Math.max(2, 0.7 * rows.length));
		return many && kind === 'words' ? { kind: 'text', name, values: texts } : categorical(name, texts);
	}
}

/** A picture that Hugging Face's data sets name only: its file lies elsewhere. */
const elsewhere = (value: unknown) =>
	typeof value === 'object' &&
	value !== null &&
	'bytes' in value &&
	value.bytes === null &&
	'path' in value &&
	typeof value.path === 'string';

type Plain = null | number | bigint | boolean | string | Date | ArrayLike<unknown> | object;

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** Whole numbers as numbers where one holds them, as text where none does; images out of the structs that hold them. */
function plain(value: unknown): Plain {
	if (value === null || value === undefined) return null;
	if (typeof value === 'bigint') return value > SAFE || value < -SAFE ? value.toString() : Number(value);
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value;
	// As Hugging Face's data sets keep pictures: a struct of bytes and path.
	const inner = typeof value === 'object' && 'bytes' in value && 'path' in value ? value.bytes : value;
	return inner instanceof Uint8Array && !pictured(inner) ? (textOf(inner) ?? inner) : ((inner ?? null) as Plain);
}

/** Bytes that are letters: what older writers did not mark as text. */
function textOf(bytes: Uint8Array): string | null {
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, 4 * LIMITS.cell));
		return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? null : text;
	} catch {
		return null;
	}
}

const pictured = (bytes: Uint8Array) => {
	const kind = imageKind(bytes);
	return kind !== null && DECODED.has(kind);
};

function kindOf(value: NonNullable<Plain>): TypedKind {
	if (typeof value === 'number') return 'number';
	if (typeof value === 'boolean') return 'truth';
	if (value instanceof Date) return 'date';
	if (value instanceof Uint8Array) return pictured(value) ? 'picture' : 'bytes';
	if (Array.isArray(value) || ArrayBuffer.isView(value)) {
		if (!isNumeric(value)) return 'words';
		const shape = shapeOf(value);
		if (shape.includes(0)) return 'empty';
		// Lists within lists of several lengths are no rows of anything.
		return flattened(value, shape, new Float32Array(product(shape)), 0) < 0 ? 'ragged' : 'vector';
	}
	return typeof value === 'object' ? 'fields' : 'words';
}

function inWords(value: NonNullable<Plain>): string {
	if (typeof value !== 'object') return String(value);
	if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ');
	return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? '';
}

function grown<A extends Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(
	old: A,
	size: number
): A {
	const larger = new (old.constructor as new (length: number) => A)(Math.max(size, 2 * old.length));
	larger.set(old);
	return larger;
}
