import { createVitest } from 'vitest/node';
import { current } from './plugin.js';

/** A process that keeps the tests warm and runs some of them with one line changed; ended by its parent where it hangs. */

const vitest = await createVitest('test', {
	config: 'test/mutation/vitest.config.ts',
	watch: false,
	// Who notices first is enough.
	bail: 1,
	reporters: [{}]
});
const all = await vitest.globTestSpecifications();
const bySuffix = new Map(all.map((spec) => [spec.moduleId, spec]));
current.mode = 'mutant';

/** @param {string} module */
const run = async (module) => {
	const spec = bySuffix.get(module);
	if (!spec) return true;
	const result = await vitest.runTestSpecifications([spec]);
	// Vitest also hands over what it ran before: the failure of another file says nothing of this one.
	const own = result.testModules.filter(({ moduleId }) => moduleId === module);
	return result.unhandledErrors.length === 0 && own.every((one) => one.ok());
};

process.on(
	'message',
	async (
		/** @type {{ file: string, path: string, mutant: import('./mutants.js').Mutant | null, tests: string[] }} */ task
	) => {
		vitest.invalidateFile(task.path);
		if (current.file) vitest.invalidateFile(`${process.cwd()}/${current.file}`);
		Object.assign(current, { file: task.file, mutant: task.mutant });
		let killer = null;
		for (const test of task.tests)
			if (!(await run(test).catch(() => false))) {
				killer = test;
				break;
			}
		process.send?.({ killer });
	}
);
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true, tests: [...bySuffix.keys()] });
