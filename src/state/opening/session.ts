import { LabError } from '#contracts/errors.ts';
import { SESSION_FILE, SESSION_FOLDERS, SESSION_FORMAT, sessionFile } from '#contracts/session.ts';
import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import { keptData } from '#state/data/kept-data.ts';
import { formatSettings, parseSettings, type Settings } from '#state/lab/settings.ts';
import type { DroppedFile } from '#state/opening/files.ts';
import { ownId, ownImages, ownLink, ownModels, type OwnModel } from '#state/opening/own-files.svelte.ts';
import type { Shape } from '#state/opening/shape-question.svelte.ts';
import { zipped } from '#state/opening/zipped.ts';

/** What a session's file says; the files themselves lie in their folders. */
interface Manifest {
	format: typeof SESSION_FORMAT;
	version: 1;
	/** Search part of the address, in which `own/ID` is a file of the session. */
	link: string;
	model?: Pick<OwnModel, 'name' | 'shape' | 'labels' | 'values'>;
	/** Titles of the images by id. */
	images: Readonly<Record<string, string>>;
}

/** Bytes of the file that says what is what. */
const MAX_MANIFEST_BYTES = 16 * 2 ** 20;

/** Ids of the user's own images that a link names. */
const imagesOf = ({ input, more }: Settings): string[] =>
	[input, ...more.map((one) => one.input)].flatMap((link) => ownId(link) ?? []);

/**
 * @param link what the link says, own files by `own/ID`
 * @param model the open one, where it is the user's own
 * @param data whether the data set that this browser keeps is the open one
 * @returns a zip of all of it
 */
export async function packSession(
	link: string,
	model: { source: Source; about: Omit<OwnModel, 'name' | 'files' | 'onto'> } | null,
	data: boolean
): Promise<Blob> {
	const images: Record<string, string> = {};
	const files: SourceFile[] = [];
	for (const id of imagesOf(parseSettings(link))) {
		const image = await ownImages.find(id);
		if (!image) continue;
		images[id] = image.title;
		files.push({ path: `${SESSION_FOLDERS.images}${id}/${baseName(image.title) || 'image'}`, blob: image.blob });
	}
	for (const { path, blob } of model?.source.files ?? []) files.push({ path: SESSION_FOLDERS.model + path, blob });
	for (const { path, blob } of model?.source.onto ?? []) files.push({ path: SESSION_FOLDERS.onto + path, blob });
	for (const { path, file } of (data ? await keptData() : null)?.files ?? [])
		files.push({ path: SESSION_FOLDERS.data + path, blob: file });
	const about: Manifest = {
		format: SESSION_FORMAT,
		version: 1,
		link,
		...(model ? { model: { name: model.source.name, ...model.about } } : {}),
		images
	};
	return zipped([{ path: SESSION_FILE, blob: new Blob([JSON.stringify(about, null, '\t')]) }, ...files]);
}

const record = (value: unknown) =>
	(value && typeof value === 'object' ? value : {}) as Readonly<Record<string, unknown>>;
const texts = (value: unknown) =>
	Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : null;
const counts = (value: unknown): Shape | null =>
	Array.isArray(value) && value.length === 3 && value.every((n) => Number.isSafeInteger(n) && n > 0)
		? (value as unknown as Shape)
		: null;
const finite = (value: unknown) =>
	Object.fromEntries(
		Object.entries(record(value)).flatMap(([id, list]) =>
			Array.isArray(list) && list.every(Number.isFinite) ? [[id, list as number[]]] : []
		)
	);

/** The file that says what is what, which may be anybody's. @throws LabError */
async function manifestOf(
	files: readonly SourceFile[]
): Promise<Omit<Manifest, 'format' | 'version'> & { root: string }> {
	const file = sessionFile(files);
	const broken = new LabError(
		'The session file is damaged.',
		'Save the session again, or open the files in it by themselves.'
	);
	if (!file || file.blob.size > MAX_MANIFEST_BYTES) throw broken;
	let found: Readonly<Record<string, unknown>>;
	try {
		found = record(JSON.parse(await file.blob.text()));
	} catch {
		throw broken;
	}
	const { format, version, link, model, images } = found;
	if (format !== SESSION_FORMAT || typeof link !== 'string') throw broken;
	if (version !== 1)
		throw new LabError('The session was saved by a newer version of the lab.', 'Reload the page to get that version.');
	const { name, shape, labels, values } = record(model);
	const titles = Object.entries(record(images)).filter((one): one is [string, string] => typeof one[1] === 'string');
	return {
		root: file.path.slice(0, -SESSION_FILE.length),
		link,
		model: {
			name: typeof name === 'string' ? name : 'Your model',
			shape: counts(shape),
			labels: texts(labels),
			values: finite(values)
		},
		images: Object.fromEntries(titles)
	};
}

/**
 * Keeps the files of a session in this browser, under ids of their own: nothing that is kept already is replaced.
 * @returns the link that opens it, and the files of the data set to open then, if there is one
 * @throws LabError
 */
export async function unpackSession(
	files: readonly SourceFile[]
): Promise<{ link: string; data: readonly DroppedFile[] | null }> {
	const { root, link, model, images } = await manifestOf(files);
	const within = (folder: string): SourceFile[] =>
		files.flatMap(({ path, blob }) =>
			path.startsWith(root + folder) ? [{ path: path.slice((root + folder).length), blob }] : []
		);
	const keep = async (kept: Promise<boolean>) => {
		if (!(await kept))
			throw new LabError(
				'This browser keeps no files, or has no room for those of the session.',
				'Unpack the zip, and open the files in it by themselves.'
			);
	};
	const settings = parseSettings(link);
	const own = within(SESSION_FOLDERS.model);
	if (ownId(settings.model) !== null && model) {
		settings.model = null;
		if (own.length) {
			settings.model = ownLink();
			const onto = within(SESSION_FOLDERS.onto);
			const bytes = [...own, ...onto].reduce((sum, { blob }) => sum + blob.size, 0);
			const parts = { ...model, files: own, ...(onto.length ? { onto } : {}) };
			await keep(ownModels.keep(ownId(settings.model) as string, model.name, bytes, parts));
		}
	}
	const renamed = new Map<string, string>();
	for (const id of new Set(imagesOf(settings))) {
		const [image] = within(`${SESSION_FOLDERS.images}${id}/`);
		if (!image) continue;
		const fresh = ownLink();
		const title = images[id] ?? image.path;
		await keep(ownImages.keep(ownId(fresh) as string, title, image.blob.size, { title, blob: image.blob }));
		renamed.set(ownLink(id), fresh);
	}
	const now = (input: string | null) => (ownId(input) === null ? input : (renamed.get(input as string) ?? null));
	const data = within(SESSION_FOLDERS.data).map(({ path, blob }) => ({ path, file: blob }));
	return {
		link: formatSettings({
			...settings,
			input: now(settings.input),
			more: settings.more.map((one) => ({ ...one, input: now(one.input) }))
		}),
		data: data.length ? data : null
	};
}
