import { decodeImage } from '#state/input/images.ts';
import type { ImageChoice } from '#state/slices/inputs.ts';

export interface NamedFile {
	name: string;
	blob: Blob;
}

/** Names that are said of files that cannot be read. */
const MAX_NAMES = 5;

/** Whether a file that is dropped says that it is an image: by its type or, without one, by its name. */
export const saysImage = ({ type, name }: { type: string; name: string }): boolean =>
	type ? type.startsWith('image/') : /\.(png|jpe?g|jfif|gif|bmp|webp|avif|heic|svg)$/i.test(name);

/** The user's own images for planes, as they are in memory. */
export class OwnImages {
	images = $state.raw<readonly ImageChoice[]>([]);
	/** Which files could not be read, in a sentence, or empty. */
	problem = $state('');
	/** Ids are never given twice, so that another image is another plane. */
	#count = 0;

	/** Takes the files that the browser can read as images. @returns their ids */
	async add(files: readonly NamedFile[], decode: typeof decodeImage = decodeImage): Promise<readonly string[]> {
		const read: ImageChoice[] = [];
		const unread: string[] = [];
		for (const { name, blob } of files)
			try {
				(await decode(blob, name)).close();
				read.push({ id: `own-${this.#count++}`, title: name, blob });
			} catch {
				unread.push(`“${name}”`);
			}
		const more = unread.length - MAX_NAMES;
		this.problem = unread.length
			? `Left out, as the browser cannot read them as images: ${unread.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`
			: '';
		this.images = [...this.images, ...read];
		return read.map(({ id }) => id);
	}

	clear(): void {
		this.images = [];
		this.problem = '';
	}
}
