import { beforeEach, describe, expect, it } from 'vitest';
import { InputState } from '#state/input/input.svelte.ts';
import { Pictures, type Picture } from '#state/input/pictures.svelte.ts';

let closed: string[];
let released: string[];
const picture = (key: string, sample: string | null = null): Picture => ({
	image: { title: key, width: 4, height: 4, key, note: '' },
	bitmap: { close: () => closed.push(key) } as unknown as ImageBitmap,
	sample,
	address: null
});
const always = () => true;

beforeEach(() => {
	closed = [];
	released = [];
});

describe('pictures of several inputs', () => {
	function open(...inputs: string[]): Pictures {
		const pictures = new Pictures((key) => released.push(key));
		pictures.suit(inputs, always);
		return pictures;
	}
	const keys = (pictures: Pictures) => pictures.inputs.map((input) => pictures.of(input)?.image.key);

	it('are one for all, until one gets its own', () => {
		const pictures = open('left', 'right');
		pictures.give(picture('a'), null);
		expect(keys(pictures)).toEqual(['a', 'a']);
		expect([pictures.differ, pictures.title]).toEqual([false, 'a']);
		pictures.give(picture('b'), 'right');
		expect(keys(pictures)).toEqual(['a', 'b']);
		expect([pictures.differ, pictures.title]).toEqual([true, 'left: a, right: b']);
		pictures.give(picture('c'), 'right');
		expect([closed, released]).toEqual([['b'], ['b']]);
		pictures.share('right');
		expect(keys(pictures)).toEqual(['c', 'c']);
		pictures.give(picture('d'), null);
		expect(keys(pictures)).toEqual(['d', 'd']);
		expect(released).toEqual(['b', 'a', 'c']);
	});

	it('of a model of one picture never part, whatever it is called', () => {
		const pictures = open('x');
		pictures.give(picture('a'), 'x');
		pictures.give(picture('b'), null);
		expect(keys(pictures)).toEqual(['b']);
		expect(released).toEqual(['a']);
	});

	it('stay with inputs of the same names when another model opens, and one’s own is never lost to a sample', () => {
		const pictures = open('left', 'right');
		pictures.give(picture('sample', 'ship.png'), null);
		pictures.give(picture('mine'), 'right');
		pictures.slot = 'right';
		pictures.suit(['right', 'left'], always);
		expect(pictures.slot).toBeNull();
		expect(keys(pictures)).toEqual(['mine', 'sample']);
		pictures.suit(['x'], always);
		expect(keys(pictures)).toEqual(['mine']);
		expect(released).toEqual(['sample']);
		const other = open('left', 'right');
		other.give(picture('mine2'), null);
		other.give(picture('cat', 'cat.png'), 'right');
		other.suit(['left', 'right'], ({ sample }) => !sample);
		expect(keys(other)).toEqual(['mine2', 'mine2']);
		// The sample for all does not suit: what one has of its own is not given up for another sample.
		const third = open('left', 'right');
		third.give(picture('ship', 'ship.png'), null);
		third.give(picture('mine3'), 'right');
		third.suit(['left', 'right'], ({ sample }) => !sample);
		expect(keys(third)).toEqual(['mine3', 'mine3']);
	});
});

describe('what the model is fed', () => {
	const spec = (id: string, kind: 'image' | 'values') => ({ id, kind, dtype: 'float32', shape: [null, 2] }) as const;
	it('has another key for every other picture and number, and one for all beside the explained input', () => {
		const input = new InputState(() => {});
		const specs = [spec('left', 'image'), spec('right', 'image'), spec('age', 'values')];
		input.suit(specs);
		input.pictures.suit(['left', 'right'], always);
		const seen = new Set([`${input.key} ${input.others}`]);
		const others = () => input.others;
		input.pictures.give(picture('a'), null);
		seen.add(`${input.key} ${others()}`);
		const before = others();
		input.pictures.give(picture('b'), 'left');
		expect(others()).toBe(before);
		seen.add(`${input.key} ${others()}`);
		input.pictures.give(picture('c'), 'right');
		expect(others()).not.toBe(before);
		seen.add(`${input.key} ${others()}`);
		input.give({ age: [3, 4] });
		seen.add(`${input.key} ${others()}`);
		const { key } = input;
		input.requested = 'right';
		expect(input.explained?.id).toBe('right');
		expect(input.key).toBe(key);
		seen.add(`${input.key} ${others()}`);
		expect(seen.size).toBe(6);
		// Another model: nobody has chosen for it.
		input.suit(specs);
		expect(input.explained?.id).toBe('left');
	});
});
