import { expect, it, vi } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import { readAs } from '#loaders/foreign-faults.ts';

const source = { name: 'set', files: [{ path: 'a.parquet', blob: new Blob(['x']) }] };
const thrown = (error: Error) =>
	readAs(source, 'Parquet', () => Promise.reject(error)).catch((reason: unknown) => reason);

it('what a reader throws becomes a sentence about the file, and is kept for the console', async () => {
	const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
	const cause = new TypeError('t.length is not a function');
	const error = await thrown(cause);
	expect(error).toBeInstanceOf(LabError);
	expect((error as Error).message).toMatch(/^“a\.parquet” cannot be read as Parquet: it is damaged/);
	expect((error as Error).cause).toBe(cause);
	expect(log).toHaveBeenCalledWith(cause);
	log.mockRestore();
});

it('sentences and cancels pass as they are', async () => {
	const sentence = new LabError('It is empty.');
	const cancel = new DOMException('The job was cancelled.', 'AbortError');
	expect(await thrown(sentence)).toBe(sentence);
	expect(await thrown(cancel)).toBe(cancel);
});
