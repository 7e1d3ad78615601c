import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';

/**
 * All checks. Nothing stops at the first failure; the last lines hold the seconds of each and the runners' own counts.
 * `npm test -- node e2e` runs only those.
 */

const reports = join('node_modules', '.cache', 'vitrine-tests');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

/** @param {string} project */
const vitest = (project) =>
	`npx vitest run --config test/vitest.config.ts --project ${project} --reporter=default --reporter=json --outputFile.json=${join(reports, `${project}.json`)}`;

/**
 * Two lists, each in its own order: what tests has the machine to itself, and what only reads the sources takes the time it
 * leaves (a test waits often: for its page, for a moment). The build comes while formats are looked at, as both it and the
 * types write what SvelteKit makes. What each says is printed when it is done.
 *
 * @typedef {{ name: string, command: string, report?: 'vitest' | 'playwright' }} Step
 * @type {{ tests: Step[], readings: Step[] }}
 */
const steps = {
	tests: [
		{ name: 'build', command: 'npx vite build --logLevel warn' },
		{ name: 'browser', command: vitest('browser'), report: 'vitest' },
		{ name: 'node', command: vitest('node'), report: 'vitest' },
		{ name: 'e2e', command: 'npx playwright test --config test/playwright.config.ts', report: 'playwright' }
	],
	readings: [
		{ name: 'format', command: 'npx prettier --check --log-level warn .' },
		{ name: 'types', command: 'npm run --silent check' },
		{ name: 'lint', command: 'npx eslint .' },
		{ name: 'unused', command: 'npx knip --no-progress' }
	]
};

/** @param {Step} step */
function counts({ name, report }) {
	const file = join(reports, `${name}.json`);
	if (!report || !existsSync(file)) return null;
	const json = JSON.parse(readFileSync(file, 'utf8'));
	if (report === 'vitest')
		return {
			passed: json.numPassedTests,
			failed: json.numFailedTests,
			absent: json.numPendingTests + json.numTodoTests,
			flaky: 0
		};
	const { expected, unexpected, flaky, skipped } = json.stats;
	return { passed: expected + flaky, failed: unexpected, absent: skipped, flaky };
}

/**
 * @param {Step} step
 * @param {{ alone: boolean, behind: boolean }} way alone, its output is seen as it comes; behind, others have the processor first
 * @returns {Promise<boolean>} whether it went well
 */
function run({ name, command }, { alone, behind }) {
	const title = `\n── ${name}: ${command}`;
	if (alone) console.log(title);
	const child = spawn(command, {
		shell: true,
		stdio: alone ? 'inherit' : ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: join(process.cwd(), reports, 'e2e.json') }
	});
	if (behind && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
	let output = '';
	for (const stream of [child.stdout, child.stderr])
		stream?.setEncoding('utf8').on('data', (text) => {
			output += text;
		});
	return new Promise((resolve) => {
		child.on('close', (status) => {
			if (!alone) console.log(`${title}\n${output}`.trimEnd());
			resolve(status === 0);
		});
	});
}

const only = process.argv.slice(2);
/** @type {string[]} */
const lines = [];
let failed = false;
let [passedAll, failedAll, absentAll] = [0, 0, 0];

/**
 * @param {Step} step
 * @param {{ alone: boolean, behind: boolean }} way
 */
async function check(step, way) {
	const start = Date.now();
	const well = await run(step, way);
	const found = counts(step);
	if (found) {
		passedAll += found.passed;
		failedAll += found.failed;
		absentAll += found.absent;
	}
	failed ||= !well;
	const numbers = found
		? `${found.passed} passed, ${found.failed} failed${found.absent ? `, ${found.absent} absent` : ''}${found.flaky ? `, ${found.flaky} only the second time` : ''}`
		: '';
	lines.push(`${well ? 'ok  ' : 'FAIL'} ${step.name.padEnd(8)} ${seconds(start)} s  ${numbers}`.trimEnd());
}

/** @param {number} since */
const seconds = (since) => String(Math.round((Date.now() - since) / 1000)).padStart(4);

const began = Date.now();
const requested = Object.entries(steps).map(([lane, list]) => ({
	behind: lane === 'readings',
	list: list.filter(({ name }) => !only.length || only.includes(name))
}));
const alone = requested.flatMap(({ list }) => list).length === 1;
await Promise.all(
	requested.map(async ({ behind, list }) => {
		for (const step of list) await check(step, { alone, behind: behind && !alone });
	})
);
console.log(`\n${lines.join('\n')}\n     in all   ${seconds(began)} s`);
console.log(
	`Tests: ${passedAll} passed, ${failedAll} failed${absentAll ? `, ${absentAll} absent` : ''}, ${passedAll + failedAll + absentAll} in all`
);
process.exit(failed ? 1 : 0);
