import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * All checks, in the order in which they fail fastest. Nothing stops at the first failure; the last lines hold the
 * runners' own counts. `npm test -- node e2e` runs only those.
 */

const reports = join('node_modules', '.cache', 'vitrine-tests');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

/** @param {string} project */
const vitest = (project) =>
	`npx vitest run --config test/vitest.config.ts --project ${project} --reporter=default --reporter=json --outputFile.json=${join(reports, `${project}.json`)}`;

const steps = [
	{ name: 'types', command: 'npm run --silent check' },
	{ name: 'lint', command: 'npx eslint .' },
	{ name: 'format', command: 'npx prettier --check --log-level warn .' },
	{ name: 'node', command: vitest('node'), report: 'vitest' },
	{ name: 'browser', command: vitest('browser'), report: 'vitest' },
	{ name: 'build', command: 'npx vite build --logLevel warn' },
	{ name: 'e2e', command: 'npx playwright test --config test/playwright.config.ts', report: 'playwright' }
];

/**
 * @param {string} name
 * @param {string | undefined} kind
 */
function counts(name, kind) {
	const file = join(reports, `${name}.json`);
	if (!kind || !existsSync(file)) return null;
	const json = JSON.parse(readFileSync(file, 'utf8'));
	if (kind === 'vitest')
		return {
			passed: json.numPassedTests,
			failed: json.numFailedTests,
			absent: json.numPendingTests + json.numTodoTests
		};
	const { expected, unexpected, flaky, skipped } = json.stats;
	return { passed: expected + flaky, failed: unexpected, absent: skipped };
}

const only = process.argv.slice(2);
/** @type {string[]} */
const lines = [];
let failed = false;
let [passedAll, failedAll, absentAll] = [0, 0, 0];
for (const { name, command, report } of steps) {
	if (only.length && !only.includes(name)) continue;
	console.log(`\n── ${name}: ${command}`);
	const start = Date.now();
	const { status } = spawnSync(command, {
		shell: true,
		stdio: 'inherit',
		env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: join(process.cwd(), reports, 'e2e.json') }
	});
	const found = counts(name, report);
	if (found) {
		passedAll += found.passed;
		failedAll += found.failed;
		absentAll += found.absent;
	}
	failed ||= status !== 0;
	const numbers = found
		? `${found.passed} passed, ${found.failed} failed${found.absent ? `, ${found.absent} absent` : ''}`
		: '';
	lines.push(
		`${status === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(8)} ${String(Math.round((Date.now() - start) / 1000)).padStart(4)} s  ${numbers}`
	);
}
console.log(`\n${lines.join('\n')}`);
console.log(
	`Tests: ${passedAll} passed, ${failedAll} failed${absentAll ? `, ${absentAll} absent` : ''}, ${passedAll + failedAll + absentAll} in all`
);
process.exit(failed ? 1 : 0);
