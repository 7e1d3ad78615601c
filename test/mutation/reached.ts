import { appendFileSync } from 'node:fs';
import { afterAll, expect } from 'vitest';

/** Writes down which functions a test file has reached, where it is asked to. */

const out = process.env['MUTATION_REACHED'];
const scope = globalThis as { __reached?: (file: string, functions: number) => Uint8Array };

if (out && !scope.__reached) {
	const seen = new Map<string, Uint8Array>();
	scope.__reached = (file, functions) => {
		const marks = seen.get(file) ?? new Uint8Array(functions).fill(1, 0, 1);
		seen.set(file, marks);
		return marks;
	};
	afterAll(() => {
		const reached = Object.fromEntries(
			[...seen].map(([file, marks]) => [file, [...marks.keys()].filter((k) => marks[k])])
		);
		appendFileSync(out, `${JSON.stringify({ test: expect.getState().testPath, reached })}\n`);
	});
}
