import { sveltekit } from '@sveltejs/kit/vite';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { mutation } from './plugin.js';

/** The tests that run in Node, with one line of the sources changed, or with marks of what they reach. */
export default defineConfig({
	root: fileURLToPath(new URL('../..', import.meta.url)),
	plugins: [mutation(), sveltekit()],
	test: {
		name: 'mutation',
		environment: 'node',
		include: ['test/**/*.test.ts'],
		// What reads the sources as text, or starts processes that do, sees no change in memory.
		exclude: ['test/gpu/**', 'test/views/**', 'test/architecture.test.ts', 'test/fuzz.test.ts'],
		setupFiles: ['test/mutation/reached.ts'],
		testTimeout: 60_000,
		pool: 'threads',
		maxWorkers: 1
	}
});
