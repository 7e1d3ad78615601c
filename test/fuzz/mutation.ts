import { zipSync } from 'fflate';
import { samples, type Files } from '../loaders/samples.ts';
import { changedBytes, type Bytes } from './bytes.ts';
import { Dice, NAMES } from './dice.ts';
import { changedJson } from './json.ts';
import { changedText } from './text.ts';

/** The files of one case of the fuzz: a sample with something wrong in it. */

const bytesOf = (part: string | Bytes): Bytes => (typeof part === 'string' ? new TextEncoder().encode(part) : part);

const isText = (bytes: Bytes) => bytes.length > 0 && !bytes.subarray(0, 400).some((byte) => byte < 9);

function changedFile(bytes: Bytes, dice: Dice): Bytes {
	const text = isText(bytes) ? new TextDecoder().decode(bytes) : '';
	if (!text || dice.chance() < 0.1) return changedBytes(bytes, dice);
	if (/^\s*[{[]/.test(text) && dice.chance() < 0.9)
		try {
			return bytesOf(changedJson(text, dice));
		} catch {
			// It has been broken before.
		}
	return bytesOf(changedText(text, dice));
}

/** Something wrong with which files there are and what they are called. */
function changedSet(files: Map<string, Bytes>, dice: Dice): void {
	const [path, bytes] = dice.one([...files]);
	switch (dice.below(6)) {
		case 0:
			files.delete(path);
			return;
		case 1:
			files.set(dice.one(NAMES), bytes);
			return;
		case 2:
			files.delete(path);
			files.set(dice.one(NAMES) + (/\.[a-z]+$/.exec(path)?.[0] ?? ''), bytes);
			return;
		case 3:
			files.set(path, dice.one([...files.values()]));
			return;
		case 4:
			files.set(`copy/${path}`, changedFile(bytes, dice));
			return;
		default:
			files.set(path, new Uint8Array(0));
	}
}

/** @returns the paths and contents of case `index`, the same for the same seed */
export async function mutated(format: string, seed: number, index: number): Promise<[path: string, bytes: Bytes][]> {
	const dice = new Dice(seed, format, index);
	const makers = Object.values(samples.get(format)!.files);
	const whole: Files = await dice.one(makers)();
	const files = new Map(Object.entries(whole).map(([path, part]) => [path, bytesOf(part)] as const));
	const kind = dice.chance();
	if (kind < 0.1) changedSet(files, dice);
	if (kind > 0.05 && files.size) {
		// What says how to read the others is what breaks most.
		const [path, bytes] = dice.one(
			[...files].flatMap((file) => (/\.json$/.test(file[0]) ? [file, file, file] : [file]))
		);
		files.set(path, changedFile(bytes, dice));
	}
	if (kind < 0.97 || !files.size) return [...files];
	// All in a zip, which is broken, too, or holds names that are none.
	const zip = zipSync(
		Object.fromEntries([...files].map(([path, bytes]) => [path.slice(0, 60_000) || 'x', bytes] as const))
	);
	return [['all.zip', dice.chance() < 0.7 ? changedBytes(zip as Bytes, dice) : (zip as Bytes)]];
}
