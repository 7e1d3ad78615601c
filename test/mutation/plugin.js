import { relative } from 'node:path';
import { applied, marked } from './mutants.js';

/**
 * What the sources look like now.
 * @type {{ mode: 'marks' | 'mutant', file: string, mutant: import('./mutants.js').Mutant | null }}
 */
export const current = { mode: 'marks', file: '', mutant: null };

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
