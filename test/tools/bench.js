import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** `npm run bench`: side-by-side ratios on this machine, as a table. Absolute times mean little; ratios travel. */

/** @type {string[][]} */
const rows = [];

/** Scripts that the page loads before its first paint: what index.html names, and what those import statically. */
function startup() {
	const seen = new Set();
	/** @param {string} file */
	const visit = (file) => {
		if (seen.has(file) || !existsSync(file)) return;
		seen.add(file);
		const text = readFileSync(file, 'utf8');
		for (const [, path] of text.matchAll(/(?:from|import)\s*["'](\.[^"']+\.js)["']/g))
			visit(join(dirname(file), path ?? ''));
	};
	const page = readFileSync('build/index.html', 'utf8');
	for (const [, path] of page.matchAll(/["'](?:\.\/)?(_app\/[^"']+\.js)["']/g)) visit(join('build', path ?? ''));
	// The page's own node is imported by the start-up script once it knows the route.
	for (const name of readdirSync('build/_app/immutable/nodes'))
		if (/^[02]\./.test(name)) visit(join('build/_app/immutable/nodes', name));
	const bytes = [...seen].reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
	rows.push([
		'JS before the first paint, gzip',
		`${(bytes / 1000).toFixed(1)} kB`,
		'the limit of 120 kB',
		(bytes / 120_000).toFixed(2)
	]);
}

spawnSync('npx vite build --logLevel error', { shell: true, stdio: 'inherit' });
startup();
const { stdout, status } = spawnSync('npx vitest run --config test/bench/vitest.config.ts', {
	shell: true,
	encoding: 'utf8',
	maxBuffer: 1 << 26,
	// As people get it: without Svelte's checks for developers.
	env: { ...process.env, NODE_ENV: 'production' },
	stdio: ['ignore', 'pipe', 'inherit']
});
for (const [, line = ''] of stdout.matchAll(/ROW\|(.*)\|END/g)) rows.push(line.split('|'));
if (status !== 0) console.error(stdout.slice(-4000));

console.log('| what | measured | against | ratio |\n|---|---|---|---|');
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
process.exit(status ?? 1);
