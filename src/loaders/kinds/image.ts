import type { FileKind } from '#contracts/kind.ts';
import { baseName } from '#contracts/source.ts';
import { imageKind, IMAGE_HEAD } from '#maths/image-kind.ts';
import { headOf } from '#loaders/head.ts';

/** Files that are looked into. */
const MAX_FILES = 200;

/** A picture to feed the model. */
const kind: FileKind = {
	id: 'image',
	title: 'an image',
	extensions: ['.png', '.jpg', '.jpeg', '.webp', '.gif', '.bmp', '.avif', '.svg'],

	async match(source, { data }) {
		const files = source.files.slice(0, MAX_FILES);
		const found = await Promise.all(
			files.map(async ({ blob }) => {
				const known = imageKind(await headOf(blob, IMAGE_HEAD));
				// What calls itself an image and is none is told so by whoever decodes it.
				return known ? 1 : blob.type.startsWith('image/') ? 0.5 : 0;
			})
		);
		const uses = found.flatMap((sure, at) => (sure ? [at] : []));
		const [first] = uses;
		if (first === undefined) return null;
		const alone = uses.length === 1;
		const sure = data ? 0.4 : alone ? 0.6 + 0.35 * found[first]! : 0.45;
		return { sure, uses: [first], what: `an image: ${baseName(files[first]!.path)}` };
	}
};

export default kind;
