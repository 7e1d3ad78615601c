import { playwright } from '@vitest/browser-playwright';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { chromiumLaunch } from '../tools/browser.ts';
import { optimised } from '../tools/optimised.ts';
import { rendererMemory } from '../tools/renderer-memory.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One row file after the other, in a real browser: nothing else may run beside a measurement. */
export default defineConfig({
	root,
	test: {
		projects: [
			{
				extends: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
				root,
				optimizeDeps: { include: optimised },
				test: {
					name: 'bench',
					include: ['test/bench/rows/*.bench.ts'],
					testTimeout: 600_000,
					fileParallelism: false,
					browser: {
						enabled: true,
						headless: true,
						commands: { rendererMemory },
						screenshotFailures: false,
						provider: playwright({ launchOptions: await chromiumLaunch() }),
						instances: [{ browser: 'chromium' }]
					}
				}
			}
		]
	}
});
