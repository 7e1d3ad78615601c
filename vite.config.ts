import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

export default defineConfig({
	plugins: [sveltekit()],
	// Licence comments would add a third to the worker's size; NOTICE files carry them instead.
	worker: { format: 'es', rolldownOptions: { output: { comments: { legal: false } } } }
});
