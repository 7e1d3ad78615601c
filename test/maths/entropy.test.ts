import { expect, it } from 'vitest';
import { entropy } from '#maths/entropy.ts';

it.each([
	[[1, 0, 0], 0],
	[[0.5, 0.5], 1],
	[[0.25, 0.25, 0.25, 0.25], 2],
	[[0.5, 0.25, 0.25], 1.5],
	// −0.9 log2 0.9 − 0.1 log2 0.1
	[[0.9, 0.1], 0.4689955935892812],
	[[1.0000001], 0]
])('of %j: %d bits', (shares, bits) => expect(entropy(shares)).toBeCloseTo(bits, 12));
