import { expect, it } from 'vitest';
import { nothingIn } from '#loaders/nothing.ts';

const said = async (files: Readonly<Record<string, string>>) =>
	(
		await nothingIn({
			name: 's',
			files: Object.entries(files).map(([path, text]) => ({ path, blob: new Blob([text]) }))
		})
	).message;

it('files of which nothing is known are named, three and how many more', async () => {
	const of = (...names: string[]) => said(Object.fromEntries(names.map((name) => [name, 'x'])));
	expect(await of('a', 'b', 'c')).toBe('Nothing that the lab knows was found in a, b, c.');
	expect(await of('a', 'b', 'c', 'd', 'e')).toBe('Nothing that the lab knows was found in a, b, c and 2 more.');
});

it('what is nearly a model says what it lacks', async () => {
	expect(await said({ 'a.json': '{' })).toBe('“a.json” is not valid JSON.');
	expect(await said({ 'a.json': '{}' })).toBe('“a.json” is no TF.js model: it has no modelTopology.');
	for (const name of ['group1-shard1of2', 'model.bin'])
		expect(await said({ [name]: 'x', b: 'x' })).toBe('These are weight files without their model.json.');
	expect(await said({ a: '' })).toBe('“a” is empty.');
	expect(await said({ a: '', b: 'x' })).toBe('Nothing that the lab knows was found in a, b.');
	expect(await said({})).toBe('There are no files in it.');
});
