import { relative } from 'node:path';
import { applied, marked } from './mutants.js';

/**
 * What the sources look like now. Of the process, not of this module: Vite bundles the plugin with the configuration, and that
 * copy must see what the worker sets.
 * @typedef {{ mode: 'marks' | 'mutant', file: string, mutant: import('./mutants.js').Mutant | null }} Current
 */
const scope = /** @type {{ __mutation?: Current }} */ (globalThis);
export const current = (scope.__mutation ??= { mode: 'marks', file: '', mutant: null });

/** Changes sources as they are loaded; the files stay as they are. @returns {import('vite').Plugin} */
export function mutation() {
	return {
		name: 'mutation',
		enforce: 'pre',
		transform(code, id) {
			const [path = ''] = id.split('?');
			const file = relative(process.cwd(), path);
			if (!/^src\/.*\.ts$/.test(file) || /\.svelte/.test(file)) return null;
			if (current.mode === 'marks') return { code: marked(code, file).code, map: null };
			return file === current.file && current.mutant ? { code: applied(code, current.mutant), map: null } : null;
		}
	};
}
