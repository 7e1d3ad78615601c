import type { SourceFile } from '#contracts/source.ts';

/** A saved session: a zip of what a link cannot say, with the link beside it. */

export const SESSION_FORMAT = 'vitrine-session';
/** Names in the zip: what is what, and the folders of the user's own model, weights put onto it, images by id, data set. */
export const SESSION_FILE = 'vitrine-session.json';
export const SESSION_FOLDERS = { model: 'model/', onto: 'onto/', images: 'images/', data: 'data/' } as const;

/** The file that says what is what; it may lie in a folder that has the name of the zip. */
export const sessionFile = (files: readonly SourceFile[]): SourceFile | undefined =>
	files.find(({ path }) => path === SESSION_FILE || path.endsWith(`/${SESSION_FILE}`));
