import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Files that test/tools/keras-samples.py wrote, and what they answer. */

const FOLDER = join('test', 'cases', 'keras');

export async function kerasFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
	return Uint8Array.from(await readFile(join(FOLDER, path)));
}

export interface ShapedValues {
	shape: number[];
	values: number[];
}

export async function expectedOf(
	path: string
): Promise<{ inputs: Record<string, ShapedValues>; outputs: ShapedValues[] }> {
	const all = JSON.parse(await readFile(join(FOLDER, 'expected.json'), 'utf8')) as Record<
		string,
		Awaited<ReturnType<typeof expectedOf>>
	>;
	return all[path]!;
}
