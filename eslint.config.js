import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import regexp from 'eslint-plugin-regexp';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** What is told apart carries a code; its words are for people, and change. The border to what has none is a module. */
const WORDS = '/^(message|hint|reason|refusal|problem)$/';
const byWords = [
	'BinaryExpression[operator=/^[!=]==?$/] > Literal[value=/^[A-Z]\\S*\\s|\\S\\s+\\S+\\s+\\S/]',
	'SwitchCase > Literal.test[value=/^[A-Z]\\S*\\s|\\S\\s+\\S+\\s+\\S/]',
	`CallExpression[callee.property.name=/^(includes|startsWith|endsWith|indexOf|match|matchAll|search)$/]:matches([callee.object.property.name=${WORDS}], [callee.object.name=${WORDS}])`,
	`CallExpression[callee.property.name=/^(test|exec)$/]:matches([arguments.0.property.name=${WORDS}], [arguments.0.name=${WORDS}])`
].map((selector) => ({ selector, message: 'Give it a code: no branch on the words of a sentence.' }));

export default ts.config(
	// Kit keeps the service worker out of its TypeScript project.
	{ ignores: ['build/', '.svelte-kit/', 'node_modules/', 'models/', 'static/', 'src/service-worker.ts'] },
	js.configs.recommended,
	...ts.configs.recommendedTypeChecked,
	...svelte.configs.recommended,
	prettier,
	...svelte.configs.prettier,
	{
		// A pattern that backtracks without end lets a file of a few letters stop its thread.
		files: ['src/**'],
		plugins: { regexp },
		rules: {
			'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
			'regexp/no-super-linear-move': ['error', { report: 'potential' }]
		}
	},
	{
		files: ['src/**'],
		ignores: ['src/engine/tf-words.ts'],
		rules: { 'no-restricted-syntax': ['error', ...byWords] }
	},
	{
		languageOptions: {
			globals: { ...globals.browser, ...globals.node, ...globals.worker },
			parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] }
		},
		rules: {
			// TypeScript knows what exists.
			'no-undef': 'off',
			// A bidirectional control character in a pattern is meant where it stands.
			'no-control-regex': 'off',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-unnecessary-type-assertion': 'off',
			// Our interfaces are records of functions that know no `this`.
			'@typescript-eslint/unbound-method': 'off',
			'@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
			// Maps and addresses that nothing on the page reads need no reactivity.
			'svelte/prefer-svelte-reactivity': 'off',
			// The page has one route; what changes is its query, and papers are elsewhere.
			'svelte/no-navigation-without-resolve': 'off',
			// An interface of promises may have an answer at once.
			'@typescript-eslint/require-await': 'off',
			// Names in files from outside may be anything; they are shown, not trusted.
			'@typescript-eslint/no-base-to-string': 'off'
		}
	},
	{ files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } } },
	{
		// The linter does not see the types of a component's properties; svelte-check does.
		files: ['**/*.svelte'],
		rules: {
			'@typescript-eslint/no-unsafe-argument': 'off',
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-call': 'off',
			'@typescript-eslint/no-unsafe-member-access': 'off',
			'@typescript-eslint/no-unsafe-return': 'off',
			'svelte/no-unused-svelte-ignore': 'off'
		}
	},
	// Plain scripts are checked by svelte-check; they read JSON of tools, which has no types.
	{ files: ['**/*.js'], ...ts.configs.disableTypeChecked }
);
