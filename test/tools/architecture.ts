import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the folders of the house may look, as the README's table says; read from sources, not from a build. */

export interface SourceText {
	/** From the root: `src/engine/field.ts`. */
	path: string;
	text: string;
}

/** A folder, or `types of` one. */
export type Table = Readonly<Record<string, readonly string[]>>;

/** `| engine, draw | contracts, maths |` -> who may import from where. */
export function importTable(readme: string): Table {
	const rows = [...readme.matchAll(/^\|([^|]+)\|([^|]+)\|$/gm)].map(
		([, folders = '', allowed = '']) => [folders, allowed] as const
	);
	const start = rows.findIndex(([folders]) => folders.trim() === 'Folder');
	const table: Record<string, string[]> = {};
	for (const [folders, allowed] of rows.slice(start + 2)) {
		const names = allowed.split(',').map((name) => name.replace(/[`*]/g, '').trim());
		for (const folder of folders.split(',')) table[folder.trim()] = names.filter((name) => name !== '–');
	}
	return table;
}

const IMPORT =
	/(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|new URL\(\s*['"]([^'"]+)['"]\s*,\s*import\.meta\.url/g;

/** Every module that a source names, with whether only its types are used. */
export function importsOf({ text }: SourceText): { target: string; types: boolean }[] {
	return [...text.matchAll(IMPORT)].map(([, types, from, dynamic, worker]) => ({
		target: (from ?? dynamic ?? worker) as string,
		types: types !== undefined
	}));
}

function viewOf(target: string, from: string): string | null {
	if (target.startsWith('#')) return target.slice(1);
	if (!target.startsWith('.')) return null;
	return join(from, '..', target).replace(/^src\//, '');
}

/** One sentence per breach. */
export function violations(files: readonly SourceText[], table: Table): string[] {
	const found: string[] = [];
	for (const file of files) {
		const view = file.path.split('/')[1] as string;
		for (const { target, types } of importsOf(file)) {
			if (target.startsWith('@tensorflow/') && view !== 'engine')
				found.push(`${file.path} imports ${target}: only engine may.`);
			const path = viewOf(target, file.path);
			const other = path?.split('/')[0];
			if (!path || !other || other === view || path.endsWith('.css') || !(view in table)) continue;
			const allowed = (table[view] as readonly string[]).some((entry) => {
				const name = entry.replace(/^types of /, '');
				const covers = path === name || path.startsWith(`${name}/`);
				// A worker is started by its address; nothing of it is imported.
				return covers && (!entry.startsWith('types of ') || types || path.endsWith('.worker.ts'));
			});
			if (!allowed) found.push(`${file.path} imports ${target}: ${view} may not.`);
		}
		const lines = file.text.split('\n').length - 1;
		const maxLines = file.path.endsWith('.svelte') ? 250 : 400;
		if (lines > maxLines) found.push(`${file.path} has ${lines} lines; ${maxLines} are the limit.`);
		const name = file.path.split('/').pop() as string;
		const proper = file.path.endsWith('.svelte')
			? /^(\+[a-z]+|[A-Z]\w*)\.svelte$/
			: /^(\+[a-z]+|[a-z0-9]+(-[a-z0-9]+)*)(\.(svelte|worker|d|test))*\.ts$/;
		if (/\.(ts|svelte)$/.test(name) && !proper.test(name))
			found.push(`${file.path}: modules are kebab-case, components PascalCase.`);
		if (name.endsWith('.svelte.ts') && !/\$(state|derived|effect)/.test(file.text))
			found.push(`${file.path} has no runes.`);
	}
	return found;
}

export function sources(folder = 'src', endings = /\.(ts|svelte)$/): SourceText[] {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((path) => endings.test(path))
		.map((path) => ({ path: join(folder, path), text: readFileSync(join(folder, path), 'utf8') }));
}

/** Ids of the views, as their specs say them. */
export function viewIds(files: readonly SourceText[]): string[] {
	return files
		.filter(({ path }) => /^src\/views\/[\w-]+\/spec\.ts$/.test(path))
		.flatMap(({ text }) => /\bid: '([\w-]+)'/.exec(text)?.[1] ?? []);
}

/** Folders of `state/` that all views share: the states of single views are none of their business. */
const SHARED = ['lab', 'threads', 'opening', 'input', 'data'];
/** Whose view has another name than its folder in `state/`. */
const FOLDERS: Readonly<Record<string, string>> = { 'feature-maps': 'features', compare: 'comparison' };

/** A view's id, or the beginning of what the link keeps of it; the parameters of a network are called so too. */
const naming = (id: string) => new RegExp(id === 'parameters' ? `['"\`]${id}\\.` : `['"\`]${id}['"\`.]`);

/** One sentence for each spot in `state/` where a view is known by name, or a shared folder knows a view's state. */
export function namedViews(files: readonly SourceText[], ids: readonly string[]): string[] {
	const own = (id: string) => FOLDERS[id] ?? id;
	const views = new Set(ids.map(own));
	return files.flatMap((file) => {
		const [, root, folder = ''] = file.path.split('/');
		if (root !== 'state') return [];
		const named = ids
			.filter((id) => own(id) !== folder && naming(id).test(file.text))
			.map((id) => `${file.path} names the view ${id}.`);
		const known = importsOf(file)
			.map(({ target }) => /^#state\/([\w-]+)\//.exec(target)?.[1] ?? '')
			.filter((view) => SHARED.includes(folder) && views.has(view))
			.map((view) => `${file.path} knows the state of ${view}: it is shared by all.`);
		return [...named, ...known];
	});
}

/** Ids of the projections, as their files say them. */
export function projectionIds(files: readonly SourceText[]): string[] {
	return files
		.filter(({ path }) => path.startsWith('src/methods/projection/'))
		.flatMap(({ text }) => /\bid: '([\w-]+)'/.exec(text)?.[1] ?? []);
}

/** One sentence for each file of the engine that knows a projection: by its id as a string, or a name with the id in it. */
export function namedProjections(files: readonly SourceText[], ids: readonly string[]): string[] {
	return files
		.filter(({ path }) => path.startsWith('src/engine/'))
		.flatMap((file) => {
			const text = `${file.path}\n${file.text}`;
			const named = (id: string) => {
				const capital = id.charAt(0).toUpperCase() + id.slice(1);
				const inName = new RegExp(`(?<![a-zA-Z])(${id}|${capital}|${id.toUpperCase()})|(?<=[a-z\\d])${capital}`);
				// A word of everyday: only where it stands as an id.
				return new RegExp(`['"\`]${id}['"\`]`).test(text) || (id !== 'random' && inName.test(text));
			};
			return ids.filter(named).map((id) => `${file.path} names the projection ${id}.`);
		});
}

/** What is between the bracket that opens at `start` and the one that closes it. */
function bracketed(text: string, start: number): string {
	let depth = 0;
	for (let at = start; at < text.length; at++) {
		if (text[at] === '(') depth++;
		if (text[at] === ')' && --depth === 0) return text.slice(start + 1, at);
	}
	return text.slice(start + 1);
}

/** `Component.svelte: room.method`, for each promise of a view state that an effect of a component begins and does not wait for. */
export function begunByEffects(files: readonly SourceText[]): string[] {
	return files
		.filter(({ path }) => path.startsWith('src/views/'))
		.flatMap(({ path, text }) =>
			[...text.matchAll(/\$effect(?:\.pre)?\(/g)].flatMap(({ index, 0: opening }) =>
				[
					...bracketed(text, index + opening.length - 1).matchAll(
						/\bvoid (?!import\b)([\w.]+)\(|([\w]+\.[\w.]+)\([^()]*\)\.then\(/g
					)
				].map(([, dropped, followed]) => `${path.replace(/^src\/views\//, '')}: ${dropped ?? followed}`)
			)
		);
}
