import { spawnSync } from 'node:child_process';

/** `npm run bench`: side-by-side ratios on this machine, as a table. Absolute times mean little; ratios travel. */

/** @type {string[][]} */
const rows = [];

/**
 * Runs what prints rows.
 * @param {string} command
 * @returns {number} its exit status
 */
function measure(command) {
	const { stdout, status } = spawnSync(command, {
		shell: true,
		encoding: 'utf8',
		maxBuffer: 1 << 26,
		// As people get it: without Svelte's checks for developers.
		env: { ...process.env, NODE_ENV: 'production' },
		stdio: ['ignore', 'pipe', 'inherit']
	});
	for (const [, line = ''] of stdout.matchAll(/ROW\|(.*)\|END/g)) rows.push(line.split('|'));
	if (status !== 0) console.error(stdout.slice(-4000));
	return status ?? 1;
}

spawnSync('npx vite build --logLevel error', { shell: true, stdio: 'inherit' });
const statuses = [
	measure('npx playwright test --config test/playwright.config.ts startup.spec.ts --reporter=list'),
	measure('npx vitest run --config test/bench/vitest.config.ts')
];

console.log('| what | measured | against | ratio |\n|---|---|---|---|');
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
process.exit(Math.max(...statuses));
