import { describe, expect, it } from 'vitest';
import { safetensorsHeader } from '#maths/safetensors.ts';

describe('the head of a safetensors file', () => {
	const { head, order } = safetensorsHeader(
		[
			{ name: 'mask', shape: [3], dtype: 'bool' },
			{ name: '__proto__', shape: [2, 3], dtype: 'float32' },
			{ name: '__metadata__', shape: [], dtype: 'int32' }
		],
		{ format: 'tf' }
	);
	const length = Number(new DataView(head.buffer).getBigUint64(0, true));
	const text = new TextDecoder().decode(head.subarray(8));

	it('says where the numbers of each tensor lie, wide ones first', () => {
		expect(order.map(({ name }) => name)).toEqual(['__proto__', '__metadata__', 'mask']);
		expect(text.trimEnd()).toBe(
			'{"__metadata__":{"format":"tf"},' +
				'"__proto__":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},' +
				'"__metadata__.weight":{"dtype":"I32","shape":[],"data_offsets":[24,28]},' +
				'"mask":{"dtype":"BOOL","shape":[3],"data_offsets":[28,31]}}'
		);
	});

	it('ends at a multiple of eight, filled with blanks and no more than are needed', () => {
		expect(head.length).toBe(8 + length);
		expect(head.length % 8).toBe(0);
		expect(text.length - text.trimEnd().length).toBeLessThan(8);
		expect(safetensorsHeader([]).head.length).toBe(8 + '{"__metadata__":{}}'.length + 5);
	});
});
