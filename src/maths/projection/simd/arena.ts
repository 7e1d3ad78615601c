import { code } from '#maths/projection/simd/code.ts';

/** What simd.wat exports; addresses are in bytes, lengths of rows too. */
export interface Kernels {
	/** The squared distance of two rows; cut short, and then above `bound`, where it passes that. */
	between(a: number, b: number, bytes: number, bound: number): number;
	/** @returns how many pairs were written to `out`: one, the other, their squared distance */
	meet(
		list: number,
		news: number,
		all: number,
		rows: number,
		bytes: number,
		bounds: number,
		sketches: number,
		sketch: number,
		out: number
	): number;
	/** @returns how many numbers of rows were written to `out` */
	scan(query: number, rows: number, bytes: number, count: number, bound: number, out: number): number;
	distances(query: number, rows: number, bytes: number, count: number, out: number): void;
	dots(list: number, count: number, rows: number, bytes: number, others: number, number: number, out: number): void;
}

const PAGE = 65_536;
/** What WebAssembly can address. */
const MAX_PAGES = 65_536;
/** Sections begin where a processor fetches anew. */
const ALIGNED = 64;

let module: WebAssembly.Module | null | undefined;

/** @returns null where WebAssembly is not to be had, or has no SIMD */
function compiled(): WebAssembly.Module | null {
	if (module !== undefined) return module;
	try {
		return (module = new WebAssembly.Module(Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0))));
	} catch {
		return (module = null);
	}
}

const padded = (bytes: number) => Math.ceil(bytes / ALIGNED) * ALIGNED;

/** Memory that the kernels work in. */
export class Arena {
	readonly kernels: Kernels;
	readonly floats: Float32Array;
	readonly whole: Int32Array;
	/** Not 0, which stands for no list. */
	private next = ALIGNED;

	/** @param sizes bytes of the sections that will be taken @returns null where that cannot be had */
	static of(sizes: readonly number[]): Arena | null {
		const own = compiled();
		const pages = Math.ceil(sizes.reduce((sum, bytes) => sum + padded(bytes), ALIGNED) / PAGE);
		if (!own || pages > MAX_PAGES) return null;
		try {
			return new Arena(own, new WebAssembly.Memory({ initial: pages }));
		} catch {
			return null;
		}
	}

	private constructor(module: WebAssembly.Module, memory: WebAssembly.Memory) {
		this.kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
		this.floats = new Float32Array(memory.buffer);
		this.whole = new Int32Array(memory.buffer);
	}

	/** @returns the address of a section */
	take(bytes: number): number {
		const at = this.next;
		this.next += padded(bytes);
		return at;
	}
}

/** Bytes of a row of so many numbers, filled up with zeros. */
export const rowBytes = (width: number) => 16 * Math.ceil(width / 4);
