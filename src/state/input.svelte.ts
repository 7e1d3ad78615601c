import type { InputData, InputSpec } from '#contracts/compute.ts';
import type { OpenImage } from '#contracts/lab.ts';

/** What the model is fed, as the page keeps it: enough to feed a fresh engine again. */
export class InputState {
	image = $state.raw<OpenImage | null>(null);
	values = $state.raw<Readonly<Record<string, readonly number[]>>>({});
	seenPicture = $state.raw<string | null>(null);
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

	/** Numbers to start from, for inputs that have none yet: ones, as zeros are what most baselines are. */
	fillValues(inputs: readonly InputSpec[]): void {
		this.values = Object.fromEntries(
			inputs
				.filter(({ kind }) => kind === 'values')
				.map(({ id, shape }) => {
					const size = shape.slice(1).reduce<number>((product, n) => product * (n ?? 1), 1);
					const kept = this.values[id];
					return [id, kept?.length === size ? kept : Array.from({ length: size }, () => 1)];
				})
		);
	}

	/** What every input gets, or null while one has nothing. */
	async data(inputs: readonly InputSpec[]): Promise<Record<string, InputData> | null> {
		const entries: [string, InputData][] = [];
		for (const { id, kind } of inputs) {
			if (kind === 'values') entries.push([id, { kind, values: this.values[id] ?? [] }]);
			else if (this.#bitmap) entries.push([id, { kind, bitmap: await createImageBitmap(this.#bitmap) }]);
			else return null;
		}
		return Object.fromEntries(entries);
	}

	/** Shows the pixels that the model sees. */
	async setSeen(bitmap: ImageBitmap | null): Promise<void> {
		const before = this.seenPicture;
		this.seenPicture = bitmap ? await pictureUrl(bitmap) : null;
		if (before?.startsWith('blob:')) URL.revokeObjectURL(before);
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
