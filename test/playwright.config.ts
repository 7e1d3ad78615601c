import { defineConfig } from '@playwright/test';
import { chromiumLaunch } from './tools/browser.ts';

const port = Number(process.env['E2E_PORT'] ?? 4187);

/** End to end, against the production build. Vite serves nothing here: the server is a plain static one. */
export default defineConfig({
	testDir: 'e2e',
	outputDir: '../node_modules/.cache/playwright',
	timeout: 180_000,
	expect: { timeout: 60_000 },
	// One waits where the other computes.
	workers: 2,
	// On a machine that does other things besides, a moment may be missed; what passes only then is counted as flaky.
	retries: 1,
	reporter: [['list'], ['json']],
	use: {
		baseURL: `http://localhost:${port}/`,
		browserName: 'chromium',
		headless: true,
		// It would fetch the whole lab for every test; the one of working offline asks for it.
		serviceWorkers: 'block',
		launchOptions: await chromiumLaunch()
	},
	webServer: {
		command: `node test/tools/serve.js --port ${port}`,
		cwd: '..',
		url: `http://localhost:${port}/`,
		reuseExistingServer: false
	}
});
