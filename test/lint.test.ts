import { Linter } from 'eslint';
import ts from 'typescript-eslint';
import { expect, it } from 'vitest';
import config from '../eslint.config.js';

/** What the linter is to find beside its own rules. */

const words = config.find(({ rules }) => rules?.['no-restricted-syntax']);

function found(code: string): number {
	const own: Linter.Config = {
		languageOptions: { parser: ts.parser as Linter.Parser },
		rules: { 'no-restricted-syntax': words!.rules!['no-restricted-syntax'] as Linter.RuleEntry }
	};
	const messages = new Linter().verify(code, [own]);
	expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
	return messages.length;
}

it('forbids branches on the words of a sentence in the sources, but at the border', () => {
	expect(words!.files).toEqual(['src/**']);
	expect(words!.ignores).toEqual(['src/engine/tf-words.ts']);
});

it.each([
	"if (reason === 'Not enough rows') stop();",
	"if (said !== 'it is too large') stop();",
	"switch (said) { case 'The GPU was lost.': stop(); }",
	"if (error.message.includes('memory')) stop();",
	"if (message.startsWith('Cannot')) stop();",
	'if (/lost/.test(error.message)) stop();',
	'const [, h, w] = /(\\d+)x(\\d+)/.exec(message) ?? [];',
	"const parts = (error as Error).message.match(/'(\\w+)'/);"
])('sees %s', (code) => {
	expect(found(code)).toBe(1);
});

it.each([
	"if (error.code === 'too-large') stop();",
	"if (use === 'left out' || key === 'when cancelled') stop();",
	"if (key === ' ') stop();",
	"switch (why) { case 'deep': stop(); }",
	'notes.add(error.message, error.hint);',
	"if (nodes.includes(id) && name.startsWith('data:')) stop();"
])('lets %s be', (code) => {
	expect(found(code)).toBe(0);
});
