import { playwright } from '@vitest/browser-playwright';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { chromiumLaunch } from './tools/browser.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const browserTests = ['test/gpu/**/*.test.ts', 'test/views/**/*.test.ts'];
const wantsBrowser = !process.argv.some((a, i) => a === '--project' && process.argv[i + 1] === 'node');

export default defineConfig({
	root,
	test: {
		projects: [
			{
				extends: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
				root,
				test: {
					name: 'node',
					environment: 'node',
					include: ['test/**/*.test.ts'],
					exclude: browserTests,
					testTimeout: 60_000
				}
			},
			{
				extends: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
				root,
				optimizeDeps: {
					include: [
						'@tensorflow/tfjs-core',
						'@tensorflow/tfjs-core/dist/register_all_gradients',
						'@tensorflow/tfjs-layers',
						'@tensorflow/tfjs-converter',
						'@tensorflow/tfjs-converter/dist/executor/execution_context',
						'@tensorflow/tfjs-converter/dist/operations/operation_executor',
						'@tensorflow/tfjs-converter/dist/operations/operation_mapper',
						'@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops',
						'fflate',
						'd3-color',
						'd3-scale-chromatic',
						'@tensorflow/tfjs-backend-cpu',
						'@tensorflow/tfjs-backend-wasm',
						'@tensorflow/tfjs-backend-webgl',
						'@tensorflow/tfjs-backend-webgpu',
						'regl',
						'ml-matrix',
						'@observablehq/plot',
						'plotly.js-basic-dist-min',
						'@mapbox/tiny-sdf'
					]
				},
				test: {
					name: 'browser',
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
