import { expect, it } from 'vitest';
import { nothingIn } from '#loaders/nothing.ts';

const describe = async (files: Readonly<Record<string, string>>) =>
	(
		await nothingIn({
			name: 's',
			files: Object.entries(files).map(([path, text]) => ({ path, blob: new Blob([text]) }))
		})
	).message;

it('files of which nothing is known are named, three and how many more', async () => {
	const of = (...names: string[]) => describe(Object.fromEntries(names.map((name) => [name, 'x'])));
	expect(await of('a', 'b', 'c')).toBe('Nothing that the lab knows was found in a, b, c.');
	expect(await of('a', 'b', 'c', 'd', 'e')).toBe('Nothing that the lab knows was found in a, b, c and 2 more.');
});

it('what is nearly a model says what it lacks', async () => {
	expect(await describe({ 'a.json': '{' })).toBe('“a.json” is not valid JSON.');
	expect(await describe({ 'a.json': '{}' })).toBe('“a.json” is no TF.js model: it has no modelTopology.');
	for (const name of ['group1-shard1of2', 'model.bin'])
		expect(await describe({ [name]: 'x', b: 'x' })).toBe('These are weight files without their model.json.');
	expect(await describe({ a: '' })).toBe('“a” is empty.');
	expect(await describe({ a: '', b: 'x' })).toBe('Nothing that the lab knows was found in a, b.');
	expect(await describe({})).toBe('There are no files in it.');
});
