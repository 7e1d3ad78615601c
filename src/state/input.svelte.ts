import type { InputData, InputSpec } from '#contracts/compute.ts';
import type { Shape } from '#contracts/graph.ts';
import { keyOf } from '#contracts/identity.ts';
import type { OpenImage } from '#contracts/lab.ts';

const openAxes = (shape: Shape) => shape.slice(1).filter((n) => n === null).length;

/** Pictures of what the model saw that are kept for results that are a few inputs old. */
const KEPT = 4;

/** What the model is fed, as the page keeps it: enough to feed a fresh engine again. */
export class InputState {
	image = $state.raw<OpenImage | null>(null);
	values = $state.raw<Readonly<Record<string, readonly number[]>>>({});
	/** Inputs whose numbers somebody chose. */
	chosen = $state.raw<ReadonlySet<string>>(new Set());
	/** Shapes without the batch that came with numbers. */
	#shapes = new Map<string, readonly number[]>();
	/** Another one for every other input. */
	readonly key = $derived(`${this.image?.key ?? ''} ${keyOf([this.values, [...this.#shapes]])}`);
	/** Addresses of pictures that results still show, the newest last. */
	#pictures: string[] = [];
	/** The decoded image; the workers get copies. */
	#bitmap: ImageBitmap | null = null;

	get bitmap(): ImageBitmap | null {
		return this.#bitmap;
	}

	setImage(bitmap: ImageBitmap, image: OpenImage): void {
		this.#bitmap?.close();
		this.#bitmap = bitmap;
		this.image = image;
	}

	/** Numbers that somebody chose. @param shapes without the batch, for inputs of open size */
	give(
		values: Readonly<Record<string, readonly number[]>>,
		shapes: Readonly<Record<string, readonly number[]>> = {}
	): void {
		this.values = { ...this.values, ...values };
		for (const id of Object.keys(values)) this.#shapes.delete(id);
		for (const [id, shape] of Object.entries(shapes)) this.#shapes.set(id, shape);
		this.chosen = new Set([...this.chosen, ...Object.keys(values)]);
	}

	/**
	 * Numbers to start from, for inputs that have none yet: ones, as zeros are what most baselines are. Nobody chose them,
	 * and an input whose size is open along several axes has none.
	 */
	fillValues(inputs: readonly InputSpec[]): void {
		const chosen = new Set<string>();
		this.values = Object.fromEntries(
			inputs
				.filter(({ kind }) => kind === 'values')
				.map(({ id, shape }) => {
					const size = shape.slice(1).reduce<number>((product, n) => product * (n ?? 1), 1);
					const kept = this.values[id];
					if (kept?.length === size && this.chosen.has(id)) {
						chosen.add(id);
						return [id, kept];
					}
					return [id, openAxes(shape) > 1 ? [] : Array.from({ length: size }, () => 1)];
				})
		);
		for (const id of [...this.#shapes.keys()]) if (!chosen.has(id)) this.#shapes.delete(id);
		this.chosen = chosen;
	}

	/** What every input gets, or null while one has nothing. */
	async data(inputs: readonly InputSpec[]): Promise<Record<string, InputData> | null> {
		const entries: [string, InputData][] = [];
		for (const { id, kind, shape } of inputs) {
			const values = this.values[id] ?? [];
			const given = this.#shapes.get(id);
			if (kind === 'values') {
				if (!values.length && openAxes(shape)) return null;
				entries.push([id, { kind, values, ...(given ? { shape: given } : {}) }]);
			} else if (this.#bitmap) entries.push([id, { kind, bitmap: await createImageBitmap(this.#bitmap) }]);
			else return null;
		}
		return Object.fromEntries(entries);
	}

	/** The pixels that the model sees, as an address that holds for the next few inputs. */
	async seen(bitmap: ImageBitmap): Promise<string> {
		const url = await pictureUrl(bitmap);
		this.#pictures.push(url);
		for (const gone of this.#pictures.splice(0, this.#pictures.length - KEPT)) URL.revokeObjectURL(gone);
		return url;
	}
}

async function pictureUrl(bitmap: ImageBitmap): Promise<string> {
	const canvas = document.createElement('canvas');
	canvas.width = bitmap.width;
	canvas.height = bitmap.height;
	canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
	const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
	return blob ? URL.createObjectURL(blob) : '';
}
