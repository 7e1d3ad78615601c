import type { FileKind } from '#contracts/kind.ts';
import type { SourceFile } from '#contracts/source.ts';
import { headOf } from '#loaders/head.ts';

/** Files that are looked into. */
const MAX_FILES = 50;

/** TensorBoard's event files: records of TensorFlow, the first of which names its version. */
const kind: FileKind = {
	id: 'log',
	title: 'a training log',
	extensions: [],

	async match({ files }) {
		const found = await Promise.all(files.slice(0, MAX_FILES).map(isEvents));
		const uses = found.flatMap((is, at) => (is ? [at] : []));
		const [first] = uses;
		if (first === undefined) return null;
		return {
			sure: 0.8,
			uses,
			what: 'a training log of TensorBoard',
			problem: {
				message: `“${files[first]!.path}” is a training log of TensorBoard, which the lab does not open.`,
				hint: 'TensorBoard shows it; open the model that was trained.',
				final: true
			}
		};
	}
};

async function isEvents({ path, blob }: SourceFile): Promise<boolean> {
	const head = await headOf(blob, 64);
	if (head.length < 24) return false;
	const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
	const text = new TextDecoder('latin1').decode(head);
	return length < 200n && (text.includes('brain.Event:') || /tfevents/.test(path));
}

export default kind;
