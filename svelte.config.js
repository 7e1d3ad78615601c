import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { readFileSync } from 'node:fs';

/**
 * Only the page is under this policy: workers do not inherit a <meta> policy, which is why regl lives in one.
 * @type {NonNullable<NonNullable<NonNullable<import('@sveltejs/kit').Config['kit']>['csp']>['directives']>}
 */
const directives = {
	'default-src': ['self'],
	'script-src': ['self', 'wasm-unsafe-eval'],
	'style-src': ['self', 'unsafe-inline'],
	'img-src': ['self', 'data:', 'blob:'],
	'media-src': ['self', 'blob:'],
	// A model or an image by address: https anywhere, or a file server of one's own. Only ever on the user's word.
	'connect-src': ['self', 'data:', 'blob:', 'https:', 'http://localhost:*', 'http://127.0.0.1:*'],
	'worker-src': ['self', 'blob:'],
	'object-src': ['none'],
	'base-uri': ['self'],
	'form-action': ['none']
};

/** @type {import('@sveltejs/kit').Config} */
const config = {
	preprocess: vitePreprocess(),
	kit: {
		adapter: adapter({ pages: 'build', assets: 'build', fallback: '404.html', strict: true }),
		paths: { relative: true },
		// Builds are reproducible and the offline cache changes name only with the version.
		version: { name: JSON.parse(readFileSync('package.json', 'utf8')).version },
		csp: { mode: 'hash', directives }
	}
};

export default config;
