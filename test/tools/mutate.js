import { fork, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { functionAt, marked, mutantsOf } from '../mutation/mutants.js';

/**
 * `npm run mutate [-- --count 200 --seed 1 --folder maths --file csv]`: changes single innermosts of the sources, as a slip would,
 * and runs the tests that reach them. Which tests reach what is measured once and kept until they or the sources change;
 * `--tests test/maths/` takes only those of such paths, which is sooner done and finds less.
 *
 * @typedef {{ folder: string, file: string, mutant: import('../mutation/mutants.js').Mutant, tests: string[], killer: string | null, survived: boolean }} Trial
 * @typedef {{ hash: string, milliseconds: number, passed: boolean, reached: Record<string, number[]> }} Reach
 */

const { values } = parseArgs({
	options: {
		count: { type: 'string', default: '200' },
		seed: { type: 'string', default: '1' },
		folder: { type: 'string', multiple: true },
		file: { type: 'string' },
		tests: { type: 'string', multiple: true, default: [''] },
		processes: { type: 'string', default: '2' }
	}
});
const MIN_KILLED = 0.85;
/** Of the state, what reads text of strangers: links, addresses, names of files. */
const PARSERS = /(settings|request|remote-\w+|download|catalogue|axes|own)\.ts$/;
const FOLDERS = [
	{ name: 'maths', path: 'src/maths' },
	{ name: 'loaders', path: 'src/loaders' },
	{ name: 'methods', path: 'src/methods' },
	{ name: 'engine/model', path: 'src/engine/model' },
	{ name: 'state', path: 'src/state', only: PARSERS }
].filter(({ name }) => !values.folder || values.folder.includes(name));

const CACHE = join('node_modules', '.cache', 'vitrine-mutation');
mkdirSync(CACHE, { recursive: true });

/** @param {string} folder @param {RegExp} ending @returns {string[]} */
const filesIn = (folder, ending) =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((path) => ending.test(path))
		.map((path) => join(folder, path))
		.sort();

/** @param {string} path */
const textOf = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** @param {string} test @param {Record<string, unknown>} reached */
const hashOf = (test, reached) =>
	createHash('sha1')
		.update([test, ...Object.keys(reached).sort()].map(textOf).join('\0'))
		.digest('hex');

/** What every test file reaches; only those that changed are run again. @returns {Map<string, Reach>} */
function reach() {
	const kept = join(CACHE, 'reached.json');
	/** @type {Record<string, Reach>} */
	const known = existsSync(kept) ? JSON.parse(textOf(kept)) : {};
	const tests = filesIn('test', /\.test\.ts$/).filter(
		(path) =>
			values.tests.some((part) => path.includes(part)) && !/^test\/(gpu|views)\/|architecture|fuzz\.test/.test(path)
	);
	const stale = tests.filter((test) => !known[test]?.passed || known[test].hash !== hashOf(test, known[test].reached));
	const [lines, report] = [join(CACHE, 'reached.jsonl'), join(CACHE, 'report.json')];
	/** @param {string[]} files @param {string} processes */
	const measure = (files, processes) => {
		rmSync(lines, { force: true });
		const options = ['--reporter=json', `--outputFile=${report}`, `--maxWorkers=${processes}`];
		spawnSync('npx', ['vitest', 'run', '--config', 'test/mutation/vitest.config.ts', ...options, ...files], {
			stdio: 'ignore',
			env: { ...process.env, MUTATION_REACHED: resolve(lines) }
		});
		/** @type {{ testResults: { name: string, status: string, startTime: number, endTime: number }[] }} */
		const { testResults } = JSON.parse(textOf(report));
		const found = textOf(lines)
			.split('\n')
			.filter(Boolean)
			.map((line) => JSON.parse(line));
		for (const { name, status, startTime, endTime } of testResults) {
			const test = relative(process.cwd(), name);
			const reached = found.find((one) => one.test === name)?.reached ?? {};
			known[test] = {
				hash: hashOf(test, reached),
				milliseconds: endTime - startTime,
				passed: status === 'passed',
				reached
			};
		}
		writeFileSync(kept, JSON.stringify(known));
	};
	// Some at a time, so that what was measured is kept when someone stops it.
	for (let from = 0; from < stale.length; from += 16) {
		console.log(`Measuring what tests reach: ${from} of ${stale.length} files …`);
		measure(stale.slice(from, from + 16), values.processes);
	}
	// What is held to a time may fail beside others, and would seem to reach nothing.
	const failed = () => stale.filter((test) => !known[test]?.passed);
	if (failed().length) measure(failed(), '1');
	for (const test of failed()) console.log(`LEFT OUT ${test}: it fails as the sources are`);
	return new Map(tests.flatMap((test) => (known[test]?.passed ? [[test, known[test]]] : [])));
}

/** Seeded and the same everywhere. @template T @param {T[]} list @param {number} count @param {string} key @returns {T[]} */
function sample(list, count, key) {
	const order = list.map((one, i) => ({
		one,
		at: createHash('sha1').update(`${values.seed} ${key} ${i}`).digest('hex')
	}));
	return order
		.sort((a, b) => (a.at < b.at ? -1 : 1))
		.slice(0, count)
		.map(({ one }) => one);
}

/** Milliseconds of tests that one change is worth. */
const MAX_MS = 60_000;

/** @param {Map<string, Reach>} reached @returns {Trial[]} */
function trials(reached) {
	const share = Math.ceil(Number(values.count) / FOLDERS.length);
	return FOLDERS.flatMap(({ name, path, only }) => {
		const all = filesIn(path, /\.ts$/)
			.filter(
				(file) =>
					(!only || only.test(file)) && !/simd\/code\.ts$/.test(file) && (!values.file || file.includes(values.file))
			)
			.flatMap((file) => mutantsOf(textOf(file)).map((mutant) => ({ file, mutant })));
		return sample(all, share, name).map(({ file, mutant }) => {
			const { functions } = marked(textOf(file), file);
			const innermost = functionAt(functions, mutant.start);
			let sum = 0;
			const tests = [...reached]
				.filter(([, own]) => own.reached[file]?.includes(innermost))
				.sort(([, a], [, b]) => a.milliseconds - b.milliseconds)
				.filter(([, own]) => (sum += own.milliseconds) < MAX_MS)
				.map(([test]) => test);
			return { folder: name, file, mutant, tests, killer: null, survived: true };
		});
	});
}

class Worker {
	start() {
		this.process = fork('test/mutation/worker.js', { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], detached: true });
		this.ready = new Promise((done) => this.process?.once('message', done));
	}
	constructor() {
		this.start();
	}
	stop() {
		if (this.process?.pid)
			try {
				process.kill(-this.process.pid, 'SIGKILL');
			} catch {
				// It has ended by itself.
			}
	}
	/** @param {Trial} trial @param {number} limit @returns {Promise<string | null>} who noticed */
	async run({ file, mutant, tests }, limit) {
		await this.ready;
		return new Promise((done) => {
			/** @param {string | null} killer */
			const end = (killer, ended = false) => {
				clearTimeout(timer);
				this.process?.removeAllListeners('message');
				this.process?.removeAllListeners('exit');
				if (ended) {
					this.stop();
					this.start();
				}
				done(killer);
			};
			const timer = setTimeout(() => end('time', true), limit);
			this.process?.once('message', (answer) => end(/** @type {{ killer: string | null }} */ (answer).killer));
			this.process?.once('exit', () => end('crash', true));
			this.process?.send({ file, path: resolve(file), mutant, tests: tests.map((test) => resolve(test)) });
		});
	}
}

const started = Date.now();
const reached = reach();
const all = trials(reached);
const workers = Array.from({ length: Number(values.processes) }, () => new Worker());
let [next, done] = [0, 0];
/** @param {Trial} trial */
const shown = ({ file, mutant: { line, was, text } }) =>
	`${file}:${line}  ${was.replace(/\s+/g, ' ').slice(0, 70)} → ${text.replace(/\s+/g, ' ').slice(0, 70) || 'nothing'}`;
await Promise.all(
	workers.map(async (worker) => {
		for (let trial = all[next++]; trial; trial = all[next++]) {
			const usual = trial.tests.reduce((sum, test) => sum + (reached.get(test)?.milliseconds ?? 0), 0);
			trial.killer = trial.tests.length ? await worker.run(trial, 30_000 + 5 * usual) : null;
			trial.survived = trial.killer === null;
			done++;
			if (trial.survived)
				console.log(
					`SURVIVED ${shown(trial)}${trial.tests.length ? ` (${trial.tests.length} test files)` : ' (no test reaches it)'}`
				);
			if (done % 20 === 0)
				process.stderr.write(`${done} of ${all.length}, ${Math.round((Date.now() - started) / 1000)} s\n`);
		}
	})
);
workers.forEach((worker) => worker.stop());

console.log('\n| folder | changes | noticed | rate |\n|---|---|---|---|');
let good = true;
for (const { name } of FOLDERS) {
	const own = all.filter(({ folder }) => folder === name);
	const killed = own.filter(({ survived }) => !survived).length;
	if (!own.length) continue;
	good &&= killed / own.length >= MIN_KILLED;
	console.log(`| ${name} | ${own.length} | ${killed} | ${((100 * killed) / own.length).toFixed(0)} % |`);
}
console.log(
	`${all.length} changes in ${Math.round((Date.now() - started) / 1000)} s, seed ${values.seed}; ${100 * MIN_KILLED} % in each folder are wanted`
);
process.exit(good ? 0 : 1);
