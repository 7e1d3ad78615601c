import { playwright } from '@vitest/browser-playwright';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { chromiumLaunch } from './tools/browser.ts';
import { optimised } from './tools/optimised.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const browserTests = ['test/gpu/**/*.test.ts', 'test/views/**/*.test.ts'];
/** Else every file loads TF.js anew, and compiles its shaders: tests leave what they share as they found it. */
const isolate = false;
/** The address bar of the lab, which SvelteKit's router has on the page. */
const navigation = fileURLToPath(new URL('tools/navigation.ts', import.meta.url));
const wantsBrowser = !process.argv.some((a, i) => a === '--project' && process.argv[i + 1] === 'node');

export default defineConfig({
	root,
	test: {
		// All is bundled anew on a busy machine before the page answers. Only the root's is heeded.
		browser: { connectTimeout: 240_000 },
		projects: [
			{
				extends: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
				root,
				test: {
					name: 'node',
					isolate,
					environment: 'node',
					setupFiles: fileURLToPath(new URL('tools/no-threads.ts', import.meta.url)),
					include: ['test/**/*.test.ts'],
					exclude: browserTests,
					// Nobody waits at the machine for anything else: every core tests.
					maxWorkers: '100%',
					testTimeout: 60_000
				}
			},
			{
				extends: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
				root,
				plugins: [
					{
						name: 'no-router',
						enforce: 'pre' as const,
						resolveId: (id: string) => (/[$/]app\/navigation$/.test(id) ? navigation : undefined)
					}
				],
				optimizeDeps: {
					include: optimised
				},
				test: {
					name: 'browser',
					isolate,
					include: browserTests,
					testTimeout: 120_000,
					fileParallelism: false,
					browser: {
						enabled: true,
						headless: true,
						screenshotFailures: false,
						provider: playwright({ launchOptions: wantsBrowser ? await chromiumLaunch() : {} }),
						instances: [{ browser: 'chromium' }]
					}
				}
			}
		]
	}
});
