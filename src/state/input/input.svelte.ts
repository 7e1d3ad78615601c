import type { InputData, InputSpec } from '#contracts/compute.ts';
import type { Shape } from '#contracts/graph.ts';
import { keyOf } from '#contracts/identity.ts';
import { explainedInput } from '#contracts/inputs.ts';
import { Pictures, type Picture } from '#state/input/pictures.svelte.ts';

const openAxes = (shape: Shape) => shape.slice(1).filter((n) => n === null).length;

/** Sets of pictures of what the model saw that are kept for results that are a few inputs old. */
const KEPT = 4;

/** What the model is fed, as the page keeps it: enough to feed a fresh engine again. */
export class InputState {
	readonly pictures: Pictures;
	/** Of the open model. */
	specs = $state.raw<readonly InputSpec[]>([]);
	/** Id of the input that somebody wants explained. */
	requested = $state<string | null>(null);
	readonly explained: InputSpec | null = $derived(explainedInput(this.specs, this.requested) ?? null);
	values = $state.raw<Readonly<Record<string, readonly number[]>>>({});
	/** Inputs whose numbers somebody chose. */
	chosen = $state.raw<ReadonlySet<string>>(new Set());
	/** Shapes without the batch that came with numbers. */
	readonly shapes = new Map<string, readonly number[]>();
	/** Another one for every other input. */
	readonly key = $derived(this.#keyOf(this.specs));
	/** Of all that stays where something else takes the place of the explained input. */
	readonly others = $derived(this.#keyOf(this.specs.filter(({ id }) => id !== this.explained?.id)));
	/** Addresses of pictures that results still show, the newest last. */
	#preprocessed: (readonly string[])[] = [];

	/** @param released told of keys of images that no input has any more */
	constructor(released: (key: string) => void) {
		this.pictures = new Pictures(released);
	}

	#keyOf(specs: readonly InputSpec[]): string {
		return keyOf(
			specs.map(({ id, kind }) =>
				kind === 'image' && !this.values[id]
					? (this.pictures.of(id)?.image.key ?? '')
					: [this.values[id] ?? [], this.shapes.get(id) ?? []]
			)
		);
	}

	/** Numbers that somebody chose. @param shapes without the batch, for inputs of open size */
	give(
		values: Readonly<Record<string, readonly number[]>>,
		shapes: Readonly<Record<string, readonly number[]>> = {}
	): void {
		for (const id of Object.keys(values)) this.shapes.delete(id);
		for (const [id, shape] of Object.entries(shapes)) this.shapes.set(id, shape);
		this.values = { ...this.values, ...values };
		this.chosen = new Set([...this.chosen, ...Object.keys(values)]);
	}

	/** A picture was given, to one or to all: what was given as numbers in its place is gone. */
	pictured(input: string | null): void {
		const { inputs } = this.pictures;
		const values = { ...this.values };
		for (const id of inputs) if (input === null || inputs.length < 2 || id === input) delete values[id];
		this.values = values;
	}

	/**
	 * Another model takes these. Numbers to start from, for inputs that have none yet: ones, as zeros are what most baselines
	 * are. Nobody chose them, and an input whose size is open along several axes has none.
	 */
	suit(inputs: readonly InputSpec[]): void {
		const chosen = new Set<string>();
		const values = Object.fromEntries(
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
		for (const id of [...this.shapes.keys()]) if (!chosen.has(id)) this.shapes.delete(id);
		this.values = values;
		this.chosen = chosen;
		this.requested = null;
		this.specs = inputs;
	}

	/** Pictures and numbers of another model. @param fits whether a picture may stay */
	suitAll(inputs: readonly InputSpec[], fits: (picture: Picture) => boolean): void {
		this.suit(inputs);
		this.pictures.suit(
			inputs.filter(({ kind }) => kind === 'image').map(({ id }) => id),
			fits
		);
	}

	/** What every input gets, or null while one has nothing. */
	async data(inputs: readonly InputSpec[]): Promise<Record<string, InputData> | null> {
		const entries: [string, InputData][] = [];
		for (const { id, kind, shape } of inputs) {
			const values = this.values[id] ?? [];
			const given = this.shapes.get(id);
			const picture = this.pictures.of(id);
			if (kind === 'image' && values.length)
				entries.push([id, { kind: 'values', values, ...(given ? { shape: given } : {}) }]);
			else if (kind === 'values') {
				if (!values.length && openAxes(shape)) return null;
				entries.push([id, { kind, values, ...(given ? { shape: given } : {}) }]);
			} else if (picture) entries.push([id, { kind, bitmap: await createImageBitmap(picture.bitmap) }]);
			else return null;
		}
		return Object.fromEntries(entries);
	}

	/** The pixels that the model sees, by input, as addresses that hold for the next few inputs. */
	async preprocessed(bitmaps: ReadonlyMap<string, ImageBitmap>): Promise<ReadonlyMap<string, string>> {
		const pictures = [...bitmaps].map(async ([id, bitmap]) => [id, await pictureUrl(bitmap)] as const);
		const preprocessed = new Map(await Promise.all(pictures));
		this.#preprocessed.push([...preprocessed.values()]);
		const gone = this.#preprocessed.splice(0, this.#preprocessed.length - KEPT).flat();
		for (const url of gone) URL.revokeObjectURL(url);
		return preprocessed;
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
