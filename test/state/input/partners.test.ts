import { expect, it } from 'vitest';
import type { InputSpec } from '#contracts/compute.ts';
import { partnerOf, partnerUnit } from '#state/input/partners.ts';
import { choiceOf, parseChoice } from '#state/opening/model-sources.ts';

const inputs = (text: string): InputSpec[] =>
	text.split(' ').map((id) => ({ id, kind: id.startsWith('v') ? 'values' : 'image' }) as InputSpec);

it.each([
	['by its name', 'b', 'a b', 'b a', 'b'],
	['else by its index among those of its kind', 'y', 'x v1 y', 'a v2 b', 'b'],
	['a picture more than there are is the first', 'z', 'x y z', 'a b', 'a'],
	['numbers more than there are have none', 'v2', 'v1 v2', 'v9', undefined]
] as const)('an input stands for another %s', (_, id, theirs, ours, partner) => {
	const { kind } = inputs(id)[0]!;
	expect(partnerOf(id, kind, inputs(theirs), inputs(ours))?.id).toBe(partner);
});

const units = (...names: (string | null)[]) => ({ units: names.length, nameOf: (unit: number) => names[unit] ?? null });
it.each([
	['of the same name at the same index', 1, units('cat', 'dog'), units('cat', 'dog'), 1],
	['of the same name elsewhere', 1, units('cat', 'dog'), units('dog', 'fox', 'cat'), 0],
	['of no such name', 0, units('cat', 'dog'), units('3', '7'), null],
	['of its index where one has no names', 1, units('cat', 'dog'), units(null, null), 1],
	['of its index where neither has', 1, units(null, null), units(null, null), 1],
	['of no index where there are not as many', 1, units(null, null), units(null, null, null), null]
] as const)('a class stands for another %s', (_, unit, theirs, ours, partner) => {
	expect(partnerUnit(unit, theirs, ours)).toBe(partner);
});

it.each(['digits', 'digits/epoch-01.json', 'catalogue/mobilenet', 'own/0123', 'https://a.org/b/model.json'])(
	'a model in a word is read as it is written: %s',
	(choice) => {
		const { model, variant } = parseChoice(choice);
		expect(choiceOf(model, variant)).toBe(choice);
		expect(variant).toBe(choice === 'digits/epoch-01.json' ? 'epoch-01.json' : '');
	}
);
