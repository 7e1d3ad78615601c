import { LabError } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { unzipped } from '#loaders/archive/unzip.ts';
import { Unpickler } from '#loaders/pytorch/pickle.ts';
import { stateDictIn } from '#loaders/pytorch/state-dict.ts';
import type { Storages } from '#loaders/pytorch/tensors.ts';
import { PickleError, type Value } from '#loaders/pytorch/values.ts';

/** PyTorch's files as zips: what it holds in data.pkl, every storage in a file of its own. */

/** No description of tensors comes near this. */
const LONGEST = 256 << 20;

export interface Unpickled {
	root: Value;
	storages: Storages;
	/** Names that are not on the allow list. */
	unknown: ReadonlySet<string>;
	/** What kind of file it is, in words. */
	title: string;
	warnings: readonly string[];
}

export const notProper = (path: string, why: string) =>
	new LabError(`“${path}” cannot be read: ${why}.`, 'Save it again with torch.save, only the state_dict of the model.');

/** Of a file that ends too early. */
export const cutShort = (path: string) => new LabError(`“${path}” was cut short.`, 'Copy or download it again.');

const PARTS = /(?:^|\/)(?:serialized_state_dict|serialized_constants)\.(?:pt|json)$|(?:^|\/)data\/weights\/[^/]+\.pt$/;

/** @throws LabError */
export async function fromZip({ path, blob }: SourceFile, signal: AbortSignal): Promise<Unpickled> {
	const files = await unzipped(blob, path, () => false, signal);
	const pickle = files.find((file) => /(?:^|\/)data\.pkl$/.test(file.path));
	if (!pickle) return exported(path, files, signal);
	const folder = pickle.path.slice(0, -'data.pkl'.length);
	const byPath = new Map(files.map((file) => [file.path, file.blob]));
	if (pickle.blob.size > LONGEST) throw notProper(path, 'its data.pkl is longer than any model needs');
	const bytes = new Uint8Array(await pickle.blob.arrayBuffer());
	const unknown = new Set<string>();
	const order = await byPath.get(`${folder}byteorder`)?.slice(0, 16).text();
	const script = files.some((file) => file.path.startsWith(`${folder}code/`));
	const root = unpickled(path, bytes, unknown);
	const within = (name: string) => (key: string) => byPath.get(`${folder}${name}/${key}`);
	const little = order?.trim() !== 'big';
	// Frozen, a program keeps its weights among its constants.
	const constants = script && !stateDictIn(root).tensors.size ? byPath.get(`${folder}constants.pkl`) : undefined;
	if (constants && constants.size > LONGEST) throw notProper(path, 'its constants.pkl is longer than any model needs');
	return {
		root: constants ? named(unpickled(path, new Uint8Array(await constants.arrayBuffer()), unknown)) : root,
		storages: { path, bytes: within(constants ? 'constants' : 'data'), little },
		unknown: script ? new Set([...unknown].filter((name) => !name.startsWith('__torch__.'))) : unknown,
		title: script ? 'TorchScript' : 'PyTorch',
		warnings: script
			? ['It is a program of TorchScript: its weights are shown, its operations are not read, so it does not run.']
			: []
	};
}

/** Constants as the code of a program calls them: `CONSTANTS.c0`. */
const named = (constants: Value): Value =>
	Array.isArray(constants) ? new Map([['CONSTANTS', new Map(constants.map((one, k) => [`c${k}`, one]))]]) : constants;

/** What torch.export writes: its weights lie in a file of PyTorch within. */
async function exported(path: string, files: readonly SourceFile[], signal: AbortSignal): Promise<Unpickled> {
	const inner = files.find((file) => PARTS.test(file.path) && file.path.endsWith('.pt'));
	if (!inner) throw notProper(path, 'it is a zip without the data.pkl in which PyTorch says what a file holds');
	const found = await fromZip({ path: `${path}/${inner.path}`, blob: inner.blob }, signal);
	return {
		...found,
		title: 'PyTorch export',
		warnings: [
			'It is a program of torch.export: its weights are shown, its operations are not read, so it does not run.'
		]
	};
}

/** @throws LabError */
function unpickled(path: string, bytes: Uint8Array, unknown: Set<string>): Value {
	try {
		return new Unpickler(bytes, unknown).next();
	} catch (error) {
		if (error instanceof PickleError) throw notProper(path, error.message);
		if (error instanceof RangeError) throw cutShort(path);
		throw error;
	}
}
