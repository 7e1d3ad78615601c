import type { FileKind } from '#contracts/kind.ts';
import { headOf } from '#loaders/head.ts';

/** Files that are looked into, and bytes of each. */
const [MAX_FILES, HEAD] = [50, 400];

/** What the lab itself saved to go on with: the layers of a figure. */
const kind: FileKind = {
	id: 'work',
	title: 'a figure of this lab',
	extensions: ['.json'],

	async match({ files }) {
		for (const [at, { blob }] of files.slice(0, MAX_FILES).entries()) {
			const head = new TextDecoder().decode(await headOf(blob, HEAD));
			if (/^\s*\{/.test(head) && /"format"\s*:\s*"vitrine-figure"/.test(head))
				return { sure: 0.98, uses: [at], what: 'a figure of this lab' };
		}
		return null;
	}
};

export default kind;
