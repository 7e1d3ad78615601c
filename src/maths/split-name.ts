/** What names of files and arrays say of the part of a data set that they hold. */

const PARTS = 'train|training|test|testing|val|valid|validation|dev|eval';
const FIRST = new RegExp(`^(${PARTS})(?:[_.\\- ]+([^_.\\- ].*)?)?$`, 'i');
const LAST = new RegExp(`^(.*[^_.\\- ])?[_.\\- ]+(${PARTS})$`, 'i');
/** `Xtrain`, `ytest`: only after these letters, as words may end so. */
const JOINED = new RegExp(`^([xy])(${PARTS})$`, 'i');

/** `x_train` is the part `train` of `x`; `train-00000-of-00002` of nothing else; null where a name says nothing of a part. */
export function splitName(name: string): { split: string; rest: string } | null {
	const plain = name.slice(0, 200).replace(/[-_.]\d{1,6}[-_]of[-_]\d{1,6}$/i, '');
	const first = FIRST.exec(plain);
	if (first) return { split: first[1]!.toLowerCase(), rest: (first[2] ?? '').toLowerCase() };
	const last = LAST.exec(plain) ?? JOINED.exec(plain);
	return last ? { split: last[2]!.toLowerCase(), rest: (last[1] ?? '').toLowerCase() } : null;
}

/** Parts in the order in which they are used. */
export const splitOrder = (split: string): number =>
	/^train/.test(split) ? 0 : /^(val|dev|eval)/.test(split) ? 1 : /^test/.test(split) ? 2 : 3;
