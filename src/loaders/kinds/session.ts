import type { FileKind } from '#contracts/kind.ts';
import { SESSION_FORMAT, sessionFile } from '#contracts/session.ts';

/** Bytes that are looked into. */
const HEAD = 200;

/** All that was open in a lab, with the files that its user opened there. */
const kind: FileKind = {
	id: 'session',
	// Before the model that is in it.
	order: -1,
	title: 'a session of this lab',
	extensions: ['.zip'],

	async match({ files }) {
		const manifest = sessionFile(files);
		if (!manifest || !(await manifest.blob.slice(0, HEAD).text()).includes(`"${SESSION_FORMAT}"`)) return null;
		return { sure: 1, uses: files.map((_, at) => at), what: 'a session of this lab' };
	}
};

export default kind;
