import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from './serve.js';

/** `npm start`: builds if there is something newer than the build, then serves it. */

/** @param {string} folder @returns {number} */
function newest(folder) {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
		(latest, path) => Math.max(latest, statSync(join(folder, path)).mtimeMs),
		0
	);
}

const built = existsSync('build/index.html') ? statSync('build/index.html').mtimeMs : 0;
const sources = Math.max(
	...['src', 'static', 'models'].map(newest),
	...['svelte.config.js', 'vite.config.ts', 'package-lock.json'].map((file) => statSync(file).mtimeMs)
);
if (sources > built) {
	console.log('Building the lab…');
	const { status } = spawnSync('npx vite build --logLevel warn', { shell: true, stdio: 'inherit' });
	if (status !== 0) process.exit(status ?? 1);
}
const requested = Number(process.env['PORT'] ?? 4173);
const { url } = await serve({ port: requested }).catch(() => serve({ port: 0 }));
console.log(`Vitrine is at ${url} (stop it with Ctrl+C)`);
