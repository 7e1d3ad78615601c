import { fork } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'vite';

/**
 * Breaks the samples of every format in seeded ways and opens what comes of it, in processes that are ended when they do
 * not answer.
 */

/**
 * @typedef {{ format: string, index: number, kind: string, detail: string, milliseconds: number }} Result
 * @typedef {{ seed: number, count: number, formats?: string[], only?: number, folder?: string, processes?: number, limit?: number, more?: (done: number) => void }} Options
 */

const OUT = join('node_modules', '.cache', 'vitrine-fuzz');

/** One plain script of all loaders and their samples. */
async function bundle() {
	await build({
		configFile: false,
		logLevel: 'error',
		ssr: { noExternal: true },
		build: { ssr: 'test/fuzz/child.ts', outDir: OUT, emptyOutDir: true, minify: false }
	});
	return join(OUT, 'child.js');
}

class Child {
	/** @param {string} script */
	constructor(script) {
		this.script = script;
		this.start();
	}
	start() {
		// A file that wants more than this would end the page, too.
		this.process = fork(this.script, {
			stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
			execArgv: ['--max-old-space-size=1500']
		});
		this.ready = new Promise((resolve) => this.process?.once('message', resolve));
		this.words = '';
		this.process.stderr?.on('data', (/** @type {Buffer} */ text) => {
			this.words = (this.words + text.toString()).slice(-2000);
		});
	}
	/**
	 * @param {object} task
	 * @param {number} limit milliseconds
	 * @returns {Promise<{ kind: string, detail: string }>}
	 */
	async run(task, limit) {
		await this.ready;
		const child = /** @type {import('node:child_process').ChildProcess} */ (this.process);
		return new Promise((resolve) => {
			/** @param {{ kind: string, detail: string }} outcome */
			const end = (outcome) => {
				clearTimeout(timer);
				child.removeAllListeners('message');
				child.removeAllListeners('exit');
				if (outcome.kind === 'hang' || outcome.kind === 'crash') {
					child.kill('SIGKILL');
					this.start();
				}
				resolve(outcome);
			};
			const timer = setTimeout(() => end({ kind: 'hang', detail: `no answer for ${limit / 1000} s` }), limit);
			child.once('message', (outcome) => end(/** @type {{ kind: string, detail: string }} */ (outcome)));
			child.once('exit', (code, signal) => end({ kind: 'crash', detail: `${signal ?? code}: ${this.words}` }));
			child.send(task);
		});
	}
	stop() {
		this.process?.kill('SIGKILL');
	}
}

/**
 * @param {Options} options
 * @returns {Promise<Result[]>}
 */
export async function fuzz({ seed, count, formats, only, folder, processes = 2, limit = 10_000, more }) {
	const script = await bundle();
	const children = Array.from({ length: processes }, () => new Child(script));
	try {
		const [alone] = children;
		if (!alone) return [];
		const { formats: known } = /** @type {{ formats: string[] }} */ (await alone.ready);
		const unknown = formats?.find((format) => !known.includes(format));
		if (unknown) throw new Error(`There is no format “${unknown}”, only ${known.join(', ')}.`);
		const indices = only === undefined ? Array.from({ length: count }, (_, i) => i) : [only];
		const tasks = (formats ?? known).flatMap((format) => indices.map((index) => ({ format, seed, index, folder })));
		/** @type {Result[]} */
		const results = [];
		let next = 0;
		/**
		 * @param {Child} child
		 * @param {typeof tasks[0]} task
		 */
		const one = async (child, task) => {
			const start = Date.now();
			const { kind, detail } = await child.run(task, limit);
			return { format: task.format, index: task.index, kind, detail, milliseconds: Date.now() - start };
		};
		await Promise.all(
			children.map(async (child) => {
				for (let task = tasks[next++]; task; task = tasks[next++]) {
					results.push(await one(child, task));
					more?.(results.length / tasks.length);
				}
			})
		);
		// Who was slow beside another has its time alone.
		for (const [i, result] of results.entries())
			if (result.kind === 'hang') results[i] = await one(alone, { ...result, seed, folder });
		return results;
	} finally {
		children.forEach((child) => child.stop());
	}
}

/** Kinds of outcomes that are defects. */
export const DEFECTS = ['raw', 'unsound', 'hang', 'crash'];
