import { expect, it } from 'vitest';
import { pythonAsJson } from '#maths/labels/from-python.ts';

const read = (text: string) => {
	const json = pythonAsJson(text);
	return json === null ? null : (JSON.parse(json) as unknown);
};

it('lists and dictionaries of Python are those of JSON', () => {
	expect(read(`{0: 'cat', -1: "bird's", 'k': [1, ('a', 2,)]}`)).toEqual({ 0: 'cat', '-1': "bird's", k: [1, ['a', 2]] });
	expect(read(`['it\\'s', 'two\\nlines', 'back\\\\slash', "say \\"so\\"", 'a"b']`)).toEqual([
		...["it's", 'two\nlines', 'back\\slash', 'say "so"', 'a"b']
	]);
	expect(read('[1, 2,\n 3,]')).toEqual([1, 2, 3]);
});

it('anything else is none', () => {
	expect(["['a' + 'b']", '[1.5]', "['a", 'cat', "['two\nlines']"].map(pythonAsJson)).toEqual([
		null,
		null,
		null,
		null,
		null
	]);
});
