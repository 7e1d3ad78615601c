import { expect, it } from 'vitest';
import { headOf } from '#loaders/head.ts';

/** A file that counts how often it is read, and can be made to fail. */
class Counted extends Blob {
	reads = 0;
	broken = false;
	override slice(start?: number, end?: number): Blob {
		const part = super.slice(start, end);
		part.arrayBuffer = () => {
			this.reads++;
			return this.broken ? Promise.reject(new Error('gone')) : new Response(part).arrayBuffer();
		};
		return part;
	}
}
const counted = (length: number) => new Counted([Uint8Array.from({ length }, (_, i) => i % 251)]);
const bytes = (length: number) => Array.from({ length }, (_, i) => i % 251);

it('reads what is short once, whoever looks at it', async () => {
	const [small, large] = [counted(600), counted(5000)];
	for (const length of [4, 600, 4096]) expect([...(await headOf(small, length))]).toEqual(bytes(Math.min(length, 600)));
	expect(small.reads).toBe(1);
	for (const length of [8, 512]) expect([...(await headOf(large, length))]).toEqual(bytes(length));
	expect(large.reads).toBe(1);
	expect([...(await headOf(large, 4096))]).toEqual(bytes(4096));
	expect(large.reads).toBe(2);
});

it('forgets a reading that failed', async () => {
	const file = counted(10);
	file.broken = true;
	await expect(headOf(file, 4)).rejects.toThrow('gone');
	file.broken = false;
	expect([...(await headOf(file, 4))]).toEqual([0, 1, 2, 3]);
});
