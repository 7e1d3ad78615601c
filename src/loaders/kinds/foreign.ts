import type { FileKind } from '#contracts/kind.ts';
import { knownFormat } from '#loaders/known-formats.ts';

/** Files that are looked into. */
const MAX_FILES = 50;

/** Formats that the lab knows by their content and does not open: named, with what to do. */
const kind: FileKind = {
	id: 'foreign',
	title: 'a format that the lab does not open',
	extensions: [],

	async match({ files }) {
		for (const [at, file] of files.slice(0, MAX_FILES).entries()) {
			const known = await knownFormat(file);
			// Among others it is what is left over.
			const sure = files.length === 1 ? 0.88 : 0.2;
			if (known) return { sure, uses: [at], what: 'another format', problem: { ...known, final: true } };
		}
		return null;
	}
};

export default kind;
