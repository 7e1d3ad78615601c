import { hash01 } from '../tools/hash01.ts';

/** Seeded chances: the same seed and case give the same file, on every machine. */
export class Dice {
	#at = 0;
	readonly #seed: number;

	constructor(seed: number, format: string, index: number) {
		const own = [...format].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, seed);
		this.#seed = Math.floor(2 ** 31 * hash01(own, index));
	}

	/** 0..1 */
	chance(): number {
		return hash01(this.#seed, this.#at++);
	}
	/** A whole number from 0 up to, without, `below`. */
	below(below: number): number {
		return Math.floor(this.chance() * below);
	}
	one<T>(list: readonly T[]): T {
		return list[this.below(list.length)] as T;
	}
}

/** Names that objects, paths, addresses or displays trip over. */
export const NAMES = [
	...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', 'prototype', 'length', 'then'],
	...[
		'',
		' ',
		'.',
		'..',
		'/',
		'../../x',
		'a/b/',
		':0',
		'x:1',
		'^x',
		'%',
		'%zz',
		'#',
		'?',
		'a b',
		'<b>',
		'"',
		'\n',
		'\t'
	],
	...['\u0000', '\ud800', '\u202e', 'é', '0', '-1', '1e999', 'NaN', 'null', 'x'.repeat(5000), 'ab'.repeat(200_000)]
];

export const NUMBERS = [
	0,
	-1,
	1,
	0.5,
	-0,
	2,
	255,
	65536,
	2 ** 31 - 1,
	2 ** 31,
	2 ** 32,
	2 ** 53,
	1e308,
	-1e308,
	1e-320
];
